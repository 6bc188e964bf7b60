"""Who came, noted in one tap: those with an appointment, and how many without, by age alone."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maisons.heures import local
from permanences import rendez_vous
from permanences.models import Passage, RendezVous, Vacation

MOST = 999  # of an age on a date: more is a typing mistake
TROP_TOT = "Cela se note à partir du jour même."
ANNULE = "Ce rendez-vous est annulé."
SANS_PLACE = "La permanence a changé depuis : cette place n’existe plus."
AUTRE_NOMBRE = "Quelqu’un vient de compter aussi : vérifiez le nombre."

# What is noted: the state of the appointment, and whether its person is there.
VENUES = {
    "attendu": (RendezVous.Etat.PRIS, False),
    "arrive": (RendezVous.Etat.PRIS, True),
    "recu": (RendezVous.Etat.HONORE, True),
    "absent": (RendezVous.Etat.MANQUE, False),
}


@transaction.atomic
def note(row, venue, by=None):
    """
    Note that somebody arrived, was received, did not come, or is waited for again; `by` whom.

    Noted again, nothing changes. Raises ValidationError before that day, or once cancelled.
    """
    vacation = rendez_vous.lock(row.vacation_id)[row.vacation_id]
    row.refresh_from_db(from_queryset=RendezVous.objects.select_for_update(of=("self",)))
    if row.annule_le or (vacation.annule_le and venue == "attendu"):
        raise ValidationError(ANNULE)
    if local(row.debut).date() > timezone.localdate():
        raise ValidationError(TROP_TOT)
    etat, there = VENUES[venue]
    if (row.etat, bool(row.arrive_le)) == (etat, there):
        return
    if etat == RendezVous.Etat.PRIS and not row.fits(vacation):
        raise ValidationError(SANS_PLACE)
    row.etat, row.arrive_le = etat, (row.arrive_le or timezone.now()) if there else None
    row.note_par, row.note_le = by, timezone.now()
    row.save(update_fields=["etat", "arrive_le", "note_par", "note_le"])


def venue_of(row):
    """The key of what was noted."""
    if row.etat == RendezVous.Etat.HONORE:
        return "recu"
    if row.etat == RendezVous.Etat.MANQUE:
        return "absent"
    return "arrive" if row.arrive_le else "attendu"


@transaction.atomic
def count(vacation, tranche, before, after):
    """
    Count the people of an age who came without an appointment: from one number to the next.

    The same tap sent twice counts once. Raises ValidationError when somebody else counted
    meanwhile, or for a number that cannot be.
    """
    Vacation.objects.select_for_update(of=("self",)).get(pk=vacation.pk)
    if local(vacation.debut).date() > timezone.localdate():
        raise ValidationError(TROP_TOT)
    row, _ = Passage.objects.get_or_create(vacation=vacation, tranche=tranche)
    if row.nombre == after:
        return
    if row.nombre != before or not 0 <= after <= MOST:
        raise ValidationError(AUTRE_NOMBRE)
    row.nombre = after
    row.save()


def counted(vacation):
    """[(age, in words, number)] of all the ages."""
    known = {row.tranche: row.nombre for row in vacation.passages.all()}
    return [(age, label, known.get(age, 0)) for age, label in Passage.Tranche.choices]
