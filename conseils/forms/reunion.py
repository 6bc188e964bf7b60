from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from conseils import seances
from conseils.models import ONLINE, Conseil, Reunion
from conseils.versions import fingerprint
from maisons import planning
from maisons.forms import NO_DAY, DayField
from maisons.forms.jour import HOUR, NO_HOUR, asked, span_of
from maisons.forms.moment import ASKED_AS
from maisons.forms.refus import tell
from maisons.models import Creneau

ASKED_SOMETIMES = "maisons/gestion/champ_selon.html"
CHANGED = (
    "Cette réunion a changé depuis que vous avez ouvert la page : quelqu’un d’autre l’a "
    "enregistrée, ou ce bouton a servi deux fois. Vos réponses sont gardées : comparez-les avec "
    "l’aperçu, puis enregistrez à nouveau. Ou rouvrez la réunion, telle qu’elle est maintenant."
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
        for name in {"salle", "adresse_libre"} & self.fields.keys():  # one of the two
            self.fields[name].template_name = ASKED_SOMETIMES
        if self.instance.pk:
            self.initial |= asked(self.instance.debut, self.instance.fin)
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
        if span := span_of(self, day, de, a):
            if span[0] <= timezone.now() and span[0] != self.instance.debut:
                self.add_error("jour", "Choisissez un jour à venir.")
            self.instance.debut, self.instance.fin = span

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
            tell(self, error, ASKED_AS)

    def hold(self):
        """Queue: what is checked then holds until the page, one transaction, is saved."""
        before = Reunion.objects.filter(pk=self.instance.pk)
        planning.queue(*before, self.instance)
        Conseil.objects.select_for_update(no_key=True).get(pk=self.instance.conseil_id)
        if kept := before.select_for_update(of=("self", "creneau")).first():
            self.check_state(kept)
            self.check_version(kept)

    def check_state(self, kept):
        seances.check_draft(kept)

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
