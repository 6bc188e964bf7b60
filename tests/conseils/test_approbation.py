"""The approval of the minutes of the meeting before adds itself, whenever it was prepared (S8)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conseils import approbation, seances
from conseils.models import Point
from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau
from tests.factories import ConseilFactory, PointFactory, ReunionFactory

pytestmark = pytest.mark.django_db


def meeting(conseil, days, **fields):
    debut = starts_at(timezone.localdate()) + timedelta(days=days, hours=18)
    return ReunionFactory(conseil=conseil, debut=debut, **fields)


def approved(draft):
    return list(draft.points.filter(type="approbation").values_list("approuve", flat=True))


@pytest.fixture
def conseil():
    return ConseilFactory()


def test_it_is_linked_to_the_meeting_to_approve(conseil):
    before = meeting(conseil, -10, publie=True)

    draft = meeting(conseil, 20)

    point = draft.points.get()
    assert (point.approuve, point.rang, draft.precedente) == (before, 1, before)


@pytest.mark.parametrize("when", ["refresh", "publication"])
def test_a_draft_made_before_the_earlier_one_was_public_gets_it_too(conseil, when):
    before, draft = meeting(conseil, 5), meeting(conseil, 20)
    PointFactory(reunion=draft, titre="Bancs")
    PointFactory(reunion=before)
    seances.publish(before)
    assert approbation.pending(draft) == before

    seances.publish(draft) if when == "publication" else approbation.refresh(draft)

    assert [point.approuve for point in draft.points.all()] == [before, None]
    assert approbation.pending(draft) is None


def test_it_is_asked_once(conseil):
    meeting(conseil, -10, publie=True)
    draft = meeting(conseil, 20)

    approbation.refresh(draft)
    seances.publish(draft)

    assert len(approved(draft)) == 1


def test_what_was_taken_away_by_hand_stays_away(conseil):
    meeting(conseil, -10, publie=True)
    draft = meeting(conseil, 20)
    draft.points.all().delete()
    PointFactory(reunion=draft)

    seances.publish(draft)

    assert approved(draft) == []


def test_a_meeting_in_between_takes_its_place(conseil):
    meeting(conseil, -10, publie=True)
    draft = meeting(conseil, 20)
    between = meeting(conseil, 5, publie=True)

    approbation.refresh(draft)

    assert approved(draft) == [between.pk]
    assert draft.points.get().titre == approbation.title(between)


def test_one_that_is_cancelled_is_not_approved(conseil):
    before = meeting(conseil, 5, publie=True)
    draft = meeting(conseil, 20)
    PointFactory(reunion=draft, titre="Bancs", numero=2)
    planning.cancel(before, Creneau.Motif.ORGANISATION, by=None)

    approbation.refresh(draft)

    assert list(draft.points.values_list("titre", "rang")) == [("Bancs", 1)]
    assert draft.precedente is None


def test_an_approval_written_by_hand_is_taken_as_it_is(conseil):
    draft = meeting(conseil, 20)
    PointFactory(reunion=draft, type=Point.Type.APPROBATION, titre="Relevé de mai")
    before = meeting(conseil, 5, publie=True)

    approbation.refresh(draft)

    point = draft.points.get()
    assert (point.titre, point.approuve) == ("Relevé de mai", before)


def test_a_published_agenda_gets_none(conseil):
    later = meeting(conseil, 20, publie=True)
    meeting(conseil, 5, publie=True)

    approbation.refresh(later)

    assert approved(later) == []


def test_the_page_that_publishes_says_that_it_will_be_added(admin_client, conseil):
    before, draft = meeting(conseil, 5), meeting(conseil, 20)
    for reunion in (before, draft):
        PointFactory(reunion=reunion)
    seances.publish(before)

    page = admin_client.get(reverse("admin:conseils_reunion_publish", args=[draft.pk]))

    assert "s’ajoute en premier" in page.content.decode()
