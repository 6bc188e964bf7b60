"""How a meeting is prepared and made public: several rows at once, through planning."""

from django.db.models import Max

from conseils.models import Conseil, Point, Reunion
from maisons import heures, planning
from maisons.verrou import queued

PUBLISHED = "Cet ordre du jour est publié : il ne change plus."
MINUTES = 5  # for the approval of what was written of the meeting before


@queued
def convene(reunion, by=None):
    """
    Save a new meeting under the next number of its council.

    The approval of the minutes of the one before is its first item (parcours S8).
    """
    planning.lock_rooms(reunion)
    Conseil.objects.select_for_update(no_key=True).get(pk=reunion.conseil_id)
    others = Reunion.objects.filter(conseil=reunion.conseil_id)
    reunion.numero = (others.aggregate(last=Max("numero"))["last"] or 0) + 1
    planning.insert(reunion, by)
    before = others.public().holding().filter(fin__lte=reunion.debut).order_by("debut").last()
    if before:
        titre = f"Approbation du compte rendu du {heures.day(before.debut)}"
        point = Point(titre=titre, type=Point.Type.APPROBATION, minutes=MINUTES)
        arrange(reunion, [point], [point])
    return reunion


def arrange(reunion, points, placed):
    """
    Save the items of a draft in their order; those `placed` go where their `rang` says.

    The caller holds the meeting.
    """
    order = sorted((p for p in points if p not in placed), key=lambda p: (p.rang, p.numero))
    for point in sorted(placed, key=lambda p: p.rang or len(points) + 1):
        order.insert(point.rang - 1 if point.rang else len(order), point)
    last = max((point.numero or 0 for point in points), default=0)
    for rang, point in enumerate(order, 1):
        if point.numero is None:
            last += 1
            point.numero = last
        point.reunion, point.rang = reunion, rang
        point.save()


@queued
def publish(reunion, by=None):
    """Make a meeting and its agenda public, for good."""
    planning.take(reunion, by)
    reunion.mark_published()
    return reunion
