"""What changes of a meeting once it is public: both versions are kept, dated, with a motive."""

from copy import copy

from django.core.exceptions import ValidationError
from django.utils import timezone

from conseils.models import Rectificatif
from conseils.models.reunion import summary
from conseils.versions import instant, snapshot
from maisons import heures, planning
from maisons.models import Creneau
from maisons.verrou import queued

DRAFT = "Cette réunion est encore un brouillon : changez-la sans rectificatif."
OVER = "Cette réunion est passée : son ordre du jour ne change plus."
UNCHANGED = "Rien n’a changé : aucun rectificatif n’est publié."


@queued
def rectify(reunion, motif, by=None, write=None, **place):
    """
    Change a public meeting: its place or span, and what `write` does of its items or documents.

    Raises ValidationError when it is no longer, or not yet, to be corrected, or nothing changes.
    """
    target = copy(reunion)
    for name, value in place.items():
        setattr(target, name, value)
    planning.lock_rooms(reunion, target)
    planning.reread(reunion)
    before = begin(reunion)
    if write:
        write()
    return finish(reunion, before, motif, by, **place)


def check(reunion):
    """Raise ValidationError when there is nothing to correct yet, or any more."""
    if not reunion.publie_le:
        raise ValidationError(DRAFT)
    if reunion.annule_le:
        raise ValidationError(planning.DEJA_ANNULE)
    if reunion.fin <= timezone.now():
        raise ValidationError(OVER)


def begin(reunion):
    """The version that is read now, for `finish()`; the caller holds the meeting and its rooms."""
    check(reunion)
    return snapshot(reunion)


@queued
def finish(reunion, before, motif, by=None, **place):
    """Write the meeting once, its items being written already, and what the public reads of it."""
    known = list(reunion.rectificatifs.all())
    correction = Rectificatif(
        reunion=reunion, numero=len(known) + 1, compte=by, motif=motif, avant=before
    )
    # One save: what it says of itself depends on the date it will have.
    correction.apres = before | {"debut": instant(place.get("debut", reunion.debut))}
    told = {
        "mention": mention([*known, correction]),
        "resume": summary(reunion.points.all(), f"{correction}. "),
    }
    planning.move(reunion, by=by, quiet=True, **place, **told)
    correction.apres = snapshot(reunion)
    if correction.apres == before:
        raise ValidationError(UNCHANGED)
    correction.save()
    before, after = correction.before, correction.after
    if before.whereabouts == after.whereabouts:
        planning.tell(reunion, "rectifiee", rectificatif=correction)
    else:
        was = ", ".join(filter(None, [before.lieu, heures.span(before.debut, before.fin)]))
        planning.tell(reunion, "deplacee", avant=was, rectificatif=correction)
    return correction


@queued
def call_off(reunion, explication, by=None, postponed=False, motif=Creneau.Motif.ORGANISATION):
    """
    Free the room of a public meeting that is cancelled or `postponed` without a date, and say why.

    It stays where people look, told as such. To another date, `rectify()` moves it.
    """
    planning.take(reunion, by)
    check(reunion)
    reunion.mark_called_off(motif, explication, postponed)
    planning.tell(reunion, "reportee" if postponed else "annulee")
    return reunion


def mention(corrections):
    """The line of the agenda: the date that it had, else that something was corrected."""
    moved = [correction for correction in corrections if correction.moved]
    if moved:
        return f"{moved[-1].fate.lower()}, était le {heures.short_day(moved[-1].before.debut)}"
    return f"ordre du jour modifié le {heures.short_day(timezone.now())}"
