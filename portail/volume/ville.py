"""The metropolis: quartiers in rectangles, forty houses of ten rooms, two thousand residents."""

from collections import namedtuple
from datetime import time, timedelta

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from comptes.models import Compte
from maisons.models import Horaire, Maison, Salle
from portail.rivemont.comptes import DOMAIN, create_accounts
from portail.volume.forme import HOUSES, RESIDENTS
from portail.volume.mots import MAISONS, QUARTIERS
from quartiers.models import Quartier, Ville

NAME = "Grandville"
WEST, SOUTH, WIDE, HIGH, COLUMNS = 1.80, 46.20, 0.04, 0.03, 5  # degrees

# One line for each of the ten rooms: the large hall, its halves, six rooms, the shared hall.
SALLES = [
    ("Grande salle", 180, 30, None),
    ("Côté jardin", 90, 15, "Grande salle"),
    ("Côté rue", 80, 15, "Grande salle"),
    *[(f"Salle {number}", 12 + 6 * number, 15, None) for number in range(1, 5)],
    ("Atelier", 15, 15, None),
    ("Bureau", 8, 0, None),
    ("Hall", 120, 0, None),
]

# Rooms that take turns, as one place: the whole, its halves, or a room alone.
Place = namedtuple("Place", "house salles")
House = namedtuple("House", "id quartier_id plain_pied")


def create_city():
    """Places, houses, quartier ids and resident ids."""
    Ville.objects.create(pk=1, nom=NAME, zone_scolaire="B", demonstration=True)
    quartiers = [create_quartier(rank, nom) for rank, nom in enumerate(QUARTIERS)]
    houses, places = [], []
    for rank in range(HOUSES):
        maison = create_house(rank, quartiers[rank % len(quartiers)])
        house = House(maison.pk, maison.quartier_id, maison.plain_pied)
        houses.append(house)
        whole, *others = create_rooms(maison)
        places.append(Place(house, (whole, *others[:2])))
        places += [Place(house, (salle,)) for salle in others[2:]]
    create_accounts(Maison.objects.order_by("pk").first())
    return places, houses, [quartier.pk for quartier in quartiers], create_residents()


def create_quartier(rank, nom):
    west = WEST + WIDE * (rank % COLUMNS)
    south = SOUTH + HIGH * (rank // COLUMNS)
    east, north = west + WIDE, south + HIGH
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    contour = [[[round(x, 6), round(y, 6)] for x, y in ring]]
    return Quartier.objects.create(nom=nom, slug=slugify(nom), code=f"Q{rank}", contour=contour)


def create_house(rank, quartier):
    column, row = rank // len(QUARTIERS) % 2, rank // len(QUARTIERS) // 2
    west, south = quartier.contour[0][0]
    nom = f"Maison {rank + 1:02} {MAISONS[rank]}"
    maison = Maison.objects.create(
        nom=nom,
        slug=slugify(nom.replace("’", "-")),
        quartier=quartier,
        reference=f"volume:{rank + 1}",
        adresse=f"{3 * rank + 1} rue {MAISONS[rank]}",
        telephone=f"04 65 71 10 {rank:02}",
        longitude=round(west + WIDE * (0.25 + 0.5 * column), 6),
        latitude=round(south + HIGH * (0.25 + 0.5 * row), 6),
        plain_pied=rank % 5 != 0,
    )
    Horaire.objects.bulk_create(
        Horaire(maison=maison, jour=jour, ouvre=time(8), ferme=time(23)) for jour in range(7)
    )
    return maison


def create_rooms(maison):
    """The ids of the rooms, in the order of the lines."""
    made = {}
    for nom, capacite, minutes, whole in SALLES:
        made[nom] = Salle.objects.create(
            maison=maison,
            nom=nom,
            slug=slugify(nom),
            capacite=capacite,
            battement=timedelta(minutes=minutes),
            partie_de=made.get(whole),
            partagee=nom == "Hall",
            avec_accord=capacite > 20,
            plain_pied=maison.plain_pied,
        )
    return [salle.pk for salle in made.values()]


def create_residents():
    nobody = make_password(None)  # they never sign in
    Compte.objects.bulk_create(
        Compte(courriel=f"habitant{rank}@{DOMAIN}", nom=f"Habitant {rank}", password=nobody)
        for rank in range(RESIDENTS)
    )
    made = Compte.objects.filter(courriel__startswith="habitant", password=nobody)
    return list(made.order_by("pk").values_list("pk", flat=True))
