"""Closures of houses and rooms, some of them always to come."""

from datetime import date

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Fermeture
from portail.rivemont.rythmes import days_between, is_rank

TUESDAY, WEDNESDAY = 1, 2


def wanted(houses, rooms, first, last):
    """(house, room or nothing, first day, number of days, motive) of each closure."""
    keys = list(houses)
    for day in days_between(first, last):
        turn = (day.year * 12 + day.month) % len(keys)
        if day.weekday() == TUESDAY and is_rank(day, 1):
            yield houses[keys[turn]], None, day, 1, "travaux électriques"
        if day.weekday() == WEDNESDAY and is_rank(day, 3):
            key = keys[(turn + 3) % len(keys)]
            room = next(room for name, room in rooms.items() if name.startswith(key))
            yield houses[key], room, day, 2, "contrôle des installations"
        if (day.month, day.day) == (12, 24):
            for key in keys[::2]:
                yield houses[key], None, day, 8, "congés de fin d’année"
        if (day.month, day.day) == (8, 3):
            for key in keys[1::2]:
                yield houses[key], None, day, 12, "congés d’été"


def add_closures(houses, rooms, first, last):
    """The closures of a window that are not there yet; returns how many."""
    here = set(Fermeture.objects.values_list("maison", "salle", "debut"))
    added = 0
    for house, room, day, days, motif in wanted(houses, rooms, first, last):
        debut, fin = starts_at(day), starts_at(date.fromordinal(day.toordinal() + days))
        if (house.pk, room and room.pk, debut) not in here:
            planning.close(Fermeture(maison=house, salle=room, debut=debut, fin=fin, motif=motif))
            added += 1
    return added
