"""
The registry of what can be found: what a search looks through, and how a row found is told.

Registered by dotted path in `PortailConfig.ready()`, in the order of the groups; imported at first
use.
"""

from functools import cache
from typing import NamedTuple

from django.db.models import Count, Window
from django.utils.module_loading import import_string

paths = []
# The columns of a créneau that tell when and where it is.
WHEN = ["debut", "fin", "heure_connue", "annule_le"]
WHERE = ["portee", "adresse_libre", "maison__nom", "quartier__nom"]
NUMBER = Window(Count("*"))  # of all the rows, on those that are shown: `nombre`


class Found(NamedTuple):
    """A row found: its title and page, what is said under it, and the passage that holds words."""

    title: str
    url: str
    facts: str
    extract: str = ""  # HTML, from `extraits.passage()`
    cancelled: bool = False


class Searchable:
    """One kind of thing that a search finds; only what anybody may read."""

    key = None  # in the address: ?dans=…
    one, many = None, None  # how it is counted
    title = "nom"  # the column in which a typing mistake is looked for
    most = None  # rows that are counted
    spare_for = None  # the key of a group: asked only when that one has room left

    def counted(self, number):
        """« 3 maisons », « plus de 200 événements »."""
        over = self.most and number > self.most
        shown = f"plus de {self.most}" if over else number
        return f"{shown} {self.many if number > 1 else self.one}"

    def rows(self):
        """All that anybody may read, a QuerySet."""
        raise NotImplementedError

    def matching(self, wanted):
        """Those that hold what is wanted (a `mots.Wanted`), the best first; with `nombre`."""
        raise NotImplementedError

    def shown(self, rows, wanted) -> list[Found]:
        """The same rows, told."""
        raise NotImplementedError


def register(path):
    paths.append(path)


@cache
def registry():
    """{key: searchable}, in the order of registration."""
    searchables = [import_string(path)() for path in paths]
    return {searchable.key: searchable for searchable in searchables}
