"""Who comes to the permanences of Rivemont, and how today goes; nobody is told."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.text import slugify

from maisons.heures import starts_at
from permanences.models import Passage, RendezVous, Vacation
from portail.rivemont.comptes import DOMAIN, RESIDENT
from portail.rivemont.permanences import BACK

Etat, Direct = RendezVous.Etat, Vacation.Direct
PHONE = "+33639980"  # numbers kept for fiction, three digits short
# How much of a date is taken, so many days ahead.
TAKEN = [(1, 0.9), (7, 0.6), (14, 0.4), (28, 0.2), (42, 0.06)]
HERS = "conseil-logement-lavoirs"
LATE = 20  # minutes
EARLY = timedelta(minutes=10)
FIRST = [
    *["Malika", "Jean", "Rose", "Idriss", "Chantal", "Yusuf", "Mariam", "Paulo", "Anouk", "Loïc"],
    *["Thi Hoa", "Bruno", "Zineb", "Ewa", "Moussa", "Ginette", "Sofiane", "Lila", "René", "Irina"],
    *["Célestin", "Nadège", "Ahmet", "Josette", "Fanta", "Louis", "Amal", "Denise", "Tiago", "Ana"],
]
LAST = [
    *[
        "Garnier",
        "Diop",
        "Mercier",
        "Benkacem",
        "Lopes",
        "Roy",
        "Kaya",
        "Perrin",
        "Sanogo",
        "Petit",
    ],
    *["Ben Salah", "Barthès", "Nguyen", "Moreau", "Keita", "Alonso", "Blanc", "Haddad", "Bonnet"],
]
# age: the most who come without an appointment on one date
AGES = {
    Passage.Tranche.MOINS_18: 1,
    Passage.Tranche.DE_18_25: 3,
    Passage.Tranche.DE_26_59: 9,
    Passage.Tranche.PLUS_60: 6,
}


def add_appointments(city, now):
    """What is missing of them, around what visitors took; returns how many were written."""
    settle(city, now)
    vacations = list(receiving(now, first_day(now)))
    known = RendezVous.objects.filter(vacation__in=vacations)
    tokens = set(known.values_list("jeton", flat=True))
    held = defaultdict(list)
    for row in known.held():
        held[row.vacation_id, row.guichet].append((row.debut, row.fin))
    people = [compte for courriel, compte in city.residents.items() if courriel != RESIDENT]
    rows = [
        row
        for vacation in vacations
        for row in wanted(vacation, people, city.desk, now)
        if row.jeton not in tokens and is_free(row, held)
    ]
    RendezVous.objects.bulk_create(rows, batch_size=1000)
    count_walk_ins(now)
    say_how_it_goes(now)
    return len(rows) + add_hers(city.residents[RESIDENT], now)


def is_free(row, held):
    spans = held[row.vacation_id, row.guichet]
    return not any(debut < row.fin and row.debut < fin for debut, fin in spans)


def first_day(now):
    """What an earlier run has written of the days gone by stays so."""
    earliest = timezone.localdate(now) - BACK
    latest = RendezVous.objects.aggregate(latest=Max("cree_le"))["latest"]
    return max(earliest, timezone.localdate(latest) - timedelta(days=1)) if latest else earliest


def receiving(now, first=None):
    """The public dates that take appointments and may have some, those of today too."""
    today = timezone.localdate(now)
    window = starts_at(first or today), starts_at(today + timedelta(days=TAKEN[-1][0] + 1))
    rows = Vacation.objects.public().holding().filter(debut__range=window, guichets__gt=0)
    return rows.select_related("permanence__service", "maison").prefetch_related(
        "permanence__pauses", "permanence__service__motifs"
    )


def token(*words):
    return uuid5(NAMESPACE_URL, ":".join(["rivemont", "rendez-vous", *map(str, words)]))


def wanted(vacation, people, desk, now):
    """The appointments of a date by now; the same ones, and more, when it comes nearer."""
    ahead = timezone.localdate(vacation.debut) - timezone.localdate(now)
    share = next((share for days, share in TAKEN if ahead.days <= days), 0)
    for debut, fin in vacation.slots():
        for guichet in range(1, vacation.guichets + 1):
            jeton = token(vacation.permanence.slug, debut.isoformat(), guichet)
            random = Random(str(jeton))
            if random.random() < share:
                row = RendezVous(
                    vacation=vacation, guichet=guichet, debut=debut, fin=fin, jeton=jeton
                )
                describe(row, random, people, desk, now)
                yield row


def describe(row, random, people, desk, now):
    """Who comes, why, and what became of it."""
    asked = row.debut - timedelta(days=random.randint(1, 20), minutes=random.randint(0, 500))
    row.cree_le = min(asked, now - timedelta(minutes=random.randint(30, 600)))
    row.motif = random.choice(row.vacation.permanence.service.motifs.all())
    introduce(row, random, people, desk)
    chance = random.random()
    if chance < 0.06:
        told = row.debut - timedelta(hours=random.randint(2, 40))
        row.etat, row.annule_le = Etat.ANNULE, max(min(told, now), row.cree_le)
        row.sequence = 1
    elif row.fin <= now:
        conclude(row, chance)
    elif row.debut <= now + EARLY:
        row.arrive_le = min(row.debut - timedelta(minutes=4), now)
    if row.debut > now:
        row.give_code()
        row.plus_tot = row.debut > now + timedelta(days=5) and chance > 0.8
    kept = timedelta(days=row.vacation.permanence.service.conservation)
    if row.debut < now - kept:
        forget(row, row.debut + kept)


def introduce(row, random, people, desk):
    """An account, an e-mail address, or a number that the desk of a house has typed."""
    chance, first, last = random.random(), random.choice(FIRST), random.choice(LAST)
    if chance < 0.3:
        row.compte = random.choice(people)
    elif chance < 0.7:
        row.nom = f"{first} {last}"
        row.courriel = f"{slugify(first)}.{slugify(last)}@{DOMAIN}"
    else:
        row.nom, row.telephone = first, f"{PHONE}{random.randint(0, 999):03}"
        if row.vacation.maison.reference == "rivemont:lavoirs":
            row.saisi_par = desk


def conclude(row, chance):
    row.etat = Etat.MANQUE if chance > 0.9 else Etat.HONORE
    if row.etat == Etat.HONORE:
        row.arrive_le = row.debut - timedelta(minutes=int(chance * 10))


def forget(row, at):
    """As the night's purge does: that somebody came stays, not who."""
    row.compte = row.motif = row.empreinte = row.saisi_par = None
    row.nom = row.courriel = row.telephone = ""
    row.anonymise_le = at


