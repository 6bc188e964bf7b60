"""Meetings of the councils as a search finds them, by the items of their agendas too."""

from django.db.models import Q

from conseils.models import Point, Reunion
from maisons import heures
from portail.recherche import NUMBER, WHEN, WHERE, Found, Searchable
from portail.recherche.extraits import extracts, passage


class ReunionSearchable(Searchable):
    key = "conseils"
    one, many = "réunion de conseil", "réunions de conseil"
    title = "conseil__nom"

    def rows(self):
        return Reunion.objects.public()

    def matching(self, wanted):
        """The latest first: what is to come, then what was dealt with."""
        items = Point.objects.filter(recherche=wanted.query).order_by().values("reunion")
        held = Q(recherche=wanted.query) | Q(pk__in=items)
        found = self.rows().filter(held, wanted.exactly("titre", "resume"))
        found = found.select_related("conseil", "maison", "quartier").annotate(nombre=NUMBER)
        found = found.only("titre", "numero", "conseil__slug", *WHEN, *WHERE)
        return found.order_by("-debut", "-pk").annotate(**extracts(wanted, "resume"))

    def shown(self, rows, wanted):
        return [
            Found(
                row.titre,
                row.get_absolute_url(),
                f"{heures.span(row.debut, row.fin)} · {row.place}",
                passage(row),
                bool(row.annule_le),
            )
            for row in rows
        ]
