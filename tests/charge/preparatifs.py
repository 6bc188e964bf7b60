"""What is made ready before the measure: houses of 5 and 12 rooms, hours to book, residents."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone

from comptes.models import Compte
from maisons.disponibilites import Disponibilites
from maisons.models import Creneau, Maison, Salle
from portail.agenda import Agenda
from tests.charge.clients import Resident
from tests.connexion import SigningClient

FEW, MANY = 5, 12  # rooms of a house
AHEAD = timedelta(days=2), timedelta(days=20)  # of the days that are booked: never too soon
HOUR = timedelta(hours=1)
SECRET = "c" * 32  # the same in the cookie and in the form, as a browser has them


def resize(maisons):
    """
    Rooms go from house to house with all that was ever held in them, until one has five and
    another twelve; a third takes the rest.

    The database refuses that of whoever asks: its triggers are off meanwhile.
    """
    few, many, rest = maisons
    alone = few.salles.filter(partie_de=None, parties=None).order_by("pk")
    moved = list(alone[: few.salles.count() - FEW])
    with triggers_off(Salle, Creneau):
        for salle in moved:
            house = many if many.salles.count() < MANY else rest
            named = {"nom": f"{salle.nom} bis", "slug": f"{salle.slug}-bis"}
            Salle.objects.filter(pk=salle.pk).update(maison=house, **named)
            Creneau.objects.filter(salle=salle).update(maison=house)


@contextmanager
def triggers_off(*models):
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def rare():
    """The house and the theme of the fewest rows of the week, one at least."""
    told = Agenda(QueryDict()).within.exclude(maison=None).exclude(theme="")
    groups = told.values_list("maison__slug", "theme").annotate(number=Count("pk"))
    slug, theme, _ = groups.order_by("number", "maison__slug", "theme")[0]
    return f"maison={slug}&theme={theme}"


def free_hours():
    """(room, what its form takes): an hour of each day; no room is a part of another."""
    first, last = (timezone.localdate() + ahead for ahead in AHEAD)
    for maison in Maison.objects.order_by("-pk"):
        rooms = maison.salles.filter(reservable=True, partagee=False, partie_de=None, parties=None)
        known = Disponibilites(maison, first, last, maison.salles.all())
        for room in rooms:
            for rank in range((last - first).days):
                yield from hour_of(room, known.free(room, first + timedelta(days=rank)))


def hour_of(room, spans):
    for span in spans[:1]:
        debut = timezone.localtime(span.debut)
        fin = timezone.localtime(span.debut + HOUR)
        if span.fin - span.debut >= HOUR and room.duree_max >= HOUR:
            hours = {"jour": debut.date(), "de": f"{debut:%H:%M}", "a": f"{fin:%H:%M}"}
            yield room, hours | {"usage": "voisins", "personnes": 2}


def bookings(number):
    """(account, address of the form, what it takes) of so many, each by somebody else."""
    run, nobody = uuid4().hex[:8], make_password(None)
    comptes = Compte.objects.bulk_create(
        Compte(courriel=f"{run}-{rank}@charge.example", nom="Essai", password=nobody)
        for rank in range(number)
    )
    asked = list(islice(free_hours(), number))
    for compte, (room, typed) in zip(comptes, asked, strict=False):
        yield compte, f"{room.get_absolute_url()}reserver/", typed | {"jeton": uuid4()}


def resident(compte):
    """Signed in, the form open."""
    signed = Resident.sign_in(compte)
    return Resident(f"{signed.cookies}; csrf={SECRET}", SECRET)


def client(compte=None):
    found = SigningClient(SERVER_NAME="127.0.0.1")
    if compte:
        found.force_login(compte)
    return found
