"""Who came, on a phone: one tap for each, posted again nothing changes (parcours V6)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from associations.models import Presence
from maisons import planning
from maisons.models import Creneau
from tests.factories import ActiviteFactory, InscriptionFactory, SeanceFactory, VilleFactory

pytestmark = pytest.mark.django_db


def url(page, *args):
    return reverse(f"admin:associations_{page}", args=args)


@pytest.fixture
def seance(ours):
    """Of this afternoon, or so: the day has begun."""
    VilleFactory()
    activite = ActiviteFactory(association=ours, publie=True, titre="Chorale")
    now = timezone.now()
    return SeanceFactory(activite=activite, debut=now, fin=now + timedelta(minutes=30))


@pytest.fixture
def row(seance):
    return InscriptionFactory(activite=seance.activite, nom="Zoé Martin")


def tap(client, seance, venue, row):
    return client.post(url("seance_note", seance.pk), {"venue": f"{venue}:{row.pk}"}, follow=True)


def noted():
    return list(Presence.objects.values_list("present", "note_le", "note_par"))


def test_one_tap_notes_somebody_and_again_changes_nothing(client, seance, row):
    page = client.get(url("seance_attendance", seance.pk)).content.decode()
    tap(client, seance, "present", row)
    before = noted()
    after = tap(client, seance, "present", row).content.decode()

    assert "Zoé Martin" in page
    assert [present for present, *_ in before] == [True]
    assert noted() == before
    assert "<b>1</b> sur 1" in after


def test_a_tap_is_corrected(client, seance, row):
    for venue, expected in {"absent": [False], "present": [True], "effacer": []}.items():
        tap(client, seance, venue, row)
        assert [present for present, *_ in noted()] == expected


@pytest.mark.parametrize("venue", ["venu", "present", "present:", "present:x", ":1", "present:9"])
def test_what_is_no_tap_writes_nothing(client, seance, row, venue):
    client.post(url("seance_note", seance.pk), {"venue": venue})

    assert noted() == []


def test_nothing_is_noted_before_the_day(client, seance, row):
    later = SeanceFactory(activite=seance.activite)

    told = tap(client, later, "present", row).content.decode()

    assert "à partir du jour même" in told
    assert noted() == []


def test_nothing_is_noted_of_a_session_called_off(client, seance, row):
    planning.cancel(seance, Creneau.Motif.ORGANISATION, by=None)

    assert "Cette séance est annulée." in tap(client, seance, "present", row).content.decode()
    assert noted() == []


def test_who_waits_is_not_on_the_sheet(client, seance):
    InscriptionFactory.create_batch(3, activite=seance.activite)
    waiting = InscriptionFactory(activite=seance.activite, nom="Qui attend")

    page = client.get(url("seance_sheet", seance.pk)).content.decode()

    assert "Qui attend" not in page
    assert "pas inscrite à cette séance" in tap(client, seance, "present", waiting).content.decode()


def test_the_home_page_leads_to_the_sheet_of_today(client, seance, row):
    page = client.get(reverse("admin:index")).content.decode()

    assert url("seance_attendance", seance.pk) in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_costs_the_same_for_three_as_for_one(
    client, seance, django_assert_num_queries, count
):
    InscriptionFactory.create_batch(count, activite=seance.activite)
    client.get(url("seance_attendance", seance.pk))

    with django_assert_num_queries(11):
        client.get(url("seance_attendance", seance.pk))
