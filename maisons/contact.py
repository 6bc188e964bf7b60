"""How a person is reached: one question that takes a phone number or an e-mail address."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

MISTYPED = "Écrivez un numéro comme 06 12 34 56 78, ou une adresse comme nom@exemple.fr."


def read_phone(text) -> PhoneNumber | None:
    """« 06.12.34.56.78 », « +33 6… », « 0033… »: any number that exists, of France by default."""
    try:
        number = PhoneNumber.from_string(text)
    except NumberParseException:
        return None
    return number if number.is_valid() else None


def read_contact(text) -> dict:
    """{"courriel", "telephone"}, one of them or none given; raises ValidationError."""
    text = text.strip()
    if not text:
        return {"courriel": "", "telephone": ""}
    if "@" in text:
        validate_email(text)
        return {"courriel": text.lower(), "telephone": ""}
    if number := read_phone(text):
        return {"courriel": "", "telephone": number}
    raise ValidationError(MISTYPED)


class ContactField(forms.CharField):
    def clean(self, value):
        try:
            return read_contact(super().clean(value))
        except ValidationError as error:
            if getattr(error, "code", "") == "required":
                raise
            raise ValidationError(MISTYPED) from error


def desk_contact():
    """Asked face to face or on the phone: it may be left empty, and no browser fills it in."""
    return ContactField(
        label="Téléphone ou e-mail",
        required=False,
        max_length=254,
        help_text="Sans l’un ni l’autre, personne ne sera prévenu : remettez la carte.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
