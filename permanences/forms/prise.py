"""What somebody says to take an appointment: two typed answers, and a reason from a list."""

from datetime import datetime

from django import forms
from django.forms.utils import from_current_timezone

from comptes.forms import PiegeField
from maisons import heures
from maisons.contact import ContactField
from notifications.adresses import likely
from permanences.disponibilites import MOMENT
from permanences.models import Motif, RendezVous

UNSAID = "Je le dirai sur place"
PAS_DE_MOMENT = "Choisissez un moment de la liste."


def moment(debut) -> str:
    """What a link that offers a slot carries: « 2026-11-27T14:00 », local."""
    return heures.local(debut).strftime(MOMENT)


def parse_moment(text):
    """The instant that a link offers, or None."""
    try:
        at = datetime.strptime(text, MOMENT)  # noqa: DTZ007 - local, as it was written
        return from_current_timezone(at) if heures.in_calendar(at.date()) else None
    except (ValueError, forms.ValidationError):
        return None


class PriseForm(forms.Form):
    """For a moment already chosen; with an account nothing is typed."""

    moment = forms.CharField(widget=forms.HiddenInput)
    jeton = forms.UUIDField(widget=forms.HiddenInput)
    motif = forms.ModelChoiceField(
        label="Pourquoi venez-vous ?",
        queryset=Motif.objects.none(),
        required=False,
        empty_label=UNSAID,
        help_text="Seule la personne qui vous reçoit le lit.",
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )

    def __init__(self, *args, permanence, compte=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.permanence, self.compte = permanence, compte
        self.fields["motif"].queryset = permanence.service.motifs.all()

    def clean_moment(self):
        at = parse_moment(self.cleaned_data["moment"])
        if at is None:
            raise forms.ValidationError(PAS_DE_MOMENT)
        return at

    def row(self, vacation):
        """The unsaved appointment of what was answered, on a date of this permanence."""
        debut = self.cleaned_data["moment"]
        return RendezVous(
            vacation=vacation,
            debut=debut,
            fin=debut + self.permanence.length,
            motif=self.cleaned_data["motif"],
            jeton=self.cleaned_data["jeton"],
            **self.person(),
        )

    def person(self):
        return {"compte": self.compte}

    @property
    def suggestion(self):
        return ""


class SansComptePriseForm(PriseForm):
    nom = forms.CharField(
        label="Votre prénom ou votre nom",
        max_length=100,
        help_text="Comme vous aimez qu’on vous appelle.",
        error_messages={"required": "Écrivez votre prénom ou votre nom."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = ContactField(
        label="Téléphone ou adresse e-mail",
        max_length=254,
        help_text="Pour confirmer, et vous prévenir si le rendez-vous change.",
        error_messages={"required": "Donnez un numéro de téléphone, ou une adresse e-mail."},
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    site_web = PiegeField()

    field_order = ["nom", "contact", "motif"]

    def person(self):
        return {"nom": self.cleaned_data["nom"]} | self.cleaned_data["contact"]

    @property
    def suggestion(self):
        """The address that was probably meant, or nothing: it blocks nobody (parcours B11)."""
        contact = self.cleaned_data.get("contact") or {}
        return likely(contact.get("courriel", ""))


def form_for(user):
    return PriseForm if user.is_authenticated else SansComptePriseForm
