"""Who booked is reminded, so long before as the room says, at the hour that is true then."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau, Reservation, Salle
from notifications.balayage import sweep
from notifications.models import Message
from notifications.tasks import drain
from tests.factories import (
    CompteFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)
from tests.maisons.demandes import PHONE, on

pytestmark = pytest.mark.django_db
Etat = Reservation.Etat
FOUR_DAYS = timedelta(days=4)


@pytest.fixture
def noon(time_machine):
    """Move to noon, so many days from a day of the coming winter."""
    VilleFactory()
    first = timezone.localdate() + timedelta(days=10)

    def move(days=0, hour=12, minute=0):
        moment = starts_at(first + timedelta(days=days), time(hour, minute))
        time_machine.move_to(moment, tick=False)
        return moment

    move()
    return move


def booked(salle=None, hour=14, days=4, etat=Etat.CONFIRMEE, **fields):
    """A booking in some days, granted when it was asked for; moved, it is not asked for again."""
    salle = salle or SalleFactory(avec_accord=False)
    return ReservationFactory(salle=salle, debut=on(days, hour), etat=etat, **fields)


def test_two_days_before_by_default_at_the_same_hour(noon):
    reservation = booked()
    noon(days=2, hour=13, minute=59)
    assert sweep() == 0

    noon(days=2, hour=14)
    sweep()

    message = Message.objects.get()
    assert message.destinataire == reservation.demandeur.courriel
    assert message.objet.startswith(f"Rappel de votre réservation : {reservation.salle}, ")
    assert message.expire_le == reservation.debut
    assert [part["nom"] for part in message.pieces] == ["reservation.ics"]


@pytest.mark.parametrize(("hours", "written"), [(72, 1), (49, 1), (47, 0), (0, 0)])
def test_each_room_says_how_long_before(noon, hours, written):
    booked(SalleFactory(rappel=timedelta(hours=hours)))
    noon(days=2, hour=13)

    assert sweep() == written


NOT_REMINDED = {
    "asked": {"etat": Etat.DEMANDEE},
    "held": {"etat": Etat.A_CONFIRMER, "expire_le": timezone.now() + timedelta(days=300)},
    "unreachable": {"demandeur": None, "nom": "Ada"},
}


@pytest.mark.parametrize("what", NOT_REMINDED)
def test_what_is_not_granted_or_nobody_s_is_not_reminded(noon, what):
    booked(**NOT_REMINDED[what])
    noon(days=3)

    assert sweep() == 0


def test_what_is_cancelled_over_or_an_event_is_not_reminded(noon):
    planning.cancel(booked(), Creneau.Motif.DEMANDE, by=None, quiet=True)
    OccurrenceFactory()
    noon(days=3)
    assert sweep() == 0

    booked(days=1)
    noon(days=5)
    assert sweep() == 0


def test_what_is_booked_after_the_hour_of_its_reminder_is_not_reminded(noon):
    booked(days=1)
    noon(hour=13)

    assert sweep() == 0


def test_what_was_granted_after_it_is_not_reminded_either(noon):
    reservation = booked(etat=Etat.DEMANDEE)
    noon(days=3)
    planning.confirm(reservation, by=CompteFactory())

    assert sweep() == 0


def moved(reservation, days):
    later = {name: getattr(reservation, name) + timedelta(days=days) for name in ("debut", "fin")}
    return planning.move(reservation, quiet=True, **later)


def test_a_booking_moved_is_reminded_at_its_new_date_alone(noon):
    moved(booked(), days=3)
    noon(days=2, hour=15)
    assert sweep() == 0

    noon(days=5, hour=14)

    assert sweep() == 1


def test_moved_after_its_reminder_it_gets_another_one(noon):
    reservation = booked()
    noon(days=2, hour=15)
    sweep()
    moved(reservation, days=4)

    noon(days=6, hour=15)
    sweep()

    assert Message.objects.filter(rappel=True).count() == 2


@pytest.mark.parametrize("act", ["moved", "cancelled", "another room", "switched off"])
def test_what_has_changed_since_it_was_written_does_not_leave(act, time_machine, mailoutbox):
    """Its room too, which the key does not hold: PostgreSQL tells when, so this is today."""
    time_machine.move_to(starts_at(timezone.localdate() - timedelta(days=3), time(12)))
    reservation = booked(days=2, hour=10, cree_le=timezone.now() - FOUR_DAYS)
    sweep()
    message = Message.objects.get()
    acts = {
        "moved": lambda: moved(reservation, days=1),
        "cancelled": lambda: planning.cancel(reservation, Creneau.Motif.DEMANDE, None, quiet=True),
        "another room": lambda: planning.move(
            reservation,
            quiet=True,
            salle=SalleFactory(maison=reservation.maison, avec_accord=False),
        ),
        "switched off": lambda: Salle.objects.update(rappel=timedelta()),
    }

    acts[act]()
    drain()

    message.refresh_from_db()
    assert (message.etat, mailoutbox) == (Message.Etat.ECARTE, [])


def test_only_who_booked_is_told(noon):
    """Three who resemble them are not (fault 21)."""
    reservation = booked()
    salle = reservation.salle
    booked(salle, days=30, demandeur=CompteFactory(nom=reservation.demandeur.nom))
    booked(salle, hour=18, etat=Etat.DEMANDEE)
    planning.cancel(booked(salle, hour=9), Creneau.Motif.DEMANDE, by=None, quiet=True)
    noon(days=2, hour=15)

    sweep()

    assert Message.objects.get().destinataire == reservation.demandeur.courriel


@pytest.mark.parametrize(
    ("phone", "canal"), [("+33612345678", Message.Canal.SMS), ("+33465710123", "telephone")]
)
def test_without_an_e_mail_address_by_sms_or_by_voice(noon, settings, phone, canal):
    settings.SMS_URL = "console:"
    reservation = booked(demandeur=None, nom="Linh", telephone=phone)
    noon(days=2, hour=15)

    sweep()

    message = Message.objects.get()
    assert message.canal == canal
    assert message.texte.startswith("Bonjour Linh, ici Maison")
    assert reservation.code in message.texte
    assert not message.sms or message.sms.startswith("Rappel : ")


def test_nobody_is_called_about_a_booking_that_is_cancelled(noon):
    reservation = booked(demandeur=None, nom="Linh", telephone=PHONE)
    noon(days=2, hour=15)
    sweep()
    assert Message.objects.to_phone().count() == 1

    planning.cancel(reservation, Creneau.Motif.DEMANDE, None, quiet=True)
    sweep()

    assert not Message.objects.to_phone().exists()


def test_the_letter_says_what_matters_and_its_code_is_erased(noon, mailoutbox):
    reservation = booked()
    noon(days=2, hour=15)
    sweep()

    drain()

    [letter] = mailoutbox
    for body in (letter.body, letter.alternatives[0].content):
        for fact in (reservation.salle.nom, reservation.maison.nom, reservation.code):
            assert fact in body
    assert "BEGIN:VCALENDAR" in letter.attachments[0].content
    assert reservation.code not in Message.objects.get().texte
