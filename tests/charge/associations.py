"""
Ten thousand associations and two thousand activities: what their pages cost, whatever their number.

`make bench ARGS=--associations` reads each page twice, with a fiftieth of them then with all; then
two hundred people register for one activity, one after the other and eight at once.
"""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from random import Random

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from associations import activites, inscriptions
from associations.models import (
    Activite,
    Adhesion,
    Association,
    Charte,
    Dossier,
    Inscription,
    MembreAssociation,
    Seance,
)
from comptes.models import Compte
from maisons import heures
from maisons.models import Maison, Theme
from portail.copie import copy_creneaux
from portail.volume.remplissage import execute
from quartiers.models import Quartier
from tests.charge.banc import REPORT, filled
from tests.charge.conseils import TIMES, measured
from tests.charge.mesures import CORES
from tests.charge.permanences import table
from tests.charge.rapport import number, put

ASSOCIATIONS, ACTIVITIES, FEW = 10_000, 2_000, 50
CRENEAUX, WEEKS, REGISTERED = 10_000, 12, 8
PEOPLE, AT_ONCE = 200, 8
WORDS = ["Chorale", "Danse", "Poterie", "Théâtre", "Jardin", "Échecs", "Yoga", "Couture"]


@transaction.atomic
def fill(associations, activities, first=0):
    """So many of each, numbered from `first` on; the activities are of the first associations."""
    random, today = Random(f"associations:{first}"), timezone.localdate()
    quartiers, houses = list(Quartier.objects.all()), list(Maison.objects.order_by("pk"))
    themes = Theme.values
    made = Association.objects.bulk_create(
        Association(
            nom=f"{random.choice(WORDS)} {first + rank}",
            slug=f"banc-{first + rank}",
            objet="Se retrouver et apprendre.",
            themes=[random.choice(themes)],
            quartier=random.choice(quartiers),
        )
        for rank in range(associations)
    )
    sign(made, random, today)
    rows = Activite.objects.bulk_create(
        activity(owner, random, rank, today, random.choice(houses))
        for owner, rank in zip(cycle(made), range(first, first + activities), strict=False)
    )
    copy_creneaux(Seance, [date for row in rows for date in sessions(row, random, today)])
    register(rows)


def sign(associations, random, today):
    """An adhesion each, a year long: one in six ends within two months, one in six has ended."""
    charte = Charte.objects.public().first()
    if charte is None:
        charte = Charte.objects.create(texte="Accueillir tout le monde.")
        charte.publish(by=None)
    ends = [today + timedelta(days=random.randrange(-60, 305)) for _ in associations]
    Adhesion.objects.bulk_create(
        Adhesion(
            association=association,
            charte=charte,
            signataire="Camille",
            signe_le=until - timedelta(days=365),
            jusqu_au=until,
            assurance_jusqu_au=until,
        )
        for association, until in zip(associations, ends, strict=True)
    )


def activity(association, random, rank, today, maison):
    youngest = random.choice([None, 6, 16, 60])
    return Activite(
        association=association,
        titre=f"{random.choice(WORDS)} du {random.choice(heures.WEEKDAYS)} {rank}",
        slug=f"banc-{rank}",
        resume="Venez essayer une fois.",
        theme=association.themes[0],
        age_min=youngest,
        age_max=11 if youngest == 6 else None,
        gratuit=random.random() < 0.5,
        maison=maison,
        premier=today,
        dernier=today + timedelta(weeks=WEEKS),
        places=random.choice([REGISTERED, 12, 20]),
        publie_le=timezone.now() - timedelta(days=30),
    )


def sessions(row, random, today):
    day, hour = random.randrange(7), random.randrange(9, 20)
    for week in range(WEEKS):
        starts = heures.starts_at(today + timedelta(days=1 + day + 7 * week))
        debut = starts + timedelta(hours=hour)
        date = activites.make(row, debut=debut, fin=debut + timedelta(minutes=90))
        date.mention = "complet, liste d’attente ouverte" if row.places == REGISTERED else ""
        date.clean()
        yield date


