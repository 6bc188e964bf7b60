"""
Councils by the thousand of meetings: to read the plans of their pages, and to time them.

`make bench ARGS=--conseils` fills five thousand meetings of sixty thousand items beside a hundred
thousand créneaux, then writes what each page costs, and a hundred PDF in a row.
"""

import statistics
import time
from datetime import timedelta
from itertools import islice
from random import Random

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conseils.models import Conseil, Conseiller, Point, Reunion
from conseils.views import agenda_file, public
from maisons.models import Creneau, Maison
from portail.copie import copy, copy_creneaux, next_ids
from tests.charge.banc import REPORT, filled
from tests.charge.rapport import number, put

COUNCILS, MEETINGS, ITEMS = 50, 5_000, 12
CRENEAUX, TIMES, FILES = 100_000, 30, 100
APART = timedelta(days=28)  # between two meetings of one council
AHEAD = 2  # meetings of each that are still to come
SUBJECTS = [
    *["Place du Marché", "Piste cyclable", "École", "Stade", "Éclairage", "Marché de Noël"],
    *["Bruit des terrasses", "Arbres de la rue", "Collecte des déchets", "Jardins partagés"],
    *["Budget de quartier", "Ligne de bus", "Bancs et ombre", "Fête du quartier", "Berges"],
]
ABOUT = ["bilan", "premières idées", "avis du conseil", "calendrier", "choix du tracé", "travaux"]
SENTENCES = [
    "La ville présente deux scénarios.",
    "Les riverains demandent une réponse avant l’été.",
    "Le conseil donne son avis avant le vote du conseil municipal.",
    "Une visite est proposée le samedi suivant.",
    "Dix emplacements sont proposés, six peuvent être financés.",
    "Les associations du quartier tiennent un stand.",
]


@transaction.atomic
def fill(meetings=MEETINGS, items=ITEMS, councils=COUNCILS, seed=1):
    """Councils of the houses that are there, and their meetings, all public but one in fifty."""
    random, now = Random(seed), timezone.now()
    houses = list(Maison.objects.select_related("quartier").order_by("pk"))
    made = [create(rank, houses[rank % len(houses)]) for rank in range(councils)]
    rows = []
    for rank in range(meetings):
        conseil, house = made[rank % councils], houses[rank % councils % len(houses)]
        number = rank // councils + 1
        first = now - APART * (meetings // councils - AHEAD)
        rows.append(meeting(conseil, house, number, first + APART * (number - 1), random))
    copy_creneaux(Reunion, rows)
    copy_points(rows, items, random)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ANALYZE")
    return made


def create(rank, house):
    conseil = Conseil.objects.create(
        nom=f"Conseil n° {rank + 1}",
        slug=f"conseil-{rank + 1}",
        quartier=house.quartier,
        convocation=10,
        colleges=["habitants"],
    )
    Conseiller.objects.bulk_create(
        Conseiller(conseil=conseil, nom=f"Membre {n}", college="habitants") for n in range(12)
    )
    return conseil


def meeting(conseil, house, number, debut, random):
    row = Reunion(conseil=conseil, numero=number, maison=house)
    row.portee, row.debut, row.fin = Creneau.Portee.SANS_SALLE, debut, debut + timedelta(hours=2)
    row.clean_fields(exclude=["libere_a", "nature"])
    row.clean()
    row.quartier = house.quartier
    if random.randrange(50):
        early = min(debut - timedelta(days=12), timezone.now() - timedelta(hours=1))
        row.publie_le, row.mention = early, "ordre du jour publié"
    return row


def copy_points(meetings, items, random):
    columns = [f.column for f in Point._meta.local_concrete_fields if not f.generated]
    keys = iter(next_ids(Point, len(meetings) * items))
    made = (
        {
            "id": next(keys),
            "reunion_id": row.pk,
            "numero": rank,
            "rang": rank,
            "titre": f"{random.choice(SUBJECTS)} : {random.choice(ABOUT)}",
            "rapporteur": "Camille Renaud, adjointe",
            "minutes": random.choice([10, 15, 20, 30]),
            "type": random.choice(Point.Type.values),
            "texte": " ".join(random.sample(SENTENCES, 3)),
        }
        for row in meetings
        for rank in range(1, items + 1)
    )
    blank = {f.column: f.get_default() for f in Point._meta.local_concrete_fields}
    copy(Point, columns, ([(blank | point)[name] for name in columns] for point in made))


def pages():
    """{name: address} of what is read of the councils."""
    found = Reunion.objects.public().select_related("conseil").order_by("-debut")[0]
    own, held = found.conseil.get_absolute_url(), found.get_absolute_url()
    year = timezone.localdate().year - 1
    search = reverse("portail:conseils_recherche")
    return {
        "tous les conseils": reverse("conseils:conseil_list"),
        "un conseil": own,
        "un conseil, une autre année": f"{own}?annee={year}",
        "une réunion": held,
        "une réunion, en PDF déjà fait": f"{held}ordre-du-jour.pdf",
        "chercher, un mot courant": f"{search}?q=place",
        "chercher, un mot rare": f"{search}?q=ornithorynque",
        "chercher, un conseil et une année": f"{search}?conseil={found.conseil.slug}&annee={year}",
        "chercher dans tout le site": f"{reverse('portail:recherche')}?q=berges",
        "données ouvertes, première page": reverse("portail:donnees_conseils"),
        "plan pour les moteurs": reverse("portail:sitemap"),
    }


def bench():
    with filled(CRENEAUX):
        fill()
        told = [
            f"{number(MEETINGS)} réunions, {number(MEETINGS * ITEMS)} points, {COUNCILS} conseils, "
            f"à côté de {number(CRENEAUX)} créneaux. Un lecteur à la fois, {TIMES} lectures.",
            "",
            "| page | médiane, ms | 95 %, ms | base, ms | SQL | octets |",
            "| --- |" + " ---: |" * 5,
            *[measured(name, path) for name, path in pages().items()],
            "",
            files(),
        ]
    title = "Les conseils de quartier"
    text = put("", title, told)
    print(text)
    REPORT.write_text(put(REPORT.read_text(), title, told))


def measured(name, path, user=None):
    client = Client(SERVER_NAME="localhost")
    if user:
        client.force_login(user)
    client.get(path)  # what is made once
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        response = client.get(path)
        took.append((time.perf_counter() - begun) * 1000)
    assert response.status_code == 200, path
    with CaptureQueriesContext(connection) as asked:
        size = len(client.get(path).content)
    spent = sum(float(query["time"]) for query in asked.captured_queries) * 1000
    p95 = statistics.quantiles(took, n=20)[-1]
    return (
        f"| {name} | {statistics.median(took):.1f} | {p95:.1f} | {spent:.0f} | {len(asked)} "
        f"| {number(size)} |"
    )


def files():
    """A hundred documents in a row, none of them made before."""
    rows = Reunion.objects.public().select_related("conseil").order_by("-pk")
    meetings = [public(row.conseil.slug, row.numero) for row in islice(rows.iterator(), FILES)]
    documents = [agenda_file(meeting) for meeting in meetings]
    cache.clear()
    begun = time.perf_counter()
    sizes = [len(document.make()) for document in documents]
    seconds = time.perf_counter() - begun
    return (
        f"{FILES} ordres du jour en PDF l’un après l’autre, jamais faits auparavant : "
        f"{seconds:.1f} s, soit {seconds / FILES * 1000:.0f} ms et "
        f"{number(round(statistics.mean(sizes)))} octets chacun."
    )
