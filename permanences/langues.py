"""Languages spoken: in French for staff, and in their own words for who looks for them."""

from django.db import models


class Langue(models.TextChoices):
    """ISO 639, as `lang` wants them."""

    ARABE = "ar", "arabe"
    TAMAZIGHT = "ber", "tamazight"
    ALLEMAND = "de", "allemand"
    ANGLAIS = "en", "anglais"
    ESPAGNOL = "es", "espagnol"
    PERSAN = "fa", "persan"
    ITALIEN = "it", "italien"
    POLONAIS = "pl", "polonais"
    PORTUGAIS = "pt", "portugais"
    ROUMAIN = "ro", "roumain"
    RUSSE = "ru", "russe"
    SIGNES = "fsl", "langue des signes"
    TURC = "tr", "turc"
    UKRAINIEN = "uk", "ukrainien"
    VIETNAMIEN = "vi", "vietnamien"
    WOLOF = "wo", "wolof"
    CHINOIS = "zh", "chinois"


OWN_NAMES = {
    "ar": "العربية",
    "ber": "Tamaziɣt",
    "de": "Deutsch",
    "en": "English",
    "es": "español",
    "fa": "فارسی",
    "it": "italiano",
    "pl": "polski",
    "pt": "português",
    "ro": "română",
    "ru": "русский",
    "fsl": "langue des signes",
    "tr": "Türkçe",
    "uk": "українська",
    "vi": "tiếng Việt",
    "wo": "wolof",
    "zh": "中文",
}
RIGHT_TO_LEFT = {"ar", "fa"}
FRENCH = {"fsl"}  # named in French: nothing is said of their language


def named(codes):
    """[(code, its own name, `lang` of that name, whether it reads from the right)]."""
    return [
        (code, OWN_NAMES[code], "" if code in FRENCH else code, code in RIGHT_TO_LEFT)
        for code in OWN_NAMES
        if code in codes
    ]
