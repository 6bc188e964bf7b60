"""Whom nothing that is written reaches: what an association is to tell by voice."""

from django.db.models import Q
from django.utils import timezone

from associations import courriers
from associations.models import Dossier, Inscription
from notifications.models import Message


def to_make(user):
    """[(message, its pass)] that somebody may tell, the oldest first; three statements."""
    wanted = Q(pk__in=[])
    for start in courriers.OF_PASS + courriers.OF_ONE:
        wanted |= Q(cle__startswith=start)
    waiting = Message.objects.to_phone().filter(wanted, expire_le__gt=timezone.now())
    keys = {message: pass_of(message.cle) for message in waiting}
    rows = Dossier.objects.managed_by(user, "change").select_related("compte")
    mine = rows.in_bulk({key for key, one in keys.values() if not one})
    ones = Inscription.objects.managed_by(user, "change").with_person()
    ones = ones.in_bulk({key for key, one in keys.values() if one})
    found = [
        (message, ones[key].dossier if one and key in ones else mine.get(key) if not one else None)
        for message, (key, one) in keys.items()
    ]
    return [(message, dossier) for message, dossier in found if dossier]


def pass_of(key):
    """(key of a row, whether it is of one registration) that the key of a message names."""
    one = key.startswith(tuple(courriers.OF_ONE))
    number = next((part for part in key.split(":") if part.isdecimal()), "0")
    return int(number), one
