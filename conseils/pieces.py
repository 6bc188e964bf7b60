"""The documents of a meeting: a file and its row together, as long as the meeting allows it."""

from collections import defaultdict
from contextlib import nullcontext
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from conseils.models import Piece, PieceAncienne, Reunion
from conseils.rectifier import rectify
from conseils.seances import check_draft
from documents import depot
from documents.models import FACTS


def keep(piece, received, by, motif=""):
    """
    Keep a new document, or change one: its words, and its file when something was `received`.

    In a draft, without a word, and the file before goes once the change is sure; what is public
    changes by a correction, of which `motif` tells why, and which keeps the file before. Raises
    ValidationError. When anything fails, nothing stays of the new file.
    """
    files = depot.kept(received) if received else nullcontext()
    with files as name:
        write(piece.reunion, partial(save, piece, received, name, by), by, motif)
    return piece


def remove(piece, by, motif=""):
    """Remove a document, and its file once that is sure; same rule as for `keep`."""
    write(piece.reunion, partial(delete, piece, by), by, motif)


def write(reunion, change, by, motif):
    """Run a change under the lock of the meeting."""
    if reunion.publie_le:
        rectify(reunion, motif, by, write=change)
        return
    with transaction.atomic():
        check_draft(hold(reunion.pk))
        change()


def save(piece, received, name, by):
    """For who holds the meeting and has kept the file under a name."""
    before = Piece.objects.select_for_update().filter(pk=piece.pk).first()
    if received:
        piece.describe(received)
        piece.fichier = name
        check_new(piece)
    elif before:  # as it is now: another person may have replaced it
        for field in [*FACTS, "fichier"]:
            setattr(piece, field, getattr(before, field))
    piece.rang = before.rang if before else next_rank(piece.reunion_id)
    piece.full_clean()
    piece._history_user = by
    piece.save()
    if received and before and piece.reunion.publie_le:
        PieceAncienne.of(before).save()
    elif received and before:
        depot.remove_later(before.fichier.name)


def check_new(piece):
    """Raise ValidationError when the same is there already: a button was pressed twice."""
    same = piece.reunion.pieces.filter(titre=piece.titre, empreinte=piece.empreinte)
    if same.filter(point=piece.point).exclude(pk=piece.pk).exists():
        raise ValidationError(f"« {piece} » est déjà là, avec ce même fichier.")


def delete(piece, by):
    """With the files that it replaced: what must not be read any more is read nowhere."""
    piece.refresh_from_db()
    for name in [piece.fichier.name, *piece.anciennes.values_list("fichier", flat=True)]:
        depot.remove_later(name)
    piece._history_user = by
    piece.delete()


def remove_all(reunion):
    """The files of a meeting that is being deleted, once that is sure."""
    for name in reunion.pieces.values_list("fichier", flat=True):
        depot.remove_later(name)


def hold(pk):
    rows = Reunion.objects.select_for_update(of=("self", "creneau"), no_key=True)
    return rows.get(pk=pk)


def next_rank(reunion_id):
    known = Piece.objects.filter(reunion=reunion_id).aggregate(last=Max("rang"))
    return (known["last"] or 0) + 1


def lay_out(reunion, points):
    """Give each item its `documents`; returns those of the whole meeting. One statement."""
    of_point = defaultdict(list)
    for piece in reunion.pieces.all():
        of_point[piece.point_id].append(piece)
    for point in points:
        point.documents = of_point[point.pk]
    return of_point[None]
