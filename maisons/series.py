"""
Runs of dates, written through `planning`: rooms are locked first, then each date is tried in time
order in a savepoint, so that what one date cannot have never fails the others.

An act on a series that exists leaves the given object as it was read: read it again.
"""

from copy import copy
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maisons import calendrier, planning
from maisons.models import Creneau, DateEcartee, Serie
from maisons.models.creneau import SALLE_PRISE
from quartiers.models import Ville

Cause = DateEcartee.Cause
# What a room or a closure refused, it may grant at another hour; a calendar, never.
OF_THE_PLACE = [Cause.HEURE, Cause.FERMETURE, Cause.SALLE, Cause.REGLE]
CHANGED = "Cette série a changé entre-temps : rechargez la page."
NO_SUCH_HOUR = "L’heure change cette nuit-là : choisissez une autre heure."
NOTHING_LEFT = "Il n’y a plus de date à venir à partir de ce jour."
PLACE = ["portee", "maison", "salle"]
LONGEST_DETAIL = DateEcartee._meta.get_field("detail").max_length


class Plan(NamedTuple):
    """Both in time order."""

    booked: list  # créneaux
    left_out: list  # DateEcartee


class Change(NamedTuple):
    serie: Serie  # of the dates that follow the new rule
    moved: list  # créneaux
    stayed: list  # [(créneau as it was, why it could not move)]
    untouched: list  # créneaux that somebody had moved one by one
    plan: Plan  # of the days that the place had refused before


def dates(serie):
    """Its créneaux as what they are: all those of a series are of one nature."""
    nature = serie.creneaux.values_list("nature", flat=True).first()
    kind = next((kind for kind in Creneau.__subclasses__() if nature == kind.NATURE), Creneau)
    return kind.objects.filter(serie=serie).order_by("debut", "pk")


def coming(serie, day):
    """Those that are held from a day of the rule on, and have not begun."""
    rows = dates(serie).holding().filter(jour_serie__gte=day, debut__gt=timezone.now())
    return rows.select_related("maison", "salle")


def untried(serie):
    """The days of its rule that are neither dates nor left out."""
    known = {*serie.creneaux.values_list("jour_serie", flat=True)}
    known.update(serie.ecartees.values_list("jour", flat=True))
    return [day for day in serie.days() if day not in known]


def like(serie, place=None):
    """A `make` for more dates of a series that has some: its last one, at its place or another."""
    last, place = dates(serie).holding().last(), place or serie
    if last is None:
        raise ValidationError("Cette série n’a plus aucune date : créez-en une autre.")
    terms, there = last.terms(), {name: getattr(place, name) for name in PLACE}
    return lambda debut, fin: under(terms, last.again(debut=debut, fin=fin, **there))


def under(terms, creneau):
    """A date as it is booked under the terms of its series (Creneau.terms)."""
    for name, value in terms.items():
        setattr(creneau, name, value)
    return creneau


def season(creneau):
    """Its series as its person reads it, with `told` and the dates `to_come`; or nothing."""
    today = timezone.localdate()
    serie = Serie.objects.filter(pk=creneau.serie_id).going_on(today).first()
    if serie:
        serie.to_come = list(coming(serie, serie.premier))
    return serie


@planning.queued
def plan(serie, make, by=None):
    """
    Save a series and try each of its days: booked, or left out with its cause.

    `make(debut, fin)` builds an unsaved créneau at the series' place. Planned again, only days
    that are neither are tried. Raises ValidationError when the series or what `make` builds is at
    fault whatever the day; a plan without any date booked is for the caller to refuse.
    """
    serie.full_clean()
    if Serie.objects.filter(pk=serie.pk).exists():  # a first try that was undone leaves a key
        hold(serie, sample(serie, make))
    else:
        planning.lock_rooms(sample(serie, make))
        serie._history_user = by
        serie.save()
    return fill(serie, make, untried(serie), by)


def rehearse(act, *args, **kwargs):
    """What an act of this module would do: done, told, undone."""
    with transaction.atomic():
        outcome = act(*args, **kwargs)
        transaction.set_rollback(True)
    return outcome


def sample(serie, make):
    """A créneau like those to come, for its place; what is wrong with it is wrong with all."""
    span = next(filter(None, map(serie.span, serie.days())), None)
    if span is None:
        raise ValidationError(NO_SUCH_HOUR)
    creneau = make(*span)
    creneau.clean()
    creneau.clean_fields(exclude=["creneau"])
    return creneau


