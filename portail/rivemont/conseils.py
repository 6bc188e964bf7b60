"""The councils of Rivemont, their members and their meetings, three years back and some ahead."""

import secrets
import tomllib
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from django.utils import timezone
from django.utils.text import slugify
from simple_history.utils import bulk_create_with_history

from comptes.models import Compte
from conseils import approbation, rectifier, seances
from conseils.models import PUBLISHED, Conseil, Conseiller, Point, Reunion, Secretariat, Venue
from conseils.ordre import arrange
from conseils.suivre import subject
from maisons.heures import starts_at
from maisons.models import Creneau
from notifications import suivi
from portail.copie import copy_creneaux
from portail.rivemont.comptes import COUNCIL, RESIDENT, address
from portail.rivemont.comptes_rendus import add_minutes
from portail.rivemont.documents import add_documents
from portail.rivemont.maisons import clock
from portail.rivemont.rythmes import Rythme, days_between, off

BACK, AHEAD = timedelta(days=1096), timedelta(days=75)
EARLY = timedelta(days=9)  # an agenda is ready so long before the deadline
REACHED = 4  # members whose address is known; one resident in so many follows a council
COMERS = 17
THIRTY, ITEMS = timedelta(days=30), 3  # an agenda without a deadline; items beside the usual ones
LAST = ("Questions de la salle", "", 15, Point.Type.QUESTION, "")
SINCE = date(2023, 1, 1)
CORRECTED = "conseil-des-rives"
ASKED = (
    "Éclairage du chemin de halage",
    "Le point 3 est ajouté à la demande de douze habitants.",
    "« Le soir, on n’ose plus rentrer par le chemin de halage. »",
)


def data():
    """The councils; what they deal with is in the two files, the second with easy words."""
    folder = Path(__file__).parent / "donnees"
    lines = tomllib.loads((folder / "conseils.toml").read_text())["conseil"]
    more = tomllib.loads((folder / "sujets.toml").read_text())
    return [line | {"sujets": line["sujets"] + more[line["quartier"]]} for line in lines]


def add_meetings(city, now):
    """The councils, and the meetings that are missing; returns how many were written."""
    written = 0
    for line in data():
        conseil = create_council(city, line)
        public = set(conseil.reunions.public().values_list("pk", flat=True))
        publish_due(conseil, now)
        written += add_missing(city, conseil, line, now)
        add_documents(conseil, now, public)
        correct_next(conseil, now)
        add_minutes(conseil, now)
    return written


def create_council(city, line):
    names = [college for *_, college in line["membres"] if college]
    conseil, created = Conseil.objects.get_or_create(
        slug=slugify(line["nom"]),
        defaults={
            "nom": line["nom"],
            "quartier": city.quartiers[line["quartier"]],
            "presentation": line["presentation"],
            "convocation": line.get("convocation"),
            "quorum": line.get("quorum"),
            "colleges": list(dict.fromkeys(names)),
        },
    )
    if created:
        Conseiller.objects.bulk_create(
            Conseiller(conseil=conseil, nom=nom, qualite=qualite, college=college, debut=SINCE)
            for nom, qualite, college in line["membres"]
        )
        gather_readers(conseil, list(city.residents.values()))
    if line["quartier"] == "les-rives":
        suivi.follow(subject(conseil.pk), city.residents[RESIDENT])
        secretary = Compte.objects.get(courriel=COUNCIL)
        Secretariat.objects.get_or_create(
            compte=secretary, conseil=conseil, defaults={"debut": SINCE}
        )
    return conseil


def gather_readers(conseil, residents):
    """Some members gave their address, some residents follow it."""
    members = list(conseil.conseillers.all()[:REACHED])
    for member in members:
        member.courriel = address(member.nom)
    Conseiller.objects.bulk_update(members, ["courriel"])
    for resident in residents[conseil.pk % REACHED :: REACHED]:
        suivi.follow(subject(conseil.pk), resident)


def expect_some(rows, now):
    """How many people say that they come to the meetings that are announced."""
    announced = [row for row in rows if row.publie_le and row.debut > now]
    Venue.objects.bulk_create(
        Venue(reunion=row, empreinte=secrets.token_bytes(32))
        for row in announced
        for _ in range(3 + row.pk % COMERS)
    )


