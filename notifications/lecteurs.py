"""Reminders of what people follow: a letter that many read, made once; each ends its own."""

from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.dateparse import parse_datetime

from notifications import rappels, suivi
from notifications.envoi import post_all
from notifications.models import Abonnement


class Reader(NamedTuple):
    abonnement: int | None = None  # its key; of who follows nothing and is told all the same, none
    since: datetime | None = None


class FollowedReminder(rappels.Reminder):
    """Of dates, to who follows what they are dates of."""

    together = True
    sujet = None  # « evenement », as subscriptions begin
    column = None  # of a date: the key of what is followed

    def dates(self):
        """The QuerySet of all rows that call for it now, without their readers."""
        raise NotImplementedError

    def letter(self, row, follows):
        """The fields of a message, which all who follow read alike, or all who do not."""
        raise NotImplementedError

    def token(self, row, address, reader):
        """What ends the letters of a reader, if anything does."""
        return suivi.sign(reader.abonnement)

    def rows(self):
        return self.with_readers(self.dates(), Q())

    def rows_to(self, address):
        return self.with_readers(self.dates(), Q(courriel=address) | Q(compte__courriel=address))

    def with_readers(self, dates, some):
        key = Concat(Value(f"{self.sujet}:"), Cast(OuterRef(self.column), CharField()))
        those = Abonnement.objects.in_force().filter(some, sujet=key).order_by("pk")
        read = {"courriel": "courriel", "compte": "compte__courriel", "depuis": "confirme_le"}
        return dates.annotate(
            suivi_par=ArraySubquery(those.values(json=JSONObject(pk="pk", **read)))
        )

    def readers(self, row):
        """{address: Reader}, each address once."""
        found = {}
        for one in row.suivi_par:
            reader = Reader(one["pk"], parse_datetime(one["depuis"]))
            found.setdefault(one["compte"] or one["courriel"], reader)
        return found

    def recipients(self, row):
        return [(address, "") for address in self.readers(row)]

    def occasions(self, row):
        """Not to who follows it since then: they have just read when it is."""
        readers = self.readers(row)
        return [
            one
            for one in super().occasions(row)
            if (since := readers[one.courriel].since) is None or since <= one.leaves
        ]

    def write_all(self, row, messages):
        """Made once for those who may end it, once for the others, if any."""
        readers, letter = self.readers(row), cache(partial(self.letter, row))
        letters = []
        for fields in messages:
            address = fields["courriel"]
            reader = readers[address]
            token = self.token(row, address, reader)
            letters.append(suivi.personal(letter(bool(reader.abonnement)), token) | fields)
        post_all(letters)
