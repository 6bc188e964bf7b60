"""Which houses are near one another."""

from maisons.models import Maison
from quartiers.carte import distance

HOUSES = 6  # the house itself, then the nearest


def nearest(maison, most=HOUSES):
    """The house itself, then the nearest, those of its quartier before the others."""
    here = maison.longitude, maison.latitude

    def rank(house):
        elsewhere = house.pk != maison.pk, house.quartier_id != maison.quartier_id
        return *elsewhere, distance((house.longitude, house.latitude), here), house.pk

    return sorted(Maison.objects.all(), key=rank)[:most]
