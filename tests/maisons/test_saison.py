"""A season that the desk books for somebody: looked at, one decision, one message (A3, A6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maisons import heures, planning, series
from maisons.models import Creneau, Fermeture, Reservation, Serie
from notifications.models import Message
from tests.connexion import SigningClient
from tests.factories import ReservationFactory, SalleFactory, SerieFactory, VilleFactory

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
MAIL, PHONE = "canal@association.example", "04 65 71 44 12"


@pytest.fixture
def room(agent):
    VilleFactory()
    return SalleFactory(maison=agent.maison, nom="Atelier", horizon=7)


@pytest.fixture
def first():
    return timezone.localdate() + WEEK


def answers(room, first, **changes):
    wanted = {"salle": room.pk, "jour": first, "de": "18:00", "a": "20:00", "usage": "association"}
    wanted |= {"nom": "Association du canal", "contact": MAIL, "personnes": 12}
    wanted |= {"cadence": "semaine", "dernier": first + 9 * WEEK, "regime": "toujours"}
    wanted |= {"jours_feries": "on", "jeton": uuid4(), "etape": "saison"} | changes
    return {name: str(value) for name, value in wanted.items()}


def url(room):
    return reverse("admin:guichet_create", args=[room.maison.slug])


def close(room, day):
    debut, fin = (heures.starts_at(day + timedelta(days=n)) for n in (0, 1))
    return planning.close(Fermeture(maison=room.maison, debut=debut, fin=fin, motif="peinture"))


def act(client, serie, name, **asked):
    return client.post(
        reverse(f"admin:maisons_serie_{name}", args=[serie.pk]), asked | {"faire": "1"}
    )


@pytest.fixture
def season(client, room, first):
    """Nine dates of an association booked by the desk; the fourth of ten is left out."""
    close(room, first + 3 * WEEK)
    client.post(url(room), answers(room, first))
    Message.objects.all().delete()
    return Serie.objects.get()


# Booked at the desk.


def test_the_days_are_looked_at_before_anything_is_written(client, room, first):
    close(room, first + 3 * WEEK)

    page = client.post(url(room), answers(room, first, etape="reserver")).content.decode()

    assert "9 dates, 1 écartée" in page
    assert "écartée, fermeture : peinture" in page
    assert "Réserver les 9 dates" in page
    assert [kind.objects.count() for kind in (Serie, Reservation, Message)] == [0, 0, 0]


def test_a_season_is_booked_as_one_decision_of_the_desk(client, agent, room, first):
    response = client.post(url(room), answers(room, first))

    booked = list(Reservation.objects.order_by("debut"))
    assert len(booked) == 10  # beyond the horizon of the room and the quota of its house
    assert {(each.etat, each.nom, each.courriel) for each in booked} == {
        ("confirmee", "Association du canal", MAIL)
    }
    assert {each.saisie_par for each in booked} == {each.decide_par for each in booked}
    assert {each.decide_par for each in booked} == {agent.compte}
    assert booked[0].history.get().history_user == Serie.objects.get().history.get().history_user
    assert response.url.endswith(f"/reserver/{booked[0].pk}/")


def test_one_message_tells_every_date_and_why_one_is_missing(client, room, first):
    close(room, first + 3 * WEEK)

    client.post(url(room), answers(room, first))

    letter = Message.objects.get()
    for told in (letter.texte, letter.html):
        assert told.count("de 18\u00a0h à 20\u00a0h") == 9
        assert "fermeture : peinture" in told
        assert "sa page montre toutes les autres" in told
    assert Reservation.objects.earliest("debut").code in letter.texte


def test_who_is_on_the_phone_is_told_by_the_agent_alone(client, room, first):
    page = client.post(url(room), answers(room, first, contact=PHONE), follow=True)

    assert not Message.objects.exists()
    assert "10 dates, dont la première" in page.content.decode()
    assert "C’est chaque" in page.content.decode()
    assert "La première date est" in page.content.decode()


def test_nothing_is_written_when_no_day_can_be_had(client, room, first):
    whole = {"debut": timezone.now(), "fin": timezone.now() + 20 * WEEK}
    planning.close(Fermeture(maison=room.maison, motif="chantier", **whole))

    look = client.post(url(room), answers(room, first, etape="dates")).content.decode()
    done = client.post(url(room), answers(room, first)).content.decode()

    assert "fermeture : chantier" in look
    assert "Aucune de ces dates n’est possible" in done
    assert [kind.objects.count() for kind in (Serie, Reservation, Message)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dernier": ""}, "dernier"),
        ({"dernier": "2001-01-02"}, "dernier"),
        ({"dernier": "2099-01-02"}, "dernier"),
        ({"cadence": ""}, "cadence"),
        ({"jour": "2001-01-02"}, "jour"),
        ({"personnes": "21"}, "personnes"),
        ({"de": "21:00", "a": "23:00"}, "de"),
        ({"de": "20:00", "a": "18:00"}, "a"),
    ],
)
@pytest.mark.parametrize("etape", ["dates", "saison"])
def test_what_is_wrong_on_every_day_is_told_once_beside_its_question(
    client, room, first, changes, field, etape
):
    response = client.post(url(room), answers(room, first, etape=etape, **changes))

    assert list(response.context["form"].errors) == [field]
    assert not Serie.objects.exists()


def test_dates_are_not_looked_at_without_a_rhythm(client, room, first):
    once = answers(room, first, etape="dates", cadence="", dernier="")

    response = client.post(url(room), once)

    assert "cadence" in response.context["form"].errors
    assert not Reservation.objects.exists()


def test_hours_yield_to_an_explicit_tick_on_every_day(client, room, first):
    late = answers(room, first, de="21:00", a="23:00", outside_hours="on")

    client.post(url(room), late)

    assert Reservation.objects.count() == 10


def test_the_form_sent_twice_is_one_season_and_one_message(client, room, first):
    sent = answers(room, first)

    one, other = (client.post(url(room), sent) for _ in range(2))

    assert one.url == other.url
    assert [kind.objects.count() for kind in (Serie, Reservation, Message)] == [1, 10, 1]


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_four_times_at_once_is_one_season(agent, room, first):
    clients, sent = [SigningClient() for _ in range(4)], answers(room, first)
    for client in clients:
        client.force_login(agent.compte)

    def send(client):
        try:
            return client.post(url(room), sent).url
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answered = set(pool.map(send, clients))

    assert len(answered) == 1
    assert [kind.objects.count() for kind in (Serie, Reservation, Message)] == [1, 10, 1]


def test_a_likely_double_is_asked_about_before_the_days(client, room, first):
    client.post(url(room), answers(room, first, cadence="", dernier="", etape="reserver"))
    again = answers(room, first + WEEK, contact=PHONE, etape="reserver")

    asked = client.post(url(room), again)
    looked = client.post(url(room), again | {"etape": "autre"})

    assert asked.context["doubles"]
    assert looked.context["preview"].count == 10


def test_a_season_in_another_house_is_404(client, agent, first):
    assert client.post(url(SalleFactory()), answers(SalleFactory(), first)).status_code == 404


# What is done to it afterwards: the rules of the desk stay, one message for each act.


def test_an_extension_keeps_the_rules_of_the_desk_and_is_told_once(client, season):
    act(client, season, "prolonger", dernier=season.dernier + 3 * WEEK)

    assert series.dates(season).count() == 12  # else the horizon of the room leaves them out
    letter = Message.objects.get()
    assert letter.texte.count("de 18\u00a0h à 20\u00a0h") == 3


def test_an_extension_keeps_hours_that_were_agreed_to(client, room, first):
    client.post(url(room), answers(room, first, de="21:00", a="23:00", outside_hours="on"))
    serie = Serie.objects.get()

    act(client, serie, "prolonger", dernier=serie.dernier + 2 * WEEK)

    assert series.dates(serie).count() == 12


def test_an_extension_is_not_made_of_a_cancelled_date(client, agent, season):
    last = series.dates(season).last()
    planning.cancel(last, Creneau.Motif.DEMANDE, by=agent.compte)

    act(client, season, "prolonger", dernier=season.dernier + WEEK)

    assert series.dates(season).last().etat == Reservation.Etat.CONFIRMEE


def test_a_date_put_back_is_a_booking_of_the_desk_and_is_told(client, season):
    Fermeture.objects.all().delete()
    left_out = season.ecartees.get()

    client.post(reverse("admin:maisons_serie_put_back", args=[season.pk]), {"ecartee": left_out.pk})

    date = series.dates(season).get(jour_serie=left_out.jour)
    assert (date.etat, date.saisie_par, date.nom) == (
        "confirmee",
        date.decide_par,
        "Association du canal",
    )
    assert heures.day(date.debut) in Message.objects.get().texte


def test_a_change_of_hour_keeps_the_rules_of_the_desk_and_is_told_once(client, season):
    Fermeture.objects.all().delete()
    asked = {"depuis": season.days()[1], "de": "17:00", "a": "19:00", "salle": season.salle_id}

    act(client, season, "modifier", **asked)

    changed = Serie.objects.latest("pk")
    assert series.dates(changed).count() == 9  # the one that was left out comes back
    letter = Message.objects.get()
    assert letter.texte.count("de 17\u00a0h à 19\u00a0h") == 9
    assert "Avant : " in letter.texte


def test_a_cancellation_is_told_once_with_every_date(client, season):
    act(client, season, "annuler", depuis=season.days()[5])

    assert series.dates(season).holding().count() == 4
    assert Message.objects.get().texte.count("de 18\u00a0h à 20\u00a0h") == 5


def test_looking_at_an_act_tells_nobody(client, season):
    client.post(
        reverse("admin:maisons_serie_annuler", args=[season.pk]), {"depuis": season.days()[5]}
    )

    assert not Message.objects.exists()
    assert series.dates(season).holding().count() == 9


def test_a_season_of_bookings_is_named_after_its_person(client, season):
    dates = [
        reverse("admin:maisons_reservation_change", args=[each.pk]) for each in series.dates(season)
    ]

    listed = client.get(reverse("admin:maisons_serie_changelist")).content.decode()
    page = client.get(reverse("admin:maisons_serie_change", args=[season.pk])).content.decode()

    assert "Association du canal" in listed
    assert "Association du canal" in page
    assert all(f'href="{date}"' in page for date in dates)


@pytest.mark.parametrize("page", ["change", "modifier", "annuler", "prolonger"])
def test_the_season_of_another_house_is_404(client, agent, page):
    foreign = SalleFactory()
    VilleFactory()
    date = ReservationFactory(salle=foreign)
    serie = SerieFactory.build(
        maison=foreign.maison, salle=foreign, premier=timezone.localdate() + 2 * WEEK
    )
    series.plan(serie, lambda debut, fin: date.again(debut=debut, fin=fin))

    assert client.get(reverse(f"admin:maisons_serie_{page}", args=[serie.pk])).status_code == 404


# What its person reads.


def test_the_code_of_one_date_shows_the_season_and_leads_to_the_others(client, season):
    date, other = series.dates(season)[:2]

    page = Client().get(reverse("comptes:code_open", args=[date.code])).content.decode()

    assert str(season).capitalize()[:8] in page
    assert "9 dates à venir" in page
    assert "fermeture : peinture" in page
    assert reverse("comptes:code_open", args=[other.code]) in page


def test_an_account_shows_the_season_by_its_own_addresses(client, agent, room, first):
    date = ReservationFactory(
        salle=room, debut=heures.starts_at(first - timedelta(days=1)) + timedelta(hours=9)
    )
    serie = SerieFactory.build(maison=room.maison, salle=room, premier=first)
    planned = series.plan(
        serie, lambda debut, fin: series.under({"at_desk": True}, date.again(debut=debut, fin=fin))
    )
    client.force_login(date.demandeur)

    page = client.get(planned.booked[0].get_absolute_url()).content.decode()

    assert planned.booked[1].get_absolute_url() in page
    assert planned.booked[1].code not in page


def test_what_has_no_season_says_nothing_of_one(client, room):
    soon = heures.starts_at(timezone.localdate() + timedelta(days=2), time(14))
    booked = ReservationFactory(salle=room, debut=soon)

    page = client.get(reverse("comptes:code_open", args=[booked.code])).content.decode()

    assert "Toute la série" not in page


@pytest.mark.parametrize("weeks", [1, 3])
def test_the_page_of_a_date_costs_the_same_however_long_the_season(
    client, room, first, django_assert_num_queries, weeks
):
    client.post(url(room), answers(room, first, dernier=first + weeks * WEEK))
    date = series.dates(Serie.objects.get()).first()

    with django_assert_num_queries(19):
        Client().get(reverse("comptes:code_open", args=[date.code]))
