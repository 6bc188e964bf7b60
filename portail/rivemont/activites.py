"""What the associations of Rivemont do all year, its sessions, and who is registered."""

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone
from django.utils.text import slugify

from associations import activites, inscriptions
from associations.models import Activite, Association, Dossier, Inscription, Seance
from maisons import series
from maisons.heures import WEEKDAYS, starts_at
from maisons.models import DateEcartee, Serie
from maisons.rythmes import Rythme
from portail.copie import again, copy_creneaux
from portail.rivemont.comptes import RESIDENT
from portail.rivemont.maisons import clock
from portail.rivemont.occupation import Occupation
from portail.rivemont.permanences import CADENCES
from portail.rivemont.rendez_vous import FIRST, LAST, PHONE
from portail.rivemont.rythmes import season

DAY = timedelta(days=1)
ASKED_BEFORE = timedelta(days=66)  # from the end of a season on, it is the next one
WHEN = re.compile(
    r"(?:(?P<cadence>1er|2e|3e|4e|dernier) )?(?P<jours>[a-z ]+?) "
    r"(?P<opens>[\d:]+)-(?P<closes>[\d:]+)(?P<vacances> vacances)?"
)
FREE_ENOUGH = 0.7  # of the dates of an activity, for a room to be its own
FULL = 0.4  # of the activities have a waiting list
OFTEN = 9  # activities in ten have an answer by e-mail
HERS = ["Yoga du soir", "Théâtre enfants"]  # for herself, for her daughter
QUESTIONS = ["repart_seul", "photo"]
KINDS = {"": "saison", "seance": "seance", "libre": "libre"}


@cache
def data():
    text = (Path(__file__).parent / "donnees" / "activites.toml").read_text()
    return tomllib.loads(text)["activites"]


def add_activities(city, now):
    """Those of this season that are missing, with who is registered; how many were written."""
    year = season(timezone.localdate(now + ASKED_BEFORE))
    first, last = date(year, 9, 7), date(year + 1, 6, 27)
    known = set(Activite.objects.filter(premier=first).values_list("slug", flat=True))
    window = starts_at(first), starts_at(last + DAY)
    occupation = Occupation(city.rooms.values(), *window)
    found = {row.nom: row for row in Association.objects.filter(nom__in=data())}
    made = []
    for nom, lines in data().items():
        for line in lines:
            row = build(found[nom], line, first, last)
            if row.slug not in known:
                place(row, line[2], city, occupation)
                made.append(row)
    register(made, city.residents[RESIDENT], now)
    return len(made)


def build(association, line, first, last):
    titre, resume, _, ages, tarif, places, kind = line
    youngest, _, oldest = ages.partition("-")
    child = bool(oldest) and int(oldest) < 18
    return Activite(
        association=association,
        titre=titre,
        slug=f"{slugify(titre.replace('’', '-'))}-{first.year}",
        resume=resume,
        description=f"{resume}\n\n{association.objet} Venez essayer une fois avant de choisir.",
        theme=association.themes[0],
        public=["enfants" if child else "adultes" if ages else "familles"],
        age_min=int(youngest) if youngest else None,
        age_max=int(oldest) if oldest else None,
        gratuit=not tarif,
        tarif=tarif,
        contact=association.courriel,
        premier=first,
        dernier=last,
        inscription=KINDS[kind],
        places=None if kind == "libre" else places,
        questions=QUESTIONS if child else [],
        publie_le=starts_at(date(first.year, 6, 1)),
    )


def place(row, quand, city, occupation):
    """In the first room of its quartier that is free most of the time, else in the hall; saved."""
    found = WHEN.fullmatch(quand)
    opens, closes = clock(found["opens"]), clock(found["closes"])
    minutes = 60 * (closes.hour - opens.hour) + closes.minute - opens.minute
    jours = tuple(WEEKDAYS.index(jour) for jour in found["jours"].split())
    serie = Serie(
        regle=Rythme(CADENCES[found["cadence"]], jours).rule,
        premier=row.premier,
        dernier=row.dernier,
        heure=opens,
        duree=timedelta(minutes=minutes),
        regime="vacances" if found["vacances"] else "hors_vacances",
    )
    dates = []
    for room in rooms_near(row, city):
        row.maison, row.salle = room.maison, room
        dates, left_out = try_out(row, serie, occupation)
        if len(dates) >= FREE_ENOUGH * (len(dates) + refused(left_out)):
            break
    else:
        row.salle = None
        dates, left_out = try_out(row, serie, occupation)
    row.save()
    serie.save()
    DateEcartee.objects.bulk_create(left_out)
    for date_ in dates:
        date_.activite, date_.serie = row, serie  # now that both have a key
        occupation.hold(date_)
    copy_creneaux(Seance, dates)


