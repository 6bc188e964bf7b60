"""What the bench writes in docs/performance.md: sections that each measure makes again."""

import re

from django.utils import timezone

from maisons.heures import day
from tests.charge.mesures import CORES
from tests.charge.promesses import beside_others, table
from tests.navigateur.ecoindex import grade

NOISY = 0.5  # cores: past this, only CPU compares
HEAD = [
    "| page | CPU web, ms | CPU base, ms | fois le plafond | réponses/s | médiane, ms | 95 %, ms "
    "| octets | SQL | EcoIndex | pris par d’autres |",
    "| --- |" + " ---: |" * 10,
]
NARROW = "\u202f"


def number(value):
    return f"{value:,}".replace(",", NARROW)


def row(found):
    points = "–" if found.points is None else f"{found.points} {grade(found.points)}"
    noise = f"{found.foreign:.1f} cœur"
    return (
        f"| {found.name} | {found.app:.1f} | {found.database:.1f} | {found.times:.2f} "
        f"| {found.rate:.0f} | {found.median:.0f} | {found.p95:.0f} | {number(found.size)} "
        f"| {found.statements} | {points} "
        f"| {f'**{noise}**' if found.foreign > NOISY else noise} |"
    )


def of_ceiling(measures):
    """What the ceiling itself cost meanwhile, from its best to its worst."""
    for name in dict.fromkeys(found.name for found in measures):
        costs = sorted(found.cost for found in measures if found.name == name)
        rates = sorted(found.rate for found in measures if found.name == name)
        yield (
            f"{name} : de {costs[0]:.1f} à {costs[-1]:.1f} ms de CPU, "
            f"de {rates[0]:.0f} à {rates[-1]:.0f} réponses/s."
        )


def told(workers):
    return f"Mesuré le {day(timezone.now())} sur {CORES} cœurs, {workers} processus web."


def of_size(measures, workers):
    """The section of one size."""
    ceilings = of_ceiling([found.ceiling for found in measures])
    return [told(workers), "", *HEAD, *map(row, measures), "", *ceilings]


def of_promises(sizes, workers):
    return [told(workers), "", *table(sizes), "", *beside_others(sizes)]


def put(text, title, lines):
    """The text with one section made anew, or added at the end; the rest stays."""
    lines = [re.sub(r"(?<=\d)\.(?=\d)", ",", line) for line in lines]
    section = "\n".join([f"## {title}", "", *lines, ""])
    old = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if old.search(text):
        text = old.sub(lambda _: section + "\n", text)
    else:
        text = f"{text.rstrip()}\n\n{section}"
    return text.rstrip() + "\n"
