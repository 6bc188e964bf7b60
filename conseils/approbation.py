"""The approval of the minutes of the meeting before: an item that adds itself (parcours S8)."""

from conseils.models import Point, Reunion
from conseils.ordre import arrange
from maisons import heures

MINUTES = 5


def meeting_before(reunion):
    """The last public one of its council that ends before it begins, or None."""
    others = Reunion.objects.filter(conseil=reunion.conseil_id).exclude(pk=reunion.pk)
    return others.public().holding().filter(fin__lte=reunion.debut).order_by("debut").last()


def title(before):
    return f"Approbation du compte rendu du {heures.day(before.debut)}"


def pending(reunion):
    """The meeting whose approval a draft does not ask for yet, or None."""
    before = meeting_before(reunion)
    return before if before and before.pk != reunion.precedente_id else None


def refresh(reunion):
    """
    Make a draft ask for the approval it should, as the meetings before it stand now.

    What was taken away by hand stays away. The caller holds the meeting.
    """
    if reunion.publie_le:
        return
    before = meeting_before(reunion)
    if (before and before.pk) == reunion.precedente_id:
        return
    approvals = list(reunion.points.filter(type=Point.Type.APPROBATION))
    ours = [p for p in approvals if p.approuve_id and p.approuve_id == reunion.precedente_id]
    if before is None:
        drop(reunion, ours)
    elif not any(point.approuve_id == before.pk for point in approvals):
        ask(reunion, before, ours or [p for p in approvals if p.approuve_id is None])
    reunion.precedente = before
    Reunion.objects.filter(pk=reunion.pk).update(precedente=before)


def drop(reunion, approvals):
    """The meeting to approve was cancelled, or comes after."""
    for point in approvals:
        point.delete()
    arrange(reunion, list(reunion.points.all()), [])


def ask(reunion, before, approvals):
    """An approval that is there takes the meeting and, if it named another one, its day."""
    if not approvals:
        point = Point(titre=title(before), type=Point.Type.APPROBATION, minutes=MINUTES, rang=1)
        point.approuve = before
        arrange(reunion, [*reunion.points.all(), point], [point])
        return
    point = approvals[0]
    if point.approuve_id:
        point.titre = title(before)
    point.approuve = before
    point.save()
