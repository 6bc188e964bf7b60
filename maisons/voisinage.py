"""Which houses are near one another."""

from math import cos, hypot, inf, radians

from maisons.models import Maison

HOUSES = 6  # the house itself, then the nearest


def nearest(maison, most=HOUSES):
    """The house itself, then the nearest, those of its quartier before the others."""

    def rank(house):
        elsewhere = house.pk != maison.pk, house.quartier_id != maison.quartier_id
        return *elsewhere, distance(house, maison), house.pk

    return sorted(Maison.objects.all(), key=rank)[:most]


def distance(one, other):
    """In degrees of latitude, flat as a city is; infinite where a house is not on the map."""
    if one.latitude is None or other.latitude is None:
        return inf
    narrower = cos(radians(other.latitude))
    return hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * narrower)
