"""Races over HTTP, on real servers: one winner, losers told at once, nobody else delayed."""

import os
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import time, timedelta
from itertools import product
from time import monotonic
from uuid import uuid4

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from associations.models import Inscription
from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau, Reservation
from permanences.models import RendezVous
from tests.associations.passes import address as registered_at
from tests.associations.passes import answers as pass_of
from tests.charge.bases import overlaps, url_of
from tests.charge.clients import Resident, at_once, open_forms, sending
from tests.charge.mesures import Meter
from tests.charge.serveur import serve
from tests.factories import (
    ActiviteFactory,
    CompteFactory,
    InscriptionFactory,
    MaisonFactory,
    RendezVousFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)
from tests.permanences.prises import a_date, another, answers, place
from tests.permanences.prises import address as taken_at

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 50
ROUNDS = 20 if os.environ.get("COMPLET") else 2
PATIENCE = 3  # seconds that somebody who lost may wait, on a machine that does nothing else
# Spans of half hours that all hold 14:00 to 14:30, none longer than a room allows.
HALVES = [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(48)]
SPANS = [(HALVES[28 - i], HALVES[29 + j]) for i, j in product(range(8), repeat=2) if i + j < 8]


@pytest.fixture(scope="module")
def observer(django_db_setup):
    """A connection to the tests' database that is in no transaction."""
    url = url_of(connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as observer:
        yield observer


@pytest.fixture(scope="module", params=[2, 16], ids="{} workers".format)
def serveur(request, observer):
    before = deadlocks(observer)
    with serve(url_of(observer.info.dbname), request.param) as serveur:
        yield serveur
        log = serveur.log.read_text()
    assert deadlocks(observer) == before  # a server that is gone has told all
    assert "Traceback" not in log


def deadlocks(observer):
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return observer.execute(query).fetchone()[0]


@pytest.fixture
def salle():
    """A room in a house that has another one to offer."""
    VilleFactory()
    salle = SalleFactory(maison=MaisonFactory(reservations_max=0))
    SalleFactory(maison=salle.maison)
    return salle


@pytest.fixture
def residents(serveur, salle):
    """Makes some who are signed in, each with the booking form open."""

    def arrive(number):
        signed_in = [Resident.sign_in(compte) for compte in CompteFactory.create_batch(number)]
        return open_forms(serveur.port, address(salle), signed_in)

    return arrive


def address(salle):
    return reverse("maisons:reservation_create", args=[salle.maison.slug, salle.slug])


def asks(resident, salle, day, de="14:00", a="16:00"):
    typed = {"jour": day.isoformat(), "de": de, "a": a, "usage": "voisins", "personnes": 4}
    return resident.post(address(salle), **typed, jeton=uuid4(), etape="confirmer")


def identical(salle):
    return [(salle, "14:00", "16:00")]


def partly_overlapping(salle):
    return [(salle, de, a) for de, a in SPANS]


def a_part_and_its_whole(salle):
    part = SalleFactory(maison=salle.maison, partie_de=salle)
    return [(part, "14:00", "15:30"), (salle, "15:00", "17:00")]


def assert_told_politely(answer):
    assert answer.status == 200
    assert "Cette salle est déjà prise à cette heure." in answer.body
    assert 'name="moment" value="' in answer.body.split("Libre à un moment proche")[1]


@pytest.mark.parametrize("shape", [identical, partly_overlapping, a_part_and_its_whole])
def test_one_of_fifty_wins_and_the_others_are_told(serveur, observer, salle, residents, shape):
    wanted = shape(salle)
    wanted = [wanted[rank % len(wanted)] for rank in range(RIVALS)]
    rivals = residents(RIVALS)

    for days in range(1, ROUNDS + 1):
        day = timezone.localdate() + timedelta(days=days)
        requests = [
            asks(rival, room, day, de, a)
            for rival, (room, de, a) in zip(rivals, wanted, strict=True)
        ]
        with Meter(serveur.pid, observer) as meter:
            answers = at_once(serveur.port, requests)

        won = [answer for answer in answers if answer.status == 302]
        assert len(won) == 1
        for answer in answers:
            if answer not in won:
                assert_told_politely(answer)
        assert max(answer.seconds for answer in answers) < PATIENCE * meter.slowdown
        assert Creneau.objects.holding().count() == days
    assert overlaps(observer) == 0


def test_fifty_people_for_fifty_rooms_all_win(serveur, salle, residents):
    rooms = SalleFactory.create_batch(RIVALS, maison=salle.maison)
    day = timezone.localdate() + timedelta(days=1)

    answers = at_once(
        serveur.port,
        [asks(one, room, day) for one, room in zip(residents(RIVALS), rooms, strict=True)],
    )

    assert [answer.status for answer in answers] == [302] * RIVALS
    assert Creneau.objects.holding().count() == RIVALS


def test_who_wants_another_room_does_not_queue(serveur, salle, residents):
    rooms = [salle, *SalleFactory.create_batch(9, maison=salle.maison)]
    day = timezone.localdate() + timedelta(days=1)
    requests = [asks(one, room, day) for one, room in zip(residents(10), rooms, strict=True)]

    with ExitStack() as booking:
        lock(booking, salle)
        with sending(serveur.port, requests) as (first, *others):
            wait(others)
            queues = not first.done()
            booking.close()

    assert queues
    assert [answer.result().status for answer in (first, *others)] == [302] * 10


@pytest.mark.parametrize("ahead", ["the move", "the bookings"])
def test_a_move_and_bookings_race_for_one_room(serveur, observer, salle, residents, ahead):
    day = timezone.localdate() + timedelta(days=1)
    held = ReservationFactory(maison=salle.maison, debut=starts_at(day, time(14)))
    requests = [asks(one, salle, day) for one in residents(10)]
    queue = min(serveur.workers, len(requests))

    with ExitStack() as booking, ThreadPoolExecutor(1) as pool:
        lock(booking, salle)
        if ahead == "the move":
            moved = pool.submit(move, held, salle)
            wait_for_queue(observer, 1)
        with sending(serveur.port, requests) as answers:
            if ahead == "the bookings":
                wait_for_queue(observer, queue)
                moved = pool.submit(move, held, salle)
            wait_for_queue(observer, queue + 1)
            booking.close()

    answers = [answer.result() for answer in answers]
    won = [answer for answer in answers if answer.status == 302]
    assert len(won) + moved.result() == 1
    for answer in answers:
        if answer not in won:
            assert_told_politely(answer)
    assert overlaps(observer) == 0


def lock(stack, salle):
    """Somebody is booking this room, slowly: those who come next queue until the stack closes."""
    stack.enter_context(transaction.atomic())
    planning.lock_rooms(Reservation(salle=salle))


def wait_for_queue(observer, length):
    query = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = monotonic() + PATIENCE
    while observer.execute(query).fetchone()[0] < length:
        assert monotonic() < until


def move(held, salle):
    try:
        return bool(planning.move(held, salle=salle))
    except ValidationError:
        return False
    finally:
        connection.close()


CALLERS, SLOTS, LEAVING, MOVING = 40, 8, 5, 3


@pytest.fixture
def mornings():
    """Two dates of a permanence, of eight slots each; the second has free ones to offer."""
    VilleFactory()
    first = a_date(hours=4)
    return [first, another(first, 1)]


def callers(serveur, vacation):
    """Requests of people without an account, five for each slot, each by their own phone."""
    path = taken_at(vacation)
    asked = f"{path}?moment={answers(vacation)['moment']}"
    people = open_forms(serveur.port, asked, [Resident("") for _ in range(CALLERS)])
    numbers = [f"06 12 34 56 {rank:02}" for rank in range(CALLERS)]
    return [
        person.post(path, **answers(vacation, rank % SLOTS, contact=numbers[rank]))
        for rank, person in enumerate(people)
    ]


def settle(answers):
    """Those who have a place; each of the others is told so, with others that are free."""
    won = [answer for answer in answers if answer.status == 302]
    for answer in answers:
        if answer not in won:
            assert answer.status == 200
            assert "Ce moment vient d’être pris." in answer.body
            assert 'name="autre" value="' in answer.body
    return won


def taken(vacation):
    rows = RendezVous.objects.held().filter(vacation=vacation)
    return sorted(rows.values_list("debut", flat=True))


def test_forty_people_call_for_eight_places(serveur, observer, mornings):
    wanted, _ = mornings
    requests = callers(serveur, wanted)

    with Meter(serveur.pid, observer) as meter:
        answered = at_once(serveur.port, requests)

    assert len(settle(answered)) == SLOTS
    assert taken(wanted) == [debut for debut, _ in wanted.slots()]
    assert max(answer.seconds for answer in answered) < PATIENCE * meter.slowdown


def test_forty_people_call_while_five_leave_and_three_move(serveur, mornings):
    wanted, later = mornings
    accounts = CompteFactory.create_batch(SLOTS)
    rows = [
        RendezVousFactory(vacation=wanted, debut=debut, compte=compte, nom="", courriel="")
        for (debut, _), compte in zip(wanted.slots(), accounts, strict=True)
    ]
    changes = [
        change(serveur, compte, row, (later, later.slots()[0][0]) if rank >= LEAVING else None)
        for rank, (compte, row) in enumerate(zip(accounts, rows, strict=True))
    ]

    answered = at_once(serveur.port, callers(serveur, wanted) + changes)

    won, changed = settle(answered[:CALLERS]), answered[CALLERS:]
    moved = [answer for answer in changed[LEAVING:] if answer.status == 302]
    assert {answer.status for answer in changed} <= {200, 302}
    assert [answer.status for answer in changed[:LEAVING]] == [302] * LEAVING
    assert len(moved) == 1  # three wanted the same place
    assert len(taken(wanted)) == len(set(taken(wanted))) == len(won) + MOVING - len(moved)
    assert taken(later) == [later.slots()[0][0]]


def change(serveur, compte, row, target):
    """The request of somebody who cancels, or moves to a place."""
    path = f"{row.get_absolute_url()}{'deplacer' if target else 'annuler'}/"
    [person] = open_forms(serveur.port, path, [Resident.sign_in(compte)])
    return person.post(path, **({"place": place(target)} if target else {}))


APPLICANTS, PLACES = 60, 12


def applicants(serveur, activite):
    """Requests of people without an account, who agree to wait; each by their own phone."""
    path = registered_at(activite)
    people = open_forms(serveur.port, path, [Resident("") for _ in range(APPLICANTS)])
    agreed = {"courriel": "", "attente": f"{activite.pk}:0"}
    return [
        person.post(path, **pass_of(telephone=f"06 12 34 57 {rank:02}", **agreed))
        for rank, person in enumerate(people)
    ]


def gives_up(serveur, row):
    """The request of somebody with an account who leaves."""
    path = f"{row.dossier.get_absolute_url()}quitter-{row.pk}/"
    [person] = open_forms(serveur.port, path, [Resident.sign_in(row.dossier.compte)])
    return person.post(path)


def test_sixty_people_register_for_twelve_places_while_five_leave(serveur, observer):
    VilleFactory()
    activite = ActiviteFactory(publie=True, places=PLACES)
    leaving = [InscriptionFactory(activite=activite, compte=CompteFactory()) for _ in range(5)]
    requests = applicants(serveur, activite)
    requests += [gives_up(serveur, row) for row in leaving]

    with Meter(serveur.pid, observer) as meter:
        answered = at_once(serveur.port, requests)

    alive = Inscription.objects.of_list(activite).alive()
    places = sorted(alive.holding().values_list("place", flat=True))
    ranks = [row.rang for row in alive.waiting()]
    assert {answer.status for answer in answered} == {302}
    assert places == list(range(1, PLACES + 1))
    assert ranks == list(range(1, APPLICANTS - PLACES + 1))
    assert max(answer.seconds for answer in answered) < 3 * PATIENCE * meter.slowdown


def five_times(requests):
    return [request for request in requests for _ in range(5)]


def test_a_form_sent_five_times_at_once_takes_one_place(serveur, mornings):
    asked = callers(serveur, mornings[0])[:SLOTS]

    assert {answer.status for answer in at_once(serveur.port, five_times(asked))} == {302}
    assert len(taken(mornings[0])) == SLOTS


def test_a_pass_sent_five_times_at_once_is_one_pass(serveur):
    VilleFactory()
    activite = ActiviteFactory(publie=True, places=PLACES)
    asked = applicants(serveur, activite)[:PLACES]

    assert {answer.status for answer in at_once(serveur.port, five_times(asked))} == {302}
    assert Inscription.objects.of_list(activite).count() == PLACES
