"""What falls due in a breakdown: bookings or appointments, in any number, each of somebody else."""

from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from maisons.models import Creneau, Maison, Reservation, Salle
from notifications.rappels import registry
from permanences.models import Permanence, RendezVous, Service, Vacation
from portail.copie import copy_creneaux
from quartiers.models import Quartier, Ville

HOUR, AGO = timedelta(hours=1), timedelta(days=30)
SLOTS = 20  # hours, from tomorrow on, each with one booking of a room or one person at a desk
DESKS = 20
SOONEST, APART = 60, 5  # seconds: of those that begin within minutes


def new_house():
    Ville.objects.get_or_create(pk=1, defaults={"nom": "Rivemont"})
    rank = Maison.objects.count()
    quartier, _ = Quartier.objects.get_or_create(nom="Banc", slug="banc")
    return Maison.objects.create(nom=f"Maison {rank}", slug=f"banc-{rank}", quartier=quartier)


def tomorrow():
    return timezone.now().replace(minute=0, second=0, microsecond=0) + 20 * HOUR


def somebody(house, number):
    name = f"personne-{house.slug}-{number}"
    return {"nom": f"Camille {number}", "courriel": f"{name}@rivemont.example"}


class Bookings:
    """Each in a room for an hour."""

    name = "reservation"  # of the reminder
    model = Reservation

    def make(self, count):
        """So many, whose reminder is due."""
        house, first = new_house(), tomorrow()
        names = [f"salle-{number}" for number in range(-(-count // SLOTS))]
        rooms = [Salle(maison=house, nom=name, slug=name, capacite=9) for name in names]
        Salle.objects.bulk_create(rooms)
        rows = [
            self.row(rooms[number // SLOTS], first + number % SLOTS * HOUR, number)
            for number in range(count)
        ]
        with transaction.atomic():
            copy_creneaux(Reservation, rows)
        return rows

    def row(self, room, debut, number):
        row = Reservation(
            maison=room.maison,
            salle=room,
            debut=debut,
            fin=debut + HOUR,
            usage=Reservation.Usage.VOISINS,
            etat=Reservation.Etat.CONFIRMEE,
            cree_le=timezone.now() - AGO,
            **somebody(room.maison, number),
        )
        row.clean()
        return row

    def hasten(self, rows):
        """Let them begin within minutes, one after the other."""
        for rank, row in enumerate(rows):
            row.debut = timezone.now() + timedelta(seconds=SOONEST + APART * rank)
            span = {"debut": row.debut, "fin": row.debut + timedelta(seconds=1)}
            Reservation.objects.filter(pk=row.pk).update(**span)


class Appointments:
    """Each at a desk for an hour; several to a date of a permanence."""

    name = "rendez_vous"
    model = RendezVous

    def make(self, count):
        """So many, of whose reminders the first is due."""
        permanence, first = self.permanence(), tomorrow()
        dates = -(-count // (SLOTS * DESKS))
        places = [
            (date, first + slot * HOUR, desk)
            for date in self.dates(permanence, first, dates)
            for slot in range(SLOTS)
            for desk in range(1, DESKS + 1)
        ]
        rows = [
            self.row(date, debut, desk, number)
            for number, (date, debut, desk) in enumerate(islice(places, count))
        ]
        return RendezVous.objects.bulk_create(rows, batch_size=500)

    def permanence(self):
        house = new_house()
        service = Service.objects.create(
            nom=f"Aide {house}", slug=house.slug, chapeau="On aide.", besoins=["droits"], duree=60
        )
        mode = Permanence.Mode.RDV
        return Permanence.objects.create(
            service=service, slug=house.slug, maison=house, mode=mode, guichets=DESKS
        )

    def dates(self, permanence, debut, count):
        place = {"portee": Creneau.Portee.SANS_SALLE, "maison": permanence.maison}
        span = {"debut": debut, "fin": debut + SLOTS * HOUR}
        rows = [
            Vacation(permanence=permanence, guichets=DESKS, **place, **span) for _ in range(count)
        ]
        for row in rows:
            row.clean()
        with transaction.atomic():
            copy_creneaux(Vacation, rows)
        return rows

    def row(self, date, debut, desk, number, fin=None):
        since = timezone.now() - AGO
        person = somebody(date.maison, number)
        place = {"vacation": date, "guichet": desk, "debut": debut, "fin": fin or debut + HOUR}
        return RendezVous(**place, **person, cree_le=since, modifie_le=since)

    def hasten(self, rows):
        """Written anew, on a date of their own: who is moved is told, and not reminded."""
        now = timezone.now()
        [date] = self.dates(rows[0].vacation.permanence, now, 1) if rows else [None]
        for rank, row in enumerate(rows):
            RendezVous.objects.filter(pk=row.pk).delete()
            row.vacation, row.guichet = date, 1
            row.debut = now + timedelta(seconds=SOONEST + APART * rank)
            row.fin = row.debut + timedelta(seconds=1)
            row.save(force_insert=True)


KINDS = [Bookings(), Appointments()]


def first_key(kind, row):
    """The key of the message of its reminder that is due."""
    return registry()[kind.name].occasions(row)[0].cle
