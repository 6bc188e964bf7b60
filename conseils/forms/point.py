from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from comptes.gestion import StaffFormSet
from conseils.models import Conseil, Point
from conseils.ordre import arrange
from conseils.rapporteurs import offered
from maisons import heures
from quartiers import collage

LONGEST = 20_000  # signs: eight pages of paper
TOO_LONG = "Ce texte est trop long : 20 000 signes au plus. Ajoutez-le plutôt comme document."


class PointForm(forms.ModelForm):
    """Who presents it is typed; somebody of the list that the browser proposes is linked."""

    class Meta:
        model = Point
        fields = ["rang", "titre", "type", "rapporteur", "minutes", "texte"]
        widgets = {"rapporteur": forms.TextInput(attrs={"list": "rapporteurs"})}
        help_texts = {"rapporteur": "Quelqu’un de la liste, ou un nom et sa qualité."}

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_rapporteur(self):
        words = " ".join(self.cleaned_data["rapporteur"].split())
        if "rapporteur" in self.changed_data:  # else whoever was linked stays so, in office or not
            self.instance.name_presenter(self.people.get(words))
        return words

    def clean_texte(self):
        told = collage.clean(self.cleaned_data["texte"])
        if len(told) > LONGEST:
            raise ValidationError(TOO_LONG)
        return told

    def clean_rang(self):
        rang = self.cleaned_data["rang"]
        if rang == 0:
            raise ValidationError("La première position est 1.")
        return rang


class PointFormSet(StaffFormSet):
    user = None  # whose councils are offered while the page has none yet

    @cached_property
    def people(self):
        """Those of the council on the day of the meeting, as far as both are known."""
        reunion = self.instance
        if reunion.conseil_id is None:
            return offered(Conseil.objects.managed_by(self.user), heures.today())
        on = heures.local(reunion.debut).date() if reunion.debut else heures.today()
        return offered([reunion.conseil], on)

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"people": self.people}

    def clean(self):
        super().clean()
        if self.instance.publie_le and not self.kept:
            raise ValidationError("Gardez au moins un point.")

    @property
    def kept(self):
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not self._should_delete_form(form)
        ]

    def write(self):
        """All the items in their order, those whose position was typed where it says."""
        self.save(commit=False)
        for gone in self.deleted_objects:
            gone.delete()
        kept = self.kept
        placed = [f.instance for f in kept if f.instance.numero is None or "rang" in f.changed_data]
        points = [form.instance for form in kept]
        # Also those that this page did not show, as the approval that a new meeting begins with.
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        points += self.instance.points.exclude(pk__in=shown)
        changed = [point for point, _ in self.changed_objects]
        arrange(self.instance, points, placed, changed, self.deleted_objects)
