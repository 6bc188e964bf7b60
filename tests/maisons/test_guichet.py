"""The front desk: its planning, and booking for somebody (parcours A1 to A8, B16, B17)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from unicodedata import normalize
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, connection
from django.urls import reverse

from comptes import codes
from maisons import planning
from maisons.lecture import LETTRES, spelled
from maisons.models import Creneau, Fermeture, Reservation
from notifications.models import Message
from tests.connexion import SigningClient
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)
NOW = datetime(2026, 1, 15, 14, 10, tzinfo=ZoneInfo("Europe/Paris"))
PAGES = ["planning_maison", "guichet_create", "guichet_done", "guichet_card"]


def at(hour, minute=0, on=DAY):
    return datetime.combine(on, time(hour, minute), ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def afternoon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def room(agent):
    VilleFactory()
    return SalleFactory(maison=agent.maison, nom="Atelier")


def url(page, maison, *args):
    return reverse(f"admin:{page}", args=[maison.slug, *args])


def answers(room, **changes):
    wanted = {"salle": room.pk, "jour": DAY, "de": "16:00", "a": "18:00", "usage": "voisins"}
    wanted |= {"nom": "Linh O'Neill-Nguyễn", "contact": "", "jeton": uuid4(), "etape": "reserver"}
    return {name: str(value) for name, value in (wanted | changes).items()}


def post(client, room, **changes):
    return client.post(url("guichet_create", room.maison), answers(room, **changes))


def read(response):
    return response.content.decode()


# Booking for somebody.


def test_the_desk_books_at_once_in_its_own_name(client, agent, room):
    response = post(client, room, contact="Linh@Exemple.FR", personnes="12")

    booked = Reservation.objects.get()
    assert response.url == url("guichet_done", agent.maison, booked.pk)
    assert (booked.etat, booked.decide_par, booked.saisie_par) == (
        Reservation.Etat.CONFIRMEE,
        agent.compte,
        agent.compte,
    )
    assert (booked.debut, booked.fin, booked.decide_le) == (at(16), at(18), NOW)
    assert (booked.nom, booked.reached_at) == ("Linh O'Neill-Nguyễn", ("linh@exemple.fr", ""))
    assert booked.history.get().history_user == agent.compte


@pytest.mark.parametrize(
    ("contact", "told"), [("linh@exemple.fr", 1), ("06 12 34 56 78", 0), ("", 0)]
)
def test_a_message_is_written_to_those_who_read_mail(client, room, contact, told):
    post(client, room, contact=contact)

    assert Message.objects.count() == told


def test_a_message_that_cannot_be_written_leaves_no_booking(client, room):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_message RENAME TO away")

    with pytest.raises(ProgrammingError):
        post(client, room, contact="linh@exemple.fr")

    assert not Reservation.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "+33 6 12 34 56 78",
        "0033612345678",
        "06\u00a012\u00a034\u00a056\u00a078",
    ],
)
def test_a_phone_is_understood_however_it_is_written(client, room, typed):
    post(client, room, contact=typed)

    assert Reservation.objects.get().telephone.as_e164 == "+33612345678"


def test_a_landline_is_a_phone(client, room):
    post(client, room, contact="04 65 71 44 12")

    assert Reservation.objects.get().reached_at == ("", "04 65 71 44 12")


@pytest.mark.parametrize("typed", ["0612", "linh@", "linh", "12 rue des Lilas"])
def test_a_contact_that_is_neither_is_told_beside_its_field(client, room, typed):
    response = post(client, room, contact=typed)

    assert "06 12 34 56 78" in response.context["form"].errors["contact"][0]
    assert f'value="{typed}"' in read(response)
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("nom", ["O'Neill-Nguyễn", "d'Ângelo", "Y", "<b>Léo</b>"])
def test_names_are_kept_and_shown_as_typed(client, room, nom):
    page = read(
        client.post(url("guichet_create", room.maison), answers(room, nom=nom), follow=True)
    )

    assert Reservation.objects.get().nom == nom
    assert "<b>Léo</b>" not in page
    assert nom.replace("'", "&#x27;").replace("<", "&lt;").replace(">", "&gt;") in page


def test_neither_notice_nor_length_nor_horizon_nor_the_rooms_of_the_desk_hold_it(client, room):
    room.reservable, room.preavis, room.horizon = False, timedelta(days=2), 1
    room.save()
    far = DAY + timedelta(days=400)

    post(client, room, de="14:00", a="21:00")
    post(client, room, jour=far)

    assert Reservation.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"de": "10:00", "a": "14:00"}, "a"),
        ({"jour": DAY + timedelta(days=800)}, "de"),
        ({"de": "21:30", "a": "23:00"}, "de"),
        ({"personnes": "21"}, "personnes"),
        ({"personnes": "0"}, "personnes"),
        ({"a": "16:00"}, "a"),
        ({"nom": ""}, "nom"),
        ({"usage": ""}, "usage"),
    ],
    ids=["over", "too far", "closed", "too many", "nobody", "inverted", "no name", "no purpose"],
)
def test_what_the_desk_may_not_do_is_told_beside_its_question(client, room, changes, field):
    response = post(client, room, **changes)

    assert list(response.context["form"].errors) == [field]
    assert not Reservation.objects.exists()


def test_hours_yield_to_an_explicit_tick(client, room):
    post(client, room, de="21:30", a="23:00", outside_hours="on")

    assert Reservation.objects.get().fin == at(23)


def test_a_closure_holds_even_with_the_tick(client, room):
    planning.close(Fermeture(maison=room.maison, debut=at(0), fin=at(23), motif="travaux"))

    response = post(client, room, outside_hours="on")

    assert "travaux" in response.context["form"].non_field_errors()[0]


def test_a_room_that_is_taken_is_told_and_the_answers_stay(client, room):
    ReservationFactory(salle=room, debut=at(17), fin=at(19))

    response = post(client, room, contact="06 12 34 56 78")

    assert "déjà prise" in response.context["form"].non_field_errors()[0]
    assert 'value="06 12 34 56 78"' in read(response)


def test_the_public_rules_are_not_weakened():
    room = SalleFactory(reservable=False)

    with pytest.raises(Exception, match="ne se réserve pas en ligne"):
        ReservationFactory(salle=room)


def test_the_form_sent_twice_is_one_booking_and_one_message(client, room):
    sent = answers(room, contact="linh@exemple.fr")

    first, again = (client.post(url("guichet_create", room.maison), sent) for _ in range(2))

    assert first.url == again.url
    assert (Reservation.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_four_times_at_once_is_one_booking(agent, room):
    clients, sent = [SigningClient() for _ in range(4)], answers(room)
    for client in clients:
        client.force_login(agent.compte)

    def send(client):
        try:
            return client.post(url("guichet_create", room.maison), sent).url
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answered = set(pool.map(send, clients))

    assert answered == {url("guichet_done", room.maison, Reservation.objects.get().pk)}


# Scope.


@pytest.mark.parametrize("page", PAGES)
def test_the_desk_of_another_house_is_nowhere(client, agent, room, page):
    foreign = ReservationFactory()
    args = [foreign.pk] if page in ("guichet_done", "guichet_card") else []

    assert client.get(url(page, foreign.maison, *args)).status_code == 404
    assert client.get(url(page, agent.maison, *args)).status_code == (404 if args else 200)


@pytest.mark.parametrize("page", ["planning", "planning_maison"])
def test_residents_find_no_desk(client, room, page):
    client.force_login(CompteFactory())
    args = [room.maison.slug] if page == "planning_maison" else []

    assert client.get(reverse(f"admin:{page}", args=args)).status_code == 404


def test_a_room_of_another_house_cannot_be_forged(client, room):
    foreign = SalleFactory()

    response = post(client, room, salle=foreign.pk)

    form = response.context["form"]
    assert list(form.errors) == ["salle"]
    assert list(form.fields["salle"].queryset) == [room]
    assert not Reservation.objects.exists()


def test_booking_in_another_house_is_404(client, agent):
    assert post(client, SalleFactory()).status_code == 404
    assert not Reservation.objects.exists()


# The pages after.


@pytest.fixture
def booked(client, room):
    post(client, room, nom="Odile d'Ângelo")
    return Reservation.objects.get()


def test_without_contact_the_card_comes_first_and_is_given(client, booked):
    page = read(client.get(url("guichet_done", booked.maison, booked.pk)))

    assert "Personne ne sera prévenu" in page
    assert page.index("Imprimer la carte") < page.index("Réserver pour quelqu’un d’autre")


def test_with_a_contact_the_next_person_comes_first(client, room):
    response = client.post(
        url("guichet_create", room.maison), answers(room, contact="0612345678"), follow=True
    )

    page = read(response)
    assert "Personne ne sera prévenu" not in page
    assert page.index("Réserver pour quelqu’un d’autre") < page.index("Imprimer la carte")


def test_what_is_read_aloud_says_day_hours_place_and_the_code_spelled(client, booked):
    told = client.get(url("guichet_done", booked.maison, booked.pk)).context["told"]

    assert told[0] == "C’est réservé au nom de Odile d'Ângelo."
    assert told[1] == "C’est aujourd’hui, jeudi 15 janvier, de 16\u00a0h à 18\u00a0h."
    assert f"Atelier, {booked.maison}" in told[2]
    assert [f"{group}." for group in spelled(booked.code)] == told[4:]


def test_a_code_is_spelled_with_names_for_letters_and_digits_alone():
    assert spelled("K7M3-TPXQ-9WQF")[0] == "K\u00a0comme Karim, 7, M\u00a0comme Marie, 3"


def test_every_letter_of_a_code_has_its_name():
    letters = [sign for sign in codes.ALPHABET if sign.isalpha()]

    assert sorted(LETTRES) == sorted(letters)
    assert all(normalize("NFD", LETTRES[sign])[0] == sign for sign in letters)


def test_the_card_says_all_but_why(client, booked):
    page = read(client.get(url("guichet_card", booked.maison, booked.pk)))

    for words in ("Jeudi 15 janvier", "16\u00a0h", "Atelier", str(booked.maison), booked.code):
        assert words in page
    assert booked.get_usage_display() not in page


@pytest.mark.parametrize("page", ["guichet_done", "guichet_card"])
def test_a_cancelled_booking_has_no_card(client, agent, booked, page):
    planning.cancel(booked, Creneau.Motif.DEMANDE, by=agent.compte)

    response = client.get(url(page, booked.maison, booked.pk))

    assert response.url == reverse("admin:maisons_reservation_change", args=[booked.pk])


def test_the_page_of_a_granted_booking_leads_to_its_card(client, booked):
    page = read(client.get(reverse("admin:maisons_reservation_change", args=[booked.pk])))

    assert url("guichet_card", booked.maison, booked.pk) in page


# Put aside.


def test_a_request_put_aside_comes_back_as_it_was(client, room):
    sent = answers(room, contact="06 12", etape="cote")

    page = read(client.post(url("guichet_create", room.maison), sent, follow=True))
    back = client.get(url("guichet_create", room.maison), {"reprendre": sent["jeton"]})

    assert "Reprendre la demande de Linh" in page
    assert back.context["form"].initial.items() >= {"contact": "06 12", "a": "18:00"}.items()
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("etape", ["reserver", "effacer"])
def test_once_booked_or_erased_it_is_no_longer_aside(client, room, etape):
    sent = answers(room, etape="cote")
    client.post(url("guichet_create", room.maison), sent)

    client.post(url("guichet_create", room.maison), sent | {"etape": etape})

    assert client.get(url("planning_maison", room.maison)).context["drafts"] == {}


def test_what_is_aside_is_for_the_day_and_its_house(client, agent, room, time_machine):
    other = AffectationFactory(compte=agent.compte).maison
    client.post(url("guichet_create", room.maison), answers(room, etape="cote"))
    elsewhere = client.get(url("planning_maison", other)).context["drafts"]
    time_machine.move_to(NOW + timedelta(days=1))

    assert elsewhere == client.get(url("planning_maison", room.maison)).context["drafts"] == {}


def test_five_requests_wait_aside_the_latest_ones(client, room):
    for rank in range(6):
        sent = answers(room, nom=f"Personne {rank}", etape="cote")
        client.post(url("guichet_create", room.maison), sent)

    drafts = client.get(url("planning_maison", room.maison)).context["drafts"].values()

    assert [draft["nom"] for draft in drafts] == [f"Personne {rank}" for rank in range(1, 6)]


@pytest.mark.parametrize(("desks", "page"), [(1, "guichet_create"), (2, "planning")])
def test_the_home_page_leads_to_booking_for_somebody(client, agent, room, desks, page):
    for _ in range(desks - 1):
        AffectationFactory(compte=agent.compte)
    args = [agent.maison.slug] if desks == 1 else []

    home = read(client.get(reverse("admin:index")))

    assert f'href="{reverse(f"admin:{page}", args=args)}">Réserver pour quelqu’un</a>' in home
