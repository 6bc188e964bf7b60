"""
The registry of reminders: what falls due is read from the present state, nothing is planned ahead.

An app registers its own by dotted path in `AppConfig.ready()`; imported at first use. The sweep
(`notifications.balayage`) writes each one once, and before it leaves it must still stand.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.db.models import Model
from django.utils.module_loading import import_string

from notifications import nuit
from notifications.adresses import digest

paths = []


class Occasion(NamedTuple):
    """One reminder of a row to one person: what makes it another one is in its key."""

    cle: str
    row: Model
    courriel: str
    telephone: str
    leaves: datetime


class Reminder:
    """
    One kind of reminder. The methods that take a row ask the database for nothing more.

    A moved row is reminded at its new date, since its key holds when it begins; one that `rows()`
    does not hold any more, never. Its messages are written by `envoi.post`, from `write()`.
    """

    name = None  # of its keys: with another name, what was sent is sent again
    begins = "debut"  # the column of the instant that it announces
    delays = []  # how long before
    locked = ["self"]  # `of` of the lock under which it is written
    nearest = False  # whether, of those that come late at once, the nearest alone is written
    together = False  # whether those of a row are written by `write_all`, in one statement

    def rows(self):
        """The QuerySet of all rows that call for it now, with what is read here."""
        raise NotImplementedError

    def recipients(self, row):
        """[(e-mail address, phone number), …]: each person once; nobody, when none is known."""
        raise NotImplementedError

    def told_at(self, row) -> datetime:
        """When its people were last told of it: no reminder is due for an instant before that."""
        raise NotImplementedError

    def write(self, row, **fields):
        """Post one message; `fields` are its key, whom it is for, and until when it is of use."""
        raise NotImplementedError

    def write_all(self, row, messages):
        """The same for many people: [fields]."""
        raise NotImplementedError

    def rows_to(self, address):
        """`rows()`, of which one person alone is asked: less to read where many are concerned."""
        return self.rows()

    def delays_of(self, row) -> list[timedelta]:
        return self.delays

    def longest_delay(self):
        return max(self.delays)

    def start(self, row) -> datetime:
        return getattr(row, self.begins)

    def useful_until(self, row) -> datetime:
        return self.start(row)

    def coming(self, now):
        """The rows whose reminder may leave now, the nearest first."""
        until = now + nuit.ADVANCE + self.longest_delay()
        window = {f"{self.begins}__gt": now, f"{self.begins}__lte": until}
        return self.rows().filter(**window).order_by(self.begins, "pk")

    def occasions(self, row):
        """All its reminders of a row, whenever they leave."""
        start = self.start(row)
        return [
            Occasion(self.key(row, delay, contact), row, *contact, departure(start, delay))
            for delay in self.delays_of(row)
            for contact in self.recipients(row)
            if any(contact)
        ]

    def due(self, row, now):
        """Those to write now; late ones too, as long as they are of use."""
        if now >= self.useful_until(row):
            return []
        due = [one for one in self.occasions(row) if self.told_at(row) <= one.leaves <= now]
        latest = max((one.leaves for one in due), default=None)
        return [one for one in due if one.leaves == latest or not self.nearest]

    def key(self, row, delay, contact):
        """Recipient × row × start × delay; an address is never in clear."""
        reached = digest(contact[0] or contact[1], "notifications.rappels")
        start = self.start(row).astimezone(UTC)
        minutes = int(delay.total_seconds()) // 60
        return f"rappel:{self.name}:{row.pk}:{start:%Y%m%dT%H%M}:{minutes}:{reached}"


def leaves(cle) -> datetime:
    """When the reminder of this key was to leave, whenever its message was written."""
    start, minutes = cle.split(":")[3:5]
    start = datetime.strptime(start, "%Y%m%dT%H%M").replace(tzinfo=UTC)
    return departure(start, timedelta(minutes=int(minutes)))


def departure(start, delay):
    return nuit.departure(nuit.before(start, delay), start)


def register(path):
    """A Reminder, which the sweep asks every five minutes."""
    paths.append(path)


@cache
def registry():
    """{name: reminder}, in the order of registration."""
    reminders = [import_string(path)() for path in paths]
    return {reminder.name: reminder for reminder in reminders}


def stands(message) -> bool:
    """Whether a reminder that was written still tells the truth: nothing was told since."""
    name, pk = message.cle.split(":")[1:3]
    reminder = registry().get(name)
    row = reminder.rows_to(message.destinataire).filter(pk=pk).first() if reminder else None
    if row is None or reminder.told_at(row) > message.cree_le:
        return False
    return message.cle in {one.cle for one in reminder.occasions(row)}
