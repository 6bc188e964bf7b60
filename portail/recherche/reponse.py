"""The answer to a search: its groups, their numbers, and what else may have been meant."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse

from portail.recherche import Found, Searchable, registry
from portail.recherche.mots import Wanted
from portail.recherche.orthographe import corrected

SHOWN, ROWS = 5, 40  # rows of a group on the first page, and on its own


@dataclass(frozen=True)
class Group:
    kind: Searchable
    number: int
    found: list[Found]
    wanted: Wanted

    @property
    def title(self):
        return self.kind.counted(self.number)

    @property
    def more(self):
        """The address of the whole group, when some of it is not shown."""
        return address(self.wanted, dans=self.kind.key) if self.number > len(self.found) else ""


class Reponse:
    """
    What is found for a query string: `q`, words; with `exact`, as they are written.

    When they find nothing: the words that may be meant, else what holds some of them. `meant` is
    what the groups are of.
    """

    def __init__(self, query):
        self.wanted = self.meant = Wanted(query.get("q", ""))
        self.groups = groups(self.wanted) if self.wanted else []
        if self.wanted and not self.groups and "exact" not in query:
            self.widen()

    def widen(self):
        meant = Wanted(corrected(self.wanted) or self.typed)
        found = groups(meant) if meant.typed != self.typed else []
        if not found and len(meant.terms) > 1:
            meant = Wanted(meant.typed, part=True)
            found = groups(meant)
        if found:
            self.groups, self.meant = found, meant

    @property
    def typed(self):
        return self.wanted.typed

    @property
    def corrected(self):
        return self.meant.typed if self.meant.typed != self.typed else ""

    @property
    def number(self):
        return sum(group.number for group in self.groups)

    @property
    def sentence(self):
        return f"{self.number or 'Aucun'} résultat{'s' * (self.number > 1)}"

    @property
    def as_typed(self):
        """The address of the search of the words as they were typed."""
        return address(self.wanted, exact="oui")


class Liste:
    """All of one group, forty a page; the same words, corrected no more."""

    def __init__(self, query):
        self.wanted = Wanted(query.get("q", ""), part="partie" in query)
        self.kind = registry().get(query.get("dans"))
        if not (self.wanted and self.kind):
            raise Http404
        self.typed = self.wanted.typed
        self.page = Paginator(self.kind.matching(self.wanted), ROWS).get_page(query.get("page"))
        self.found = self.kind.shown(list(self.page), self.wanted)

    @property
    def title(self):
        return self.kind.counted(self.page.paginator.count)

    @property
    def all(self):
        """The address of the search in everything."""
        return address(Wanted(self.typed))

    @property
    def beyond(self):
        """(kind, address) of what is asked only when this group has room left; or nothing."""
        others = (kind for kind in registry().values() if kind.spare_for == self.kind.key)
        kind = next(others, None)
        return kind and (kind, address(self.wanted, dans=kind.key))

    @property
    def kept(self):
        return address(self.wanted, dans=self.kind.key).split("?")[1] + "&"


def groups(wanted):
    found = {}
    for key, kind in registry().items():
        room = SHOWN - len(found[kind.spare_for].found if kind.spare_for in found else [])
        if room and (group := group_of(kind, wanted, room)):
            found[key] = group
    return list(found.values())


def group_of(kind, wanted, most):
    rows = list(kind.matching(wanted)[:most])
    if rows:
        return Group(kind, rows[0].nombre, kind.shown(rows, wanted), wanted)


def address(wanted, **others):
    part = {"partie": "oui"} if wanted.part else {}
    return f"{reverse('portail:recherche')}?{urlencode({'q': wanted.typed} | part | others)}"
