"""The names that each page of the agenda repeats: the city, its quartiers, its houses."""

from functools import lru_cache
from typing import NamedTuple

from maisons.models import Maison
from quartiers.models import Quartier, Ville


class Lieux(NamedTuple):
    ville: Ville
    quartiers: dict  # by key
    maisons: dict


def read():
    return Lieux(
        Ville.current(),
        Quartier.objects.only("slug", "nom").in_bulk(),
        Maison.objects.only("slug", "nom").in_bulk(),
    )


@lru_cache(maxsize=1)
def read_once(version):
    """A process reads them again only when the version of the agenda has changed."""
    return read()
