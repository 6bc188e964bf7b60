"""What is asked for a room that is lent, and what is answered."""

from django import forms
from django.core.exceptions import ValidationError

from associations import budget, prets
from associations.models import MiseADisposition
from maisons import series
from maisons.admin.actes import Preview
from maisons.admin.changements import MoveForm
from maisons.admin.etapes import typed
from maisons.admin.refus import WordField
from maisons.admin.saison import OnceOrMoreForm
from maisons.forms import MomentForm

LATER = [("", "cette date seulement"), ("suite", "cette date et les suivantes")]


class PretForm(OnceOrMoreForm, MomentForm, forms.ModelForm):
    """
    Written as the last step of its check: what planning refuses is told on the page.

    A season is looked at first: `preview` is then what it would be, and nothing is written.
    """

    preview, hours = None, []

    class Meta:
        model = MiseADisposition
        fields = ["association", "usage", "salle", "personnes"]
        labels = {"personnes": "Nombre de personnes", "association": "Association"}
        widgets = {"personnes": forms.TextInput(attrs={"inputmode": "numeric", "class": "court"})}
        error_messages = {
            "association": {"required": "Choisissez l’association."},
            "usage": {"required": "Choisissez pour quoi faire."},
            "salle": {"required": "Choisissez une salle."},
            "personnes": {"invalid": "Écrivez un nombre, par exemple 12."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "salle" in self.fields:  # a page that is only read asks for nothing
            self.fields["salle"].required = True

    def clean(self):
        data = super().clean()
        if room := data.get("salle"):
            self.instance.maison = room.maison
        for name in ("debut", "fin"):
            if data.get(name):
                setattr(self.instance, name, data[name])
        if not self.errors:
            self.clean_rule(data)
        return data

    def is_valid(self):
        return super().is_valid() and self.preview is None

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        serie = self.serie()
        try:
            if serie and "faire" not in self.data:
                self.preview, self.hours = series.rehearse(self.foresee, serie)
            else:
                self.write(serie)
        except ValidationError as error:
            self.add_error(None, error)

    @property
    def answers(self):
        return typed(self.data)

    def foresee(self, serie):
        """The dates of a season, and what they make of the hours: read before all is undone."""
        found = prets.plan(serie, self.instance, by=self.user)
        return Preview.of_plan(found), budget.foreseen(found.booked)

    def write(self, serie):
        """`booked` is then what is held, `left_out` the days that are not."""
        self.left_out = []
        if serie:
            self.booked, self.left_out = prets.ask_serie(serie, self.instance, by=self.user)
            self.instance = self.booked[0]
        else:
            self.booked = [prets.ask(self.instance, by=self.user)]


class GrantForm(forms.Form):
    reponse = WordField(label="Un mot pour l’association", help_text="Elle le lira.")


class RefuseForm(GrantForm):
    motif_refus = forms.ChoiceField(
        label="Motif du refus",
        choices=[("", "Choisir dans la liste"), *MiseADisposition.MotifRefus.choices],
        error_messages={"required": "Choisissez un motif."},
    )
    field_order = ["motif_refus"]


class CancelForm(GrantForm):
    """Of a series, from its date on."""

    suite = forms.ChoiceField(
        label="Annuler", choices=LATER, required=False, widget=forms.RadioSelect
    )
    field_order = ["suite"]

    def __init__(self, *args, pret, **kwargs):
        super().__init__(*args, **kwargs)
        if not pret.serie_id:
            del self.fields["suite"]


class MovePretForm(MoveForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["outside_hours"]
