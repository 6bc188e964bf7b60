"""Who is known at a desk: search without accents, likely doubles (parcours A2)."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons import personnes
from maisons.models import Reservation
from tests.factories import AffectationFactory, ReservationFactory, SalleFactory, VilleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(agent):
    VilleFactory()
    return SalleFactory(maison=agent.maison)


def known(room, nom, contact="", **fields):
    courriel, telephone = (contact, "") if "@" in contact else ("", contact)
    fields |= {"nom": nom, "courriel": courriel, "telephone": telephone, "demandeur": None}
    return ReservationFactory(salle=room, **fields)


def found(agent, text):
    return [person.nom for person in personnes.search(agent.compte, text)]


@pytest.mark.parametrize(
    "typed",
    ["ngu", "O’Neill", "oneill nguyen", "NGUYỄN", "linh", "0612345678", "+33 6 12 34 56 78"],
)
def test_three_letters_or_a_number_find_somebody(agent, room, typed):
    known(room, "Linh O'Neill-Nguyễn", "0612345678")
    known(room, "Odile d'Ângelo", "odile@exemple.fr")

    assert found(agent, typed) == ["Linh O'Neill-Nguyễn"]


@pytest.mark.parametrize("typed", ["d'angelo", "D’ÂNGELO", "ang", "Odile@exemple.fr"])
def test_accents_case_and_apostrophes_do_not_matter(agent, room, typed):
    known(room, "Odile d'Ângelo", "odile@exemple.fr")
    known(room, "Léo")

    assert found(agent, typed) == ["Odile d'Ângelo"]


@pytest.mark.parametrize("typed", ["", "ng", "%%%", "---", "___", "0612", "\\\\\\"])
def test_less_than_three_letters_find_nobody(agent, room, typed):
    known(room, "Nguyễn", "0612345678")

    assert found(agent, typed) == []


def test_somebody_with_an_account_is_known_by_their_bookings_here(agent, room):
    booking = ReservationFactory(salle=room, demandeur__nom="Aïcha Benhamou")

    (person,) = personnes.search(agent.compte, "benha")

    assert (person.nom, person.contact) == ("Aïcha Benhamou", booking.demandeur.courriel)


def test_people_of_other_houses_and_mere_accounts_are_unknown(agent, room):
    known(SalleFactory(), "Linh Nguyễn", "0612345678")
    AffectationFactory(compte__nom="Linh Nguyễn")

    assert found(agent, "nguyen") == found(agent, "0612345678") == []


def test_somebody_is_shown_once_by_their_latest_booking(agent, room):
    for _ in range(3):
        last = known(room, "Linh Nguyễn", "0612345678")

    (person,) = personnes.search(agent.compte, "nguyen")

    assert person.last == last


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_is_one_statement(agent, room, count, django_assert_num_queries):
    for rank in range(count):
        known(room, f"Linh Nguyễn {rank}", demandeur=None)
        ReservationFactory(salle=room, demandeur__nom=f"Huy Nguyễn {rank}")

    with django_assert_num_queries(1):
        people = personnes.search(agent.compte, "nguyen")

    assert len(people) == min(2 * count, personnes.MOST_PEOPLE)


# On the form.


def send(client, room, **changes):
    answers = {"salle": room.pk, "jour": timezone.localdate().replace(year=timezone.now().year + 1)}
    answers |= {"de": "16:00", "a": "18:00", "usage": "voisins", "jeton": uuid4()}
    answers |= {"nom": "Linh O'Neill-Nguyễn", "contact": "0698765432", "etape": "reserver"}
    address = reverse("admin:guichet_create", args=[room.maison.slug])
    return client.post(address, {name: str(value) for name, value in (answers | changes).items()})


@pytest.fixture
def linh(room):
    return known(room, "Linh O'Neill-Nguyễn", "0612345678")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"nom": "linh o’neill nguyen", "contact": ""},
        {"nom": "Quelqu’un d’autre", "contact": "06.12.34.56.78"},
    ],
    ids=["same name", "same name without accents", "same phone"],
)
def test_a_likely_double_is_shown_before_anything_is_written(client, linh, room, changes):
    response = send(client, room, **changes)

    assert [person.last for person in response.context["doubles"]] == [linh]
    assert Reservation.objects.count() == 1


def test_the_same_person_takes_their_own_details(client, linh, room):
    send(client, room, nom="linh oneill nguyen", contact="", etape=f"meme:{linh.pk}")

    booked = Reservation.objects.exclude(pk=linh.pk).get()
    assert (booked.nom, booked.telephone) == (linh.nom, linh.telephone)


def test_somebody_else_keeps_what_was_typed(client, linh, room):
    send(client, room, etape="autre")

    booked = Reservation.objects.exclude(pk=linh.pk).get()
    assert booked.telephone.as_e164 == "+33698765432"


def test_the_very_same_person_is_not_asked_about(client, linh, room):
    send(client, room, contact="+33612345678")

    assert Reservation.objects.count() == 2


def test_nobody_known_is_one_screen(client, room):
    assert send(client, room).status_code == 302


@pytest.mark.parametrize("key", ["0", "", "x", "99999999999999999999", "{foreign}"])
@pytest.mark.parametrize("etape", ["meme", "reprendre"])
def test_nobody_of_another_house_can_be_taken(client, linh, room, key, etape):
    foreign = known(SalleFactory(), "Étrangère", "0611223344")

    response = send(client, room, etape=f"{etape}:{key.format(foreign=foreign.pk)}")

    assert "Étrangère" not in response.content.decode()
    assert Reservation.objects.count() == 2


def test_searching_keeps_what_is_typed_and_taking_somebody_fills_in(client, linh, room):
    searched = send(client, room, nom="neil", contact="", etape="chercher")
    filled = send(client, room, nom="neil", contact="", etape=f"reprendre:{linh.pk}")

    assert [person.last for person in searched.context["found"]] == [linh]
    assert searched.context["form"]["nom"].value() == "neil"
    assert filled.context["form"]["nom"].value() == linh.nom
    assert filled.context["form"]["contact"].value() == "06 12 34 56 78"
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize("nom", ["<script>alert(1)</script>", "nul\0"])
def test_a_hostile_name_does_no_harm(client, room, nom):
    known(room, "<script>alert(1)</script>", "0612345678")

    pages = [send(client, room, nom=nom, etape=etape) for etape in ("chercher", "reserver")]

    assert all("<script>alert" not in page.content.decode() for page in pages)


def test_somebody_who_cannot_be_reached_is_no_double(client, room):
    known(room, "Linh O'Neill-Nguyễn")

    assert send(client, room).status_code == 302
