"""
The sweep: every five minutes it writes into the outbox the reminders that are due.

The lock on a row is the queue, the unique key of its message the proof: two sweeps at once, or one
killed anywhere, write each reminder once.
"""

import logging
from contextlib import contextmanager
from itertools import groupby

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from notifications import rappels
from notifications.models import Message

BATCH = 100  # rows held by one transaction: whoever changes one of them waits for it

logger = logging.getLogger(__name__)


def sweep():
    """Write what is due of each kind; returns how many reminders."""
    drop_untrue()
    written = 0
    for name, reminder in rappels.registry().items():
        with apart(name):
            written += write_kind(reminder)
    return written


@contextmanager
def apart(what):
    """What goes wrong with one keeps no other from being told; without the database, all wait."""
    try:
        yield
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        logger.exception("No reminder: %s", what)


def write_kind(reminder):
    now = timezone.now()
    keys = list(reminder.coming(now).values_list("pk", flat=True))
    batches = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
    return sum(write_batch(reminder, batch, now) for batch in batches)


def write_batch(reminder, keys, now):
    """Most were written by an earlier sweep: only rows that lack one are locked and read again."""
    unwritten = missing(reminder, reminder.rows().filter(pk__in=keys), now)
    if not unwritten:
        return 0
    with transaction.atomic():
        rows = reminder.rows().filter(pk__in={one.row.pk for one in unwritten})
        # A row that somebody changes is left to the next sweep.
        held = rows.select_for_update(skip_locked=True, no_key=True, of=reminder.locked)
        due = missing(reminder, held, now)
        if not reminder.together:
            return sum(write(reminder, one) for one in due)
        of_a_row = groupby(due, key=lambda one: one.row.pk)
        return sum(write_all(reminder, list(some)) for _, some in of_a_row)


def missing(reminder, rows, now):
    due = [one for row in rows for one in reminder.due(row, now)]
    written = Message.objects.filter(cle__in=[one.cle for one in due])
    written = set(written.values_list("cle", flat=True))
    return [one for one in due if one.cle not in written]


def write(reminder, occasion):
    """Whether it is written: in a savepoint of its own."""
    fields = fields_of(reminder, occasion) | {"telephone": occasion.telephone}
    with apart(occasion.cle), transaction.atomic():
        reminder.write(occasion.row, **fields)
        return True
    return False


def write_all(reminder, occasions):
    """How many are written, of one row: all or none, in a savepoint of their own."""
    with apart(occasions[0].cle), transaction.atomic():
        messages = [fields_of(reminder, one) for one in occasions]
        reminder.write_all(occasions[0].row, messages)
        return len(messages)
    return 0


def fields_of(reminder, occasion):
    until = reminder.useful_until(occasion.row)
    told = {"courriel": occasion.courriel, "expire_le": until}
    return {"cle": occasion.cle, "rappel": True} | told


def drop_untrue():
    """Nobody is called about what has changed; letters are looked at when they leave."""
    for message in Message.objects.to_phone().filter(rappel=True):
        if not rappels.stands(message):
            message.mark_dropped()
