"""What an association may begin: nothing new without the charter and an insurance."""

from django.core.exceptions import ValidationError

from associations.models.charte import Adhesion
from maisons import heures

UNSIGNED = "{} n’a pas signé la charte des associations : demandez à la ville comment faire."
ENDED = "L’adhésion de {} à la charte vaut jusqu’au {} : demandez à la ville de la renouveler."
LATER = "{} a signé la charte pour après : choisissez un jour à partir du {}."
UNINSURED = "L’assurance de {} n’est pas connue de la ville : déposez son attestation."
LAPSED = "L’assurance de {} vaut jusqu’au {} : déposez la nouvelle attestation."


def check(association, on):
    """
    Raise ValidationError, in a sentence, unless the association is under the charter on a day.

    Before a new loan or a new activity only: what is confirmed stays, whatever ends.
    """
    rows = Adhesion.objects.filter(association=association)
    valid = rows.in_force(on)
    if valid.insured(on).exists():
        return
    if insured := valid.order_by("assurance_jusqu_au").last():
        raise ValidationError(insurance_fault(association, insured.assurance_jusqu_au))
    raise ValidationError(charter_fault(association, rows, on))


def fault(association, on) -> str:
    """What `check` would say, or nothing."""
    try:
        check(association, on)
    except ValidationError as error:
        return error.messages[0]
    return ""


def insurance_fault(association, until):
    return LAPSED.format(association, heures.day(until)) if until else UNINSURED.format(association)


def charter_fault(association, rows, on):
    if last := rows.filter(jusqu_au__lt=on).order_by("jusqu_au").last():
        return ENDED.format(association, heures.day(last.jusqu_au))
    if first := rows.filter(signe_le__gt=on).order_by("signe_le").first():
        return LATER.format(association, heures.day(first.signe_le))
    return UNSIGNED.format(association)
