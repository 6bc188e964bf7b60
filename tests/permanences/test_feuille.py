"""The sheet of the morning: to who holds a permanence, once a day, naming nobody."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau
from notifications.models import Message
from notifications.tasks import drain
from permanences import questions
from permanences.models import RendezVous
from permanences.tasks import send_day_sheets
from tests.factories import (
    AffectationFactory,
    EluFactory,
    IntervenantFactory,
    PermanenceFactory,
    QuestionEluFactory,
    RendezVousFactory,
    VacationFactory,
    VilleFactory,
)
from tests.maisons.demandes import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(time_machine):
    """Move to an hour of a day in two weeks."""
    VilleFactory()
    day = timezone.localdate() + timedelta(days=14)

    def move(hour=7, minute=30):
        time_machine.move_to(starts_at(day, time(hour, minute)), tick=False)

    move(6)
    return move


def held(days=0, hour=14, **fields):
    """A permanence that somebody holds, with one appointment."""
    mandate = IntervenantFactory(**fields)
    vacation = VacationFactory(permanence=mandate.permanence, debut=on(days, hour))
    return mandate, RendezVousFactory(vacation=vacation, nom="Zoé Martin")


def sheets():
    return Message.objects.filter(cle__startswith="feuille:")


def test_it_is_written_once_and_leaves_at_half_past_seven(morning, mailoutbox):
    mandate, row = held()
    morning(7, 29)
    send_day_sheets()
    assert not sheets().exists()

    morning()
    for _ in range(2):
        send_day_sheets()
        drain()

    letters = [mail for mail in mailoutbox if mail.to == [mandate.compte.courriel]]
    assert len(letters) == 1
    assert "1 personne" in letters[0].body
    assert "14\u00a0h, guichet 1" in letters[0].body
    assert sheets().get().expire_le == row.fin


def test_a_late_worker_writes_it_still_in_the_morning(morning):
    held()
    morning(9, 50)
    send_day_sheets()

    assert sheets().count() == 1


@pytest.mark.parametrize("hour", [0, 6, 10, 13, 23])
def test_it_is_of_the_morning(morning, hour):
    held(hour=14)
    morning(hour, 0)
    send_day_sheets()

    assert not sheets().exists()


def test_it_names_neither_who_comes_nor_what_for(morning):
    mandate, row = held()
    service = row.vacation.permanence.service
    morning()
    send_day_sheets()

    message = sheets().get()

    said = message.objet + message.texte + message.html
    for secret in ("Zoé", "Martin", row.courriel, row.code, str(service), service.chapeau):
        assert secret not in said


def test_somebody_with_two_dates_has_one_sheet(morning):
    mandate, _ = held(hour=9)
    other = PermanenceFactory()
    IntervenantFactory(compte=mandate.compte, permanence=other)
    second = VacationFactory(permanence=other, debut=on(0, 14))
    for debut, _ in second.slots()[:2]:
        RendezVousFactory(vacation=second, debut=debut)
    morning()
    send_day_sheets()

    text = sheets().get().texte
    assert text.index("1 personne.") < text.index("2 personnes.")


def test_no_sheet_without_an_appointment_that_day(morning):
    VacationFactory(permanence=IntervenantFactory().permanence, debut=on(0, 14))
    held(days=1)
    cancelled = held()[1]
    planning.cancel(cancelled.vacation, Creneau.Motif.ORGANISATION, by=None)
    unconfirmed = held()[1]
    waiting = {"etat": RendezVous.Etat.A_CONFIRMER, "expire_le": unconfirmed.debut}
    RendezVous.objects.filter(pk=unconfirmed.pk).update(**waiting)
    morning()
    send_day_sheets()

    assert not sheets().exists()


def test_only_who_holds_it_today_is_written_to(morning):
    """Neither the desk of its house, nor who held it, nor a closed account (fault 21)."""
    mandate, row = held()
    permanence = row.vacation.permanence
    yesterday = timezone.localdate() - timedelta(days=1)
    AffectationFactory(maison=row.vacation.maison)
    IntervenantFactory(permanence=permanence, debut=yesterday, fin=yesterday)
    IntervenantFactory(permanence=permanence, compte__is_active=False)
    held(days=1)
    morning()
    send_day_sheets()

    assert sheets().get().destinataire == mandate.compte.courriel


class TestQuestions:
    def asked(self, hour=14, days=0, number=1):
        """Questions to an élu who holds a permanence, and who holds it."""
        elu, ago = EluFactory(), timezone.now() - timedelta(days=60)  # by the clock of the database
        public = {"publie_le": ago, "service__publie_le": ago}
        mandate = IntervenantFactory(permanence=PermanenceFactory(elu=elu, **public))
        VacationFactory(permanence=mandate.permanence, debut=on(days, hour))
        rows = QuestionEluFactory.create_batch(number, elu=elu, texte="Zqtexte", nom="Zqnom")
        return mandate, rows

    def test_how_many_wait_is_told_and_never_what_they_say(self, morning):
        mandate, rows = self.asked(number=3)
        questions.answer(rows[0], "", by=None)
        morning()
        send_day_sheets()

        message = sheets().get()
        assert message.destinataire == mandate.compte.courriel
        assert "2 questions attendent une réponse" in message.texte + message.html
        assert "zq" not in f"{message.objet}{message.texte}{message.html}".lower()

    def test_a_sheet_of_appointments_tells_them_too(self, morning):
        mandate, _ = self.asked()
        RendezVousFactory(vacation=mandate.permanence.vacations.latest("debut"))
        other = VacationFactory(permanence=mandate.permanence, debut=on(0, 9))
        RendezVousFactory(vacation=other)
        morning()
        send_day_sheets()

        text = sheets().get().texte
        assert "1 question attend une réponse" in text
        assert "9\u00a0h, guichet 1" in text

    @pytest.mark.parametrize("state", ["another day", "answered", "cancelled"])
    def test_not_otherwise(self, morning, state):
        mandate, rows = self.asked(days=1 if state == "another day" else 0)
        if state == "answered":
            questions.answer(rows[0], "", by=None)
        if state == "cancelled":
            date = mandate.permanence.vacations.get(debut=on(0, 14))
            planning.cancel(date, Creneau.Motif.ORGANISATION, by=None)
        morning()
        send_day_sheets()

        assert not sheets().exists()


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_constant_queries(morning, django_assert_num_queries, count):
    for _ in range(count):
        held()
    morning()

    with django_assert_num_queries(7):  # appointments, questions, holders, city, savepoint, letters
        send_day_sheets()
    assert sheets().count() == count
