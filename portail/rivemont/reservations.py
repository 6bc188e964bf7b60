"""Rooms asked for by residents, and what was answered."""

from collections import Counter
from datetime import timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Max
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau, Reservation
from maisons.models.reservation import TIME_TO_ANSWER
from portail.copie import copy_creneaux
from portail.rivemont.comptes import DOMAIN, RESIDENT
from portail.rivemont.maisons import clock
from portail.rivemont.rythmes import HOLIDAYS, Rythme, days_between

AHEAD = 60  # days
Etat, Usage, Refus = Reservation.Etat, Reservation.Usage, Reservation.MotifRefus

# What the resident of the launcher books: (when, room, from, length in hours, use, people)
HERS = [
    (Rythme("1er samedi du mois"), "lavoirs/salle-du-lavoir", "14:00", 4, Usage.FETE, 30),
    (Rythme("2e vendredi du mois"), "olympe-de-gouges/atelier", "16:30", 2, Usage.ATELIER, 8),
    (Rythme("3e mercredi du mois"), "vieux-pont/salle-voutee", "18:00", 2, Usage.REPETITION, 12),
]
ANSWERS = {
    Refus.BESOIN: "La salle accueille ce jour-là une réunion publique de la ville.",
    Refus.SERVICE: "Nous n’avons personne pour ouvrir et fermer à cette heure-là.",
    Refus.INADAPTEE: "La musique amplifiée gêne les voisins : la salle des fêtes convient mieux.",
    Refus.INCOMPLETE: "Dites-nous combien de personnes viennent et nous regarderons à nouveau.",
}


def last_day(now):
    """The last day gone by that has bookings, or nothing."""
    ours = Reservation.objects.filter(demandeur__courriel__endswith=DOMAIN, debut__lte=now)
    latest = ours.aggregate(latest=Max("debut"))["latest"]
    return latest and timezone.localdate(latest)


def add_bookings(city, occupation, now, first, last):
    """The bookings between two days; returns how many."""
    coming = Reservation.objects.upcoming().values_list("demandeur", "maison")
    quota, added = Counter(coming), []
    here = set(Reservation.objects.values_list("jeton", flat=True))
    for day in days_between(first, last):
        for rank, wanted in enumerate(wishes(city, day)):
            wanted.jeton = uuid5(NAMESPACE_URL, f"rivemont:{day}:{rank}")
            if wanted.jeton in here or occupation.is_closed(wanted):
                continue
            decide(wanted, Random(f"etat:{wanted.jeton}"), city, now)
            owner = (wanted.demandeur_id, wanted.maison_id)
            if wanted.annule_le is None:
                if not occupation.is_free(wanted):
                    continue
                if wanted.fin > now:
                    if quota[owner] >= wanted.maison.reservations_max:
                        continue
                    quota[owner] += 1
                occupation.hold(wanted)
            added.append(wanted)
    copy_creneaux(Reservation, added)
    return len(added)


def wishes(city, day):
    """What residents would like on a day; the same list whenever it is asked."""
    for rythme, room, at, length, usage, people in HERS:
        if rythme.falls_on(day):
            debut = starts_at(day, clock(at))
            yield booking(city.rooms[room], debut, length, usage, people, city.residents[RESIDENT])
    if (day.month, day.day) in HOLIDAYS:
        return
    random = Random(f"reservations:{day}")
    people = [compte for courriel, compte in city.residents.items() if courriel != RESIDENT]
    for house in city.houses.values():
        rooms = [r for r in city.rooms.values() if r.maison_id == house.pk and r.reservable]
        spans = [h for h in city.hours[house.pk] if h.jour == day.weekday()]
        for _ in range(random.choice([0, 0, 0, 1, 1, 2]) if spans else 0):
            room, span = random.choice(rooms), random.choice(spans)
            most = int(room.duree_max.total_seconds() // 3600)
            length = min(random.choice([1, 2, 2, 3, 4]), most)
            halves = 2 * (span.ferme.hour - span.ouvre.hour - length)
            if halves < 0:
                continue
            start = starts_at(day, span.ouvre) + timedelta(minutes=30 * random.randint(0, halves))
            size = random.randint(min(3, room.capacite), min(room.capacite, 60))
            if room.partagee:
                size = min(size, 8)
            usage = random.choice(Usage.values)
            yield booking(room, start, length, usage, size, random.choice(people))


def booking(room, debut, length, usage, people, demandeur):
    reservation = Reservation(
        maison=room.maison,
        salle=room,
        debut=debut,
        fin=debut + timedelta(hours=length),
        usage=usage,
        personnes=people,
        demandeur=demandeur,
    )
    reservation.clean()
    return reservation


def decide(reservation, random, city, now):
    """Its state on this day, with who answered and when."""
    desk = city.desk if reservation.maison.slug == "maison-des-lavoirs" else None
    chance = random.random()
    if reservation.demandeur.courriel == RESIDENT:
        chance = min(chance, 0.7)  # hers are never refused: she has some to show
    asked = reservation.debut - timedelta(days=random.randint(6, 40), minutes=random.randint(0, 59))
    reservation.cree_le = min(asked, now - timedelta(hours=random.randint(2, 40)))
    reservation.etat = Etat.CONFIRMEE
    if not reservation.salle.avec_accord:
        if chance > 0.88:
            withdraw(reservation, random, now)
        return
    answered = reservation.cree_le + timedelta(hours=random.randint(1, 60))
    if reservation.debut > now + timedelta(days=3) and chance < 0.3:
        reservation.etat = Etat.DEMANDEE
        reservation.cree_le = now - timedelta(hours=random.randint(2, 60))
        reservation.repondre_avant = min(reservation.cree_le + TIME_TO_ANSWER, reservation.debut)
        return
    reservation.decide_par, reservation.decide_le = desk, min(answered, now)
    if chance > 0.9:
        reservation.motif_refus, reservation.reponse = random.choice(list(ANSWERS.items()))
        reservation.etat, reservation.annule_le = Etat.REFUSEE, reservation.decide_le
        reservation.motif_annulation = Creneau.Motif.REFUS
    elif chance > 0.8:
        withdraw(reservation, random, now)


def withdraw(reservation, random, now):
    told = reservation.debut - timedelta(hours=random.randint(5, 100))
    reservation.etat = Etat.ANNULEE
    reservation.annule_le = max(min(told, now), reservation.cree_le)
    reservation.motif_annulation = Creneau.Motif.DEMANDE


def answer_overdue(desk, now):
    """Requests of an earlier run whose deadline is over: somebody has answered meanwhile."""
    waiting = Reservation.objects.holding().filter(etat=Etat.DEMANDEE, repondre_avant__lte=now)
    overdue = list(waiting.filter(demandeur__courriel__endswith=DOMAIN))
    # With their deadline they would lapse at the first lock of their room.
    Reservation.objects.filter(pk__in=[row.pk for row in overdue]).update(repondre_avant=None)
    for reservation in overdue:
        planning.confirm(reservation, by=desk)
