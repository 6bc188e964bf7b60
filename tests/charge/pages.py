"""What is asked of the portal and of its ceiling, each kind of page once."""

import json
import re
import secrets
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from itertools import count, repeat

from django.utils import timezone

from tests.charge.clients import get, request, send
from tests.charge.preparatifs import bookings, client, rare, resident
from tests.charge.releves import Visit

BOOKINGS = 60  # more than two processes write in a second
STEPS = 500
HOME, HOME_ANEW = "accueil", "accueil, refait"
WEEK, FILTERED = "agenda, 7 jours", "agenda, 50 lignes et des filtres"
FAR, RARE, WORDS = "500 pas plus loin", "un filtre rare", "des mots"
AGAIN, UNCHANGED = "la même page, encore", "la même page, inchangée (304)"
MONTH, ICS, ATOM = "agenda, un mois", "agenda en ICS", "agenda en Atom"
SEARCH, MISTYPED = "recherche", "recherche, mal tapée"
HOUSE, DAY, DAY_OF_MANY = "une maison", "planning d’un jour, 5 salles", "le même, 12 salles"
ROOM, ROOMS = "une salle", "trouver une salle libre"
CHECK, BOOK = "vérifier une réservation", "réserver"
CHANGE = "UPDATE portail_versionagenda SET valeur = gen_random_uuid()"
FILTERS = "/agenda/?par=50&plain_pied=oui&gratuit=oui"
ONWARD = re.compile(r'<a class="bouton" href="(\?[^"]+)"[^>]*>(?:Suite|Jours suivants)')


def reading(name, address, **kind):
    """A page; `address` gives its path for each number, so that no two need be the same."""
    addresses, visitor = map(address, count()), client()
    return Visit(name, map(get, addresses), lambda: visitor.get(next(addresses)), **kind)


def same(name, path):
    return reading(name, lambda _: path)


def uncached(name, path, run):
    """With a key of the next page that says nothing: another address, the same page."""
    mark = "&" if "?" in path else "?"
    return reading(name, lambda n: f"{path}{mark}apres={run}{n}")


def visits(port, observer, maisons, seconds):
    """All that is measured; each is made ready when its turn comes."""
    few, many, other = (f"/maisons/{maison.slug}/" for maison in maisons)
    today, run = timezone.localdate(), secrets.token_hex(3)
    later = today + timedelta(days=5)
    yield same(HOME, "/")
    yield anew(HOME_ANEW, "/", observer)
    yield uncached(WEEK, "/agenda/", run)
    yield uncached(FILTERED, FILTERS, run)
    yield far(port)
    yield uncached(RARE, f"/agenda/?par=50&{rare()}", run)
    yield uncached(WORDS, "/agenda/?par=50&q=atelier", run)
    yield same(AGAIN, FILTERS)
    yield unchanged(port)
    yield uncached(MONTH, f"/agenda/?mois={today:%Y-%m}", run)
    yield uncached(ICS, "/agenda.ics", run)
    yield uncached(ATOM, "/agenda.atom", run)
    yield same(SEARCH, "/recherche/?q=atelier")
    yield same(MISTYPED, "/recherche/?q=atellier")
    yield same(HOUSE, other)
    yield same(DAY, f"{few}salles/?jour={later}")
    yield same(DAY_OF_MANY, f"{many}salles/?jour={later}")
    yield same(ROOM, f"{other}salles/bureau/")
    yield same(ROOMS, f"/salles/?jour={later}&personnes=8")
    yield from booking(int(BOOKINGS * seconds))


def anew(name, path, observer):
    """One visitor at a time, the version of the agenda changed before each."""

    def address(_):
        observer.execute(CHANGE)
        return path

    return reading(name, address, clients=1)


def far(port):
    """
    The « Suite » and « Jours suivants » of the page, followed; the last that shows 50 rows.

    Its key, some microseconds earlier, is another address that shows the same rows.
    """
    path, page = FILTERS, None
    for _ in range(STEPS):
        answer = send(port, get(path))
        shown, path = path, "/agenda/" + unescape(ONWARD.search(answer.body)[1])
        if "apres=" in shown and "apres=" in path:
            page = shown
        if 'class="vide"' in answer.body:
            break
    before, brief, moment, pk = re.fullmatch(r"(.+apres=)(\d)_([^_]+)_(\d+)", page).groups()
    moment = datetime.fromisoformat(moment.replace("%3A", ":").replace("%2B", "+"))
    chance = secrets.randbelow(10**6)

    def address(number):
        since = moment - timedelta(microseconds=1 + chance + number)
        return f"{before}{brief}_{since.isoformat().replace('+', '%2B')}_{pk}"

    return reading(FAR, address)


def unchanged(port):
    tag = re.search(r"^etag: (\S+)", send(port, get(FILTERS)).head, re.I | re.M)[1]
    raw = request("GET", FILTERS, f"If-None-Match: {tag}")
    act = partial(client().get, FILTERS, headers={"If-None-Match": tag})
    return Visit(UNCHANGED, repeat(raw), act, status=304)


def booking(number):
    """The check of a booking, which writes nothing; then as many bookings as there are hours."""
    (compte, path, typed), *prepared = bookings(number)
    raw = resident(compte).post(path, **typed, etape="verifier")
    act = partial(client(compte).post, path, typed | {"etape": "verifier"})
    yield Visit(CHECK, repeat(raw), act)
    confirm = {"etape": "confirmer"}
    last, prepared = prepared[:2], prepared[2:]
    acts = iter([partial(client(who).post, to, what | confirm) for who, to, what in last])
    asked = [resident(who).post(to, **what, **confirm) for who, to, what in prepared]
    yield Visit(BOOK, iter(asked), lambda: next(acts)(), status=302, writes=True)


def bare_page():
    return same("page du plafond", "/agenda-sql")


def bare_booking():
    """An hour more in one room after the other, where nothing is."""
    start = datetime.fromisoformat("2030-01-01T00:00+00:00")

    def ask(number):
        rank, room = divmod(number, 100)
        debut = start + timedelta(hours=rank)
        fin = debut + timedelta(hours=1)
        typed = {"room": room + 1, "start": debut.isoformat(), "end": fin.isoformat()}
        body = json.dumps(typed).encode()
        return request("POST", "/book", f"Content-Length: {len(body)}") + body

    return Visit("réservation du plafond", map(ask, count()), status=201)