def hold(serie, *creneaux):
    """Lock the rooms of these créneaux, each place once, then the series, as it was read."""
    places = {(each.portee, each.maison_id, each.salle_id): each for each in creneaux}
    planning.lock_rooms(*places.values())
    rule = [field.attname for field in Serie._meta.concrete_fields]
    now = Serie.objects.select_for_update().filter(pk=serie.pk).values(*rule).first()
    if now != {name: getattr(serie, name) for name in rule}:
        raise ValidationError(CHANGED)


def against(serie, make, days):
    """(day, span, (cause, sentence) or None) of each day: calendar, change of hour, closures."""
    ville = Ville.current()
    spans = {day: serie.span(day) for day in days}
    found = [span for span in spans.values() if span]
    closures = []
    if found:
        place = make(*found[0])
        closures = list(place.closures().during(found[0][0], found[-1][1]))
    for day, span in spans.items():
        yield day, span, reason(serie, day, span, ville, closures)


def reason(serie, day, span, ville, closures):
    if told := calendrier.left_out(day, serie.regime, serie.jours_feries, ville):
        return told
    if span is None:
        return Cause.HEURE, Cause.HEURE.label
    for closure in closures:
        if closure.debut < span[1] and closure.fin > span[0]:
            return Cause.FERMETURE, f"fermeture : {closure.motif}"
    return None


def fill(serie, make, days, by):
    """Try days that have neither a date nor a cause, under the lock."""
    booked, left_out = [], []
    for day, span, told in against(serie, make, days):
        if not told:
            creneau = make(*span)
            creneau.serie, creneau.jour_serie = serie, day
            try:
                enter(creneau, by)
            except ValidationError as error:
                told = refusal(creneau, error)
            else:
                booked.append(creneau)
        if told:
            cause, detail = told
            left_out.append(DateEcartee(serie=serie, jour=day, cause=cause, detail=detail))
    DateEcartee.objects.bulk_create(left_out)
    return Plan(booked, left_out)


@planning.queued
def enter(creneau, by, before=None):
    """One date, where it was `before` or new; the sample was checked, the constraint says more."""
    if before:
        creneau.carry(before)
    creneau.clean()
    planning.write(creneau, by)


def refusal(creneau, error):
    """(cause, sentence for the public) of a date that planning refused."""
    if error.messages != [SALLE_PRISE]:
        return Cause.REGLE, " ".join(error.messages)[:LONGEST_DETAIL]
    others = Creneau.objects.holding().occupying(creneau.debut, creneau.libere_a)
    others = others.filter(emprise__overlap=creneau.emprise).exclude(pk=creneau.pk)
    other = others.order_by("debut").first()
    if other and other.publie_le:
        return Cause.SALLE, f"salle prise : {other}"
    return Cause.SALLE, "salle déjà réservée"


@planning.queued
def extend(serie, dernier, by=None):
    """Add the days of the rule up to a later last day."""
    serie = copy(serie)
    make = like(serie)
    hold(serie, sample(serie, make))
    if dernier <= serie.dernier:
        raise ValidationError({"dernier": "Choisissez un jour après le dernier jour actuel."})
    serie.dernier, serie._history_user = dernier, by
    serie.full_clean()
    serie.save()
    more = fill(serie, make, untried(serie), by)
    if more.booked:
        tell(more.booked, "ajoutee", more.left_out)
    return more


@planning.queued
def put_back(ecartee, by=None):
    """Book a day that was left out: a person's decision passes the calendar, never the place."""
    serie = ecartee.serie
    span = serie.span(ecartee.jour)
    if span is None:
        raise ValidationError(NO_SUCH_HOUR)
    creneau = like(serie)(*span)
    hold(serie, creneau)
    if creneau.debut < timezone.now():
        raise ValidationError("Ce jour est passé.")
    if not serie.ecartees.filter(pk=ecartee.pk).delete()[0]:
        raise ValidationError(CHANGED)
    creneau.serie, creneau.jour_serie = serie, ecartee.jour
    try:
        enter(creneau, by)
    except ValidationError as error:
        told = refusal(creneau, error)[1]
        raise ValidationError(f"Cette date ne peut pas revenir : {told.rstrip('.')}.") from error
    tell([creneau], "ajoutee")
    return creneau


