"""The desk changes one booking: moved, shortened, cancelled, nobody came; what is told of it."""

from datetime import time, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau, Reservation
from notifications.models import Message
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    FermetureFactory,
    ReservationFactory,
    SalleFactory,
)
from tests.maisons.demandes import PHONE, begun, to_say

Etat = Reservation.Etat
HOUR = timedelta(hours=1)


def url(page, pk):
    return reverse(f"admin:maisons_reservation_{page}", args=[pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


def asked(salle, debut, fin):
    debut, fin = timezone.localtime(debut), timezone.localtime(fin)
    span = {"jour": f"{debut:%Y-%m-%d}", "de": f"{debut:%H:%M}", "a": f"{fin:%H:%M}"}
    return span | {"salle": salle.pk}


@pytest.fixture
def room(agent):
    return SalleFactory(maison=agent.maison)


@pytest.fixture
def booking(agent, room):
    """Confirmed by the desk."""
    booked = ReservationFactory(salle=room)
    planning.confirm(booked, by=agent.compte)
    return booked


def moved(booking, by, **place):
    planning.move(booking, by=by, **place)
    booking.refresh_from_db()
    return booking.etat


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["the person", "the desk", "nobody signed in"])
def test_a_shorter_booking_keeps_its_answer(agent, booking, who):
    by = {"the person": booking.demandeur, "the desk": agent.compte}.get(who)

    assert moved(booking, by, debut=booking.debut + HOUR / 2, fin=booking.fin - HOUR) == "confirmee"
    assert booking.decide_par == agent.compte


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["longer", "later", "elsewhere"])
@pytest.mark.parametrize("who", ["the person", "nobody signed in", "another house"])
def test_any_other_change_asks_again(booking, change, who):
    other = AffectationFactory().compte
    by = {"the person": booking.demandeur, "another house": other}.get(who)
    place = {
        "longer": {"fin": booking.fin + HOUR},
        "later": {"debut": booking.debut + HOUR, "fin": booking.fin + HOUR},
        "elsewhere": {"salle": SalleFactory(maison=booking.maison)},
    }

    assert moved(booking, by, **place[change]) == Etat.DEMANDEE
    assert (booking.decide_par, booking.decide_le) == (None, None)
    assert booking.repondre_avant <= booking.debut


@pytest.mark.django_db
def test_a_room_without_agreement_needs_none_for_a_change(agent):
    room = SalleFactory(maison=agent.maison, avec_accord=False)
    booked = ReservationFactory(salle=room, etat=Etat.CONFIRMEE)

    assert moved(booked, booked.demandeur, fin=booked.fin + HOUR) == Etat.CONFIRMEE


@pytest.mark.django_db
def test_the_desk_decides_a_change_at_once(client, agent, room, booking):
    other = SalleFactory(maison=room.maison)

    client.post(url("move", booking.pk), asked(other, booking.debut, booking.fin + HOUR))

    kept = Reservation.objects.get(pk=booking.pk)
    assert (kept.etat, kept.salle, kept.fin) == (Etat.CONFIRMEE, other, booking.fin + HOUR)
    assert (kept.decide_par, kept.decide_le > booking.decide_le) == (agent.compte, True)
    assert ReservationFactory(salle=room, debut=booking.debut)  # the old span is free


@pytest.mark.django_db
def test_a_move_to_a_taken_span_changes_nothing_and_says_why(client, room, booking):
    taken = ReservationFactory(salle=room)
    before = Reservation.objects.filter(pk=booking.pk).values().get()

    response = client.post(url("move", booking.pk), asked(room, taken.debut, taken.fin))

    assert Reservation.objects.filter(pk=booking.pk).values().get() == before
    assert "déjà prise" in response.context["form"].non_field_errors()[0]
    assert response.context["reservation"].debut == booking.debut


@pytest.mark.django_db
def test_outside_the_opening_hours_the_desk_says_so_first(client, room, booking):
    night = starts_at(timezone.localdate(booking.debut), time(22, 30))
    data = asked(room, night, night + HOUR)

    refused = client.post(url("move", booking.pk), data)
    client.post(url("move", booking.pk), data | {"outside_hours": "on"})

    booking.refresh_from_db()
    assert "la maison ouvre de" in refused.context["form"].errors["de"][0]
    assert booking.debut == night


@pytest.mark.django_db
def test_a_booking_is_shortened_even_when_a_rule_would_now_refuse_it(agent, booking):
    FermetureFactory(maison=agent.maison, debut=booking.debut, fin=booking.fin)

    assert moved(booking, agent.compte, fin=booking.fin - HOUR) == Etat.CONFIRMEE
    with pytest.raises(ValidationError, match="fermée"):
        planning.move(booking, by=agent.compte, fin=booking.fin + 2 * HOUR)


@pytest.mark.django_db
def test_a_room_of_another_house_is_no_choice(client, room, booking):
    foreign = SalleFactory()

    response = client.post(url("move", booking.pk), asked(foreign, booking.debut, booking.fin))

    assert response.context["form"].errors.keys() == {"salle"}
    booking.refresh_from_db()
    assert booking.salle == room


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "?jour=2026-02-31", "?jour=x&de=y&salle=z", "?jour=9999-12-31"]
)
def test_the_page_of_a_move_offers_links_to_free_spans(client, booking, query):
    page = client.get(url("move", booking.pk) + query)

    assert page.status_code == 200
    assert page.context["free"]
    assert f"?salle={booking.salle_id}&amp;jour=" in page.content.decode()


