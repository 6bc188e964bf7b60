"""Who came to a session, noted in one tap; noted again, nothing changes."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from associations import activites
from associations.models import Inscription, Presence
from maisons.heures import local

TROP_TOT = "Cela se note à partir du jour même."
ANNULEE = "Cette séance est annulée."
PAS_INSCRITE = "Cette personne n’est pas inscrite à cette séance."
# What is noted: came, did not come, or nothing yet.
VENUES = {"present": True, "absent": False, "effacer": None}


def expected(seance):
    """Those who have a place in it, by name, each with what was noted (`present` or None)."""
    noted = Presence.objects.filter(inscription=OuterRef("pk"), seance=seance)
    rows = Inscription.objects.holding().filter(Q(seance=None) | Q(seance=seance))
    rows = rows.filter(activite=seance.activite_id).exclude(etat=Inscription.Etat.PROPOSEE)
    rows = rows.with_person().annotate(present=Subquery(noted.values("present")[:1]))
    return sorted(rows, key=lambda row: (row.who.casefold(), row.pk))


@transaction.atomic
def note(seance, row, venue, by=None):
    """
    Note that somebody came, did not, or take it back.

    Raises ValidationError before that day, once cancelled, or of who has no place in it.
    """
    activites.hold(seance.activite)
    seance.refresh_from_db()
    if seance.annule_le:
        raise ValidationError(ANNULEE)
    if local(seance.debut).date() > timezone.localdate():
        raise ValidationError(TROP_TOT)
    if row.pk not in {one.pk for one in expected(seance)}:
        raise ValidationError(PAS_INSCRITE)
    present = VENUES[venue]
    known = Presence.objects.filter(seance=seance, inscription=row)
    if present is None:
        known.delete()
    elif not known.filter(present=present).exists():
        said = {"present": present, "note_le": timezone.now(), "note_par": by}
        Presence.objects.update_or_create(seance=seance, inscription=row, defaults=said)