@planning.queued
def cancel_from(serie, day, motif, by=None):
    """
    Cancel the dates to come from a day of the rule on, those moved one by one too; returns them.

    A draft's dates, which nobody has read, are taken away. The series ends before that day.
    """
    serie = copy(serie)
    hold(serie, *coming(serie, day))
    gone = list(coming(serie, day))
    if not gone:
        raise ValidationError(NOTHING_LEFT)
    for creneau in gone:
        if creneau.DRAFT_GOES and creneau.publie_le is None:
            creneau._history_user = by
            creneau.delete()
        else:
            planning.cancel(creneau, motif, by, quiet=True)
    tell(gone, "annulee")
    serie.ecartees.filter(jour__gte=day).delete()
    serie.dernier, serie._history_user = max(serie.premier, day - timedelta(days=1)), by
    serie.save()
    if not serie.creneaux.exists():
        Serie.objects.filter(pk=serie.pk).delete()
    return gone


def tell(creneaux, what, left_out=(), **context):
    """One message for them all, about the first; with days left out, as the public reads them."""
    missing = [day for day in left_out if day.cause != Cause.HORS_VACANCES]
    planning.tell(creneaux[0], what, dates=creneaux, left_out=missing, **context)


def take_out(creneau):
    """Delete one date of a draft; if it is of a series, its day is left out."""
    serie, day = creneau.serie, creneau.jour_serie
    creneau.delete()
    if serie:
        DateEcartee.objects.create(serie=serie, jour=day, cause=Cause.RETIREE)


@planning.queued
def change_from(serie, day, by=None, **values):
    """
    Give the dates to come from a day on another `heure`, `duree`, `portee` or `salle`.

    They become a series of their own, so that each rule says the truth. Dates that cannot move
    stay as they are; cancelled ones, and those that somebody moved one by one, are left alone.
    Days that the place had refused are tried again. Raises ValidationError when none can move.
    """
    first = next((each for each in serie.days() if each >= day), None)
    if first is None:
        raise ValidationError(NOTHING_LEFT)
    before, after, serie = copy(serie), copy(serie), copy(serie)
    for name, value in values.items():
        setattr(after, name, value)
    after.full_clean()
    make = like(serie, place=after)
    hold(serie, sample(after, make), *coming(serie, day))
    split(serie, after, first, by)
    change = Change(after, [], [], [], Plan([], []))
    for creneau in coming(after, first).select_for_update(of=("self", "creneau")):
        if not follows(creneau, before):
            change.untouched.append(creneau)
        elif told := shift(creneau, after, by):
            change.stayed.append((creneau, told))
        else:
            change.moved.append(creneau)
    if not change.moved:
        why = f" : {change.stayed[0][1].rstrip('.')}" if change.stayed else ""
        raise ValidationError(f"Aucune date ne peut changer{why}.")
    after.ecartees.filter(cause__in=OF_THE_PLACE, jour__gt=timezone.localdate()).delete()
    change = change._replace(plan=fill(after, make, untried(after), by))
    now = sorted(change.moved + change.plan.booked, key=lambda date: date.debut)
    tell(now, "deplacee", change.plan.left_out, avant=str(before))
    return change


def split(serie, after, first, by):
    """Save the new rule: of the whole series, or of a new one from its day `first` on."""
    serie._history_user = after._history_user = by
    if first == serie.days()[0]:
        after.save()
        return
    after.pk, after.premier, after._state.adding = None, first, True
    after.save()
    serie.dernier = first - timedelta(days=1)
    serie.save()
    serie.creneaux.filter(jour_serie__gte=first).update(serie=after)
    serie.ecartees.filter(jour__gte=first).update(serie=after)


def follows(creneau, serie):
    """Whether a date is where its series puts it, or somebody moved it."""
    place = creneau.portee, creneau.salle_id
    span = creneau.debut, creneau.fin
    return (place, span) == ((serie.portee, serie.salle_id), serie.span(creneau.jour_serie))


def shift(creneau, serie, by):
    """Move a date to where its series is now; why it stays as it was, or nothing."""
    span = serie.span(creneau.jour_serie)
    if span is None:
        return Cause.HEURE.label
    before = copy(creneau)
    under(creneau.terms(), creneau)
    creneau.debut, creneau.fin = span
    creneau.portee, creneau.maison, creneau.salle = serie.portee, serie.maison, serie.salle
    creneau.sequence += 1
    try:
        enter(creneau, by, before)
    except ValidationError as error:
        told = refusal(creneau, error)[1]
        creneau.refresh_from_db()
        return told
    return ""
