"""What somebody asks an élu: one typed answer with an account, three without."""

from django import forms

from comptes.forms import PiegeField
from maisons.contact import ContactField
from permanences.courriers import when
from permanences.models import QuestionElu, Vacation
from permanences.models.question import LONGEST

NOT_COMING = "Aucune, ou je ne sais pas encore"


class DateField(forms.ModelChoiceField):
    def label_from_instance(self, vacation):
        return f"{when(vacation.debut)}, {vacation.maison}"


class PlainField(forms.CharField):
    """Lines end as they were counted when typed."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class QuestionForm(forms.Form):
    jeton = forms.UUIDField(widget=forms.HiddenInput)
    texte = PlainField(
        label="Votre question",
        max_length=LONGEST,
        help_text="1 000 signes au plus. Ne dites rien de votre santé ni de vos papiers.",
        error_messages={
            "required": "Écrivez votre question.",
            "max_length": "Écrivez 1 000 signes au plus : il y en a %(show_value)d.",
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    vacation = DateField(
        label="La permanence où vous venez",
        queryset=Vacation.objects.none(),
        required=False,
        empty_label=NOT_COMING,
        error_messages={"invalid_choice": "Choisissez une date de la liste."},
    )

    field_order = ["nom", "contact", "texte", "vacation"]

    def __init__(self, *args, elu, dates, compte=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.elu, self.compte = elu, compte
        self.fields["vacation"].queryset = dates

    def row(self):
        """The unsaved question of what was answered."""
        names = ("jeton", "texte", "vacation")
        said = {name: self.cleaned_data[name] for name in names}
        return QuestionElu(elu=self.elu, **said, **self.person())

    def person(self):
        return {"compte": self.compte}


class SansCompteQuestionForm(QuestionForm):
    nom = forms.CharField(
        label="Votre prénom ou votre nom",
        max_length=100,
        error_messages={"required": "Écrivez votre prénom ou votre nom."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = ContactField(
        label="Téléphone ou adresse e-mail",
        max_length=254,
        help_text="Pour vous répondre.",
        error_messages={"required": "Donnez un numéro de téléphone, ou une adresse e-mail."},
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    site_web = PiegeField()

    def person(self):
        return {"nom": self.cleaned_data["nom"]} | self.cleaned_data["contact"]


def form_for(user):
    return QuestionForm if user.is_authenticated else SansCompteQuestionForm
