"""Permanences of the large city, without a room: each comes back every week, half taken."""

from collections import namedtuple
from datetime import timedelta
from random import Random
from uuid import UUID

from django.utils.text import slugify

from maisons.models import Creneau
from permanences.models import Permanence, RendezVous, Service, Vacation
from portail.rivemont.comptes import DOMAIN
from portail.volume.forme import PERMANENCES, VACATIONS, Row
from portail.volume.mots import SERVICES

Etat, Mode = RendezVous.Etat, Permanence.Mode
HOURS, LENGTH, KEPT = timedelta(hours=2), timedelta(minutes=30), timedelta(days=90)
DAY = timedelta(days=1)
MODES = [Mode.SANS_RDV, Mode.RDV, Mode.MIXTE]

# Of a house, on a day of the week and at one of the hours of the créneaux.
Weekly = namedtuple("Weekly", "id house service day slot mode")


def create_permanences(houses, now):
    """Three for each house, of seven services."""
    published = now - timedelta(days=3650)
    services = [
        Service.objects.create(
            nom=nom,
            slug=slugify(nom.replace("’", "-")),
            chapeau=chapeau,
            theme=theme,
            besoins=besoins,
            publie_le=published,
        )
        for nom, chapeau, theme, besoins in SERVICES
    ]
    return [
        create(house, services[rank % len(services)], rank, published)
        for rank, house in enumerate(house for house in houses for _ in range(PERMANENCES))
    ]


def create(house, service, rank, published):
    mode = MODES[rank % len(MODES)]
    made = Permanence.objects.create(
        service=service,
        slug=f"{service.slug}-{rank + 1}",
        maison_id=house.id,
        mode=mode,
        publie_le=published,
    )
    return Weekly(made.pk, house, service, rank % 7, rank % 4, mode)


class Vacations:
    """The rows of each week; a seed of their own, so that the others do not depend on it."""

    def __init__(self, permanences, seed, now):
        self.permanences, self.now, self.random = permanences, now, Random(f"vacations:{seed}")

    def week(self, size, start):
        """The row of each; `start(day, slot)` says when."""
        for weekly in self.permanences[: size // VACATIONS]:
            debut = start(weekly.day, weekly.slot)
            creneau = self.creneau(weekly, debut)
            guichets = 0 if weekly.mode == Mode.SANS_RDV else 1
            child = {"permanence_id": weekly.id, "guichets": guichets}
            taken = [] if "annule_le" in creneau else self.appointments(debut, guichets)
            yield Row(debut, creneau, child, appointments=taken)

    def creneau(self, weekly, debut):
        house, service = weekly.house, weekly.service
        row = {
            "nature": Vacation.NATURE,
            "titre": service.nom,
            "resume": service.chapeau,
            "mention": weekly.mode.label,
            "portee": Creneau.Portee.SANS_SALLE.value,
            "maison_id": house.id,
            "quartier_id": house.quartier_id,
            "debut": debut,
            "fin": debut + HOURS,
            "personnes": 1,
            "theme": str(service.theme),
            "gratuit": True,
            "plain_pied": house.plain_pied,
            "publie_le": min(debut - 30 * DAY, self.now - DAY),
        }
        if self.random.random() < 0.03:
            row["annule_le"] = min(debut - DAY, self.now)
            row["motif_annulation"] = Creneau.Motif.ORGANISATION.value
        return row

    def appointments(self, debut, guichets):
        starts = [debut + LENGTH * rank for rank in range(HOURS // LENGTH * guichets)]
        return [self.appointment(at) for at in starts if self.random.random() < 0.5]

    def appointment(self, debut):
        random, number = self.random, self.random.randrange(10_000)
        row = {
            "debut": debut,
            "fin": debut + LENGTH,
            "jeton": UUID(int=random.getrandbits(128), version=4),
            "cree_le": min(debut - DAY * random.randint(1, 20), self.now),
            "etat": Etat.PRIS.value,
        }
        if debut < self.now:
            row["etat"] = Etat.MANQUE.value if random.random() < 0.08 else Etat.HONORE.value
        if debut < self.now - KEPT:
            return row | {"anonymise_le": debut + KEPT}
        return row | {"nom": f"Usager {number}", "courriel": f"usager{number}@{DOMAIN}"}
