"""Who has not confirmed is reminded in time, the desk of what it has not answered."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from maisons import heures, planning
from maisons.heures import starts_at
from maisons.models import Creneau, Reservation, Salle
from maisons.rappels import outlook
from notifications.balayage import sweep
from notifications.models import Message
from notifications.tasks import drain
from tests.factories import (
    AffectationFactory,
    AttenteFactory,
    CompteFactory,
    MaisonFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)
from tests.maisons.demandes import by_phone, in_serie, on

pytestmark = pytest.mark.django_db
Etat = Reservation.Etat


@pytest.fixture
def noon(time_machine):
    VilleFactory()
    first = timezone.localdate() + timedelta(days=10)

    def move(days=0, hour=12, minute=0):
        moment = starts_at(first + timedelta(days=days), time(hour, minute))
        time_machine.move_to(moment, tick=False)
        return moment

    move()
    return move


def reminders():
    return list(Message.objects.filter(rappel=True).order_by("pk"))


def test_half_an_hour_before_its_hold_ends_a_person_is_reminded_with_code_and_link(noon):
    held = AttenteFactory()
    noon(hour=13, minute=29)
    sweep()
    assert reminders() == []

    noon(hour=13, minute=30)
    sweep()

    [message] = reminders()
    assert (message.destinataire, message.expire_le) == (held.courriel, held.expire_le)
    assert held.six_digits in message.texte
    assert f"/code/{held.code}/" in message.texte
    assert held.code in message.secrets


def test_who_has_confirmed_or_is_called_is_not_asked_again(noon):
    confirmed = AttenteFactory()
    by_phone(SalleFactory(), expire_le=timezone.now() + timedelta(minutes=20))
    planning.confirm_contact(confirmed)
    noon(hour=13, minute=45)

    sweep()

    assert reminders() == []


def test_asked_in_the_evening_it_is_reminded_before_the_night_or_not_at_all(noon):
    noon(hour=19, minute=15)
    AttenteFactory()  # until 21:15
    noon(hour=20)
    late = AttenteFactory(courriel="tard@rivemont.example")  # until 22:00
    noon(hour=20, minute=40)
    too_late = AttenteFactory(courriel="trop.tard@rivemont.example")  # until 22:40
    noon(hour=20, minute=50)

    sweep()

    told = {message.destinataire for message in reminders()}
    assert late.courriel in told
    assert too_late.courriel not in told


def test_written_again_its_time_begins_again(noon, mailoutbox):
    held = AttenteFactory()
    noon(hour=13, minute=40)
    sweep()
    planning.send_again(held, held.courriel)

    drain()
    noon(hour=15, minute=15)
    sweep()

    assert [m.etat for m in reminders()] == [Message.Etat.ECARTE, Message.Etat.ATTENTE]
    assert "attend votre confirmation" not in str([letter.subject for letter in mailoutbox])


@pytest.fixture
def desk():
    """Two who hold the desk of a house today, one who does not any more, one of another house."""
    house = MaisonFactory(courriel="")
    mine = AffectationFactory.create_batch(2, maison=house)
    AffectationFactory(maison=house, debut=on(-9).date(), fin=on(-1).date())
    AffectationFactory()
    return house, {mandate.compte.courriel for mandate in mine}


@pytest.mark.parametrize("address", ["", "lavoirs@rivemont.example"])
def test_a_day_before_a_request_lapses_its_house_is_told(noon, desk, address):
    house, people = desk
    house.courriel = address
    house.save()
    request = planning.ask(
        ReservationFactory.build(
            salle=SalleFactory(maison=house),
            maison=house,
            demandeur=CompteFactory(),
            debut=on(9),
        )
    )
    noon(days=1)
    sweep()
    assert reminders() == []

    noon(days=2)
    sweep()

    assert {message.destinataire for message in reminders()} == ({address} if address else people)
    told = reminders()[0]
    assert f"/gestion/maisons/reservation/{request.pk}/" in told.texte
    assert request.person not in told.texte + told.html
    assert request.code not in told.texte


def test_what_is_answered_before_it_leaves_is_not_told(noon, desk, mailoutbox):
    request = planning.ask(
        ReservationFactory.build(
            salle=SalleFactory(maison=desk[0]),
            maison=desk[0],
            demandeur=CompteFactory(),
            debut=on(9),
        )
    )
    noon(days=2)
    sweep()
    planning.cancel(request, Creneau.Motif.DEMANDE, by=None, quiet=True)

    drain()

    assert {message.etat for message in reminders()} == {Message.Etat.ECARTE}


def test_a_series_is_told_once(noon, desk):
    dates = in_serie(SalleFactory(maison=desk[0]), 3)
    Reservation.objects.update(repondre_avant=timezone.now() + timedelta(days=3))
    noon(days=2)

    sweep()

    assert len(reminders()) == len(desk[1])
    assert all(f"/{dates[0].pk}/" in message.texte for message in reminders())


OUTLOOKS = {
    "foreseen": ({}, 0, "Rappel prévu {when}, 14\u00a0h."),
    "left": ({}, 3, ""),
    "unreachable": (
        {"demandeur": None, "nom": "Ada"},
        0,
        "Pas de rappel : ni e-mail ni téléphone.",
    ),
    "asked": ({"etat": Etat.DEMANDEE}, 0, ""),
}


@pytest.mark.parametrize("what", OUTLOOKS)
def test_the_desk_reads_when_a_reminder_leaves_or_why_none_does(client, noon, what):
    fields, days, told = OUTLOOKS[what]
    fields = {"etat": Etat.CONFIRMEE} | fields
    booking = ReservationFactory(debut=on(4, 14), **fields)
    desk = AffectationFactory(maison=booking.maison)
    when = heures.day(on(2))
    noon(days=days)
    client.force_login(desk.compte)

    page = client.get(f"/gestion/maisons/reservation/{booking.pk}/change/")

    assert page.context["rappel"] == outlook(booking) == told.format(when=when)


def test_the_desk_reads_that_a_room_sends_none_or_that_it_was_told_since(noon):
    booking = ReservationFactory(debut=on(1, 14), etat=Etat.CONFIRMEE)
    assert outlook(booking).endswith("la personne a été prévenue depuis.")

    booking.salle = Salle(rappel=timedelta())
    assert outlook(booking) == "Pas de rappel : cette salle n’en envoie pas."
