"""
How often something may be done within an hour, by whom: the forms that write, send or open.

Kept in PostgreSQL, so that an empty cache forgives nothing. Counted for the contact and for the
browser first, which are one person; then for the network, which may be a school, a library or all
the subscribers of an operator: its limits are loose, and the houses' own networks have none
(TRUSTED_NETWORKS). Only HMACs are stored, erased in the night.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from itertools import chain

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comptes.models import Compteur

HOUR = timedelta(hours=1)
KEPT = timedelta(hours=3)  # longer than anything waits for its tries
# Wrong tries about one account: no sixty minutes see more than ten, wherever an hour begins.
GUESSES = {"contact": 5, "navigateur": 15, "reseau": 60}


@dataclass(frozen=True)
class Limite:
    """Times an hour, by whom; 0 is no limit."""

    quoi: str  # completes « beaucoup »
    contact: int = 0
    navigateur: int = 0
    reseau: int = 0
    sinon: str = "appelez-nous"  # what to do rather than wait


LIMITES = {
    # A form that writes a booking: a family at one computer, a library's machine.
    "reserver": Limite("de demandes", contact=5, navigateur=10, reseau=60),
    # The same for an appointment.
    "rendez_vous": Limite("de demandes", contact=5, navigateur=10, reseau=60),
    # A question to an élu.
    "question": Limite("de questions", contact=5, navigateur=10, reseau=60),
    # The same for registrations: several children in one.
    "inscription": Limite("de demandes", contact=5, navigateur=10, reseau=60),
    # Three letters of a name beside a code: wrong tries about one appointment.
    "lettres": Limite("d’essais", contact=5, navigateur=15, reseau=60),
    # The message that confirms, asked for again.
    "courriel": Limite("de demandes", contact=3, navigateur=6, reseau=30),
    # To follow something without an account: a message to an address that somebody types.
    "suivre": Limite("de demandes", contact=5, navigateur=10, reseau=60),
    # « Je viens » at a meeting of a council: people of one house, one after the other.
    "venir": Limite("de réponses", navigateur=20, reseau=60, sinon="venez sans le dire"),
    # A remark about a page.
    "remarque": Limite("de remarques", navigateur=5, reseau=60),
    # Wrong codes alone.
    "code": Limite("d’essais", navigateur=10, reseau=60),
    # Six digits, counted before they are compared; each hold has five tries besides.
    "six": Limite("d’essais", navigateur=15, reseau=60),
    "mot_de_passe": Limite("d’essais", sinon="demandez un code par e-mail", **GUESSES),
    # Codes that came by e-mail, to sign in, to confirm an address, for a new password.
    "code_recu": Limite("d’essais", **GUESSES),
    # Codes of an application, recovery codes.
    "second_facteur": Limite("d’essais", **GUESSES),
    # What sends a code by e-mail, or says that there is no account: one mailbox, whatever the form.
    "envoi_de_code": Limite("de demandes", contact=6, navigateur=12, reseau=60),
    # To work in a house, by its staff: a letter to an address that they type.
    "inviter": Limite("d’invitations", contact=3, navigateur=30),
    # Moves of one booking, which is the contact: each writes a message.
    "deplacer": Limite("de changements", contact=20),
}
GROUPS = [{"contact", "navigateur"}, {"reseau"}]
TOLD = {
    "contact": "Il y a eu beaucoup {} à votre nom.",
    "navigateur": "Vous avez fait beaucoup {}.",
    "reseau": "Il y a eu beaucoup {} depuis votre réseau, peut-être par d’autres.",
}


class TooMany(ValidationError):
    """
    A limit is reached, for `wait` more.

    A view may show it as an error of its form, which keeps what was typed (then `status(form)` is
    429), or let it pass: the middleware answers the page 429.
    """

    def __init__(self, limite, par, wait):
        self.wait = wait
        minutes = -(-wait // timedelta(minutes=1))
        told = TOLD[par].format(limite.quoi)
        patience = f"Attendez {minutes} minutes" if minutes > 1 else "Attendez une minute"
        super().__init__(f"{told} {patience}, ou {limite.sinon}.", code="trop")


def status(form):
    """The status of the page that shows this form."""
    errors = (error for told in form.errors.as_data().values() for error in told)
    return 429 if any(error.code == "trop" for error in errors) else 200


def count(request, geste, contact=""):
    """
    Count one more time; raises TooMany beyond the limit.

    In a transaction of its own, so that a refused form counts too: call it before any other.
    Whoever is stopped for themselves uses up nothing of their network.
    """
    by, hour = who(request, geste, contact), this_hour()
    for group in GROUPS:
        keys = {par: key for par, key in by.items() if par in group}
        refuse(geste, keys, add_one(geste, keys, hour))


def take_back(request, geste, contact=""):
    """Uncount what was counted before it proved right."""
    by, hour = who(request, geste, contact), this_hour()
    for group in GROUPS:
        add_one(geste, {par: key for par, key in by.items() if par in group}, hour, -1)


@contextmanager
def guess(request, geste, contact=""):
    """
    Count what the block finds wrong (ValidationError); what it finds right is taken back.

    Counted before it is compared: of a hundred tries at once, no more than allowed are compared.
    """
    count(request, geste, contact)
    yield
    take_back(request, geste, contact)


def check(request, geste, contact=""):
    """Count nothing; raises TooMany when there is no time left."""
    by = who(request, geste, contact)
    kept = Compteur.objects.filter(geste=geste, heure=this_hour(), cle__in=by.values())
    counts = {bytes(key): number + 1 for key, number in kept.values_list("cle", "nombre")}
    refuse(geste, by, counts)


def refuse(geste, keys, counts):
    limite = LIMITES[geste]
    for par, key in keys.items():
        if counts.get(key, 0) > getattr(limite, par):
            raise TooMany(limite, par, this_hour() + HOUR - timezone.now())


def add_one(geste, keys, hour, more=1):
    """{key: how many times, this one included}; `more` of -1 takes one away."""
    if not keys:
        return {}
    ordered = sorted(keys.values())  # one order: no deadlock
    rows = [(geste, key, hour, max(more, 0)) for key in ordered]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comptes_compteur (geste, cle, heure, nombre) VALUES "  # noqa: S608
            + ", ".join(["(%s, %s, %s, %s)"] * len(rows))
            + " ON CONFLICT (geste, cle, heure) DO UPDATE"
            " SET nombre = GREATEST(comptes_compteur.nombre + %s, 0) RETURNING cle, nombre",
            [*chain.from_iterable(rows), more],
        )
        return {bytes(key): number for key, number in cursor.fetchall()}


def this_hour():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def who(request, geste, contact):
    """{by whom a gesture is limited: their key}."""
    known = {
        "contact": plain(contact),
        # The secret of the CSRF cookie: whoever has opened a form of ours has one.
        "navigateur": request.META.get("CSRF_COOKIE", ""),
        "reseau": network(request),
    }
    return {
        par: salted_hmac(f"comptes.limites.{par}", value, algorithm="sha256").digest()
        for par, value in known.items()
        if value and getattr(LIMITES[geste], par)
    }


def plain(contact):
    """One spelling for a mailbox: « Zoe+2@… » is « zoe@… ». A PhoneNumber has one already."""
    box, at, domain = str(contact).strip().lower().rpartition("@")
    return f"{box.partition('+')[0]}{at}{domain}"


def network(request):
    """The address, or the /64 that an IPv6 subscriber holds; empty in a trusted network."""
    address = ip_address(get_adapter().get_client_ip(request))
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in trusted for trusted in settings.TRUSTED_NETWORKS):
        return ""
    return str(address if address.version == 4 else ip_network(f"{address}/64", strict=False))
