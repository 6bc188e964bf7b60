"""What each page costs: answers a second, waiting time, CPU, bytes, statements."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from statistics import quantiles
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.charge.clients import Resident, first_free, get, open_forms, send
from tests.charge.mesures import Meter

CLIENTS = 4  # each asks again as soon as it is answered
HEAD = [
    "| page | réponses/s | médiane, ms | 95 %, ms | CPU web, ms | CPU base, ms | octets | SQL "
    "| pris par d’autres |",
    "| --- |" + " ---: |" * 8,
]


def size():
    return apps.get_model("maisons.Creneau").objects.count()


def measure(serveur, observer, seconds):
    """The lines of a table in French, one for each page."""
    maison = apps.get_model("maisons.Maison").objects.order_by("pk")[2]
    visits = [*reading(f"/maisons/{maison.slug}/"), booking(serveur, maison)]
    return HEAD + [row(serveur, observer, seconds, *visit) for visit in visits]


def reading(house):
    """(name, raw request, the same visit through Django's client)."""
    today = timezone.localdate()
    pages = {
        "accueil": "/",
        "agenda, 7 jours": "/agenda/",
        "agenda, un quartier": "/agenda/?quartier=bellevue",
        "agenda, un mot": "/agenda/?q=atelier",
        "agenda, semaine passée": f"/agenda/?du={today - timedelta(days=14)}",
        "agenda, 30 jours": f"/agenda/?au={today + timedelta(days=29)}",
        "une maison": house,
        "planning d’un jour": f"{house}salles/?jour={today + timedelta(days=5)}",
        "une salle": f"{house}salles/salle-1/",
    }
    client = Client(SERVER_NAME="127.0.0.1")
    return [(name, get(path), partial(client.get, path)) for name, path in pages.items()]


def booking(serveur, maison):
    """The check of a booking: all the rules are read, nothing is written."""
    room = f"/maisons/{maison.slug}/salles/bureau/"
    typed = {"usage": "voisins", "personnes": 4, "jeton": uuid4(), "etape": "verifier"}
    typed |= first_free(serveur.port, room)
    compte = apps.get_model("comptes.Compte").objects.get(courriel="habitante@rivemont.example")
    path = f"{room}reserver/"
    (resident,) = open_forms(serveur.port, path, [Resident.sign_in(compte)])
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(compte)
    act = partial(client.post, path, typed)
    return "vérifier une réservation", resident.post(path, **typed), act


def row(serveur, observer, seconds, name, raw, act):
    load(serveur.port, raw, seconds / 10)  # each process has read its templates
    with Meter(serveur.pid, observer) as meter:
        answers = load(serveur.port, raw, seconds)
    assert {answer.status for answer in answers} == {200}
    with CaptureQueriesContext(connection) as asked:
        act()
    number = len(answers)
    waits = quantiles([answer.seconds * 1000 for answer in answers], n=20)
    return (
        f"| {name} | {number / meter.seconds:.0f} | {waits[9]:.0f} | {waits[18]:.0f} "
        f"| {meter.app / number * 1000:.1f} | {meter.database / number * 1000:.1f} "
        f"| {len(answers[0].body.encode())} | {len(asked)} | {meter.foreign:.1f} cœur |"
    )


def load(port, raw, seconds):
    """The answers to a few clients that ask without a pause."""
    until = time.monotonic() + seconds

    def ask(_):
        answers = [send(port, raw)]
        while time.monotonic() < until:
            answers.append(send(port, raw))
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [answer for answers in pool.map(ask, range(CLIENTS)) for answer in answers]
