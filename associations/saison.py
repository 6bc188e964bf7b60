"""The season of an activity, from September to June, and what it was the year before."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from associations import activites
from associations.models import Activite
from maisons.models import Serie
from maisons.rythmes import Rythme

STARTS, ENDS = 9, 6  # months
YEAR = relativedelta(years=1)
# What a new season asks for again, beside what each session repeats.
REPEATED = ["association", "description", "maison", "salle", "contact", "inscription"]
REPEATED += ["places", "minimum", "liste_attente", "questions"]


def bounds(today=None):
    """(first day, last day) of the season that goes on, or of the next one in summer."""
    today = today or timezone.localdate()
    year = today.year if today.month > ENDS else today.year - 1
    return max(today, date(year, STARTS, 1)), date(year + 1, ENDS, 30)


def after(activite):
    """(first day, last day) a year later than those of an activity, not before today."""
    today = timezone.localdate()
    first, last = activite.premier + YEAR, activite.dernier + YEAR
    while last <= today:
        first, last = first + YEAR, last + YEAR
    return first, last


def again(activite):
    """The answers that ask for the same a year later; nobody is copied, nothing is public."""
    first, last = after(activite)
    copy = activites.new_season(activite)
    kept = [*Activite.REPEATED, *REPEATED]
    known = {name: getattr(copy, name) for name in kept if name != "publie_le"}
    return known | {"premier": first, "dernier": last} | rhythm_of(activite)


def last_of(user):
    """The newest activity of one's associations: what most often stays the same, or None."""
    rows = Activite.objects.managed_by(user, "add").select_related("association", "maison", "salle")
    return rows.order_by("-pk").first()


def series_of(activite):
    """The rules of its sessions, the newest first."""
    rows = Serie.objects.filter(pk__in=activite.seances.values("serie"))
    return rows.select_related("maison", "salle").order_by("-premier", "-pk")


def rhythm_of(activite):
    """The answers that ask for sessions on the same days, at the same hours."""
    serie = series_of(activite).first()
    if serie is None:
        return {}
    rythme = Rythme.parse(serie.regle)
    ends = datetime.combine(serie.premier, serie.heure) + serie.duree
    return {
        "jours": list(rythme.jours),
        "cadence": rythme.cadence,
        "de": serie.heure,
        "a": ends.time(),
        "regime": serie.regime,
    }
