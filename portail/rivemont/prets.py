"""Rooms lent to the associations of Rivemont, what they organise, the hours of each."""

from datetime import date, time, timedelta
from random import Random

from django.core.exceptions import ValidationError
from django.utils import timezone

from associations import budget
from associations.models import (
    Association,
    BudgetHeures,
    EvenementOrganise,
    MembreAssociation,
    MiseADisposition,
)
from maisons import planning, series
from maisons.heures import starts_at
from maisons.models import Evenement, Serie
from maisons.rythmes import Cadence, Rythme
from portail.rivemont.charte import MINE
from portail.rivemont.rythmes import season

Etat, Usage = MiseADisposition.Etat, MiseADisposition.Usage
Refus = MiseADisposition.MotifRefus
NO = "La salle accueille ce jour-là une réunion de la ville : le mercredi est libre."
# (association, room, from, hours, use, people, what became of it)
ASKED = [
    (MINE, "lavoirs/salle-du-lavoir", 18, 2, Usage.REUNION, 12, Etat.DEMANDEE),
    ("Chœur des Lavoirs", "lavoirs/salle-du-lavoir", 19, 2, Usage.REPETITION, 25, Etat.DEMANDEE),
    (MINE, "lavoirs/salle-du-lavoir", 9, 3, Usage.STOCKAGE, 4, Etat.CONFIRMEE),
    ("Les Amis du beffroi", "vieux-pont/salle-voutee", 18, 2, Usage.REUNION, 15, Etat.CONFIRMEE),
    ("La Boîte à outils", "lavoirs/salle-du-lavoir", 14, 2, Usage.REUNION, 8, Etat.REFUSEE),
]
WEEKLY = ("Fanfare du rail", "olympe-de-gouges/atelier", 20, 2, Usage.REPETITION, 8)
ORGANISED = [(MINE, "lavoirs"), ("Les Amis du beffroi", "vieux-pont")]
GRANTED, VALUE = [90, 120, 150, 200], 12  # hours of a season; euros
SPARE = 3  # hours left to the association of the demonstration: its next request passes them


def add_loans(city, now):
    """Those that are missing among the days to come; returns how many."""
    associations = {row.nom: row for row in Association.objects.all()}
    coming = MiseADisposition.objects.filter(debut__gt=now)
    there = set(coming.values_list("association__nom", "usage", "etat"))
    wanted = [line for line in ASKED if (line[0], line[4], line[6]) not in there]
    made = [lend(associations[line[0]], line, city, now) for line in wanted]
    count = sum(made)
    if not coming.filter(association__nom=WEEKLY[0]).exists():
        count += lend_weekly(associations[WEEKLY[0]], city, now)
    return count


def loan(association, line, city):
    _, key, _, _, usage, personnes, *_ = line
    room = city.rooms[key]
    asked_by = MembreAssociation.objects.in_force().filter(association=association).first()
    place = {"maison": room.maison, "salle": room, "personnes": personnes}
    by = asked_by and asked_by.compte
    return MiseADisposition(association=association, usage=usage, demande_par=by, **place)


def lend(association, line, city, now):
    """On the first day of the next three weeks when its room is free; nobody is told."""
    *_, etat = line
    for days in range(4, 25):
        pret = loan(association, line, city)
        pret.debut = starts_at(timezone.localdate(now) + timedelta(days=days), time(line[2]))
        pret.fin = pret.debut + timedelta(hours=line[3])
        pret.settle(granted_by=city.desk if etat == Etat.CONFIRMEE else None)
        try:
            planning.book(pret, by=pret.demande_par)
        except ValidationError:
            continue
        if etat == Etat.REFUSEE:
            pret.mark_refused(city.desk, Refus.BESOIN, NO)
        return True
    return False


def lend_weekly(association, city, now):
    first = timezone.localdate(now) + timedelta(days=3)
    pret = loan(association, WEEKLY, city)
    serie = Serie(
        maison=pret.maison,
        salle=pret.salle,
        regle=Rythme(Cadence.SEMAINE, (first.weekday(),)).rule,
        premier=first,
        dernier=first + timedelta(weeks=10),
        heure=time(WEEKLY[2]),
        duree=timedelta(hours=WEEKLY[3]),
    )
    pret.debut, pret.fin = serie.span(first)
    pret.settle(granted_by=city.desk)

    def make(debut, fin):
        return pret.again(debut=debut, fin=fin)

    return len(series.plan(serie, make, by=city.desk).booked)


def add_organised():
    """Which events of the houses are those of an association."""
    for nom, slug in ORGANISED:
        indoors = {"occurrences__portee": "salle", "occurrences__heure_connue": True}
        event = Evenement.objects.filter(maison__slug=slug, **indoors).order_by("pk").first()
        if event and not EvenementOrganise.objects.filter(association__nom=nom).exists():
            by = Association.objects.get(nom=nom)
            EvenementOrganise.objects.create(association=by, evenement=event)


def add_budgets(now):
    """Of this season, for each association that has none, once what it organises is noted."""
    add_organised()
    year = season(timezone.localdate(now))
    bounds = {"premier": date(year, 9, 1), "dernier": date(year + 1, 8, 31)}
    missing = Association.objects.exclude(budgets__premier=bounds["premier"])
    rows = [
        BudgetHeures(association=row, heures=Random(row.nom).choice(GRANTED), **bounds)
        for row in missing.order_by("pk")
    ]
    for row in rows:
        row.valeur_heure = VALUE
        row.save()
    if any(row.association.nom == MINE for row in rows):
        mine = budget.counted().get(association__nom=MINE, premier=bounds["premier"])
        used = budget.Bilan(mine).used
        BudgetHeures.objects.filter(pk=mine.pk).update(heures=int(used / budget.HOUR) + SPARE)
    return len(rows)
