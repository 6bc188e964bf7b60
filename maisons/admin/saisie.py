from django import forms

from maisons.admin.repetition import RuleForm
from maisons.admin.saison import OnceOrMoreForm
from maisons.contact import desk_contact
from maisons.forms import ReservationForm
from maisons.models.reservation import OUTSIDE_HOURS


class DeskForm(OnceOrMoreForm, ReservationForm):
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
