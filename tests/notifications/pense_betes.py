"""A kind of reminder of the tests' own, which reminds each account of the day that it was made."""

from contextlib import contextmanager
from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Value

from comptes.models import Compte
from notifications import rappels
from notifications.balayage import sweep
from notifications.envoi import post
from notifications.rappels import Reminder

AFTER = timedelta(days=10)
IMPOSSIBLE = "impossible"


@contextmanager
def only(*paths):
    """The registry holds these kinds alone: a sweep asks every kind that it holds."""
    given, rappels.paths[:] = rappels.paths[:], paths
    rappels.registry.cache_clear()
    try:
        yield
    finally:
        rappels.paths[:] = given
        rappels.registry.cache_clear()


def sweep_again():
    """How many a sweep writes, and a second one where the first did."""
    written = sweep()
    return written and written + sweep()


class Broken(Reminder):
    name = "en_panne"
    delays = [timedelta(days=1)]


class AccountReminder(Reminder):
    """Ten days after it was made, an account begins; a day before, it is told."""

    name = "compte"
    begins = "begins"
    delays = [timedelta(days=1)]

    def rows(self):
        begins = ExpressionWrapper(F("cree_le") + Value(AFTER), output_field=DateTimeField())
        return Compte.objects.filter(is_active=True).annotate(begins=begins)

    def recipients(self, compte):
        return [(compte.courriel, "")]

    def told_at(self, compte):
        return compte.cree_le

    def write(self, compte, **fields):
        if compte.nom == IMPOSSIBLE:
            raise ValueError("a name that no letter may hold")
        post(objet="Votre compte", texte=f"Bonjour {compte.nom}.", **fields)
