"""The day of who holds permanences, and of the desk of a house: one date at a time, its people."""

from dataclasses import dataclass
from functools import cached_property

from permanences import direct, presences
from permanences.models import Permanence, RendezVous, Vacation
from permanences.prevenir import ways


@dataclass
class Line:
    """A place at a desk; `row` when it may be shown whose it is, `why` when one may read it."""

    row: RendezVous
    named: bool
    why: str = ""

    @property
    def venue(self):
        return presences.venue_of(self.row)

    @property
    def waiting(self):
        return self.venue in ("attendu", "arrive")


class Journee:
    """
    The dates that somebody runs on a day, and one of them in full: the one asked for, else the
    one that goes on or comes next.

    Who holds it reads who comes, and why. The desk reads the hours, and the names of those alone
    whom it serves (`served`, the key of an appointment) or of all once it asks (`names`).
    """

    def __init__(self, user, day, now, asked=None, served=None, names=False):
        rows = Vacation.objects.attended_by(user, "change").on(day)
        read = ["permanence__service", "maison", "salle"]
        self.user, self.day, self.now = user, day, now
        self.served, self.names = served, names
        self.vacations = list(rows.select_related(*read).prefetch_related("passages"))
        coming = [v for v in self.vacations if v.fin > now and not v.annule_le]
        self.found = asked is None or any(v.pk == asked for v in self.vacations)
        chosen = [v for v in self.vacations if v.pk == asked] or coming or self.vacations
        self.vacation = next(iter(chosen), None)
        self.running = bool(self.vacation) and direct.is_running(self.vacation, now)

    @cached_property
    def held(self):
        """Whether this person holds the permanence, and not the desk of its house alone."""
        mine = Permanence.objects.held_by(self.user, "change", RendezVous)
        return mine.filter(pk=self.vacation.permanence_id).exists()

    @cached_property
    def lines(self):
        if self.vacation is None:
            return []
        rows = RendezVous.objects.managed_by(self.user, "change").held()
        rows = rows.filter(vacation=self.vacation.pk).select_related("compte", "motif")
        return [self.line(row) for row in rows.order_by("debut", "guichet")]

    def line(self, row):
        if self.held:
            return Line(row, named=True, why=str(row.motif or ""))
        return Line(row, named=self.names or row.pk == self.served)

    @property
    def shown(self):
        """The appointments whose person is told on the page: each is one reading."""
        return [line.row for line in self.lines if line.named]

    @property
    def next_line(self):
        """Whom to call: who was asked for, else the first that is still waited for."""
        asked = (line for line in self.lines if line.row.pk == self.served)
        first = (line for line in self.lines if line.waiting and line.named)
        return next(asked, None) or next(first, None)

    @property
    def counts(self):
        return presences.counted(self.vacation)

    @property
    def told(self):
        """How those whom a change of the day concerns hear of it: a sentence for each way."""
        waiting = (line.row for line in self.lines if line.venue == "attendu")
        return ways(row for row in waiting if row.fin > self.now).in_words()
