"""The file that goes with a message, for the calendar of whoever reads it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from maisons import fermetures, planning
from maisons.courriers import OBJETS, tell
from maisons.models import Creneau, Fermeture, Reservation
from notifications.models import Message
from tests.factories import (
    CompteFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
# Days on which the hour changes, with what the clock is behind UTC in the afternoon.
CHANGES = [
    (datetime(2027, 3, 28, 14, tzinfo=PARIS), 2),
    (datetime(2027, 10, 31, 14, tzinfo=PARIS), 1),
]


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def later(booking, **by):
    planning.move(booking, debut=booking.debut + timedelta(**by), fin=booking.fin + timedelta(**by))


def joined(what):
    """The dates in the file of the last message of what happened."""
    message = Message.objects.filter(cle__contains=f":{what}:").latest("pk")
    return Calendar.from_ical(message.pieces[0]["texte"]).walk("VEVENT")


def test_granted_moved_and_cancelled_are_one_date_of_the_calendar(booked):
    later(booked, hours=3)
    planning.cancel(booked, Creneau.Motif.DEMANDE, by=None)

    (granted,), (moved,), (gone,) = map(joined, ["confirmee", "deplacee", "annulee"])

    assert granted["uid"] == moved["uid"] == gone["uid"]
    assert granted["sequence"] < moved["sequence"] < gone["sequence"]
    assert [each["status"] for each in (granted, moved, gone)] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert moved.decoded("dtstart") == granted.decoded("dtstart") + timedelta(hours=3)


def test_what_is_asked_for_again_is_not_told_as_granted(booked):
    booked.salle.avec_accord = True
    booked.salle.save()

    later(booked, hours=3)

    assert joined("deplacee")[0]["status"] == "TENTATIVE"


@pytest.mark.parametrize(("debut", "ahead"), CHANGES, ids=["March", "October"])
def test_the_hours_are_local_on_the_days_when_the_hour_changes(debut, ahead):
    reservation = ReservationFactory.build(salle=SalleFactory(), debut=debut)
    reservation.maison, reservation.pk = reservation.salle.maison, 1

    message = tell(reservation, "confirmee")

    text = message.pieces[0]["texte"]
    (rules,) = Calendar.from_ical(text).walk("VTIMEZONE")
    assert rules["tzid"] == "Europe/Paris"
    assert rules.to_tz(lookup_tzid=False).utcoffset(debut.replace(tzinfo=None)) == timedelta(
        hours=ahead
    )
    assert f"DTSTART;TZID=Europe/Paris:{debut:%Y%m%dT140000}\r\n" in text


def test_the_dates_of_a_series_are_in_one_file(booked):
    other = ReservationFactory(salle=booked.salle, debut=booked.debut + timedelta(days=7))

    tell(booked, "deplacee", dates=[booked, other])

    assert [event["uid"] for event in joined("deplacee")] == [
        f"creneau-{each.pk}@localhost" for each in (booked, other)
    ]


@pytest.mark.parametrize("what", OBJETS)
@pytest.mark.parametrize("reached", ["courriel", "telephone"])
def test_a_letter_speaks_of_the_file_when_there_is_one(booked, what, reached):
    booked.repondre_avant = booked.debut
    if reached == "telephone":
        booked.courriel, booked.telephone = "", "+33465710000"
    Message.objects.all().delete()

    message = tell(booked, what)

    spoken = ["fichier joint" in text for text in (message.texte, message.html) if text]
    assert set(spoken) == {bool(message.pieces)}
    assert bool(message.pieces) == (
        what in {"confirmee", "deplacee", "annulee", "rappel"} and not booked.telephone
    )


def test_nothing_in_it_opens_anything_and_no_line_is_too_long(booked):
    booked.maison.adresse = "é" * 100

    text = tell(booked, "annulee").pieces[0]["texte"]

    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)
    unfolded = text.replace("\r\n ", "")
    for secret in (booked.code, booked.six_digits, str(booked.jeton), booked.nom, booked.courriel):
        assert secret not in unfolded


def test_a_closure_writes_its_dates_in_one_file(booked):
    other = ReservationFactory(
        salle=booked.salle, debut=booked.fin, demandeur=None, nom="Zoé", courriel=booked.courriel
    )
    span = {"debut": booked.debut, "fin": other.fin}
    closure = planning.close(Fermeture(maison=booked.maison, motif="travaux", **span))

    fermetures.settle(closure, dict.fromkeys([booked.pk, other.pk], "annuler"), CompteFactory())

    message = Message.objects.get(cle__startswith="fermeture:")
    calendar = Calendar.from_ical(message.pieces[0]["texte"])
    assert [event["status"] for event in calendar.walk("VEVENT")] == ["CANCELLED"] * 2
    assert "fichier joint" in message.texte
    assert "fichier joint" in message.html


def test_a_file_that_has_left_is_the_one_that_was_written(booked):
    message = Message.objects.get(cle__contains=":confirmee:")
    before = message.pieces

    message.mark_sent()

    message.refresh_from_db()
    assert message.pieces == before
    assert Reservation.objects.get().code not in message.texte
