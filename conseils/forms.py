from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.functional import cached_property

from comptes.gestion import StaffFormSet
from conseils import collage, seances
from conseils.models import ONLINE, Conseil, Piece, Point, Reunion
from conseils.ordre import arrange
from conseils.rapporteurs import offered
from conseils.versions import fingerprint
from documents.forms import RecuForm
from maisons import heures, planning
from maisons.forms import NO_DAY, DayField
from maisons.models import Creneau
from maisons.models.creneau import FIN_AVANT_DEBUT

HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
NO_HOUR = {"required": "Choisissez une heure."}
CHANGE_OF_HOUR = "L’heure change cette nuit-là : choisissez une autre heure."
ASKED_AS = {"debut": "de", "fin": "a"}
CHANGED = (
    "Quelqu’un a changé cette réunion depuis que vous l’avez ouverte. Vos réponses sont gardées : "
    "comparez-les avec l’aperçu, puis enregistrez à nouveau."
)


class ReunionForm(forms.ModelForm):
    """When, in a day and two hours; then where. Its items are rows of the same page."""

    jour = DayField(label="Jour", error_messages=NO_DAY)
    de = forms.TimeField(label="De", widget=HOUR, error_messages=NO_HOUR)
    a = forms.TimeField(label="À", widget=HOUR, error_messages=NO_HOUR)
    lien_visio = forms.URLField(
        label="Lien pour se connecter",
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text="Le public le lit : sans mot de passe.",
    )

    # What was read when the page was opened: somebody may have changed it since.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Reunion
        fields = ["conseil", "mode", "salle", "adresse_libre", "lien_visio", "resume_facile"]
        widgets = {"resume_facile": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            first = timezone.localtime(self.instance.debut)
            last = timezone.localtime(self.instance.fin)
            self.initial |= {"jour": first.date(), "de": first.time(), "a": last.time()}
            self.initial["version"] = fingerprint(self.instance)
        if self.initial.get("adresse_libre") == ONLINE:
            self.initial["adresse_libre"] = ""

    def clean(self):
        """Not the parent's: it would check the constraints before the rooms are locked."""
        data = self.cleaned_data
        if data.get("mode") != Reunion.Mode.EN_LIGNE:
            self.set_place(data)
        if not {"jour", "de", "a"} & self.errors.keys():
            self.set_span(data["jour"], data["de"], data["a"])
        return data

    def set_place(self, data):
        room, address = data.get("salle"), data.get("adresse_libre")
        if not (room or address or "salle" in self.errors):
            self.add_error("salle", "Choisissez une salle, ou écrivez une adresse.")
        elif room and address:
            self.add_error("adresse_libre", "Choisissez la salle ou l’adresse, pas les deux.")
        self.instance.portee = Creneau.Portee.SALLE if room else Creneau.Portee.HORS_LES_MURS
        self.instance.maison = room.maison if room else None

    def set_span(self, day, de, a):
        if a <= de:
            self.add_error("a", FIN_AVANT_DEBUT)
            return
        try:
            debut = from_current_timezone(datetime.combine(day, de))
            self.instance.fin = from_current_timezone(datetime.combine(day, a))
        except ValidationError:
            self.add_error("de", CHANGE_OF_HOUR)
            return
        if debut <= timezone.now() and debut != self.instance.debut:
            self.add_error("jour", "Choisissez un jour à venir.")
        self.instance.debut = debut

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        if self.instance.portee == Creneau.Portee.HORS_LES_MURS:
            self.instance.quartier = self.instance.conseil.quartier
        try:
            self.hold()
            self.instance.full_clean(exclude=["numero", "creneau"])
            self.check_place()
        except ValidationError as error:
            faults = error.error_dict if hasattr(error, "error_dict") else {None: error}
            for name, told in faults.items():
                field = ASKED_AS.get(name, name)
                self.add_error(field if field in self.fields else None, told)

    def hold(self):
        """Queue: what is checked then holds until the page, one transaction, is saved."""
        before = Reunion.objects.filter(pk=self.instance.pk)
        planning.queue(*before, self.instance)
        if kept := before.select_for_update(of=("self", "creneau")).first():
            self.check_state(kept)
            self.check_version(kept)

    def check_state(self, kept):
        if kept.publie_le:
            raise ValidationError(seances.PUBLISHED)
        if kept.annule_le:
            raise ValidationError(planning.DEJA_ANNULE)

    def check_version(self, kept):
        """Told once: what is sent again after that was looked at beside the other."""
        now = fingerprint(kept)
        if self.cleaned_data.get("version", now) not in ("", now):
            self.data = self.data.copy()
            self.data["version"] = now
            raise ValidationError(CHANGED)

    def check_place(self):
        self.instance.check_rules()

    def place(self):
        """What planning is told of a meeting that exists."""
        names = ["portee", "maison", "salle", "adresse_libre", "quartier", "debut", "fin"]
        names += ["mode", "lien_visio", "resume_facile"]
        return {name: getattr(self.instance, name) for name in names}


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
        return collage.clean(self.cleaned_data["texte"])

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


class MotifForm(forms.Form):
    """Why what is public changes; empty of a question for a draft."""

    motif = forms.CharField(
        label="Ce qui change, en une phrase",
        max_length=200,
        help_text="Le public la lit, avec la date : « Le budget est ajouté. »",
        error_messages={"required": "Dites en une phrase ce qui change."},
    )

    def refuse(self, error):
        self.add_error(None, error.messages)


class PieceForm(RecuForm):
    """A document of one meeting: for the whole of it, or for an item of its agenda."""

    field_order = ["motif", "fichier", "titre", "point", "alternative", "resume"]

    class Meta:
        model = Piece
        fields = ["titre", "point", "alternative", "resume"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.reunion.publie_le:
            self.fields["motif"] = MotifForm.base_fields["motif"]
            self.order_fields(self.field_order)
        point = self.fields["point"]
        point.queryset, point.empty_label = self.instance.reunion.points.all(), "Toute la réunion"
