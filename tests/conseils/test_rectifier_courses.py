"""Two who change one meeting at once come one after the other; no version is half of each."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from conseils import rectifier, seances
from conseils.models import Point, Rectificatif, Reunion
from conseils.ordre import arrange
from conseils.versions import snapshot
from maisons import planning
from maisons.models import Creneau
from tests.factories import PointFactory, ReunionFactory

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 8


@pytest.fixture
def meeting():
    meeting = ReunionFactory(debut=timezone.now() + timedelta(days=12))
    PointFactory.create_batch(3, reunion=meeting)
    return meeting


def race(meeting, *acts):
    """Run them all at once, held back until each waits; how many went through."""

    def run(act):
        try:
            act()
        except ValidationError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            planning.lock_rooms(Reunion.objects.get(pk=meeting.pk))
            rivals = [pool.submit(run, act) for act in acts]
            assert not wait(rivals, timeout=0.5).done
        return [rival.result() for rival in rivals]


def correction(meeting, rank):
    """Every item is given one name: a version that has two is half of each."""

    def write():
        for point in Point.objects.filter(reunion=meeting):
            point.titre = f"Version {rank}"
            point.save()

    rows = Reunion.objects.get(pk=meeting.pk)
    return lambda: rectifier.rectify(rows, f"Motif {rank}", write=write)


def test_corrections_at_once_come_one_after_the_other(meeting):
    seances.publish(meeting)

    done = race(meeting, *(correction(meeting, rank) for rank in range(RIVALS)))

    assert done == [True] * RIVALS
    kept = list(Rectificatif.objects.all())
    assert [each.numero for each in kept] == list(range(1, RIVALS + 1))
    for before, after in zip(kept, kept[1:], strict=False):
        assert before.apres == after.avant
    assert kept[-1].apres == snapshot(Reunion.objects.get())
    for each in kept:
        assert len({point["titre"] for point in each.apres["points"]}) == 1
    assert Creneau.objects.get().sequence == RIVALS


def test_a_correction_and_a_cancellation_at_once(meeting):
    seances.publish(meeting)

    def cancel():
        rectifier.call_off(Reunion.objects.get(), "La salle est prise.")

    corrected, cancelled = race(meeting, correction(meeting, 1), cancel)

    assert cancelled
    assert Rectificatif.objects.count() == corrected
    titles = set(meeting.points.values_list("titre", flat=True))
    assert (titles == {"Version 1"}) == corrected


def test_an_agenda_that_is_published_while_its_items_change(meeting):
    def edit():
        row = Reunion.objects.get()
        with transaction.atomic():
            planning.take(row, None)
            if row.publie_le:
                raise ValidationError(seances.PUBLISHED)
            arrange(row, points := list(row.points.all()), points[:1])
            row.points.update(titre="Autre")

    def publish():
        seances.publish(Reunion.objects.get())

    edited, published = race(meeting, edit, publish)

    assert published
    row = Reunion.objects.get()
    titles = [point.titre for point in row.points.all()]
    assert (set(titles) == {"Autre"}) == edited
    assert row.resume == " · ".join(titles)