def refused(left_out):
    return sum(day.cause == DateEcartee.Cause.SALLE for day in left_out)


def rooms_near(row, city):
    """Those of its quartier that are large enough, the smallest first."""
    rooms = [room for room in city.rooms.values() if room.capacite >= (row.places or 20)]
    near = row.association.quartier_id
    rooms.sort(key=lambda room: (room.maison.quartier_id != near, room.capacite, room.pk))
    return [room for room in rooms if room.reservable][:6]


def try_out(row, serie, occupation):
    """(its sessions, the days left out with their cause) in its room, none of them saved."""
    sample = activites.make(row)
    serie.maison, serie.salle, serie.portee = row.maison, row.salle, sample.portee
    dates, left_out, first = [], [], None

    def make(debut, fin):
        return activites.make(row, debut=debut, fin=fin)

    for day, span, told in series.against(serie, make, serie.days()):
        if not told:
            if first is None:
                first = make(*span)
                first.clean()
            date_ = again(first, *span)
            date_.serie, date_.jour_serie = serie, day
            if date_.emprise and not occupation.is_free(date_):
                told = DateEcartee.Cause.SALLE, "salle déjà réservée"
            else:
                dates.append(date_)
        if told:
            left_out.append(DateEcartee(serie=serie, jour=day, cause=told[0], detail=told[1]))
    return dates, left_out


def register(made, resident, now):
    """People of every age, some of them on a waiting list; nobody is told."""
    passes, rows = [], []
    for row in made:
        random = Random(row.slug)
        for seance in lists(row, now):
            wanted = int(row.places * random.uniform(0.2, 0.95))
            if random.random() < FULL:
                wanted = row.places + random.randint(0, 4)
            for number in range(wanted):
                dossier = person(row, seance, number, random, now)
                passes.append(dossier)
                rows.append(entry(row, seance, number, dossier, random))
    Dossier.objects.bulk_create(passes, batch_size=1000)
    Inscription.objects.bulk_create(rows, batch_size=1000)
    for row in made:
        for seance in [None, *filter(None, lists(row, now))]:  # all its dates, then those filled
            inscriptions.describe(row, seance)
    add_hers(resident, now)


def lists(row, now):
    """That of its season, or those of its next two sessions."""
    if not row.registers:
        return []
    if row.by_season:
        return [None]
    return list(Seance.objects.upcoming(now).holding().filter(activite=row)[:2])


def person(row, seance, number, random, now):
    words = [row.slug, seance and seance.debut.isoformat(), number]
    jeton = uuid5(NAMESPACE_URL, ":".join(["rivemont", "dossier", *map(str, words)]))
    asked = now - timedelta(days=random.randint(1, 80), minutes=random.randint(0, 900))
    nom = f"{random.choice(FIRST)} {random.choice(LAST)}"
    dossier = Dossier(nom=nom, jeton=jeton, cree_le=asked, prouve_le=asked)
    if random.randrange(10) < OFTEN:
        dossier.courriel = f"{slugify(nom).replace('-', '.')}{number}@rivemont.example"
    else:
        dossier.telephone = f"{PHONE}{random.randint(0, 999):03}"
    dossier.give_code()
    return dossier


def entry(row, seance, number, dossier, random):
    inscription = Inscription(dossier=dossier, activite=row, seance=seance, cree_le=dossier.cree_le)
    if row.public == ["enfants"]:
        first, last = row.births
        inscription.prenom = random.choice(FIRST)
        inscription.naissance = random.randint(first or last - 3, last or first + 3)
        inscription.reponses = [one for one in row.questions if random.random() < 0.7]
    if number < row.places:
        inscription.mark(Inscription.Etat.INSCRITE, number + 1)
    else:
        inscription.mark(Inscription.Etat.ATTENTE, rang=number + 1 - row.places)
    return inscription


def add_hers(resident, now):
    """At her place, or on the waiting list of what is full."""
    for titre in HERS:
        row = Activite.objects.filter(titre=titre).order_by("-premier").first()
        mine = Inscription.objects.filter(activite=row, dossier__compte=resident)
        if row and row.seances.upcoming(now).exists() and not mine.exists():
            child = row.public == ["enfants"]
            first, last = row.births
            who = {"prenom": "Lou", "naissance": last or first} if child else {}
            inscriptions.register(
                Dossier(compte=resident), [Inscription(activite=row, **who)], quiet=True
            )
