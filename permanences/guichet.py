"""Taking an appointment for somebody who is there or on the phone."""

from datetime import timedelta

from django.utils import timezone

from maisons import heures
from maisons.lecture import spelled
from notifications import sms
from permanences import disponibilites, rendez_vous
from permanences.models import Permanence, RendezVous

AHEAD, MOST_SLOTS = timedelta(days=60), 40


def bookable():
    return Permanence.objects.public().exclude(mode=Permanence.Mode.SANS_RDV)


def own(user):
    """Those that one holds or whose desk one is at: there the public's rules hold nobody back."""
    return bookable().managed_by(user, "add", RendezVous)


def slots(permanence, mine, since=None):
    """The free places from an instant on, the nearest days first; elsewhere those of the public."""
    now = timezone.now()
    since = max(since or now, now)
    found = disponibilites.free([permanence], since, since + AHEAD)
    places = [slot for vacation, some in found if vacation.publie_le for slot in some]
    if not mine:
        places = [s for s in places if disponibilites.is_offered(s.vacation, s.debut, now)]
    return places[:MOST_SLOTS]


def take_for(wanted, by):
    """
    Take an appointment in the name of an agent; raises ValidationError.

    Who reads e-mail or SMS is written to; whoever has a phone alone is to be called.
    """
    wanted.saisi_par = by
    return rendez_vous.take(wanted)


def is_written_to(row):
    courriel, telephone = row.reached_at
    return bool(courriel or (telephone and sms.reaches(telephone)))


def taken_by(user):
    """Today's, by somebody for others: what they typed themselves, to print the card again."""
    today = heures.starts_at(heures.today())
    return RendezVous.objects.filter(saisi_par=user, cree_le__gte=today)


def read_aloud(row) -> list[str]:
    """The sentences that tell an appointment to the person in front, or on the line."""
    vacation, maison = row.vacation, row.vacation.maison
    where = ", ".join(str(part) for part in (vacation.salle, maison, maison.adresse) if part)
    near = heures.near(heures.local(row.debut).date())
    bring = vacation.permanence.service.things_to_bring
    return [
        f"C’est réservé au nom de {row.person}.",
        f"C’est {f'{near}, ' if near else ''}{heures.day(row.debut)}, à {heures.hour(row.debut)}.",
        f"Le lieu : {where}.",
        *([f"Apportez : {', '.join(bring)}."] if bring else []),
        "Votre code a trois groupes de quatre signes.",
        *(f"{group}." for group in spelled(row.code)),
    ]
