"""Which slots of some permanences have a free desk, read in three statements."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from maisons import heures
from permanences.models import Permanence, RendezVous, Vacation

MOMENT = "%Y-%m-%dT%H:%M"


class Slot(NamedTuple):
    """A span for one person; `desks` is how many may still be taken then."""

    vacation: Vacation
    debut: datetime
    fin: datetime
    desks: int

    @property
    def moment(self):
        """As addresses and buttons carry it: « 2026-11-27T14:00 », local."""
        return heures.local(self.debut).strftime(MOMENT)

    @property
    def address(self):
        """Where somebody takes it at once: the next page asks who comes."""
        path = reverse("permanences:rendez_vous_create", args=[self.vacation.permanence.slug])
        return f"{path}?moment={self.moment}"


def free(permanences, debut, fin, drafts=True):
    """
    [(vacation, [Slot])] of the dates that meet [debut, fin), by their start; full ones have no
    slot, cancelled ones are left out.

    For the desk: neither the notice nor the horizon of a permanence counts. What is public is read
    through an index, drafts through their permanence.
    """
    rows = Vacation.objects.holding() if drafts else Vacation.objects.holding().public()
    rows = rows.filter(nature=Vacation.NATURE, permanence__in=permanences)
    # None lasts a day, and an index knows when they begin.
    rows = rows.filter(debut__gt=debut - timedelta(days=1), debut__lt=fin, fin__gt=debut)
    rows = rows.select_related("permanence__service", "maison", "salle").order_by("debut", "pk")
    vacations = list(rows.prefetch_related("permanence__pauses"))
    held = held_in(vacations)
    return [
        (each, [slot for slot in slots(each, held.get(each.pk, [])) if debut <= slot.debut < fin])
        for each in vacations
    ]


def held_in(vacations):
    """{vacation: [(desk, from, to)]}; a place kept past its time is free (Celery down too)."""
    rows = RendezVous.objects.held().filter(vacation__in=vacations)
    rows = rows.exclude(pk__in=RendezVous.objects.expired())
    held = {}
    for vacation, *place in rows.values_list("vacation", "guichet", "debut", "fin"):
        held.setdefault(vacation, []).append(place)
    return held


def slots(vacation, held):
    """Those with a free desk."""
    for debut, fin in vacation.slots():
        busy = {desk for desk, starts, ends in held if starts < fin and debut < ends}
        desks = len({*range(1, vacation.guichets + 1)} - busy)  # some may be those of before
        if desks > 0:
            yield Slot(vacation, debut, fin, desks)


def offered(permanences):
    """The slots that the public may take now, by their start: notice, horizon, « complet »."""
    permanences, now = list(permanences), timezone.now()
    last = max((latest(each, now) for each in permanences), default=now)
    return sorted(
        (
            slot
            for vacation, slots in free(permanences, now, last, drafts=False)
            for slot in slots
            if is_offered(vacation, slot.debut, now)
        ),
        key=lambda slot: (slot.debut, slot.vacation.pk),
    )


def is_offered(vacation, debut, now):
    """Whether the public may ask for a span of a date, free or not."""
    permanence = vacation.permanence
    notice = now + permanence.preavis <= debut <= latest(permanence, now)
    full = vacation.direct == Vacation.Direct.COMPLETE
    return bool(notice and not full and vacation.publie_le and permanence.publie_le)


def latest(permanence, now):
    """The end of the last day that may be asked for."""
    return heures.starts_at(heures.local(now).date() + timedelta(days=permanence.horizon + 1))


def first_free(permanences):
    """{permanence: its first slot that the public may take}, of those that have one."""
    found = {}
    for slot in offered(permanences):
        found.setdefault(slot.vacation.permanence_id, slot)
    return found


def by_day(slots):
    """{day: [Slot]}, in order."""
    days = {}
    for slot in slots:
        days.setdefault(timezone.localdate(slot.debut), []).append(slot)
    return days


def nearest(slots, wanted, most=3):
    """The slots nearest to an instant, for who lost it, in time order; a start once."""
    once = {slot.debut: slot for slot in slots}.values()
    close = sorted(once, key=lambda slot: abs(slot.debut - wanted))[:most]
    return sorted(close, key=lambda slot: slot.debut)


def elsewhere(permanence, before=None, most=3):
    """The first slot of the other permanences of a service, in time order; `before` an instant."""
    same = Permanence.objects.public().filter(service=permanence.service_id)
    same = same.exclude(mode=Permanence.Mode.SANS_RDV).exclude(pk=permanence.pk)
    found = first_free(same.select_related("service", "maison"))
    slots = [slot for slot in found.values() if before is None or slot.debut < before]
    return sorted(slots, key=lambda slot: slot.debut)[:most]
