"""The order of the items of an agenda."""


def arrange(reunion, points, placed, changed=(), gone=()):
    """
    Put the items of a meeting in their order; those `placed` go where their `rang` says.

    Saves those that moved, are new or are `changed`. The caller holds the meeting, and has just
    deleted those `gone`: the number of an item that was public is never given again.
    """
    order = sorted((p for p in points if p not in placed), key=lambda p: (p.rang, p.numero))
    for point in sorted(placed, key=lambda p: p.rang or len(points) + 1):
        order.insert(point.rang - 1 if point.rang else len(order), point)
    given = [*points, *gone] if reunion.publie_le else points
    if reunion.publie_le:
        given += [point for each in reunion.rectificatifs.all() for point in each.removed]
    last = max((point.numero or 0 for point in given), default=0)
    for rang, point in enumerate(order, 1):
        stays = point.rang == rang and point.numero and point not in placed
        if point.numero is None:
            last += 1
            point.numero = last
        point.reunion, point.rang = reunion, rang
        if not stays or point in changed:
            point.save()


def shift(reunion, key, step):
    """
    Move the item of a key up (-1) or down (1) by one place; returns it, or None.

    None when it is of another meeting, or already the first or the last.
    """
    points = list(reunion.points.all())
    for place, point in enumerate(points):
        if str(point.pk) == key and 0 <= place + step < len(points):
            point.rang = place + 1 + step
            arrange(reunion, points, [point])
            return point
    return None
