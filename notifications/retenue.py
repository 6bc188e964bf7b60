"""
Whether messages may leave: after a restore from backup, none does until an operator says so.

The database and a file outside it hold one mark, a token and a rank. The rank grows each time that
a message is looked for, in the transaction that takes it; the file follows before it leaves. So
what has left is known to the file: a database brought back from before is behind it, and sending is
held, even when nothing had left since. It is held too when either half is missing, or is that of
another. The broker has no say in it.
"""

import fcntl
import json
import logging
import os
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notifications import rappels
from notifications.models import Message, Repere

NAME = "reprise.json"

logger = logging.getLogger(__name__)


def next_of(rows):
    """Take the next of some rows of the outbox; None when there is none, or sending is held."""
    try:
        with alone(Path(settings.STATE_DIR)) as folder:
            message, repere = take(rows, folder)
            if repere:
                write(folder, repere.mark)
    except OSError as error:
        logger.error("Without its state folder nothing leaves, messages wait: %s", error)
        return None
    return message


def take(rows, folder):
    """(the message taken or None, the mark to write or None), in one transaction."""
    mark = read(folder)
    with transaction.atomic():
        repere, _ = Repere.objects.select_for_update().get_or_create()
        if not repere.fits(mark):
            repere.hold(mark)
            logger.error("Sending is held until an administrator looks at it in the admin.")
            return None, None
        if repere.mark != mark:  # a first start, a resumption, or we died before the last writing
            write(folder, repere.mark)
        message = rows.claim(timezone.now())
        repere.advance()
    return message, repere


@contextmanager
def alone(folder):
    """One process of this folder at a time, for a few milliseconds."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"{NAME}.verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def read(folder):
    """The mark of the file, None when there is none; what cannot be read is nobody's mark."""
    try:
        return dict(json.loads((folder / NAME).read_text()))
    except FileNotFoundError:
        return None
    except ValueError:
        return {"illisible": True}


def write(folder, mark):
    """All of it or nothing, whenever the power goes."""
    draft = folder / f"{NAME}.ebauche"
    with draft.open("w") as file:
        json.dump(mark, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / NAME)
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)  # its name too
    finally:
        os.close(entry)


def may_have_left(repere):
    """
    What waits though it may have left already: it was to leave before the last mark that is known.

    Reminders that were lost are written again: they are known by when they were to leave.
    """
    until, waiting = repere.sent_until, Message.objects.waiting()
    keys = waiting.filter(rappel=True).values_list("pk", "cle")
    again = [pk for pk, cle in keys if rappels.leaves(cle) <= until]
    return waiting.filter(Q(essayer_le__lte=until) | Q(pk__in=again))
