"""Whom nothing that is written reaches: what is to be told by voice, by those who may know."""

from django.utils import timezone

from notifications.models import Message
from permanences import courriers
from permanences.models import RendezVous


def to_make(user):
    """[(message, its appointment)] that somebody may tell, the oldest first; two statements."""
    mine = RendezVous.objects.managed_by(user, "change")
    waiting = Message.objects.to_phone().filter(expire_le__gt=timezone.now())
    waiting = waiting.about(mine.values("vacation")).filter(confidentiel=True)
    keys = {message: courriers.row_of(message) for message in waiting}
    rows = mine.select_related("compte").in_bulk(list(keys.values()))
    return [(message, rows[key]) for message, key in keys.items() if key in rows]
