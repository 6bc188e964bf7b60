"""The past meetings of a council, a year at a time: all of them within one touch."""

from functools import cached_property

from django.db.models import Count
from django.db.models.functions import ExtractYear

MOST = 100  # meetings of a year that are shown; two a week


class Annees:
    """`asked` is what the address says of a year: another than those that have meetings, none."""

    def __init__(self, past, asked=""):
        self.past, self.asked = past, asked

    @cached_property
    def counts(self):
        """[(year, how many)], the latest first."""
        years = self.past.order_by().values_list(ExtractYear("debut")).annotate(Count("pk"))
        return sorted(years, reverse=True)

    @cached_property
    def year(self):
        """The one asked for, else the latest; None before the first meeting."""
        known = [year for year, _ in self.counts]
        if self.asked:
            return next((year for year in known if str(year) == self.asked), None)
        return known[0] if known else None

    @cached_property
    def meetings(self):
        if self.year is None:
            return []
        return list(self.past.filter(debut__year=self.year)[:MOST])
