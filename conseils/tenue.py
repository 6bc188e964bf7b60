"""What is kept of a meeting that was held: who was there, what was said, when it was approved."""

from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils import timezone

from conseils.models import CompteRendu, Point, Presence, Reunion
from conseils.models.compte_rendu import APPROVED
from maisons.verrou import queued

NOT_HELD = "Cette réunion n’a pas eu lieu : il n’y a pas de compte rendu à écrire."
NOT_YET = "Aucune réunion suivante n’avait ce compte rendu à approuver : il le reste."
CHANGED = (
    "Quelqu’un a écrit ici depuis que vous avez ouvert la page. Vos réponses sont gardées : "
    "enregistrez à nouveau pour les garder à la place des siennes."
)


def check(reunion):
    """Raise ValidationError when nothing was held that could be told."""
    if not reunion.publie_le or reunion.annule_le or reunion.debut > timezone.now():
        raise ValidationError(NOT_HELD)


def take(reunion):
    """Lock a meeting, and give its minutes, new ones if there are none; not those approved."""
    row = Reunion.objects.select_for_update(of=("self",), no_key=True).get(pk=reunion.pk)
    check(row)
    kept = CompteRendu.objects.filter(reunion=row).first()
    if kept and kept.approved:
        raise ValidationError(APPROVED)
    return kept or CompteRendu(reunion=row, quorum=row.conseil.quorum)


@queued
def keep(reunion, texte, presences, version, by=None):
    """
    Write the minutes and who was there; `presences` are new rows, those before go.

    Raises ValidationError when somebody wrote since `version`, or they are approved. What is there
    already, word for word, is kept: a button was pressed twice.
    """
    kept = take(reunion)
    now = fingerprint(reunion)
    if now == digest((texte, kept.etat), map(line, presences)):
        return kept
    if now != version:
        raise ValidationError(CHANGED, code="changed")
    kept.texte, kept._history_user = texte, by
    kept.full_clean()
    kept.save()
    Presence.objects.filter(reunion=reunion).delete()
    Presence.objects.bulk_create(presences)
    return kept


@queued
def propose(reunion, by=None):
    """Make the minutes public as those that are still to approve."""
    kept = take(reunion)
    kept._history_user = by
    kept.mark_proposed()
    return kept


@queued
def approve(reunion, meeting, by=None):
    """For good, at a meeting held since that had them among its items."""
    kept = take(reunion)
    if meeting not in approving(reunion):
        raise ValidationError(NOT_YET)
    kept._history_user = by
    kept.mark_approved(meeting)
    return kept


def approving(reunion):
    """The later meetings, begun, that had minutes to approve among their items."""
    later = Reunion.objects.public().holding().filter(conseil=reunion.conseil_id)
    later = later.filter(debut__gt=reunion.debut, debut__lte=timezone.now())
    items = Point.objects.filter(type=Point.Type.APPROBATION, approuve=reunion.pk)
    return later.filter(pk__in=items.values("reunion")).order_by("debut", "pk")


def fingerprint(reunion):
    """The same as long as nobody writes of what was held."""
    kept = CompteRendu.objects.filter(reunion=reunion).values_list("texte", "etat").first()
    return digest(kept, map(line, Presence.objects.filter(reunion=reunion)))


def line(presence):
    return presence.conseiller_id, str(presence.etat), presence.represente_par


def digest(kept, lines):
    told = kept and [*map(str, kept)], sorted(lines)
    return sha256(repr(told).encode()).hexdigest()[:16]
