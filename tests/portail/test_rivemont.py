"""Rivemont: what somebody who signs in finds there, whatever the day, and a year of life."""

import re
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import Max, Q
from django.utils import timezone

from comptes.models import Compte
from maisons import series
from maisons.fermetures import unsettled
from maisons.models import (
    Creneau,
    DateEcartee,
    Evenement,
    Fermeture,
    Maison,
    Occurrence,
    Reservation,
    Salle,
    Serie,
)
from notifications.models import Message
from permanences.models import Fiche, Mediateur, Passage, Permanence, RendezVous, Service, Vacation
from portail.rivemont.comptes import DESK, HABITANTS, INVITED, MEDIATOR, NAMES, RESIDENT
from portail.rivemont.permanences import AHEAD, MEDIATORS, WEEK
from quartiers.models import Elu, Quartier, Ville
from tests.portail.test_peupler import clashes, counts, populate

pytestmark = pytest.mark.django_db
Etat = RendezVous.Etat
# Long gone, wherever the tests run: the database refuses a publication in the future.
MONDAY = datetime(2025, 11, 3, 10, tzinfo=ZoneInfo("Europe/Paris"))
DAYS = ["2025-06-29", "2025-08-15", "2025-11-11", "2025-12-25"]
PEOPLE = [*HABITANTS, NAMES[RESIDENT], NAMES[DESK], *MEDIATORS]


def words(texts):
    return {word for text in texts for word in re.findall(r"\w{3,}", text.casefold())}


def weeks_with_life(since, number):
    """How many of the weeks that follow a day have something public."""
    public = Creneau.objects.public().holding()
    weeks = [since + timedelta(weeks=week) for week in range(number)]
    return sum(public.during(week, week + timedelta(weeks=1)).exists() for week in weeks)


def account(courriel):
    return Compte.objects.get(courriel=courriel)


@pytest.mark.parametrize("on", DAYS)
def test_each_account_has_something_whatever_the_day(on):
    now = datetime.fromisoformat(f"{on}T14:10+01:00")
    populate(now)

    with time_machine.travel(now, tick=False):
        those_of_a_permanence_have(now)
        the_desk_has(now)
    nobody_is_told_but_who_waits(now)


def those_of_a_permanence_have(now):
    mediator = account(MEDIATOR)
    assert Permanence.objects.held_by(mediator).count() == 2
    today = RendezVous.objects.managed_by(mediator).filter(debut__date=now.date())
    assert today.filter(etat=Etat.HONORE).exists()
    assert today.filter(etat=Etat.PRIS, debut__gt=now).exists()
    assert RendezVous.objects.owned_by(account(RESIDENT)).held().filter(debut__gt=now).exists()


def the_desk_has(now):
    """Something of everything."""
    desk = account(DESK)
    mine = Reservation.objects.managed_by(desk)
    of_house = Serie.objects.managed_by(desk).exclude(
        creneaux__nature__in=["permanence", "activite"]
    )
    season, choir = of_house.order_by("pk")
    assert (mine.to_call().count(), mine.filter(saisie_par=desk, serie=None).count()) == (2, 3)
    assert mine.unanswered(now - timedelta(days=7)).exists()
    assert unsettled(Fermeture.objects.managed_by(desk)).exists()
    assert season.ecartees.filter(cause="vacances").exists()
    assert series.coming(season, season.premier).count() > 5
    assert series.dates(choir).first().publie_le


def nobody_is_told_but_who_waits(now):
    """What is made up tells nobody, but for what waits now and the reminders that are due."""
    hold = Reservation.objects.managed_by(account(DESK)).filter(etat="a_confirmer")
    told = Message.objects.filter(rappel=False)
    of_registrations = Q(cle__startswith="dossier:") | Q(cle__startswith="inscription:")
    people = {hold.exclude(courriel="").get().courriel, INVITED}
    assert {one.destinataire for one in told.exclude(of_registrations)} == people
    assert told.filter(of_registrations, etat="a_appeler").exists()
    reminded = Message.objects.filter(rappel=True)
    assert reminded.exists()
    assert not reminded.filter(expire_le__lte=now).exists()


@pytest.fixture(scope="module")
def rivemont(standing):
    """The city on that morning, for the tests that follow."""
    return standing(partial(populate, MONDAY))


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


def test_rivemont_has_its_houses_and_a_year_of_life(rivemont):
    shape = [model.objects.count() for model in (Quartier, Maison, Salle)]
    assert shape == [6, 8, 40]
    assert Ville.objects.get().demonstration
    assert weeks_with_life(MONDAY - timedelta(weeks=26), 52) == 52
    assert Evenement.objects.filter(publie_le=None).exists()
    assert Occurrence.objects.exclude(annule_le=None).exists()
    assert words(Creneau.objects.public().values_list("titre", flat=True)) & words(PEOPLE) == set()
    assert clashes() == 0


def test_a_second_run_the_same_day_adds_nothing(rivemont):
    before = counts()

    populate(MONDAY + timedelta(minutes=5))

    assert counts() == before


def test_a_later_run_makes_the_year_last_and_keeps_what_is_there(rivemont):
    later = MONDAY + timedelta(weeks=6)
    there = set(Creneau.objects.values_list("pk", "debut", "titre", "annule_le"))

    populate(later)

    assert there <= set(Creneau.objects.values_list("pk", "debut", "titre", "annule_le"))
    assert weeks_with_life(later, 26) == 26
    overdue = Reservation.objects.filter(etat="demandee", repondre_avant__lt=later)
    assert not overdue.exists()
    assert Reservation.objects.filter(etat="demandee", debut__gt=later).exists()
    assert clashes() == 0


def test_residents_book_and_the_desk_has_requests_to_answer(rivemont):
    states = set(Reservation.objects.values_list("etat", flat=True))
    assert states == set(Reservation.Etat.values)
    resident, desk = (account(c) for c in (RESIDENT, DESK))
    assert Reservation.objects.owned_by(resident).holding().filter(debut__gt=MONDAY).count() > 1
    assert Reservation.objects.managed_by(desk).filter(etat="demandee").exists()
    assert not Reservation.objects.exclude(titre="Salle réservée", publie_le=None).exists()
