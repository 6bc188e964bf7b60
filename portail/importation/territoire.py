"""The quartiers and sous-quartiers as they stand while the files that refer to them are written."""

from functools import cached_property

from portail.importation.coordonnees import Decoupage
from quartiers.models import Quartier, SousQuartier


class Territoire:
    def __init__(self):
        self.exact = {Quartier: {}, SousQuartier: {}}  # {model: {pk: outline of this run}}

    def keep(self, row, outline):
        """A row just written: what was read before is out of date."""
        if outline:
            self.exact[type(row)][row.pk] = outline
        self.__dict__.pop("quartiers" if isinstance(row, Quartier) else "sous_quartiers", None)

    @cached_property
    def quartiers(self):
        return Decoupage(Quartier.objects.all(), self.exact[Quartier])

    @cached_property
    def sous_quartiers(self):
        """{pk of a quartier: its Decoupage}."""
        rows = {}
        for row in SousQuartier.objects.all():
            rows.setdefault(row.quartier_id, []).append(row)
        exact = self.exact[SousQuartier]
        return {quartier: Decoupage(parts, exact) for quartier, parts in rows.items()}