def ready(conseil, debut):
    """When the agenda of a meeting is published."""
    delay = timedelta(days=conseil.convocation) if conseil.convocation else THIRTY - EARLY
    return debut - delay - EARLY


def publish_due(conseil, now):
    """Drafts of an earlier run, whose day has come; not those that a visitor has emptied."""
    drafts = conseil.reunions.holding().filter(publie_le=None, fin__gt=now, points__isnull=False)
    for reunion in drafts.distinct().select_related("conseil"):
        if ready(conseil, reunion.debut) <= now and (reunion.lien_visio or not reunion.online):
            seances.publish(reunion)


def add_missing(city, conseil, line, now):
    rhythm, (opens, closes) = Rythme(line["jour"]), map(clock, line["heures"].split("-"))
    latest = conseil.reunions.order_by("numero").last()
    today = timezone.localdate(now)
    first = timezone.localdate(latest.debut) + timedelta(days=1) if latest else today - BACK
    days = [
        day
        for day in days_between(first, today + AHEAD)
        if day.month in line["mois"] and rhythm.falls_on(day) and not off(day)
    ]
    rows, points, before = [], [], latest
    for number, day in enumerate(days, latest.numero + 1 if latest else 1):
        row = Reunion(conseil=conseil, numero=number)
        row.debut, row.fin = starts_at(day, opens), starts_at(day, closes)
        if "visio" in line:
            row.mode, row.lien_visio = Reunion.Mode.MIXTE, line["visio"]
        settle(row, city.rooms[line["salle"]])
        items = agenda(row, line["sujets"], before)
        row.resume_facile = easy(row, line["sujets"])
        if (published := ready(conseil, row.debut)) <= now:
            row.echeance, row.publie_le, row.mention = row.deadline, published, PUBLISHED
            row.resume = " · ".join(point.titre for point in items)[:200]
        rows.append(row)
        points += items
        before = row
    copy_creneaux(Reunion, rows)
    expect_some(rows, now)
    bulk_create_with_history(points, Point)
    return len(rows)


def correct_next(conseil, now):
    """Residents asked for an item after the agenda of the next meeting was published."""
    meeting = conseil.reunions.public().holding().upcoming(now).first()
    if not meeting or meeting.rectificatifs.exists() or conseil.slug != CORRECTED:
        return
    titre, motif, texte = ASKED
    new = Point(titre=titre, minutes=15, type=Point.Type.QUESTION, texte=texte, rang=3)
    points = [*meeting.points.all(), new]
    rectifier.rectify(meeting, motif, write=partial(arrange, meeting, points, [new]))


def settle(row, room):
    """In its usual room if it is free, else in the hall of the house; cleaned for COPY."""
    row.maison, row.salle, row.portee = room.maison, room, Creneau.Portee.SALLE
    row.clean_fields(exclude=["libere_a", "nature"])
    row.clean()
    others = Creneau.objects.holding().filter(emprise__overlap=row.emprise)
    taken = others.filter(debut__lt=row.libere_a, libere_a__gt=row.debut).exists()
    if taken or row.closures().during(row.debut, row.fin).exists():
        row.salle, row.portee = None, Creneau.Portee.SANS_SALLE
        row.clean()


def turn(row, subjects):
    """Those of the council that this meeting deals with."""
    return [subjects[(row.numero * ITEMS + rank) % len(subjects)] for rank in range(ITEMS)]


def easy(row, subjects):
    """The same in easy words, when there are some."""
    told = [line[5] for line in turn(row, subjects) if len(line) > 5 and line[5]]
    return "\n".join([*told, "La réunion est ouverte à tout le monde."]) if told else ""


def agenda(row, subjects, before):
    """The approval of the last minutes, some of the council's subjects, then the room's."""
    lines = [*(line[:5] for line in turn(row, subjects)), LAST]
    if before:
        titre = approbation.title(before)
        lines.insert(0, (titre, "", approbation.MINUTES, Point.Type.APPROBATION, ""))
    points = [
        Point(
            reunion=row,
            numero=rank,
            rang=rank,
            titre=titre,
            rapporteur=rapporteur,
            minutes=minutes,
            type=kind,
            texte=texte,
        )
        for rank, (titre, rapporteur, minutes, kind, texte) in enumerate(lines, 1)
    ]
    points[0].approuve = before
    return points
