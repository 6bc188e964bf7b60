"""One run of the bench: each size in a database of its own, the portal beside its ceiling."""

import os
from contextlib import closing, contextmanager

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from maisons.models import Creneau, Maison
from portail.emplacement import BASE_DIR
from tests.charge.bases import throw_away
from tests.charge.cartes import guesses
from tests.charge.courses import races
from tests.charge.pages import CHANGE, bare_booking, bare_page, visits
from tests.charge.plafond.donnees import load
from tests.charge.preparatifs import resize
from tests.charge.rapport import number, of_promises, of_size, put, told
from tests.charge.releves import Site, measure
from tests.charge.serveur import serve, serve_ceiling

REPORT = BASE_DIR / "docs" / "performance.md"
WORKERS = 2


def bench(sources, seconds):
    """Each source is a number of créneaux, or the address of a base on the server of the first."""
    sizes = {}
    for rank, source in enumerate(sources):
        with filled(source) as url, serve(url, WORKERS, DEBUG="False") as portal:
            title = f"{number(Creneau.objects.count())} créneaux"
            sizes[title] = found = pages(portal, url, seconds)
            tell(title, of_size(found, WORKERS))
            if rank == 0 and isinstance(source, int):
                tell("Une salle, cinquante personnes", [told(WORKERS), *races(portal), *guesses()])
    measures = [{found.name: found for found in size} for size in sizes.values()]
    tell(f"Les promesses : {', '.join(sizes)}", of_promises(measures, WORKERS))


@contextmanager
def filled(source):
    """A throw-away database, ours for a while: a copy of one, or so many new créneaux."""
    copied, name = isinstance(source, str), f"charge_{os.getpid()}"
    template = source.partition("?")[0].rpartition("/")[2] if copied else "template1"
    with throw_away(name, template) as url, closing(connection):
        connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()
        call_command("migrate", verbosity=0)
        if not copied:
            call_command("peupler", creneaux=source)
        yield url


def pages(portal, url, seconds):
    """The measure of each page, each beside the ceiling."""
    maisons = list(Maison.objects.order_by("pk")[:3])
    resize(maisons)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(CHANGE)  # no page of another run is ours
    with (
        psycopg.connect(url, autocommit=True) as observer,
        throw_away(f"plafond_{os.getpid()}") as ceiling_url,
        psycopg.connect(ceiling_url, autocommit=True) as ceiling_observer,
    ):
        load(ceiling_url)
        with serve_ceiling(ceiling_url, WORKERS) as serveur:
            site, ceiling = Site(portal, observer), Site(serveur, ceiling_observer)
            bare = {False: (ceiling, bare_page()), True: (ceiling, bare_booking())}
            asked = visits(portal.port, observer, maisons, seconds)
            return [measure(site, bare[visit.writes], visit, seconds) for visit in asked]


def tell(title, lines):
    text = put("", title, lines)
    print(text)
    REPORT.write_text(put(REPORT.read_text(), title, lines))
