from django import forms

from maisons.admin.repetition import RuleForm, length
from maisons.contact import desk_contact
from maisons.forms import ReservationForm
from maisons.models import Serie
from maisons.models.creneau import FIN_AVANT_DEBUT
from maisons.models.reservation import OUTSIDE_HOURS
from maisons.rythmes import Cadence, Rythme


class DeskForm(RuleForm, ReservationForm):
    """
    Two fields are typed: a name, and how the person is reached; the span is filled already.

    With a rhythm, the span is the first date of a season.
    """

    contact = desk_contact()
    outside_hours = forms.BooleanField(label=OUTSIDE_HOURS, required=False)

    class Meta(ReservationForm.Meta):
        fields = ["nom", "usage", "personnes", "salle"]
        labels = {
            "nom": "Nom de la personne",
            "usage": "Pour quoi faire",
            "personnes": "Nombre de personnes",
            "salle": "Salle",
        }
        help_texts = {}
        widgets = ReservationForm.Meta.widgets | {
            "nom": forms.TextInput(attrs={"autocomplete": "off"})
        }
        error_messages = ReservationForm.Meta.error_messages | {
            "nom": {"required": "Écrivez le nom de la personne."},
            "usage": {"required": "Choisissez pour quoi faire."},
            "salle": {
                "required": "Choisissez une salle.",
                "invalid_choice": "Choisissez une salle de la liste.",
            },
        }

    field_order = ["nom", "contact", "usage", "personnes", "salle", "jour", "de", "a"]

    def __init__(self, *args, maison, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.maison = maison
        self.fields["nom"].required = self.fields["salle"].required = True
        self.fields["personnes"].required = False
        self.fields["salle"].queryset = maison.salles.all()
        self.fields["salle"].empty_label = "Choisir dans la liste"
        for name in RuleForm.base_fields:
            self.fields[name].required = False
        for name in ("cadence", "dernier", "regime"):
            self.fields[name].template_name = "maisons/gestion/champ_selon.html"
        self.fields["cadence"].choices = [("", "Une seule fois"), *Cadence.choices]

    def clean_personnes(self):
        number = self.cleaned_data["personnes"]
        if number is not None and number < 1:
            raise forms.ValidationError("Il faut au moins une personne.")
        return number

    def clean(self):
        cleaned = super().clean()
        self.instance.outside_hours = cleaned["outside_hours"]
        for name, value in cleaned.get("contact", {}).items():
            setattr(self.instance, name, value)
        if not self.errors:
            self.clean_rule(cleaned)
        return cleaned

    def clean_rule(self, cleaned):
        if not cleaned["cadence"]:
            if cleaned["dernier"]:
                self.add_error("cadence", "Choisissez le rythme, ou effacez le dernier jour.")
        elif not cleaned["dernier"]:
            self.add_error("dernier", "Choisissez le dernier jour.")
        elif cleaned["dernier"] <= cleaned["jour"]:
            self.add_error("dernier", "Le dernier jour doit suivre le premier.")
        elif cleaned["a"] <= cleaned["de"]:
            self.add_error("a", FIN_AVANT_DEBUT)

    def serie(self):
        """The season that is asked for, from its first date; or nothing."""
        data = self.cleaned_data
        if not data["cadence"]:
            return None
        return Serie(
            maison=self.instance.maison,
            salle=data["salle"],
            regle=Rythme(Cadence(data["cadence"]), (data["jour"].weekday(),)).rule,
            premier=data["jour"],
            dernier=data["dernier"],
            heure=data["de"],
            duree=length(data["de"], data["a"]),
            regime=data["regime"] or Serie.Regime.TOUJOURS,
            jours_feries=data["jours_feries"],
        )

    def shown(self, field):
        return super().shown("jour" if field == "premier" else field)

    @property
    def asked_once(self):
        return [field for field in self.visible_fields() if field.name not in RuleForm.base_fields]

    @property
    def asked_again(self):
        return [self[name] for name in RuleForm.base_fields]

    @property
    def repeats(self):
        """Whether the part about the rhythm is open."""
        asked = [self["cadence"].value(), self["dernier"].value()]
        return any(asked) or any(field.errors for field in self.asked_again)


def answers_of(data):
    """What was typed, to be shown again or put aside; PostgreSQL knows no NUL."""
    return {name: data[name].replace("\0", "") for name in DeskForm.base_fields if data.get(name)}
