"""The front desk: the planning as the staff read it, and booking for somebody."""

from datetime import timedelta
from functools import cached_property
from itertools import chain
from urllib.parse import urlencode
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import planning, series
from maisons.disponibilites import Disponibilites
from maisons.journee import STEP, RoomDay
from maisons.models import Creneau, Reservation

ONE_DAY = timedelta(days=1)
EARLY, LATE = 7, 24  # a use by night does not stretch the grid any further
NO_DATE = "Aucune de ces dates n’est possible : changez le jour, l’heure ou la salle."
WORDS = {"a_confirmer": "à confirmer", "demandee": "demandée", "confirmee": "confirmée"}


class DeskDay(RoomDay):
    """Notice, horizon and rooms lent by the desk alone hold back the public, not the desk."""

    def paint_rules(self, now):
        over = now - STEP + timedelta.resolution  # the half hour that runs may still be booked
        self.paint(self.grid[0], over, ("ferme", "passé", None))

    def told(self, creneau):
        if creneau.nature != Reservation.NATURE:
            return creneau.nature, creneau.titre, creneau
        etat = creneau.reservation.etat
        return etat, WORDS[etat], creneau


class DeskPlanning(Disponibilites):
    """The same half hours with who holds them; free are those that the desk may book."""

    day = DeskDay

    def held(self):
        read = ["reservation__demandeur", "occurrence__evenement"]
        return Creneau.objects.holding().in_house(*self.maisons).select_related(*read)

    @cached_property
    def hours(self):
        """What is held before the house opens, or after, shows too."""
        first, last = super().hours
        for use in chain.from_iterable(self.creneaux.values()):
            debut, fin = timezone.localtime(use.debut), timezone.localtime(use.fin)
            if use.emprise and use.fin - use.debut < ONE_DAY:  # not what goes on for days
                over_midnight = debut.date() < fin.date()
                first = min(first, max(debut.hour, EARLY))
                last = max(last, LATE if over_midnight else fin.hour + bool(fin.minute))
        return first, last

    def guests(self, salle, on):
        """The uses of a shared hall on a day, of which the track shows only whether it is full."""
        if not salle.partagee:
            return []
        return [
            (use, WORDS[use.reservation.etat] if use.nature == Reservation.NATURE else "")
            for use in self.uses_on(salle.maison_id, on)
            if use.salle_id == salle.pk
        ]

    def track(self, salle, on):
        more = {"guests": self.guests(salle, on), "closing": self.closing(salle, on)}
        return super().track(salle, on) | more

    def closing(self, salle, on):
        """The address query that fills the form of a closure: this room, the whole day."""
        debut, fin = (f"{day:%Y-%m-%d}T00:00" for day in (on, on + timedelta(days=1)))
        asked = {"maison": salle.maison_id, "salle": salle.pk, "debut": debut, "fin": fin}
        return urlencode(asked)


@planning.queued
def book_for(reservation, by):
    """
    Book for somebody who is there or on the phone: confirmed at once by the agent.

    The rules are those of the desk. The message leaves in the same transaction; who is known by
    phone alone, or not at all, hears it now. Raises ValidationError.
    """
    planning.book(granted(reservation, by), by=by)
    if reservation.courriel:
        planning.tell(reservation, "confirmee")
    return reservation


def granted(reservation, by):
    """As the desk books it: by the rules of the desk, answered as soon as it is asked for."""
    reservation.at_desk = True
    reservation.saisie_par = reservation.decide_par = by
    reservation.etat, reservation.decide_le = Reservation.Etat.CONFIRMEE, timezone.now()
    return reservation


@planning.queued
def book_season(serie, reservation, by):
    """
    Book each day of a series for somebody: one decision, one message, days left out told in it.

    `reservation` is what its dates are like. Raises ValidationError when no day can be had, or
    when the same form has made them already.
    """
    planning.lock_rooms(reservation)
    if Reservation.objects.filter(jeton__in=tokens(reservation.jeton, serie)).exists():
        raise ValidationError("Cette série est déjà réservée.")
    booked, left_out = plan_season(serie, reservation, by)
    if not booked:
        raise ValidationError(NO_DATE)
    if reservation.courriel:
        series.tell(booked, "confirmee", left_out)
    return booked[0]


def plan_season(serie, reservation, by):
    """The dates and the days left out of a season that the desk books."""
    granted(reservation, by)
    serie.full_clean()
    check_each_day(reservation)
    terms = {"at_desk": True, "outside_hours": reservation.outside_hours}

    def make(debut, fin):
        jeton = token(reservation.jeton, timezone.localdate(debut))
        return series.under(terms, reservation.again(debut=debut, fin=fin, jeton=jeton))

    return series.plan(serie, make, by=by)


def check_each_day(first):
    """What the first day shows to be wrong on all of them is told once, beside its question."""
    of_all = ["debut"]
    if first.personnes is None or first.personnes > first.salle.capacite:
        of_all.append("personnes")
    try:
        first.clean()
        first.check_rules()
    except ValidationError as error:
        told = error.error_dict if hasattr(error, "error_dict") else {}
        if faults := {name: told[name] for name in of_all if name in told}:
            raise ValidationError(faults) from error


def token(jeton, day):
    """Of a date of a season: the form sent twice is one season."""
    return uuid5(jeton, day.isoformat())


def tokens(jeton, serie):
    """Those of the bookings that a form makes: one, or one for each day of a series."""
    return [token(jeton, day) for day in serie.days()] if serie else [jeton]
