"""Rivemont's permanences: what somebody who signs in finds there, whatever the day."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comptes.models import Compte
from maisons.models import DateEcartee
from permanences.models import Fiche, Mediateur, Passage, Permanence, RendezVous, Service, Vacation
from portail.rivemont.comptes import DESK, MEDIATOR, RESIDENT
from portail.rivemont.permanences import AHEAD, WEEK
from quartiers.models import Elu
from tests.portail.test_peupler import MONDAY as OLDER
from tests.portail.test_peupler import populate

pytestmark = pytest.mark.django_db
Etat = RendezVous.Etat
MONDAY = OLDER + timedelta(weeks=52)  # a Monday too, when the desk has its mandate


def account(courriel):
    return Compte.objects.get(courriel=courriel)


@pytest.mark.parametrize("on", ["2025-06-29", "2025-11-11"])
def test_the_day_of_each_account_has_something(on):
    now = datetime.fromisoformat(f"{on}T14:10+01:00")
    populate(now)

    with time_machine.travel(now, tick=False):
        mediator = account(MEDIATOR)
        assert Permanence.objects.held_by(mediator).count() == 2
        today = RendezVous.objects.managed_by(mediator).filter(debut__date=now.date())
        assert today.filter(etat=Etat.HONORE).exists()
        assert today.filter(etat=Etat.PRIS, debut__gt=now).exists()
        assert RendezVous.objects.owned_by(account(RESIDENT)).held().filter(debut__gt=now).exists()


@pytest.fixture(scope="module")
def rivemont(django_db_setup, django_db_blocker):
    """The city on that morning, for the tests that follow; nothing of it is committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        populate(MONDAY)
        yield
        transaction.set_rollback(True)


def test_rivemont_has_forty_permanences_in_its_eight_houses(rivemont):
    shape = [model.objects.count() for model in (Service, Permanence, Elu, Mediateur)]
    assert shape == [25, 40, 12, 5]
    assert Permanence.objects.values("maison").distinct().count() == 8
    assert not Permanence.objects.filter(publie_le=None).exists()
    assert Elu.objects.filter(permanences=None).count() == 0
    assert not Service.objects.filter(motifs=None).exists()
    assert Fiche.objects.public().count() >= 10
    coming = Vacation.objects.holding().filter(fin__gt=MONDAY)
    assert coming.values("permanence").distinct().count() == 40
    assert DateEcartee.objects.filter(serie__creneaux__nature="permanence").exists()


def test_appointments_are_of_all_kinds_and_on_the_slots_of_their_date(rivemont):
    states = Counter(RendezVous.objects.values_list("etat", flat=True))
    assert {Etat.PRIS, Etat.HONORE, Etat.MANQUE, Etat.ANNULE} <= states.keys()
    assert states[Etat.HONORE] > states[Etat.MANQUE] * 4
    assert not RendezVous.objects.filter(etat=Etat.PRIS, fin__lte=MONDAY).exists()
    assert not RendezVous.objects.filter(etat=Etat.HONORE, fin__gt=MONDAY).exists()
    assert RendezVous.objects.exclude(anonymise_le=None).exists()
    rows = RendezVous.objects.select_related("vacation__permanence__service")[::40]
    assert all((row.debut, row.fin) in row.vacation.slots() for row in rows)
    assert Passage.objects.exists()


def test_the_desk_sees_who_comes_today_at_the_lavoirs(rivemont):
    with time_machine.travel(MONDAY, tick=False):
        assert RendezVous.objects.managed_by(account(DESK)).exists()


def test_one_permanence_is_late_and_one_is_full_while_they_are_open(rivemont):
    told = Vacation.objects.exclude(direct="").values_list("direct", "mention")
    assert set(told) == {("retard", "retard 20 min"), ("complete", "complet pour aujourd’hui")}


def test_the_demonstration_that_comes_back_goes_on_without_a_gap(rivemont):
    ended = Permanence.objects.get(slug="consultation-infirmiere-grand-pre")
    coming = ended.vacations.filter(debut__gt=MONDAY)
    coming.update(annule_le=MONDAY, motif_annulation="organisation")
    last = ended.vacations.aggregate(last=Max("debut"))
    later = MONDAY + timedelta(weeks=13)

    populate(later)

    daily = Permanence.objects.get(slug="mediation-sociale-vieux-pont")
    days = {timezone.localdate(row.debut) for row in daily.vacations.all()}
    out = DateEcartee.objects.filter(serie__creneaux__vacation__permanence=daily)
    out = set(out.values_list("jour", flat=True))
    whole = {MONDAY.date() + timedelta(days=n) for n in range(13 * 7 + (AHEAD - WEEK).days)}
    assert whole <= days | out
    assert not RendezVous.objects.filter(etat=Etat.PRIS, fin__lte=later).exists()
    assert RendezVous.objects.filter(debut__gt=later).count() > 100
    assert ended.vacations.aggregate(last=Max("debut")) == last  # somebody has ended it
