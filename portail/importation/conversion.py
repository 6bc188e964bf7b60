"""A cell's text as the value of a column of the portal; ValueError says what is wrong with it."""

import re

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models

from portail.importation.texte import clean, key, one_line, shorten

YES = {"oui", "o", "1", "vrai", "true", "t", "yes", "y", "x"}
NO = {"non", "n", "0", "faux", "false", "f", "no"}
PHONE = re.compile(r"(?:(?:\+|00)33\s*(?:\(0\))?|0)[\s.\-]*[1-9](?:[\s.\-]*\d){8}(?!\d)")
SHORT_PHONE = re.compile(r"[13]\d[\s.]?\d\d")  # 39 49
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def decimal(text):
    """Point or comma, thousands apart or not."""
    number = re.sub(r"\s", "", text).replace(",", ".")
    if not NUMBER.fullmatch(number):
        raise ValueError(f"« {shorten(text, 40)} » n’est pas un nombre")
    return float(number)


def convert(column, text):
    """`text` as the value of a model's field; an empty text is for the caller to see."""
    text = clean(text)
    if isinstance(column, ArrayField):
        parts = re.split(r"[,;/|]", text)
        return [choice(column.base_field, part) for part in parts if part.strip()]
    if column.choices:
        return choice(column, text)
    for kind, read in READERS.items():
        if isinstance(column, kind):
            return read(text)
    if column.name == "telephone":
        return phone(text)
    if isinstance(column, models.CharField):
        return shorten(one_line(text), column.max_length)
    return text


def choice(column, text):
    """A stored value, or its label."""
    for value, label in column.choices:
        if key(text) in (key(str(value)), key(str(label))):
            return value
    possible = ", ".join(str(value) for value, _ in column.choices)
    raise ValueError(f"« {shorten(text, 40)} » n’est pas prévu ({possible})")


def yes_or_no(text):
    word = key(text)
    if word not in YES | NO:
        raise ValueError(f"« {shorten(text, 40)} » n’est ni oui ni non")
    return word in YES


def whole(text):
    number = decimal(text)
    if number < 0 or number != int(number) or number > 32767:
        raise ValueError(f"« {shorten(text, 40)} » n’est pas un nombre entier")
    return int(number)


def phone(text):
    """The first number of the text, by pairs: 04 67 34 70 00."""
    if SHORT_PHONE.fullmatch(text):
        return text
    match = PHONE.search(text)
    if not match:
        raise ValueError(f"« {shorten(text, 40)} » n’est pas un numéro de téléphone")
    digits = "0" + re.sub(r"\D", "", match.group())[-9:]
    return " ".join(re.findall("..", digits))


def email(text):
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(f"« {shorten(text, 40)} » n’est pas une adresse e-mail") from None
    return text.lower()


def web_address(text):
    text = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    try:
        WEB_ADDRESS(text)
    except ValidationError:
        raise ValueError(f"« {shorten(text, 40)} » n’est pas une adresse de site") from None
    if len(text) > 200:
        raise ValueError("adresse de site de plus de 200 signes")
    return text


READERS = {
    models.BooleanField: yes_or_no,
    models.IntegerField: whole,
    models.EmailField: email,
    models.URLField: web_address,
}
