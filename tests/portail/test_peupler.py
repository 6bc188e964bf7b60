from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from shapely.geometry import Point, Polygon

from comptes.models import Compte
from maisons.models import (
    Creneau,
    Maison,
    Occurrence,
    Reservation,
)
from permanences.models import Permanence, RendezVous, Service, Vacation
from portail.rivemont import ACCOUNTS, PASSWORD
from portail.rivemont.comptes import (
    ADMIN,
    DESK,
    RESIDENT,
    create_accounts,
)
from portail.rivemont.maisons import create_houses
from portail.rivemont.programme import programme
from portail.rivemont.rythmes import Rythme
from portail.rivemont.territoire import create_territory
from portail.volume.forme import Forme
from portail.volume.semaines import Weeks
from portail.volume.vacations import Weekly
from portail.volume.ville import House, Place
from quartiers.models import Quartier
from tests.factories import CompteFactory, MaisonFactory, OccurrenceFactory, VilleFactory

# Long gone, wherever the tests run: the database refuses a publication in the future.
MONDAY = datetime(2024, 11, 4, 10, tzinfo=ZoneInfo("Europe/Paris"))


def populate(on):
    with time_machine.travel(on, tick=False):
        call_command("peupler")


def counts():
    """The number of rows of every table, the histories too."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


def clashes():
    """Pairs that hold one room at once, looked for without the constraint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM maisons_creneau a JOIN maisons_creneau b ON a.id < b.id"
            " AND a.maison_id = b.maison_id AND a.emprise && b.emprise"
            " AND a.debut < b.libere_a AND b.debut < a.libere_a"
            " WHERE a.annule_le IS NULL AND b.annule_le IS NULL"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_each_house_stands_in_its_quartier():
    create_houses(create_territory())

    outlines = {q.pk: Polygon(q.contour[0]) for q in Quartier.objects.all()}
    for maison in Maison.objects.all():
        where = Point(maison.longitude, maison.latitude)
        homes = [pk for pk, outline in outlines.items() if outline.contains(where)]
        assert homes == [maison.quartier_id]


@pytest.mark.django_db
def test_the_accounts_can_sign_in():
    create_accounts(MaisonFactory())

    for courriel, *_ in ACCOUNTS:
        compte = Compte.objects.get(courriel=courriel)
        assert compte.check_password(PASSWORD)
        assert EmailAddress.objects.filter(user=compte, verified=True, primary=True).exists()
    resident, desk, admin = (Compte.objects.get(courriel=c) for c in (RESIDENT, DESK, ADMIN))
    assert (resident.is_staff, desk.roles, admin.is_superuser) == (False, {"accueil"}, True)


@pytest.mark.django_db
@pytest.mark.parametrize("holder", [VilleFactory, CompteFactory])
@pytest.mark.parametrize("args", [[], ["--creneaux", "10"]])
def test_a_real_city_is_refused(holder, args):
    holder()
    before = counts()

    with pytest.raises(CommandError, match="rien n’a été changé"):
        call_command("peupler", *args)

    assert counts() == before


def test_a_rhythm_that_cannot_be_read_is_told():
    assert len({item.cle for item in programme()}) == len(programme())
    with pytest.raises(ValueError, match="Rythme illisible : un lundi de temps en temps"):
        Rythme("un lundi de temps en temps")


@pytest.mark.parametrize("total", [2_000, 10_000, 100_000, 1_000_000])
def test_a_week_is_as_dense_whatever_the_total(total):
    forme = Forme(total)

    sizes = [forme.size(week) for week in range(forme.weeks)]

    assert sum(sizes) == total
    assert min(sizes) >= 1_500
    assert max(sizes) <= 2_000


def test_a_seed_gives_the_same_rows():
    houses = [House(number, 1, True) for number in range(1, 9)]
    places = [Place(house, (house.id * 10 + n,)) for house in houses for n in range(8)]
    mode = Permanence.Mode.MIXTE
    permanences = [Weekly(n, houses[n], Service(nom="Aide"), n, n % 4, mode) for n in range(7)]
    city = places, houses, [1], [1, 2, 3], permanences

    first, again, other = (
        [row.creneau | row.child for row in Weeks(Forme(700), city, seed, MONDAY).week(0)[1]]
        for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


@pytest.mark.django_db
def test_a_large_set_obeys_the_rules_of_every_creneau(capsys):
    call_command("peupler", "--creneaux", "5000", "--graine", "3")

    assert "5000 créneaux = 40 maisons × 10 salles × 3 semaines" in capsys.readouterr().out
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    week = Creneau.objects.during(midnight, midnight + timedelta(weeks=1))
    assert Creneau.objects.count() == 5000
    assert 1500 <= week.count() <= 2000
    assert 500 <= week.public().count() <= 700
    natures = Counter(Creneau.objects.values_list("nature", flat=True))
    assert natures["evenement"] == Occurrence.objects.count()
    assert natures["reservation"] == Reservation.objects.count()
    assert 300 < natures["permanence"] == Vacation.objects.count() < 400
    assert Permanence.objects.filter(vacations=None).count() < 3
    rows = RendezVous.objects.select_related("vacation__permanence__service")
    assert rows.count() > 300
    assert all((row.debut, row.fin) in row.vacation.slots() for row in rows[::20])
    assert clashes() == 0
    held = Creneau.objects.holding().filter(portee="maison").first()
    assert len(held.emprise) == 9  # its ten rooms but the shared hall
    assert OccurrenceFactory().pk > Creneau.objects.filter(nature="reservation").last().pk


@pytest.mark.django_db
def test_a_large_set_wants_an_empty_database():
    call_command("peupler", "--creneaux", "100")
    before = counts()

    with pytest.raises(CommandError, match="demande une base vide"):
        call_command("peupler", "--creneaux", "100")
    call_command("peupler")

    assert counts() == before
