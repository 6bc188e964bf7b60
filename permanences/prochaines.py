"""
The next date of each permanence, as anybody reads it: what is lost before it, how today goes, the
first moment that somebody may still take.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from maisons import heures
from permanences import disponibilites
from permanences.models import Vacation

AHEAD = timedelta(days=35)  # a permanence of each month is among them
MOST_LOST = 2  # dates told as lost before the next one
FULL = Vacation.Direct.COMPLETE
PUBLIC = {
    "permanence__publie_le__isnull": False,
    "permanence__service__publie_le__isnull": False,
}
# All that a list shows of a date; its house and its quartier are long.
SHOWN = [
    *["titre", "debut", "fin", "heure_connue", "direct", "retard", "plain_pied", "annule_le"],
    *["portee", "adresse_libre", "maison__nom", "maison__slug", "maison__telephone"],
    *["maison__longitude", "maison__latitude", "maison__quartier"],
    *["quartier__nom", "quartier__slug", "permanence__slug", "permanence__mode"],
    *["permanence__horizon"],
    *[
        "permanence__langues",
        "permanence__elu",
        "permanence__service__nom",
        "permanence__service__slug",
    ],
    *["permanence__service__besoins", "permanence__service__theme"],
    *["permanence__service__langues", "permanence__service__telephone"],
    *["permanence__mediateur__nom", "permanence__mediateur__langues"],
]
JOINED = ["maison", "quartier", "permanence__service", "permanence__mediateur"]


def dates():
    """Those that the public reads, the cancelled among them."""
    return Vacation.objects.public().filter(**PUBLIC)


def next_dates(now, since=None, until=None, jour=None, **where):
    """
    The next date of each permanence to which one may still come, by their hour: one statement.

    Within five weeks unless `until` is given; on a weekday of ISO 8601 when `jour` is.
    """
    rows = dates().holding().upcoming(now).exclude(direct=FULL)
    rows = rows.filter(debut__lt=until or now + AHEAD, **where)
    if since:
        rows = rows.filter(debut__gte=since)
    if jour:
        rows = rows.filter(debut__iso_week_day=jour)
    first = rows.order_by("permanence_id", "debut", "pk").distinct("permanence_id")
    found = first.select_related(*JOINED).only(*SHOWN)
    return sorted(found, key=lambda row: (row.debut, row.pk))


def tell(rows, now):
    """
    Each row with `lost`, the dates before it that are cancelled or full; `state`, how today goes;
    `slot`, the first that may be taken. One statement, three more when some take appointments.
    """
    asked = [row.permanence for row in rows if row.permanence.by_appointment]
    slots = disponibilites.first_free(asked) if asked else {}
    last = max((row.debut for row in rows), default=now)
    lost = dates().upcoming(now).filter(Q(annule_le__isnull=False) | Q(direct=FULL))
    lost = lost.filter(debut__lt=last, permanence__in=[row.permanence_id for row in rows])
    before = {}
    for date in lost.only("debut", "annule_le", "direct", "permanence") if rows else ():
        before.setdefault(date.permanence_id, []).append(date)
    for row in rows:
        missed = [date for date in before.get(row.permanence_id, []) if date.debut < row.debut]
        row.lost = [loss(date) for date in missed[:MOST_LOST]]
        row.state, row.slot = state(row, now), slots.get(row.permanence_id)
    return rows


def loss(date):
    """« Annulé : mardi 1er décembre »."""
    why = "Annulé" if date.annule_le else "Complet"
    return f"{why} : {heures.day(date.debut)}"


def state(date, now):
    """(the class of its mark, in words) of how a date goes; nothing when it is another day."""
    if date.annule_le:
        return "non", "Annulé"
    if timezone.localdate(date.debut) != timezone.localdate(now):
        return ()
    if date.direct == date.Direct.COMPLETE:
        return "non", "Complet pour aujourd’hui"
    if date.direct == date.Direct.RETARD:
        return "bientot", f"Retard de {date.retard} minute{'s' * (date.retard > 1)}"
    if date.direct == date.Direct.OUVERTE:
        return "", f"Ouvert, jusqu’à {heures.hour(date.fin)}"
    if date.debut <= now:
        return "", f"En cours, jusqu’à {heures.hour(date.fin)}"
    return "bientot", f"Aujourd’hui, à {heures.hour(date.debut)}"
