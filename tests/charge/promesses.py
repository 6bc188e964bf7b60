"""What the portal promises to cost, held or not, and what others cost for the same work."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.charge.pages import (
    AGAIN,
    BOOK,
    DAY,
    DAY_OF_MANY,
    FAR,
    FILTERED,
    RARE,
    SEARCH,
    UNCHANGED,
    WORDS,
)

HEAD = ["| promesse | but | mesuré | |", "| --- | --- | ---: | --- |"]
HELD, MISSED, UNKNOWN = "tenu", "**pas tenu**", "non mesuré"
# CPU in ms, as the project’s reference measured them on the same kind of work.
AGENDAS = "indico 157 (1 059 avec dix fois plus d’événements), linkedevents 204 (427), "
AGENDAS += "pretix 202 (437), indico en calendrier 69,5"
OTHERS = [
    ("une page d’agenda", FILTERED, AGENDAS),
    ("un jour de salles", DAY, "MRBS 39,5"),
    ("une réservation", BOOK, "MRBS 50, indico 62, pretix 149, respa 170"),
]


@dataclass(frozen=True)
class Promesse:
    """`read` takes the measures by size, smallest first, as {page: its measure}."""

    words: str
    least: bool
    bound: float
    read: Callable

    def row(self, sizes):
        goal = f"{'au moins' if self.least else 'au plus'} {self.bound}"
        found = self.read(sizes)
        if found is None:
            return f"| {self.words} | {goal} | | {UNKNOWN} |"
        held = found >= self.bound if self.least else found <= self.bound
        told = f"{round(found, 2):g}"
        return f"| {self.words} | {goal} | {told} | {HELD if held else MISSED} |"


def last(value, page, sizes):
    """Of the largest size."""
    return value(sizes[-1][page])


def share(page):
    return partial(last, lambda found: 1 / found.times, page)


def times(page):
    return partial(last, lambda found: found.times, page)


def statements(page):
    return partial(last, lambda found: found.statements, page)


def personal(page):
    return partial(last, lambda found: found.personal, page)


def waits(page):
    return partial(last, lambda found: found.p95 / found.ceiling.p95, page)


def against(other, page):
    """Times what another page of the same size costs, each beside its ceiling."""
    return lambda sizes: sizes[-1][page].times / sizes[-1][other].times


def growth(page, since):
    """Times what it costs at another size, each beside its ceiling."""
    return lambda sizes: (
        sizes[-1][page].times / sizes[since][page].times if len(sizes) > 1 else None
    )


# The ceiling’s share is told as the ceiling over the page; « fois » is the page over the ceiling.
PROMESSES = [
    Promesse("agenda, 50 lignes et des filtres : part du plafond", True, 0.6, share(FILTERED)),
    Promesse("… requêtes SQL", False, 6, statements(FILTERED)),
    Promesse("… cookies, et requêtes pour une session", False, 0, personal(FILTERED)),
    Promesse("… à côté de la plus petite base du tableau", False, 1.2, growth(FILTERED, 0)),
    Promesse("… 500 pas plus loin", False, 1.5, against(FILTERED, FAR)),
    Promesse("… un filtre rare", False, 1.5, against(FILTERED, RARE)),
    Promesse("… des mots", False, 1.5, against(FILTERED, WORDS)),
    Promesse("… la même, encore", False, 0.15, against(FILTERED, AGAIN)),
    Promesse("… la même, inchangée (304)", False, 0.15, against(FILTERED, UNCHANGED)),
    Promesse("planning d’un jour, 5 salles : fois le plafond", False, 1.4, times(DAY)),
    Promesse("… requêtes SQL", False, 6, statements(DAY)),
    Promesse("… requêtes SQL, 12 salles", False, 6, statements(DAY_OF_MANY)),
    Promesse("… pour dix fois plus d’histoire", False, 1.2, growth(DAY, -2)),
    Promesse("réserver : part de la réservation du plafond", True, 0.12, share(BOOK)),
    Promesse("recherche : attente (95 %), fois le plafond", False, 3, waits(SEARCH)),
]


def table(sizes):
    return [*HEAD, *(promesse.row(sizes) for promesse in PROMESSES)]


def beside_others(sizes):
    """Ours and theirs."""
    lines = ["| même genre de travail, CPU en ms | ce portail | d’autres |", "| --- | ---: | --- |"]
    told = [f"| {work} | {sizes[-1][page].cost:.1f} | {cost} |" for work, page, cost in OTHERS]
    return [*lines, *told]
