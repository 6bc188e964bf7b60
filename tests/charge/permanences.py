"""
A year of thirty permanences a house: what their pages cost, however much is behind them.

`make bench ARGS=--permanences` fills eight houses beside ten thousand créneaux, with half of the
places taken, and reads each page twice: after a month, then after a year. Then two hundred people
take an appointment, one after the other and eight at once.
"""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from comptes.models import Compte
from maisons.models import Affectation, Maison
from permanences import disponibilites, rendez_vous
from permanences.models import Intervenant, Permanence, RendezVous, Service, Vacation
from portail.volume.forme import VACATIONS
from portail.volume.remplissage import execute, write
from portail.volume.semaines import SLOTS, TZ
from portail.volume.vacations import Vacations, create
from portail.volume.ville import House
from tests.charge.banc import REPORT, filled
from tests.charge.conseils import TIMES, measured
from tests.charge.mesures import CORES
from tests.charge.rapport import number, put

HOUSES, EACH = 8, 30
CRENEAUX = 10_000
BEHIND, AHEAD, MONTH = 46, 6, 4  # weeks
TAKEN, AT_ONCE = 200, 8
FIRST = 1_000  # number of our first permanence, past those of the city


@transaction.atomic
def fill(weekly, weeks, seed="un mois"):
    """Dates of these permanences and their appointments, for some weeks counted from this one."""
    now = timezone.now()
    made = Vacations(weekly, seed, now)
    for week in weeks:
        write([], list(made.week(len(weekly) * VACATIONS, starts(week))))


def starts(week):
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())

    def start(day, slot):
        return datetime.combine(monday + timedelta(days=7 * week + day), SLOTS[slot], tzinfo=TZ)

    return start


def open_permanences(houses=HOUSES, each=EACH):
    """So many in each of the first houses, of the services that are there."""
    services, published = list(Service.objects.order_by("pk")), timezone.now() - timedelta(days=400)
    homes = Maison.objects.order_by("pk")[:houses]
    return [
        create(
            House(home.pk, home.quartier_id, home.plain_pied),
            services[rank % len(services)],
            FIRST + rank,
            published,
        )
        for rank, home in enumerate(home for home in homes for _ in range(each))
    ]


def staff(weekly):
    """Somebody who holds a permanence of today, and the desk of its house."""
    today = Vacation.objects.filter(
        permanence__in=[each.id for each in weekly if each.mode != Permanence.Mode.SANS_RDV],
        debut__date=timezone.localdate(),
    )
    vacation = today.select_related("permanence", "maison").order_by("debut").first()
    holder, desk = (
        Compte.objects.create(courriel=f"{name}@rivemont.example", nom=name)
        for name in ("tient", "accueille")
    )
    Intervenant.objects.create(compte=holder, permanence=vacation.permanence)
    Affectation.objects.create(compte=desk, maison=vacation.maison, role="accueil")
    return vacation.permanence, holder, desk


def pages(permanence):
    """{name: address} of what the public reads."""
    own = permanence.get_absolute_url()
    whole = reverse("permanences:permanence_list")
    return {
        "où trouver de l’aide": whole,
        "un besoin, sans rendez-vous": f"{whole}?besoin=droits&sans_rdv=oui",
        "une permanence": own,
        "ses places, pour prendre rendez-vous": f"{own}rendez-vous/",
        "données ouvertes": reverse("portail:donnees_permanences"),
    }


def read(permanence, holder, desk):
    day = reverse("admin:permanences_jour")
    lines = [measured(name, path) for name, path in pages(permanence).items()]
    lines.append(measured("la journée, par qui la tient", day, holder))
    return [*lines, measured("la journée, par l’accueil", day, desk)]


def bench():
    with filled(CRENEAUX):
        weekly = open_permanences()
        fill(weekly, range(-MONTH, AHEAD))
        execute("ANALYZE")
        permanence, *people = staff(weekly)
        told = [shape(weekly), "", *table(read(permanence, *people)), ""]
        fill(weekly, range(-BEHIND, -MONTH), seed="un an")
        execute("ANALYZE")
        told += [shape(weekly), "", *table(read(permanence, *people)), "", *takes(weekly)]
    title = "Les permanences"
    text = put("", title, told)
    print(text)
    REPORT.write_text(put(REPORT.read_text(), title, told))


def table(lines):
    return [
        "| page | médiane, ms | 95 %, ms | base, ms | SQL | octets |",
        "| --- |" + " ---: |" * 5,
        *lines,
    ]


def shape(weekly):
    dates = Vacation.objects.filter(permanence__in=[each.id for each in weekly])
    first = timezone.localdate(dates.order_by("debut").first().debut)
    weeks = (timezone.localdate() - first).days // 7
    return (
        f"{HOUSES} maisons de {EACH} permanences, {weeks} semaines derrière et {AHEAD} devant : "
        f"{number(dates.count())} dates, "
        f"{number(RendezVous.objects.filter(vacation__in=dates).count())} rendez-vous. "
        f"Un lecteur à la fois, {TIMES} lectures. "
        f"Charge de la machine : {os.getloadavg()[0]:.0f} pour {CORES} cœurs."
    )


def takes(weekly):
    """Two hundred appointments in a row, then eight people at once."""
    slots = iter(disponibilites.offered(Permanence.objects.filter(pk__in=[w.id for w in weekly])))
    alone = [take(slot) for slot in islice(slots, TAKEN)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        together = list(pool.map(take_apart, islice(slots, TAKEN)))
    return [
        f"Prendre un rendez-vous : {statistics.median(alone):.1f} ms (95 % sous "
        f"{statistics.quantiles(alone, n=20)[-1]:.1f} ms) ; à {AT_ONCE} à la fois : "
        f"{statistics.median(together):.1f} ms (95 % sous "
        f"{statistics.quantiles(together, n=20)[-1]:.1f} ms)."
    ]


def take(slot):
    begun = time.perf_counter()
    row = RendezVous(vacation=slot.vacation, debut=slot.debut, fin=slot.fin)
    row.nom, row.courriel = "Camille", f"u{slot.vacation.pk}-{slot.debut:%H%M}@rivemont.example"
    rendez_vous.take(row, quiet=True)
    return (time.perf_counter() - begun) * 1000


def take_apart(slot):
    try:
        return take(slot)
    except ValidationError as error:
        raise AssertionError(f"{slot}: {error}") from error
    finally:
        connection.close()
