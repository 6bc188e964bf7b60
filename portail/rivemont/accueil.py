"""What waits at the front desk of the Maison des Lavoirs, whatever the day of the visit."""

from datetime import date, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Q
from django.utils import timezone

from maisons import guichet, planning, series
from maisons.disponibilites import Disponibilites
from maisons.fermetures import unsettled
from maisons.heures import WEEKDAYS, starts_at
from maisons.models import Creneau, Evenement, Fermeture, Occurrence, Reservation, Salle, Serie
from maisons.models.creneau import Theme
from maisons.rythmes import Cadence, Rythme
from portail.copie import copy_creneaux
from portail.rivemont.comptes import DOMAIN
from portail.rivemont.reservations import ANSWERS, booking

Etat, Usage, Motif = Reservation.Etat, Reservation.Usage, Creneau.Motif
HOUSE, PHONE = "lavoirs", "+334657155"  # numbers kept for fiction, two digits short
SEASON = timedelta(days=120)  # the least that is left of one when it begins
LAST_WEEKS = timedelta(days=30)
LONGEST_SEARCH = 60  # days
PAINTING = "peinture des murs"

# Each day of a visit: (who, e-mail or end of number, room, in how many days, use, people)
CALLS = [
    ("Mme Lopez", "12", "salle-du-lavoir", 4, Usage.FETE, 25),
    ("M. Ribeiro", "27", "salle-de-danse", 6, Usage.REPETITION, 10),
]
WAITING = [("Aurélie Costes", f"aurelie.costes@{DOMAIN}", "salle-du-lavoir", 9, Usage.VOISINS, 15)]
AT_THE_DESK = [
    ("Mme Gachet", "31", "salle-du-lavoir", 1, Usage.VOISINS, 12),
    ("M. Pons", "", "salle-de-danse", 2, Usage.AUTRE, 6),
    ("Club de belote", "44", "salle-du-lavoir", 3, Usage.ASSOCIATION, 20),
]


def settle_calls(desk, now):
    """People of an earlier run who were not called, or did not answer: they have been since."""
    ours = Q(telephone__startswith=PHONE) | Q(courriel__endswith=DOMAIN)
    held = Reservation.objects.expired().filter(ours, demandeur=None, etat=Etat.A_CONFIRMER)
    for hold in held:
        hold.etat, hold.decide_par, hold.decide_le = Etat.CONFIRMEE, desk, now
        hold._history_user = desk
        hold.save()


def add_desk(city, now):
    """What an agent finds in the morning; returns how many things were written."""
    written = [add_season(city), add_choir(city), add_closure(city)]
    written += [add_booking(city, *wanted, planning.hold) for wanted in CALLS + WAITING]
    written += [add_booking(city, *wanted, book_for(city.desk)) for wanted in AT_THE_DESK]
    return sum(written) + add_answered(city, now)


def book_for(desk):
    return lambda reservation: guichet.book_for(reservation, by=desk)


def free_spans(room, first):
    """Two hours of each day from one on, where the room is free."""
    for rank in range(LONGEST_SEARCH):
        day = first + timedelta(days=rank)
        for span in Disponibilites(room.maison, day).free(room, day):
            if span.fin - span.debut >= timedelta(hours=2):
                yield span.debut
                break


def token(*words):
    return uuid5(NAMESPACE_URL, ":".join(["rivemont", "accueil", *map(str, words)]))


def add_booking(city, who, reached, room, days, usage, people, write):
    """Once a day, in the first free span from so many days ahead."""
    jeton, today = token(timezone.localdate(), who), timezone.localdate()
    if Reservation.objects.filter(jeton=jeton).exists():
        return 0
    room = city.rooms[f"{HOUSE}/{room}"]
    debut = next(free_spans(room, today + timedelta(days=days)))
    wanted = booking(room, debut, 2, usage, people, None)
    wanted.nom, wanted.jeton = who, jeton
    if "@" in reached:
        wanted.courriel = reached
    elif reached:
        wanted.telephone = PHONE + reached
    write(wanted)
    return 1