@pytest.mark.django_db
def test_a_booking_is_cancelled_with_a_motive_and_a_sentence(client, agent, room, booking):
    answer = {"motif": "organisation", "reponse": "Une réunion publique."}

    response = client.post(url("cancel", booking.pk), answer, follow=True)

    booking.refresh_from_db()
    assert (booking.etat, booking.motif_annulation) == (Etat.ANNULEE, "organisation")
    assert booking.reponse == "Une réunion publique."
    assert booking.history.first().history_user == agent.compte
    assert said(response) == ["Réservation annulée, la salle est libre à nouveau."]
    assert ReservationFactory(salle=room, debut=booking.debut)


@pytest.mark.django_db
@pytest.mark.parametrize("motif", ["", "refus", "delai", "x"])
def test_a_cancellation_needs_a_motive_of_its_list(client, booking, motif):
    response = client.post(url("cancel", booking.pk), {"motif": motif})

    booking.refresh_from_db()
    assert response.context["form"].errors.keys() == {"motif"}
    assert booking.alive


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["move", "cancel"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_cancelled_booking_is_changed_no_more(client, booking, page, method):
    planning.cancel(booking, Creneau.Motif.DEMANDE, by=None)

    response = getattr(client, method)(url(page, booking.pk), {"motif": "demande"}, follow=True)

    assert said(response) == [planning.DEJA_ANNULE]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["move", "cancel"])
def test_a_booking_gone_by_is_changed_no_more(client, agent, booking, page, time_machine):
    time_machine.move_to(booking.fin)
    client.force_login(agent.compte)

    response = client.post(url(page, booking.pk), {"motif": "demande"}, follow=True)

    booking.refresh_from_db()
    assert booking.alive
    assert said(response) == ["Cette réservation est passée."]


@pytest.mark.django_db
def test_nobody_came_is_noted_taken_back_and_told_to_nobody(client, booking):
    begun(booking)
    told = Message.objects.count()

    client.post(url("absence", booking.pk), {"absent": "oui"})
    noted = Reservation.objects.get(pk=booking.pk)
    client.post(url("absence", booking.pk), {"absent": "non"})

    booking.refresh_from_db()
    assert (bool(noted.absent_le), noted.alive, booking.absent_le) == (True, True, None)
    assert Message.objects.count() == told


@pytest.mark.django_db
def test_nobody_can_be_missing_before_the_start(client, booking):
    response = client.post(url("absence", booking.pk), {"absent": "oui"}, follow=True)

    booking.refresh_from_db()
    assert booking.absent_le is None
    assert "une fois la réservation commencée" in said(response)[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Un e-mail part à"),
        ({"demandeur": None, "nom": "M. Ribeiro", "telephone": PHONE}, "à appeler au"),
        ({"demandeur": None, "nom": "M. Ribeiro"}, "Personne ne sera prévenu"),
    ],
)
@pytest.mark.parametrize("page", ["refuse", "move", "cancel"])
def test_each_act_tells_first_who_will_be_told_and_how(client, room, page, fields, told):
    booked = ReservationFactory(salle=room, **fields)

    assert told in client.get(url(page, booked.pk)).content.decode()


@pytest.mark.django_db
def test_the_page_of_a_booking_tells_all_that_happened_in_words(client, agent, booking):
    client.post(url("move", booking.pk), asked(booking.salle, booking.debut, booking.fin - HOUR))
    client.post(url("cancel", booking.pk), {"motif": "fermeture", "reponse": "Fuite d’eau."})

    told = client.get(url("change", booking.pk)).context["story"]

    sentences = [sentence.split(" : ")[0] for _, _, sentence in told]
    assert sentences == [
        "annulée, fermeture de la maison ou de la salle (« Fuite d’eau. »)",
        "raccourcie",
        "acceptée",
        "enregistrée, en attente de réponse",
    ]
    assert [who for _, who, _ in told] == [agent.compte] * 3 + ["le portail"]


@pytest.mark.django_db
def test_the_page_of_a_booking_shows_its_messages_and_its_code(client, booking):
    to_say(booking)
    ReservationFactory()  # another, whose messages are not shown
    to_say(ReservationFactory(), texte="Pour quelqu’un d’autre.")

    page = client.get(url("change", booking.pk)).content.decode()

    assert "Jeudi, de 14 h à 16 h." in page
    assert "Pour quelqu’un d’autre." not in page
    assert booking.code in page


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_booking_costs_constant_queries(
    client, booking, django_assert_num_queries, count
):
    for rank in range(count):
        to_say(booking, nom=f"{rank}")
        planning.change(booking, by=CompteFactory(), personnes=rank + 1)
    ContentType.objects.get_for_model(Reservation)  # read once, then kept

    with django_assert_num_queries(18):
        response = client.get(url("change", booking.pk))

    assert len(response.context["story"]) == count + 2


@pytest.mark.django_db
def test_what_people_wrote_is_shown_inert(client, room):
    payload = "<script>alert(1)</script>"
    booked = ReservationFactory(
        salle=room, demandeur=None, nom=payload, courriel="camille@rivemont.example"
    )
    pages = [client.get(url(page, booked.pk)) for page in ("change", "refuse", "move", "cancel")]
    pages += [client.get("/gestion/"), client.get(reverse("admin:maisons_reservation_answer"))]
    client.post(url("refuse", booked.pk), {"motif_refus": "besoin", "reponse": payload})
    pages += [client.get(url(page, booked.pk)) for page in ("change", "history")]
    pages += [client.get("/gestion/")]

    for page in pages:
        text = page.content.decode()
        assert payload not in text
        assert "&lt;script&gt;alert(1)" in text


@pytest.mark.django_db
@pytest.mark.parametrize("shift", [HOUR, 24 * HOUR])
def test_a_request_moved_by_the_desk_still_waits(agent, room, shift):
    request = ReservationFactory(salle=room)

    kept = moved(request, agent.compte, debut=request.debut + shift, fin=request.fin + shift)

    assert kept == Etat.DEMANDEE
