"""Booking a room with an account: the rules, the pages, the refusals (B1, B5, B6, B15)."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau, Fermeture, Horaire, Reservation
from tests.factories import (
    CompteFactory,
    MaisonFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def salle():
    return SalleFactory(capacite=20)


@pytest.fixture
def resident(client):
    VilleFactory()
    me = CompteFactory(nom="Camille O’Neill-Nguyễn")
    client.force_login(me)
    return me


def address(salle):
    return reverse("maisons:reservation_create", args=[salle.maison.slug, salle.slug])


def answers(days=3, **changes):
    """What a resident types for two hours of an afternoon to come."""
    day = timezone.localdate() + timedelta(days=days)
    return {
        "jour": day.isoformat(),
        "de": "14:00",
        "a": "16:00",
        "usage": "voisins",
        "personnes": "12",
        "jeton": str(uuid4()),
        "etape": "confirmer",
    } | changes


def test_the_form_is_filled_from_the_span_chosen(client, resident, salle):
    response = client.get(address(salle), {"jour": "2027-01-14", "de": "14:00", "a": "16:00"})

    form = response.context["form"]
    assert [form[name].value() for name in ("jour", "de", "a")] == ["2027-01-14", "14:00", "16:00"]
    assert form["jeton"].value()


def test_nothing_is_written_before_the_last_button(client, resident, salle):
    response = client.post(address(salle), answers(etape="verifier"))

    assert "Vérifiez puis confirmez" in response.content.decode()
    assert not Creneau.objects.exists()


def test_every_answer_survives_the_check_and_the_way_back(client, resident, salle):
    typed = answers(etape="modifier")

    response = client.post(address(salle), typed)

    form = response.context["form"]
    assert {name: form[name].value() for name in form.fields} == {
        name: typed[name] for name in form.fields
    }


@pytest.mark.parametrize(("avec_accord", "etat"), [(True, "demandee"), (False, "confirmee")])
def test_confirming_books_and_says_the_truth(client, resident, salle, avec_accord, etat):
    salle.avec_accord = avec_accord
    salle.save()

    response = client.post(address(salle), answers(), follow=True)

    booked = Reservation.objects.get()
    assert (booked.etat, booked.demandeur, booked.personnes) == (etat, resident, 12)
    assert f'<h1 id="fait">{booked.headline}</h1>' in response.content.decode()
    assert timezone.localtime(booked.debut).time() == time(14)


def test_the_same_form_sent_twice_gives_one_booking(client, resident, salle):
    typed = answers()

    first, second = (client.post(address(salle), typed) for _ in range(2))

    assert Reservation.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_the_token_of_somebody_else_shows_nothing_of_theirs(client, resident, salle):
    typed = answers()
    client.post(address(salle), typed)
    client.force_login(CompteFactory())

    response = client.post(address(salle), typed)

    assert response.status_code == 200
    assert Reservation.objects.count() == 1


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), ZoneInfo("Europe/Paris"))


REFUSALS = {
    "yesterday": ({"days": -1}, "de", "passé"),
    "no day": ({"jour": ""}, "jour", "Choisissez un jour."),
    "a day that is not": ({"jour": "2027-02-30"}, "jour", "n’existe pas"),
    "an hour that is not": ({"de": "25:00"}, "de", "de la liste"),
    "end before start": ({"a": "13:00"}, "a", "après le début"),
    "end at start": ({"a": "14:00"}, "a", "après le début"),
    "too long": ({"a": "19:00"}, "a", "4 heures au plus"),
    "too far ahead": ({"days": 93}, "de", "92 jours à l’avance"),
    "outside the hours": ({"de": "21:00", "a": "23:00"}, "de", "ouvre de 8\u00a0h à 22\u00a0h"),
    "no reason": ({"usage": ""}, "usage", "pourquoi"),
    "no number": ({"personnes": ""}, "personnes", "combien"),
    "a word for a number": ({"personnes": "douze"}, "personnes", "nombre"),
    "nobody": ({"personnes": "0"}, "personnes", "au moins une personne"),
    "less than nobody": ({"personnes": "-3"}, "personnes", "au moins une personne"),
    "too many": ({"personnes": "21"}, "personnes", "20 personnes au plus ; vous en annoncez 21"),
    "a number beyond columns": ({"personnes": "99999999999"}, "personnes", ""),
}


@pytest.mark.parametrize("case", REFUSALS)
@pytest.mark.parametrize("etape", ["verifier", "confirmer"])
def test_a_refusal_is_told_beside_its_field_and_keeps_what_was_typed(
    client, resident, salle, case, etape
):
    changes, field, sentence = REFUSALS[case]
    typed = answers(etape=etape, **changes)

    response = client.post(address(salle), typed)

    form, page = response.context["form"], response.content.decode()
    assert any(sentence in told for told in form.errors[field])
    assert all(form[name].value() == typed[name] for name in ("jour", "de", "a", "personnes"))
    assert "<title>Erreur : " in page
    assert f'href="#{form[field].id_for_label}"' in page
    assert not Creneau.objects.exists()


def test_too_soon_is_refused(client, resident, salle):
    salle.preavis = timedelta(days=5)
    salle.save()

    response = client.post(address(salle), answers())

    assert "au moins 5 jours à l’avance" in response.context["form"].errors["de"][0]


def test_a_closed_day_says_so(client, resident, salle):
    day = timezone.localdate() + timedelta(days=3)
    Horaire.objects.filter(maison=salle.maison, jour=day.weekday()).delete()

    response = client.post(address(salle), answers())

    assert "La maison est fermée le" in response.context["form"].errors["de"][0]


def test_a_closure_says_why(client, resident, salle):
    debut = at(timezone.localdate() + timedelta(days=3), 8)
    planning.close(
        Fermeture(maison=salle.maison, debut=debut, fin=debut + timedelta(days=1), motif="travaux")
    )

    response = client.post(address(salle), answers())

    assert "fermée à ce moment : travaux." in response.context["form"].non_field_errors()[0]


def test_a_room_not_for_residents_says_whom_to_ask(client, resident, salle):
    salle.reservable = False
    salle.save()

    response = client.post(address(salle), answers())

    assert "appelez la maison" in response.context["form"].non_field_errors()[0]


def test_the_quota_of_a_house_counts_what_is_to_come(client, resident, salle):
    salle.maison.reservations_max = 2
    salle.maison.save()
    for days in (3, 4):
        client.post(address(salle), answers(days=days))

    refused = client.post(address(salle), answers(days=5))
    planning.cancel(Reservation.objects.first(), Creneau.Motif.DEMANDE, by=resident)
    client.post(address(salle), answers(days=5))

    assert "déjà 2 réservations" in refused.context["form"].non_field_errors()[0]
    assert Reservation.objects.holding().count() == 2


def test_who_loses_is_offered_the_nearest_free_spans(client, resident, salle):
    larger = SalleFactory(maison=salle.maison, capacite=40)
    day = timezone.localdate() + timedelta(days=3)
    ReservationFactory(salle=salle, debut=at(day, 14), fin=at(day, 16))

    response = client.post(address(salle), answers())

    offered = response.context["alternatives"]
    assert "déjà prise" in response.context["form"].non_field_errors()[0]
    assert {room for room, *_ in offered} == {salle, larger}
    assert (larger, at(day, 14), at(day, 16)) in offered
    for room, debut, fin in offered:
        assert ReservationFactory(salle=room, debut=debut, fin=fin)


def test_hours_the_wrong_way_round_are_offered_nothing(client, resident, salle):
    response = client.post(address(salle), answers(de="16:00", a="14:00"))

    assert response.context["form"].errors
    assert "alternatives" not in response.context


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2027, 3, 28), "02:30"), (date(2027, 10, 31), "02:30")]
)
def test_the_night_when_the_hour_changes(client, resident, salle, day, hour, time_machine):
    time_machine.move_to(at(day - timedelta(days=3), 12))
    client.force_login(resident)

    response = client.post(address(salle), answers(jour=day.isoformat(), de=hour, a="03:30"))

    assert response.status_code == 200
    assert response.context["form"].errors["de"]
    assert not Creneau.objects.exists()


@pytest.mark.parametrize("act", ["", "annuler/", "deplacer/", "calendrier/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_gets_404(client, act, method):
    VilleFactory()
    foreign = ReservationFactory()
    client.force_login(CompteFactory())

    response = getattr(client, method)(foreign.get_absolute_url() + act)

    foreign.refresh_from_db()
    assert response.status_code == 404
    assert foreign.annule_le is None


def test_cancelling_is_a_page_then_a_button(client, resident):
    held = ReservationFactory(demandeur=resident)
    url = reverse("maisons:reservation_act", args=[held.pk, "annuler"])

    client.get(url)
    held.refresh_from_db()
    after_get = held.annule_le
    client.post(url)
    again = client.post(url, follow=True)

    held.refresh_from_db()
    assert after_get is None
    assert held.etat == "annulee"
    assert "Cette réservation est annulée" in again.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_my_bookings_cost_constant_queries(client, resident, django_assert_num_queries, count):
    mine = ReservationFactory.create_batch(count, demandeur=resident)
    ReservationFactory()  # it could leak

    with django_assert_num_queries(5):  # session, account, to come, past (count), city
        response = client.get(reverse("maisons:reservation_list"))

    assert set(response.context["reservations"]) == set(mine)


@pytest.mark.parametrize("count", [1, 3])
def test_the_planning_of_a_day_costs_constant_queries(client, django_assert_num_queries, count):
    VilleFactory()
    maison = MaisonFactory()
    for salle in SalleFactory.create_batch(count, maison=maison):
        ReservationFactory(salle=salle)

    with django_assert_num_queries(6):
        # city, house, rooms, hours, closures, uses
        response = client.get(reverse("maisons:planning", args=[maison.slug]))

    assert len(response.context["tracks"]) == count