def register(rows):
    """Eight people for each: a third of the activities are full."""
    passes = [
        Dossier(nom=f"Personne {number}", telephone=f"+33467{row.pk % 10**6:06}")
        for row in rows
        for number in range(REGISTERED)
    ]
    for dossier in passes:
        dossier.give_code()
    held = []
    for rank, dossier in enumerate(Dossier.objects.bulk_create(passes, batch_size=2000)):
        row, place = rows[rank // REGISTERED], rank % REGISTERED + 1
        inscription = Inscription(dossier=dossier, activite=row)
        inscription.mark(Inscription.Etat.INSCRITE, place)
        held.append(inscription)
    Inscription.objects.bulk_create(held, batch_size=2000)


def pages():
    """{name: address} of what the public reads."""
    directory, programme = (
        reverse(f"associations:{name}") for name in ("association_list", "activite_list")
    )
    row = Activite.objects.order_by("pk").first()
    return {
        "l’annuaire": directory,
        "l’annuaire, un mot et un thème": f"{directory}?q=danse&theme=culture",
        "une association": row.association.get_absolute_url(),
        "les activités": programme,
        "les activités d’un jour, pour un âge, gratuites, avec des places": f"{programme}?jour="
        "mercredi&age=8&gratuit=oui&libre=oui",
        "les activités, un mot rare": f"{programme}?q=introuvable",
        "une activité": row.get_absolute_url(),
        "chercher dans tout le site": f"{reverse('portail:recherche')}?q=poterie",
    }


def staff_pages():
    """The same of what the city alone reads."""
    listed = reverse("admin:associations_adhesion_changelist")
    return {
        "les adhésions, par la ville": listed,
        "les adhésions finies": f"{listed}?situation=finie",
        "les adhésions, un mot": f"{listed}?q=poterie",
        "l’accueil de la gestion, par la ville": reverse("admin:index"),
    }


def volunteer_pages():
    """The same of what a volunteer reads of one association."""
    return {
        "les inscriptions, par une bénévole": reverse("admin:associations_inscription_changelist"),
        "les activités, par une bénévole": reverse("admin:associations_activite_changelist"),
        "l’accueil de la gestion, par une bénévole": reverse("admin:index"),
    }


def volunteer():
    """Somebody who runs the first association that has activities."""
    association = Activite.objects.earliest("pk").association
    compte = Compte.objects.create_user("benevole@rivemont.example")
    terms = {"role": MembreAssociation.Role.RESPONSABLE, "debut": timezone.localdate()}
    MembreAssociation.objects.create(compte=compte, association=association, **terms)
    return compte


def bench():
    with filled(CRENEAUX):
        city, member = Compte.objects.create_superuser("ville@rivemont.example"), None
        told = []
        for first, associations, activities in [
            (0, ASSOCIATIONS // FEW, ACTIVITIES // FEW),
            (ASSOCIATIONS, ASSOCIATIONS - ASSOCIATIONS // FEW, ACTIVITIES - ACTIVITIES // FEW),
        ]:
            fill(associations, activities, first)
            member = member or volunteer()
            execute("ANALYZE")
            lines = [measured(name, path) for name, path in pages().items()]
            lines += [measured(name, path, city) for name, path in staff_pages().items()]
            lines += [measured(name, path, member) for name, path in volunteer_pages().items()]
            told += [shape(), "", *table(lines), ""]
        told += registrations()
    title = "Les associations et leurs activités"
    print(put("", title, told))
    REPORT.write_text(put(REPORT.read_text(), title, told))


def shape():
    counted = [number(kind.objects.count()) for kind in (Association, Activite, Seance)]
    return (
        f"{counted[0]} associations, {counted[1]} activités, {counted[2]} séances, "
        f"{number(Inscription.objects.count())} inscriptions. "
        f"Un lecteur à la fois, {TIMES} lectures. "
        f"Charge de la machine : {os.getloadavg()[0]:.0f} pour {CORES} cœurs."
    )


def registrations():
    """Two hundred people in a row, then eight at once, for one activity."""
    activite = Activite.objects.order_by("pk").last()
    inscriptions.change_places(activite, 1000)
    alone = [join(activite, rank) for rank in range(PEOPLE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        together = list(pool.map(lambda rank: join_apart(activite, rank), range(PEOPLE)))
    return [
        f"S’inscrire : {statistics.median(alone):.1f} ms (95 % sous "
        f"{statistics.quantiles(alone, n=20)[-1]:.1f} ms) ; à {AT_ONCE} à la fois, pour la même "
        f"activité : {statistics.median(together):.1f} ms (95 % sous "
        f"{statistics.quantiles(together, n=20)[-1]:.1f} ms)."
    ]


def join(activite, rank, who="a"):
    begun = time.perf_counter()
    dossier = Dossier(nom="Camille", courriel=f"{who}{rank}@rivemont.example")
    inscriptions.register(dossier, [Inscription(activite=activite)], quiet=True)
    return (time.perf_counter() - begun) * 1000


def join_apart(activite, rank):
    try:
        return join(activite, rank, "b")
    finally:
        connection.close()