def settle(city, now):
    """Those of an earlier run whose hour has come: somebody received them."""
    ours = Q(courriel__endswith=DOMAIN) | Q(telephone__startswith=PHONE)
    ours |= Q(compte__in=city.residents.values())
    rows = RendezVous.objects.filter(ours, etat=Etat.PRIS, debut__lte=now + EARLY)
    changed = []
    for row in rows:
        if row.fin <= now:
            conclude(row, Random(str(row.jeton)).random())
        elif not row.arrive_le:
            row.arrive_le = min(row.debut - timedelta(minutes=4), now)
        changed.append(row)
    RendezVous.objects.bulk_update(changed, ["etat", "arrive_le"], batch_size=500)


def add_hers(resident, now):
    """The resident of the launcher has one to come, unless she cancelled it today."""
    mine = RendezVous.objects.owned_by(resident).held().filter(debut__gt=now)
    jeton = token(RESIDENT, timezone.localdate(now))
    if mine.exists() or RendezVous.objects.filter(jeton=jeton).exists():
        return 0
    soon = receiving(now).filter(permanence__slug=HERS, debut__gt=now + timedelta(days=2))
    for vacation in soon.order_by("debut"):
        taken = set(vacation.rendez_vous.held().values_list("debut", flat=True))
        for debut, fin in vacation.slots():
            if debut not in taken:
                row = RendezVous(vacation=vacation, debut=debut, fin=fin, jeton=jeton)
                row.compte, row.cree_le = resident, now - timedelta(days=1)
                row.motif = vacation.permanence.service.motifs.first()
                row.give_code()
                row.save()
                return 1
    return 0


def count_walk_ins(now):
    """Of the dates that are over, ages without names."""
    over = Vacation.objects.public().holding().filter(fin__lte=now, passages=None)
    rows = [
        Passage(vacation=vacation, tranche=age, nombre=number)
        for vacation in over.exclude(permanence__mode="rdv").select_related("permanence")
        for age, number in visitors(Random(f"{vacation.permanence.slug}:{vacation.debut}"))
    ]
    Passage.objects.bulk_create(rows, batch_size=1000)


def visitors(random):
    return [(age, random.randint(1 if most > 5 else 0, most)) for age, most in AGES.items()]


def say_how_it_goes(now):
    """Of two dates that go on, once a day: one is full, one is late; not at the launcher's own."""
    today = starts_at(timezone.localdate(now))
    of_today = Vacation.objects.public().filter(debut__range=(today, today + timedelta(days=1)))
    if of_today.exclude(dit_le=None).exists():
        return
    open_now = of_today.holding().filter(debut__lte=now, fin__gt=now)
    others = open_now.exclude(permanence__service__slug="mediation-sociale")
    said = [(Direct.RETARD, LATE), (Direct.COMPLETE, 0)]
    rows = others.select_related("permanence__service", "maison", "salle").order_by("debut", "pk")
    for vacation, (direct, minutes) in zip(rows, said, strict=False):
        vacation.direct, vacation.retard, vacation.dit_le = direct, minutes, now
        vacation.clean()
        vacation.save()
