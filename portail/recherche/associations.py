"""Associations, as a search finds them."""

from django.db.models import Q

from associations.models import Association
from portail.recherche import Found, Searchable
from portail.recherche.extraits import extracts, passage
from portail.recherche.lieux import facts, ranked


class AssociationSearchable(Searchable):
    key = "associations"
    one, many = "association", "associations"

    def rows(self):
        rows = Association.objects.public().select_related("quartier")
        return rows.only("nom", "slug", "quartier__nom")

    def matching(self, wanted):
        held = Q(recherche=wanted.query), wanted.exactly("nom", "objet", "presentation")
        return ranked(self.rows().filter(*held), wanted).annotate(
            **extracts(wanted, "objet", "presentation")
        )

    def shown(self, rows, wanted):
        return [
            Found(row.nom, row.get_absolute_url(), facts(row.quartier), passage(row))
            for row in rows
        ]
