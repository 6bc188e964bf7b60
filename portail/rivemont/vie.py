"""A year of life around today; each later run adds what the days that went by call for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from associations.models import Activite, Inscription, MiseADisposition
from comptes.models import Compte
from conseils.models import Reunion
from maisons.heures import starts_at
from maisons.models import Evenement, Fermeture, Horaire, Maison, Occurrence, Reservation, Salle
from maisons.suivre import subject
from notifications import suivi
from permanences.models import Permanence, RendezVous
from portail.rivemont import (
    accueil,
    activites,
    benevoles,
    conseils,
    evenements,
    permanences,
    prets,
    questions,
    rendez_vous,
    reservations,
)
from portail.rivemont.associations import create_associations
from portail.rivemont.charte import add_charter
from portail.rivemont.comptes import RESIDENT, create_accounts
from portail.rivemont.elus import create_elected
from portail.rivemont.fermetures import add_closures
from portail.rivemont.maisons import create_houses
from portail.rivemont.occupation import Occupation
from portail.rivemont.salles import create_rooms
from portail.rivemont.territoire import create_territory

HALF_A_YEAR = timedelta(days=183)


@dataclass
class City:
    """What the events and the bookings refer to, each by its key."""

    quartiers: dict
    houses: dict
    rooms: dict
    residents: dict  # by e-mail
    desk: Compte

    def __post_init__(self):
        self.hours = defaultdict(list)
        for horaire in Horaire.objects.all():
            self.hours[horaire.maison_id].append(horaire)


def create_city():
    quartiers = create_territory()
    create_elected(quartiers)
    create_associations(quartiers)
    houses = create_houses(quartiers)
    rooms = create_rooms(houses)
    desk, residents = create_accounts(houses["lavoirs"])
    add_charter(houses, timezone.localdate())
    return City(quartiers, houses, rooms, {r.courriel: r for r in residents}, desk)


@transaction.atomic
def populate():
    """Make the city, or make it last; returns what was added, by its French name."""
    city, now, today = create_city(), timezone.now(), timezone.localdate()
    # The queue of planning: nobody books between our look at the rooms and our COPY.
    list(Salle.objects.order_by("pk").select_for_update(no_key=True))
    # Before any other lock lets them lapse.
    accueil.settle_calls(city.desk, now)
    reservations.answer_overdue(city.desk, now)
    begin, end = today - HALF_A_YEAR, today + HALF_A_YEAR
    closures = add_closures(city.houses, city.rooms, begin, end)
    vacations = permanences.add_permanences(city, now)  # before what comes and goes
    activities = activites.add_activities(city, now)
    filled = evenements.last_day(starts_at(end + timedelta(days=1)))
    first = filled + timedelta(days=1) if filled else begin
    first_booked = reservations.last_day(now) or begin
    window = starts_at(min(first, first_booked)), starts_at(end + timedelta(days=2))
    occupation = Occupation(city.rooms.values(), *window)
    events, dates = evenements.add_events(city, occupation, now, first, end)
    soon = today + timedelta(days=reservations.AHEAD)
    bookings = reservations.add_bookings(city, occupation, now, first_booked, soon)
    loans = prets.add_loans(city, now)
    follow_some(city.residents[RESIDENT], now)
    added = {"fermetures": closures, "événements": events, "dates": dates}
    added |= {"dates de permanence": vacations, "activités": activities}
    added |= {"rendez-vous": rendez_vous.add_appointments(city, now)}
    added |= {"prêts de salle": loans}
    added |= {"questions": questions.add_questions(city, now)}
    added |= {"réservations": bookings, "réunions": conseils.add_meetings(city, now)}
    added |= {"aux bénévoles": benevoles.add_volunteers(city, now)}
    prets.add_budgets(now)  # once all that counts is there
    return added | {"à l’accueil": accueil.add_desk(city, now)}


def follow_some(resident, now):
    """The next events: she is reminded of them the day before."""
    coming = Occurrence.objects.public().holding().filter(debut__gt=now + timedelta(days=1))
    for date in coming.order_by("debut", "pk")[:2]:
        suivi.follow(subject(date.evenement_id), resident)


def totals():
    kinds = {"maisons": Maison, "salles": Salle, "fermetures": Fermeture}
    kinds |= {"événements": Evenement, "réservations": Reservation, "réunions": Reunion}
    kinds |= {"permanences": Permanence, "rendez-vous": RendezVous}
    kinds |= {"activités": Activite, "inscriptions": Inscription}
    kinds |= {"prêts de salle": MiseADisposition}
    return {name: kind.objects.count() for name, kind in kinds.items()}
