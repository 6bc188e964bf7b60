"""
`make bench`: what a page and a booking cost, and what happens when fifty people want one room.

ARGS="10000 100000 1000000" fills a throw-away database of each size; ARGS="--base ADDRESS" measures
a throw-away copy of one that « peupler » has filled, whose other connections are cut off. What is
found is printed, and takes its place in docs/performance.md. ARGS=--rappels kills who sends
reminders instead (`tests/charge/rappels.py`, `tempete.py`); ARGS="--enumeration 2000" times so many
tries of each form that could tell who has an account; ARGS=--conseils times the councils' pages,
ARGS=--permanences those of the permanences, and taking an appointment, ARGS=--associations those of
the associations and their activities, and registering.
"""

import argparse
import os
import secrets
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command
from django.utils.module_loading import import_string

from portail.emplacement import heed_signals

# By path: they need models.
BENCH, REMINDERS = "tests.charge.banc.bench", "tests.charge.tempete.bench"
ENUMERATION = "tests.charge.enumeration.bench"
COUNCILS, HELP = "tests.charge.conseils.bench", "tests.charge.permanences.bench"
CLUBS = "tests.charge.associations.bench"


def main():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("creneaux", nargs="*", type=int, help="du plus petit au plus grand")
    parser.add_argument("--base", nargs="+", default=[], help="adresses de bases déjà remplies")
    parser.add_argument("--secondes", type=float, default=5, help="par page")
    parser.add_argument("--rappels", action="store_true", help="des rappels et des pannes")
    parser.add_argument("--graine", type=int, default=secrets.randbelow(10**6), help="des pannes")
    parser.add_argument("--nombre", type=int, default=10_000, help="de rappels")
    parser.add_argument("--fois", type=int, default=50, help="à chaque étape")
    parser.add_argument("--enumeration", type=int, metavar="ESSAIS", help="de chaque formulaire")
    parser.add_argument("--conseils", action="store_true", help="leurs pages et leurs PDF")
    parser.add_argument("--permanences", action="store_true", help="leurs pages, un rendez-vous")
    parser.add_argument("--associations", action="store_true", help="leurs pages, une inscription")
    options = parser.parse_args()
    sources = options.base or options.creneaux or [10_000]
    heed_signals()  # servers and databases thrown away are, however it ends
    with TemporaryDirectory(prefix="maisons-") as static:
        begin(static, options.base)
        if options.rappels:
            raise SystemExit(import_string(REMINDERS)(options.fois, options.nombre, options.graine))
        if options.enumeration:
            raise SystemExit(import_string(ENUMERATION)(options.enumeration, options.graine))
        if options.conseils:
            raise SystemExit(import_string(COUNCILS)())
        if options.permanences:
            raise SystemExit(import_string(HELP)())
        if options.associations:
            raise SystemExit(import_string(CLUBS)())
        import_string(BENCH)(sources, options.secondes)


def begin(static, bases):
    """As in production: no DEBUG, static files collected."""
    os.environ |= {"DEBUG": "False", "HTTPS": "False", "STATIC_ROOT": static}
    os.environ |= {"SECRET_KEY": secrets.token_urlsafe(50)}
    if bases:
        os.environ["DATABASE_URL"] = bases[0]
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