def add_answered(city, now):
    """A request refused and one that nobody answered in time, some days ago: nobody is told."""
    today, room = timezone.localdate(), city.rooms[f"{HOUSE}/salle-du-lavoir"]
    people = list(city.residents.values())
    rows = []
    for name, person, days in (("refusée", people[3], 20), ("expirée", people[5], 12)):
        jeton = token(today.isocalendar()[:2], name)  # once a week
        if Reservation.objects.filter(jeton=jeton).exists():
            continue
        debut = next(free_spans(room, today + timedelta(days=days)))
        row = booking(room, debut, 2, Usage.FETE, 30, person)
        row.jeton, row.cree_le = jeton, now - timedelta(days=4)
        row.repondre_avant = row.annule_le = now - timedelta(days=1)
        row.etat, row.motif_annulation = Etat.EXPIREE, Motif.DELAI
        if name == "refusée":
            row.etat, row.motif_annulation = Etat.REFUSEE, Motif.REFUS
            row.motif_refus, row.reponse = next(iter(ANSWERS.items()))
            row.decide_par, row.decide_le = city.desk, row.annule_le
        rows.append(row)
    copy_creneaux(Reservation, rows)
    return len(rows)


def season(city, room, weekday, de, a):
    """A weekly rule outside school holidays, up to a 30 June; nothing while one goes on."""
    today, salle = timezone.localdate(), city.rooms[f"{HOUSE}/{room}"]
    rule = Rythme(Cadence.SEMAINE, (WEEKDAYS.index(weekday),))
    going_on = Serie.objects.filter(salle=salle, regle=rule.rule, dernier__gt=today + LAST_WEEKS)
    if going_on.exists():
        return None
    ends = [date(today.year + rank, 6, 30) for rank in range(3)]
    dernier = next(day for day in ends if day >= today + SEASON)
    return Serie(
        maison=salle.maison,
        salle=salle,
        regle=rule.rule,
        premier=rule.days(today + timedelta(days=2), dernier)[0],
        dernier=dernier,
        heure=de,
        duree=timedelta(hours=a.hour - de.hour),
        regime=Serie.Regime.HORS_VACANCES,
    )


def add_season(city):
    """Of an association that the desk knows by phone."""
    serie = season(city, "salle-de-danse", "mardi", time(17), time(19))
    if serie is None:
        return 0
    wanted = booking(serie.salle, serie.span(serie.premier)[0], 2, Usage.ASSOCIATION, 18, None)
    wanted.nom, wanted.telephone = "Association Danse au pont", f"{PHONE}60"
    wanted.jeton = token("saison", serie.premier)
    guichet.book_season(serie, wanted, by=city.desk)
    return 1


def add_choir(city):
    serie = season(city, "grande-salle", "jeudi", time(17), time(19))
    if serie is None:
        return 0
    event = Evenement(
        # Not of `evenements`, which goes on from the last day of its own.
        reference=f"rivemont-serie:{serie.premier}",
        slug=f"chorale-des-lavoirs-{serie.premier}",
        maison=serie.maison,
        titre="Chorale des Lavoirs",
        resume="On chante à plusieurs voix, sans savoir lire la musique.",
        description="On chante à plusieurs voix, sans savoir lire la musique. Venez quand vous "
        "voulez, même en cours d’année.",
        theme=Theme.CULTURE,
        gratuit=True,
        contact=serie.maison.telephone,
    )
    event.save()
    place = {"maison": serie.maison, "salle": serie.salle, "evenement": event, "personnes": 30}
    series.plan(serie, lambda debut, fin: Occurrence(debut=debut, fin=fin, **place), by=city.desk)
    planning.publish(event, by=city.desk)
    return 1


def add_closure(city):
    """Of a room that is taken on that day: an agent settles what it hits."""
    house = city.houses[HOUSE]
    if unsettled(Fermeture.objects.filter(maison=house)).exists():
        return 0
    today = timezone.localdate()
    if Fermeture.objects.filter(maison=house, motif=PAINTING, fin__gt=timezone.now()).exists():
        return 0
    held = Creneau.objects.holding().filter(maison=house, portee=Creneau.Portee.SALLE)
    hit = held.filter(debut__gt=starts_at(today + timedelta(days=10))).order_by("debut").first()
    day = timezone.localdate(hit.debut)
    span = {"debut": starts_at(day), "fin": starts_at(day + timedelta(days=2))}
    room = Salle.objects.get(pk=hit.salle_id)
    planning.close(Fermeture(maison=house, salle=room, motif=PAINTING, **span))
    return 1
