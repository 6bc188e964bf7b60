"""The summary that is easy to read (FALC): few lines, one idea each, before all the rest."""

from django.core.exceptions import ValidationError

LINES, SIGNS = 5, 140
HELP = (
    "Pour qui lit avec difficulté. Une idée par ligne, cinq lignes au plus, douze mots par ligne. "
    "Des mots de tous les jours, pas de sigle. Par exemple : « La place du Marché va changer. »"
)


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def few_lines(text):
    """Validator: what is longer is not easy any more."""
    told = lines(text)
    if len(told) > LINES:
        raise ValidationError(f"Écrivez {LINES} lignes au plus : il y en a {len(told)}.")
    if any(len(line) > SIGNS for line in told):
        raise ValidationError(f"Coupez les lignes de plus de {SIGNS} signes : une idée par ligne.")
