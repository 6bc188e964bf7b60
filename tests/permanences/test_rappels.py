"""Who comes is reminded, so long before as the service says, at the hour that is true then."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau
from notifications.balayage import sweep
from notifications.models import Message
from notifications.tasks import drain
from permanences import rendez_vous
from permanences.models import RendezVous, Service
from tests.factories import (
    CompteFactory,
    PermanenceFactory,
    RendezVousFactory,
    SalleFactory,
    VacationFactory,
    VilleFactory,
)
from tests.maisons.demandes import PHONE, on

pytestmark = pytest.mark.django_db
Etat = RendezVous.Etat
LONG_AGO = timezone.now() - timedelta(days=100)


@pytest.fixture
def noon(time_machine):
    """Move to noon, so many days from a day of the coming winter."""
    VilleFactory()
    first = timezone.localdate() + timedelta(days=10)

    def move(days=0, hour=12, minute=0):
        moment = starts_at(first + timedelta(days=days), time(hour, minute))
        time_machine.move_to(moment, tick=False)

    move()
    return move


def taken(hour=14, days=4, permanence=None, **fields):
    """A place in some days, at the beginning of two hours."""
    permanence = permanence or PermanenceFactory(publie_le=LONG_AGO)
    vacation = VacationFactory(permanence=permanence, debut=on(days, hour))
    return RendezVousFactory(vacation=vacation, **fields)


def reminders():
    return Message.objects.filter(rappel=True)


def test_two_days_then_two_hours_before_by_default(noon):
    row = taken()
    noon(days=2, hour=13, minute=59)
    assert sweep() == 0

    noon(days=2, hour=14)
    assert sweep() == 1
    noon(days=4)

    assert (sweep(), sweep()) == (1, 0)
    assert {(m.destinataire, m.expire_le) for m in reminders()} == {(row.courriel, row.debut)}


@pytest.mark.parametrize(("hours", "written"), [([72], 1), ([49, 1], 1), ([47], 0), ([], 0)])
def test_each_service_says_how_long_before(noon, hours, written):
    row = taken()
    Service.objects.filter(pk=row.vacation.permanence.service_id).update(rappels=hours)
    noon(days=2, hour=13)

    assert sweep() == written


def test_nobody_is_woken_up(noon):
    taken(hour=9)
    noon(days=2, hour=9)
    sweep()

    noon(days=3, hour=20, minute=29)
    assert sweep() == 0
    noon(days=3, hour=20, minute=30)
    assert sweep() == 1


def test_after_a_breakdown_two_late_ones_are_one(noon):
    taken()
    noon(days=4)

    assert sweep() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"etat": Etat.A_CONFIRMER, "expire_le": timezone.now() + timedelta(days=300)},
        {"etat": Etat.ANNULE, "annule_le": timezone.now()},
        {"etat": Etat.EXPIRE, "annule_le": timezone.now()},
        {"etat": Etat.HONORE},
        {"etat": Etat.MANQUE},
        {"courriel": ""},
    ],
    ids=["a_confirmer", "annule", "expire", "honore", "manque", "sans adresse"],
)
def test_what_is_not_taken_or_cannot_be_told_is_not_reminded(noon, fields):
    row = taken()
    RendezVous.objects.filter(pk=row.pk).update(**fields)
    noon(days=2, hour=15)

    assert sweep() == 0


def test_what_is_over_is_not_reminded(noon):
    taken()
    noon(days=4, hour=14)

    assert sweep() == 0


def test_a_date_that_is_cancelled_reminds_nobody(noon):
    row = taken()
    planning.cancel(row.vacation, Creneau.Motif.ORGANISATION, by=None)
    noon(days=2, hour=15)

    assert sweep() == 0


def test_what_is_taken_after_the_hour_of_a_reminder_has_the_next_one_alone(noon):
    taken(days=1)
    noon(hour=13)
    assert sweep() == 0

    noon(days=1)
    assert sweep() == 1


def test_moved_it_is_reminded_at_its_new_date_alone(noon):
    row = taken()
    later = VacationFactory(permanence=row.vacation.permanence, debut=on(7, 10))
    rendez_vous.move(row, later, later.debut, quiet=True)
    noon(days=2, hour=15)
    assert sweep() == 0

    noon(days=5, hour=10)

    assert sweep() == 1


@pytest.mark.parametrize("act", ["moved", "cancelled", "another room", "date cancelled", "off"])
def test_what_has_changed_since_it_was_written_does_not_leave(act, time_machine, mailoutbox):
    """Its room too, which the key does not hold: PostgreSQL tells when, so this is today."""
    VilleFactory()
    time_machine.move_to(starts_at(timezone.localdate() - timedelta(days=5), time(12)))
    row = taken(days=6, hour=10)
    time_machine.move_to(starts_at(timezone.localdate() + timedelta(days=4), time(11)))
    assert sweep() == 1
    message, vacation = reminders().get(), row.vacation
    later = VacationFactory(permanence=vacation.permanence, debut=on(9, 10))
    acts = {
        "moved": lambda: rendez_vous.move(row, later, later.debut, quiet=True),
        "cancelled": lambda: rendez_vous.cancel(row, quiet=True),
        "another room": lambda: planning.move(vacation, salle=SalleFactory(maison=vacation.maison)),
        "date cancelled": lambda: planning.cancel(vacation, Creneau.Motif.ORGANISATION, by=None),
        "off": lambda: Service.objects.update(rappels=[]),
    }

    acts[act]()
    drain()

    message.refresh_from_db()
    assert message.etat == Message.Etat.ECARTE
    assert message.destinataire not in [mail.to for mail in mailoutbox if mail.subject[0] == "R"]


def test_what_is_noted_of_it_and_what_its_service_is_called_change_nothing(noon):
    row = taken()
    noon(days=2, hour=14)
    sweep()
    before = RendezVous.objects.get().modifie_le

    RendezVous.objects.update(arrive_le=timezone.now(), etat=Etat.HONORE, plus_tot=True)
    Creneau.objects.filter(pk=row.vacation_id).update(titre="Autre", mention="complet")

    assert RendezVous.objects.get().modifie_le == before


def test_only_its_person_is_told(noon):
    """Three who resemble them are not (fault 21)."""
    row = taken(nom="Camille", compte=CompteFactory(nom="Camille"), courriel="")
    vacation = row.vacation
    second, third, fourth = vacation.slots()[1:4]
    RendezVousFactory(vacation=vacation, debut=second[0], nom="Camille", courriel="")
    cancelled = RendezVousFactory(vacation=vacation, debut=third[0], nom="Camille")
    rendez_vous.cancel(cancelled, quiet=True)
    waiting = RendezVousFactory(vacation=vacation, debut=fourth[0], nom="Camille")
    unconfirmed = {"etat": Etat.A_CONFIRMER, "expire_le": row.debut}
    RendezVous.objects.filter(pk=waiting.pk).update(**unconfirmed)
    noon(days=2, hour=15)

    sweep()

    assert reminders().get().destinataire == row.compte.courriel


@pytest.mark.parametrize(
    ("phone", "canal"), [("+33612345678", Message.Canal.SMS), ("+33465710123", "telephone")]
)
def test_without_an_e_mail_address_by_sms_or_by_voice(noon, settings, phone, canal):
    settings.SMS_URL = "console:"
    row = taken(courriel="", nom="Linh", telephone=phone)
    noon(days=2, hour=15)

    sweep()

    message = reminders().get()
    assert message.canal == canal
    assert message.texte.startswith("Bonjour Linh, ici Maison")
    assert row.code in message.texte
    assert not message.sms or message.sms.startswith("Rappel : ")


def test_nobody_is_called_about_what_is_cancelled(noon):
    row = taken(courriel="", nom="Linh", telephone=PHONE)
    noon(days=2, hour=15)
    sweep()
    assert reminders().filter(etat=Message.Etat.A_APPELER).count() == 1

    rendez_vous.cancel(row, quiet=True)
    sweep()

    assert not reminders().filter(etat=Message.Etat.A_APPELER).exists()


@pytest.mark.parametrize(("minutes", "written"), [(14, 0), (15, 1), (29, 1), (30, 0)])
def test_a_place_about_to_be_let_go_is_told_a_quarter_of_an_hour_before(noon, minutes, written):
    row = taken()
    until = timezone.now() + timedelta(minutes=30)
    RendezVous.objects.filter(pk=row.pk).update(etat=Etat.A_CONFIRMER, expire_le=until)
    noon(minute=minutes)

    assert sweep() == written
