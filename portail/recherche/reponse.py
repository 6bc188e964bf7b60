"""The answer to a search: its groups, their numbers, and what else may have been meant."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Window
from django.http import Http404
from django.urls import reverse

from portail.recherche import Found, Searchable, registry
from portail.recherche.mots import Wanted
from portail.recherche.orthographe import corrections

SHOWN, ROWS = 5, 40  # rows of a group on the first page, and on its own


def counted(number, one, many):
    return f"{number} {many if number > 1 else one}"


@dataclass(frozen=True)
class Group:
    kind: Searchable
    number: int
    found: list[Found]
    typed: str

    @property
    def title(self):
        return counted(self.number, self.kind.one, self.kind.many)

    @property
    def more(self):
        """The address of the whole group, when some of it is not shown."""
        return address(self.typed, dans=self.kind.key) if self.number > len(self.found) else ""


class Reponse:
    """What is found for a query string: `q`, words; with `exact`, as they are written."""

    def __init__(self, query):
        self.wanted = Wanted(query.get("q", ""))
        self.typed, self.corrected = self.wanted.typed, ""
        self.groups = groups(self.wanted) if self.wanted else []
        if self.wanted and not self.groups and "exact" not in query:
            self.correct()

    def correct(self):
        """When the words as typed find nothing, those that may be meant."""
        if wrong := corrections(self.wanted):
            meant = Wanted(self.wanted.rewritten(wrong))
            if found := groups(meant):
                self.groups, self.corrected = found, meant.typed

    @property
    def number(self):
        return sum(group.number for group in self.groups)

    @property
    def sentence(self):
        if not self.number:
            return "Aucun résultat"
        return counted(self.number, "résultat", "résultats")

    @property
    def as_typed(self):
        """The address of the search of the words as they were typed."""
        return address(self.typed, exact="oui")


class Liste:
    """All of one group, forty a page; the same words, corrected no more."""

    def __init__(self, query):
        self.wanted = Wanted(query.get("q", ""))
        self.kind = registry().get(query.get("dans"))
        if not (self.wanted and self.kind):
            raise Http404
        self.typed = self.wanted.typed
        self.page = Paginator(self.kind.matching(self.wanted), ROWS).get_page(query.get("page"))
        self.found = self.kind.shown(list(self.page), self.wanted)

    @property
    def title(self):
        return counted(self.page.paginator.count, self.kind.one, self.kind.many)

    @property
    def all(self):
        """The address of the search in everything."""
        return address(self.typed)

    @property
    def kept(self):
        return urlencode({"q": self.typed, "dans": self.kind.key}) + "&"


def groups(wanted):
    found = {}
    for key, kind in registry().items():
        room = SHOWN - len(found[kind.spare_for].found if kind.spare_for in found else [])
        if room > 0 and (group := group_of(kind, wanted, room)):
            found[key] = group
    return list(found.values())


def group_of(kind, wanted, most):
    rows = list(kind.matching(wanted).annotate(nombre=Window(Count("*")))[:most])
    if rows:
        return Group(kind, rows[0].nombre, kind.shown(rows, wanted), wanted.typed)


def address(typed, **others):
    return f"{reverse('portail:recherche')}?{urlencode({'q': typed} | others)}"
