"""The events of Rivemont and their dates."""

from datetime import timedelta
from random import Random

from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from simple_history.utils import bulk_create_with_history

from maisons.heures import starts_at
from maisons.models import Creneau, Evenement, Occurrence
from portail.copie import again, copy_creneaux
from portail.rivemont.maisons import clock
from portail.rivemont.programme import programme
from portail.rivemont.rythmes import days_between, season

PREFIX = "rivemont:"
Portee, Motif = Creneau.Portee, Creneau.Motif


def last_day(end):
    """The last day that an earlier run has filled, or nothing; a date moved beyond is not one."""
    ours = Occurrence.objects.filter(evenement__reference__startswith=PREFIX, debut__lt=end)
    latest = ours.aggregate(latest=Max("debut"))["latest"]
    return latest and timezone.localdate(latest)


def add_events(city, occupation, now, first, last):
    """Events with a date between two days, and these dates; returns how many of each."""
    wanted = [
        (f"{PREFIX}{item.cle}:{season(day)}", item, day)
        for day in days_between(first, last)
        for item in programme()
        if item.rythme.falls_on(day)
    ]
    here = set(Evenement.objects.values_list("reference", flat=True))
    new = {}
    for reference, item, day in wanted:
        if reference not in here:
            new.setdefault(reference, event(reference, item, day, city, now))
    bulk_create_with_history(list(new.values()), Evenement)
    events = Evenement.objects.in_bulk({ref for ref, *_ in wanted}, field_name="reference")
    dates, firsts = [], {}
    for reference, item, day in wanted:
        if reference not in firsts:
            firsts[reference] = occurrence(events[reference], item, day, city)
        date = again(firsts[reference], *span(item, day))
        settle(date, Random(f"{reference}:{day}"), occupation, now)
        if date.annule_le or occupation.is_free(date):
            dates.append(date)
            if not date.annule_le:
                occupation.hold(date)
    copy_creneaux(Occurrence, dates)
    return len(new), len(dates)


def event(reference, item, day, city, now):
    """A new event, whose first date falls on `day`."""
    evenement = Evenement(
        reference=reference,
        slug=f"{slugify(item.titre.replace('’', '-'))}-{reference.rpartition(':')[2]}",
        maison=city.houses[item.maison],
        titre=item.titre,
        resume=item.resume,
        description=item.description,
        organisateur=item.organisateur,
        theme=item.theme,
        public=item.public,
        age_min=item.age_min,
        age_max=item.age_max,
        gratuit=not item.tarif,
        tarif=item.tarif,
        plain_pied=None if item.ailleurs else city.houses[item.maison].plain_pied,
        contact=city.houses[item.maison].telephone,
    )
    announce(evenement, Random(reference), starts_at(day), now)
    return evenement


def announce(evenement, random, debut, now):
    """Published some weeks ahead; far ahead some are drafts, most with their day of publication."""
    ahead, chance = debut - now, random.random()
    early = timedelta(days=random.randint(25, 55), hours=random.randint(0, 9))
    if ahead > timedelta(days=75) and chance < 0.3:
        evenement.publier_le = debut - early
    elif ahead > timedelta(days=30) and chance > 0.95:
        return  # its organiser still works at it
    else:
        evenement.publie_le = min(debut - early, now - timedelta(hours=random.randint(1, 300)))


def occurrence(evenement, item, day, city):
    place = {"maison": city.houses[item.maison], "portee": Portee.SANS_SALLE}
    room = item.lieu.partition("/")[2]
    if item.ailleurs:
        place |= {"portee": Portee.HORS_LES_MURS, "adresse_libre": item.ailleurs}
        place["quartier"] = city.quartiers[item.quartier]
    elif room == "*":
        place["portee"] = Portee.MAISON
    elif room:
        place |= {"portee": Portee.SALLE, "salle": city.rooms[item.lieu]}
        place["personnes"] = min(city.rooms[item.lieu].capacite, 15)
    date = Occurrence(evenement=evenement, heure_connue=bool(item.heures), **place)
    date.debut, date.fin = span(item, day)
    date.clean()
    return date


def span(item, day):
    if not item.heures:
        return starts_at(day), starts_at(day + timedelta(days=item.jours))
    opens, closes = map(clock, item.heures.split("-"))
    return starts_at(day, opens), starts_at(day, closes)


def settle(date, random, occupation, now):
    """Cancel what a closure hits, and now and then a date for the organiser's reasons."""
    if date.publie_le is None:
        return
    if date.heure_connue and occupation.is_closed(date):
        date.motif_annulation = Motif.FERMETURE
    elif random.random() < 0.025:
        date.motif_annulation = Motif.ORGANISATION
    if date.motif_annulation:
        told = date.debut - timedelta(hours=random.randint(20, 120))
        date.annule_le = min(told, now - timedelta(hours=1))
