"""What the city writes of a kind of help, of its guides and of who gives it."""

import re

from django import forms
from django.core.exceptions import ValidationError

from permanences.langues import Langue
from permanences.models import Besoin
from permanences.models.service import EARLIEST, MOST_REMINDERS
from quartiers import collage
from quartiers.texte import MARKDOWN_HELP

LONG = forms.Textarea(attrs={"rows": 8})
SHORT = forms.Textarea(attrs={"rows": 5})
EASY = "Phrases courtes, mots simples, une idée par phrase."
LENGTH = 5, 240, "Un rendez-vous dure de 5 à 240 minutes."
WRONG_HOURS = "Écrivez trois nombres d’heures au plus, de 1 à 168, comme « 48, 2 »."


def languages(label):
    return forms.MultipleChoiceField(
        label=label, choices=Langue, required=False, widget=forms.CheckboxSelectMultiple
    )


def needs(**kwargs):
    return forms.MultipleChoiceField(
        label="« J’ai besoin d’aide pour… »",
        choices=Besoin,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


def bound(form, **limits):
    """Say beside a number what it may be: a constraint would say it of the whole page."""
    for name, (least, most, told) in limits.items():
        if field := form.fields.get(name):
            field.min_value, field.max_value = least, most
            field.widget.attrs |= {"min": least, "max": most, "class": "court"}
            field.validators.append(between(least, most, told))


def between(least, most, told):
    def check(number):
        if not least <= number <= most:
            raise ValidationError(told)

    return check


class HoursField(forms.CharField):
    """Numbers of hours, « 48, 2 »; the row has a list."""

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        words = re.split(r"[\s,;]+", super().to_python(value).strip())
        words = [word for word in words if word]
        if not all(re.fullmatch("[0-9]{1,3}", word) for word in words):
            raise ValidationError(WRONG_HOURS)
        hours = sorted({int(word) for word in words}, reverse=True)
        if len(hours) > MOST_REMINDERS or not set(hours) <= set(EARLIEST):
            raise ValidationError(WRONG_HOURS)
        return hours

    def has_changed(self, initial, data):
        return self.prepare_value(initial or []) != (data or "")


class ServiceForm(forms.ModelForm):
    besoins = needs(error_messages={"required": "Cochez au moins un besoin."})
    langues = languages("Langues parlées")
    rappels = HoursField(
        label="Rappels, en heures avant le rendez-vous",
        required=False,
        max_length=20,
        help_text="Comme « 48, 2 » : l’avant-veille, puis deux heures avant. Vide : aucun rappel.",
    )

    class Meta:
        widgets = {"presentation": LONG, "resume_facile": SHORT, "a_apporter": SHORT}
        help_texts = {
            "chapeau": "Le public lit ces textes tout de suite, et les prochaines dates aussi.",
            "presentation": MARKDOWN_HELP,
            "resume_facile": EASY,
            "duree": "Les rendez-vous déjà pris gardent la leur.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        bound(
            self,
            duree=LENGTH,
            rendez_vous_max=(0, 50, "De 0 à 50 rendez-vous."),
            conservation=(1, 365, "De 1 à 365 jours."),
        )

    def clean_presentation(self):
        return collage.clean(self.cleaned_data["presentation"])


class FicheForm(forms.ModelForm):
    besoins = needs(required=False)

    class Meta:
        widgets = {
            "texte": LONG,
            "resume_facile": SHORT,
            "services": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "texte": MARKDOWN_HELP,
            "resume_facile": EASY,
            "verifiee_le": "Le jour où quelqu’un a relu la source : le public le lit.",
        }

    def clean_texte(self):
        return collage.clean(self.cleaned_data["texte"])


class MediateurForm(forms.ModelForm):
    langues = languages("Langues parlées")

    class Meta:
        widgets = {"presentation": LONG}
        help_texts = {"presentation": MARKDOWN_HELP, "telephone": "Public : celui du travail."}

    def clean_presentation(self):
        return collage.clean(self.cleaned_data["presentation"])
