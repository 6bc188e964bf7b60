"""A mandate ends by itself: its person and who gave it are told a month and a week before, once."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from maisons.heures import starts_at
from maisons.models import Affectation
from notifications.balayage import sweep
from notifications.models import Message
from notifications.tasks import drain
from tests.factories import AffectationFactory, CompteFactory, VilleFactory
from tests.notifications.pense_betes import sweep_again

pytestmark = pytest.mark.django_db
Role = Affectation.Role
LAST = 40  # days from the first noon


@pytest.fixture
def noon(time_machine):
    """Move to a quarter past noon, so many days from the first one."""
    VilleFactory()
    first = timezone.localdate()

    def move(days=0, hour=12, minute=15):
        time_machine.move_to(starts_at(first + timedelta(days=days), time(hour, minute)))
        return first + timedelta(days=days)

    move()
    return move


def ending(noon, days=LAST, **fields):
    fields = {"invite_par": CompteFactory(is_superuser=True)} | fields
    return AffectationFactory(fin=noon(days), debut=noon(0) - timedelta(days=90), **fields)


def told():
    """{address: how many warnings}."""
    addresses = list(Message.objects.values_list("destinataire", flat=True))
    return {address: addresses.count(address) for address in addresses}


def test_thirty_and_seven_days_before_to_both_and_once_each(noon):
    mandate = ending(noon)
    written = {}
    for days in range(LAST + 3):
        noon(days)
        written[days] = sweep_again()

    assert {days: count for days, count in written.items() if count} == {10: 2, 33: 2}
    assert told() == {mandate.compte.courriel: 2, mandate.invite_par.courriel: 2}


def test_each_reads_what_concerns_them(noon):
    mandate = ending(noon)
    noon(10)
    sweep()

    mine = Message.objects.get(destinataire=mandate.compte.courriel)
    giver = Message.objects.get(destinataire=mandate.invite_par.courriel)
    page = f"/gestion/maisons/affectation/{mandate.pk}/change/"
    assert "Votre rôle (accueil, " in mine.texte
    assert page not in mine.texte + mine.html
    assert mandate.compte.nom in giver.texte
    assert page in giver.texte
    assert page in giver.html


def test_at_no_quiet_hour_and_never_after_the_last_day(noon):
    ending(noon)
    for days in (10, 33, LAST, LAST + 1):
        for hour in (0, 6, 11):
            noon(days, hour)
            assert days != 10 or sweep() == 0
    noon(LAST + 1, 0)
    assert sweep() == 0
    assert all(8 <= timezone.localtime(m.essayer_le).hour < 21 for m in Message.objects.all())


def test_prolonged_it_is_told_again_at_the_new_day(noon):
    mandate = ending(noon)
    noon(10)
    sweep()
    mandate.fin = noon(LAST + 60)
    mandate.save()

    noon(33)
    assert sweep() == 0
    noon(LAST + 30)
    assert sweep() == 2
    assert told()[mandate.compte.courriel] == 2


def test_what_was_prolonged_before_the_letter_leaves_is_not_told(noon, mailoutbox):
    mandate = ending(noon)
    noon(10)
    sweep()
    Affectation.objects.filter(pk=mandate.pk).update(fin=noon(LAST + 60))
    noon(10, 12, 30)

    drain()

    assert mailoutbox == []


def test_shortened_to_a_near_day_it_is_told_once(noon):
    mandate = ending(noon, days=200)
    assert sweep() == 0
    mandate.fin = noon(5)
    mandate.save()
    noon(0)

    assert [sweep(), sweep()] == [2, 0]


def test_given_for_less_than_a_month_only_the_week_is_told(noon):
    AffectationFactory(fin=noon(20), debut=noon(0))
    counts = {}
    for days in range(21):
        noon(days)
        counts[days] = sweep()

    assert {days for days, count in counts.items() if count} == {13}


def colleague_in_charge(mandate):
    return AffectationFactory(maison=mandate.maison, role=Role.DIRECTION).compte


def giver_gone(mandate):
    mandate.invite_par = None


def giver_closed(mandate):
    mandate.invite_par.is_active = False
    mandate.invite_par.save()


def giver_without_rights(mandate):
    mandate.invite_par.is_superuser = False
    mandate.invite_par.save()


@pytest.mark.parametrize("change", [giver_gone, giver_closed, giver_without_rights])
def test_when_the_giver_cannot_prolong_it_those_who_run_the_house_are_told(noon, change):
    mandate = ending(noon)
    director = colleague_in_charge(mandate)
    AffectationFactory(role=Role.DIRECTION)  # of another house
    AffectationFactory(maison=mandate.maison)  # at its desk
    change(mandate)
    mandate.save()
    noon(10)

    sweep()

    assert told() == {mandate.compte.courriel: 1, director.courriel: 1}


def without_end(mandate):
    mandate.fin = None


def withdrawn(mandate):
    mandate.debut = mandate.fin = timezone.localdate() - timedelta(days=1)


def closed(mandate):
    mandate.compte.is_active = False
    mandate.compte.save()


def followed(mandate):
    AffectationFactory(
        compte=mandate.compte, maison=mandate.maison, debut=mandate.fin + timedelta(days=1)
    )


@pytest.mark.parametrize("change", [without_end, withdrawn, closed, followed])
def test_what_does_not_end_or_is_over_is_not_told(noon, change):
    mandate = ending(noon)
    noon(10)
    change(mandate)
    mandate.save()

    assert sweep() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_sweep_costs_the_same_for_more_mandates(noon, count, django_assert_num_queries):
    for _ in range(count):
        ending(noon)
    noon(10)
    sweep()

    with django_assert_num_queries(24):  # nothing left to write
        sweep()
