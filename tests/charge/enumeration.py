"""
Whether a form tells who has an account: by its bytes, its statements, its messages, its time (G15).

The suite compares two answers; `make bench ARGS="--enumeration 2000"` times so many tries of each
form, known and unknown in turn, and asks a rank test whether it can tell them apart.
"""

import os
import random
import re
import statistics
import time
import uuid
from contextlib import closing
from datetime import time as time_of_day
from datetime import timedelta
from ipaddress import ip_network
from itertools import groupby, islice, product
from math import erfc, sqrt
from operator import itemgetter

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from comptes.models import Compte
from maisons.heures import starts_at
from maisons.models import Reservation
from tests.charge.bases import throw_away
from tests.connexion import sign_in
from tests.factories import AttenteFactory, CompteFactory, MaisonFactory, SalleFactory, VilleFactory

PASSWORD = "trois mots sans rapport"
APART = 5  # milliseconds between two medians, at most
TOLD_APART = 0.01  # a rank test surer than that tells them apart
DOMAIN = "rivemont.example"
VARIES = [
    (r'(csrfmiddlewaretoken" value|name="jeton" value)="[^"]*"', ""),
    (r"/attente/[0-9a-f-]{36}", ""),
    (r"\d+", "0"),
]


class Decor:
    """Who has an account, who has none, and what the forms are about."""

    def __init__(self, tries):
        VilleFactory(telephone="04 65 71 00 00")
        # Two spellings of one length: nothing else tells them apart.
        self.known = [f"ada{n:06}@{DOMAIN}" for n in range(tries)]
        self.unknown = [f"bob{n:06}@{DOMAIN}" for n in range(tries)]
        password = make_password(PASSWORD)
        people = Compte.objects.bulk_create(
            Compte(courriel=courriel, nom="Ada", password=password) for courriel in self.known
        )
        EmailAddress.objects.bulk_create(
            EmailAddress(user=one, email=one.courriel, verified=True, primary=True)
            for one in people
        )
        self.house = MaisonFactory()
        self.spans = spans(self.house, tries)

    def signed_in(self, **fields):
        """The browser of somebody new: their limits are their own."""
        client, me = Client(), CompteFactory(nom="Ada", **fields)
        EmailAddress.objects.create(user=me, email=me.courriel, verified=True, primary=True)
        sign_in(client, me)
        return client


