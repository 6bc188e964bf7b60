"""When and where the next meeting of a council could be, from an earlier one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from conseils.models import Conseil, Point, Reunion
from maisons import heures
from maisons.calendrier import public_holiday
from maisons.models import Creneau, Reservation, Salle
from quartiers.models import Ville

WEEK = timedelta(weeks=1)
USUAL = 8  # weeks from one meeting to the next, for a council that has met once
LOOKED_AT = 7  # meetings whose intervals make the usual one
TRIED = 26  # weeks after the first one that would do
BEFORE = 2  # meetings in which an item is looked for, to know that it comes back
LONGEST_TIDYING = timedelta(days=1)


@dataclass
class Proposal:
    """A span, how many weeks after the last meeting it is, and the days left out with their why."""

    debut: datetime
    fin: datetime
    weeks: int
    left_out: list = field(default_factory=list)


def latest(user):
    """The last meeting of each council that somebody prepares, drafts too."""
    rows = Reunion.objects.managed_by(user).order_by("conseil_id", "-debut", "-pk")
    return rows.distinct("conseil_id")


def interval(days):
    """The usual number of weeks between meetings, from their days in order."""
    gaps = [(after - before).days for before, after in pairwise(days)]
    return max(1, round(median_low(gaps) / 7)) if gaps else USUAL


def propose(source, now):
    """
    The same weekday and hours after the usual interval, early enough for the agenda's own delay.

    Public holidays, days when the house is closed and days with a meeting already are left out.
    """
    held = source.conseil.reunions.holding().order_by("-debut").values_list("debut", flat=True)
    days = sorted(heures.local(debut).date() for debut in held[:LOOKED_AT])
    first, length = heures.local(source.debut), source.fin - source.debut
    weeks = interval(days)
    last = max([*days, first.date()])
    on = last - timedelta(days=(last.weekday() - first.weekday()) % 7) + weeks * WEEK
    earliest = heures.local(now).date() + timedelta(days=1 + (source.conseil.convocation or 0))
    while on < earliest:
        on += WEEK
    spans = [heures.starts_at(on + n * WEEK, first.time()) for n in range(TRIED)]
    why = reasons(source, [(debut, debut + length) for debut in spans], days)
    chosen = next((debut for debut in spans if debut not in why), spans[0])
    left_out = [(debut, why[debut]) for debut in spans if debut < chosen]
    weeks = (heures.local(chosen).date() - last).days // 7
    return Proposal(chosen, chosen + length, weeks, left_out)


def reasons(source, spans, days):
    """{start: why no meeting is proposed then}, for some spans in order of time."""
    ville, why = Ville.current(), {}
    closures = list(source.closures().during(spans[0][0], spans[-1][1]))
    for debut, fin in spans:
        on = heures.local(debut).date()
        shut = next((c for c in closures if c.debut < fin and debut < c.fin), None)
        if name := public_holiday(on, ville.alsace_moselle):
            why[debut] = f"jour férié, {name}"
        elif shut:
            why[debut] = f"fermé, {shut.motif}"
        elif on in days:
            why[debut] = "une réunion est déjà prévue"
    return why


def rooms_of(user):
    """The rooms of the houses in the quartiers of somebody's councils; a hall is never held."""
    mine = Conseil.objects.managed_by(user).values("quartier")
    rooms = Salle.objects.filter(maison__quartier__in=mine, partagee=False)
    return rooms.select_related("maison").order_by("maison", "nom")


def taken(rooms, debut, fin):
    """The keys of those that are held at some time of a span, tidying up included."""
    houses = {room.maison for room in rooms}
    parts = {room.pk: {room.pk} for room in rooms}
    for key, whole in Salle.objects.filter(partie_de__in=parts).values_list("pk", "partie_de"):
        parts[whole].add(key)
    around = Creneau.objects.holding().in_house(*houses).occupying(debut, fin + LONGEST_TIDYING)
    around = around.exclude(pk__in=Reservation.objects.overdue())
    uses = list(around.values_list("debut", "libere_a", "emprise"))
    return {
        room.pk
        for room in rooms
        if any(
            starts < fin + room.battement and ends > debut and parts[room.pk] & {*held}
            for starts, ends, held in uses
        )
    }


def recurring(source):
    """The keys of its items that come back from meeting to meeting."""
    earlier = source.conseil.reunions.holding().filter(debut__lt=source.debut).order_by("-debut")
    told = Point.objects.filter(reunion__in=list(earlier[:BEFORE])).values_list("titre", flat=True)
    known = {titre.casefold() for titre in told}
    return [
        point.pk
        for point in carried(source)
        if point.type == Point.Type.QUESTION or point.titre.casefold() in known
    ]


def carried(source):
    """Its items that another meeting may take; each has its own approval of minutes."""
    return source.points.exclude(type=Point.Type.APPROBATION).select_related("membre", "elu")
