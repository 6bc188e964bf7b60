"""
`make bench`: what a page and a booking cost, and what happens when fifty people want one room.

ARGS="100000" fills a throw-away database of that size; ARGS="--base ADDRESS" measures one that is
there, made by « peupler », and writes nothing in it but a session. What is found is printed, and
takes its place in docs/performance.md.
"""

import argparse
import os
import re
import secrets
from contextlib import closing
from tempfile import TemporaryDirectory

import django
import psycopg
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from maisons.heures import day
from portail.emplacement import BASE_DIR
from tests.charge.bases import throw_away
from tests.charge.courses import races
from tests.charge.mesures import CORES
from tests.charge.pages import measure, size
from tests.charge.serveur import serve

REPORT = BASE_DIR / "docs" / "performance.md"
WORKERS = 2
GUESSES = "tests.charge.cartes.guesses"  # by path: it needs models


def main():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("creneaux", nargs="?", type=int, default=10_000)
    parser.add_argument("--base", help="adresse d’une base déjà remplie, qui est gardée")
    parser.add_argument("--secondes", type=float, default=5, help="par page")
    options = parser.parse_args()
    if options.base:
        bench(options.base, options.secondes)
    else:
        with throw_away(f"charge_{os.getpid()}") as url:
            bench(url, options.secondes, options.creneaux)


def bench(url, seconds, creneaux=None):
    """As in production: no DEBUG, static files collected, sync workers."""
    with TemporaryDirectory(prefix="maisons-") as static:
        os.environ |= {"DATABASE_URL": url, "DEBUG": "False", "HTTPS": "False"}
        os.environ |= {"SECRET_KEY": secrets.token_urlsafe(50), "STATIC_ROOT": static}
        django.setup()
        with closing(connection), psycopg.connect(url, autocommit=True) as observer:
            if creneaux:
                call_command("migrate", verbosity=0)
                call_command("peupler", creneaux=creneaux)
            call_command("collectstatic", interactive=False, verbosity=0)
            title = f"{size():,} créneaux".replace(",", "\u202f")
            with serve(url, WORKERS, DEBUG="False") as serveur:
                lines = measure(serveur, observer, seconds)
                lines += races(serveur) + import_string(GUESSES)() if creneaux else []
            put(title, [re.sub(r"(?<=\d)\.(?=\d)", ",", line) for line in lines])


def put(title, lines):
    """One section for each size: the last measure of it replaces the one before."""
    told = f"Mesuré le {day(timezone.now())} sur {CORES} cœurs, {WORKERS} processus web."
    section = "\n".join([f"## {title}", "", told, "", *lines, ""])
    print(section)
    text = REPORT.read_text()
    old = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if old.search(text):
        text = old.sub(lambda _: section + "\n", text)
    else:
        text = f"{text.rstrip()}\n\n{section}"
    REPORT.write_text(text.rstrip() + "\n")


if __name__ == "__main__":
    main()