def spans(house, tries):
    """Hours that nobody else books."""
    count = -(-2 * tries // (60 * 12)) + 2
    rooms = SalleFactory.create_batch(count, maison=house, avec_accord=False)
    first = timezone.localdate() + timedelta(days=8)
    days = [first + timedelta(days=rank) for rank in range(60)]
    return product(rooms, days, range(9, 21))


def login(decor, address):
    typed = {"login": address, "password": "ce n’est pas le bon"}
    return Client(), reverse("account_login"), typed


def login_by_code(decor, address):
    return Client(), reverse("account_login"), {"login": address, "par": "code"}


def code(decor, address):
    return Client(), reverse("account_request_login_code"), {"email": address}


def sign_up(decor, address):
    typed = {"nom": "Ada", "email": address, "password1": ""}
    return Client(), reverse("account_signup"), typed


def sign_up_with_password(decor, address):
    typed = {"nom": "Ada", "email": address, "password1": PASSWORD}
    return Client(), reverse("account_signup"), typed


def reset(decor, address):
    return Client(), reverse("account_reset_password"), {"email": address}


def booking(decor, address):
    room, day, hour = next(decor.spans)
    page = reverse("maisons:reservation_create", args=[decor.house.slug, room.slug])
    typed = {"jour": day.isoformat(), "de": f"{hour}:00", "a": f"{hour + 1}:00"}
    typed |= {"nom": "Ada", "contact": address, "courriel": address, "telephone": ""}
    typed |= {"usage": "voisins", "personnes": "4", "jeton": uuid.uuid4(), "etape": "confirmer"}
    return Client(), page, typed


def correction(decor, address):
    """A code called back at another address than the one typed first."""
    room, day, hour = next(decor.spans)
    first = f"cam{uuid.uuid4().hex}@{DOMAIN}"
    debut = starts_at(day, time_of_day(hour))
    span = {"debut": debut, "fin": debut + timedelta(hours=1)}
    waiting = AttenteFactory(salle=room, courriel=first, **span)
    typed = {"courriel": address, "etape": "corriger"}
    return Client(), reverse("maisons:attente", args=[waiting.jeton]), typed


def new_address(decor, address):
    page = reverse("account_email")
    return decor.signed_in(), page, {"email": address, "action_add": ""}


def invitation(decor, address):
    typed = {"courriel": address, "maison": decor.house.pk, "role": "accueil"}
    typed |= {"debut": timezone.localdate().isoformat(), "fin": ""}
    page = reverse("admin:maisons_invitationaffectation_add")
    return decor.signed_in(is_superuser=True), page, typed


FORMS = {
    "connexion": login,
    "connexion par code": login_by_code,
    "code demandé": code,
    "inscription": sign_up,
    "inscription avec mot de passe": sign_up_with_password,
    "mot de passe oublié": reset,
    "réservation sans compte": booking,
    "code rappelé ailleurs": correction,
    "nouvelle adresse": new_address,
    "invitation": invitation,
}


def send(asked):
    """The answer of a form and of the page that follows; how long both took, in milliseconds."""
    client, page, typed = asked
    begun = time.perf_counter()
    answers = [client.post(page, typed)]
    if answers[0].status_code == 302:
        answers.append(client.get(answers[0].url))
    return answers, 1000 * (time.perf_counter() - begun)


def plain(answers, address):
    """Status, headers and bytes, without what must differ: the address, tokens, numbers."""
    told = []
    for answer in answers:
        head = {name: answer[name] for name in answer.headers if name != "Content-Length"}
        page = f"{answer.status_code} {head} {answer.content.decode()}".replace(address, "X")
        page = page.replace(address.replace("@", "%40"), "X").replace(
            address.replace("@", "@<wbr>"), "X"
        )
        for pattern, instead in VARIES:
            page = re.sub(pattern, instead, page)
        told.append(page)
    return told


def rank_test(left, right):
    """The two-sided p of Mann and Whitney, by the normal law: both are long."""
    ordered = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    ranks, place = 0, 1
    for _, same in groupby(ordered, key=itemgetter(0)):  # equal ones share the mean of their ranks
        sides = [side for _, side in same]
        ranks += sides.count(0) * (place + (len(sides) - 1) / 2)
        place += len(sides)
    n, m = len(left), len(right)
    spread = sqrt(n * m * (n + m + 1) / 12)
    return erfc(abs(ranks - n * (n + m + 1) / 2) / spread / sqrt(2))


def times(form, decor, tries, chance):
    """({known: milliseconds}), each pair in an order drawn at random."""
    found = {True: [], False: []}
    for pair in islice(zip(decor.known, decor.unknown, strict=True), tries):
        sides = [(True, pair[0]), (False, pair[1])]
        chance.shuffle(sides)
        for known, address in sides:
            answers, spent = send(form(decor, address))
            assert answers[0].status_code in (200, 302), answers[0].status_code
            found[known].append(spent)
    return found


def bench(tries, seed):
    """Print what tells the sides of each form apart, if anything; returns how many forms do."""
    found = {}
    print(f"{tries} essais de chaque côté, graine {seed}", flush=True)
    name = f"enumeration_{os.getpid()}"
    with throw_away(name), closing(connection):
        connection.settings_dict["NAME"] = name
        call_command("migrate", verbosity=0)
        with override_settings(
            TRUSTED_NETWORKS=[ip_network("127.0.0.0/8")],
            ALLOWED_HOSTS=["testserver"],
            EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        ):
            decor, chance = Decor(tries), random.Random(seed)
            for title, form in FORMS.items():
                clear(decor)
                found[title] = times(form, decor, tries, chance)
                print(line(title, found[title]), flush=True)
    return sum(not held(one) for one in found.values())


def clear(decor):
    """What an earlier form wrote about an address tells nothing here."""
    Reservation.objects.all().delete()
    Compte.objects.filter(courriel__in=decor.unknown).delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE comptes_compteur")


def held(found):
    known, unknown = medians(found)
    return abs(known - unknown) <= APART and rank_test(found[True], found[False]) > TOLD_APART


def medians(found):
    return [statistics.median(found[side]) for side in (True, False)]


def line(title, found):
    known, unknown = medians(found)
    sure = rank_test(found[True], found[False])
    return (
        f"{title} : {known:.2f} ms connue, {unknown:.2f} ms inconnue, "
        f"écart {known - unknown:+.2f} ms, p = {sure:.3f} : {'tenu' if held(found) else 'PAS TENU'}"
    )
