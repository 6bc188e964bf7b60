"""Associations and their activities of the season, as a search finds them."""

from django.db.models import Q
from django.utils import timezone

from associations.models import Activite, Association
from portail.recherche import Found, Searchable
from portail.recherche.extraits import extracts, passage
from portail.recherche.lieux import facts, ranked
from quartiers.models import SansAccents


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


class ActiviteSearchable(Searchable):
    key = "activites"
    one, many = "activité", "activités"
    title = "titre"

    def rows(self):
        rows = Activite.objects.public().going_on(timezone.localdate())
        rows = rows.select_related("association", "maison")
        return rows.only("titre", "slug", "association__nom", "maison__nom")

    def matching(self, wanted):
        held = Q(recherche=wanted.query), wanted.exactly("titre", "resume", "description")
        found = ranked(self.rows().filter(*held), wanted, SansAccents("titre"))
        return found.annotate(**extracts(wanted, "resume", "description"))

    def shown(self, rows, wanted):
        return [
            Found(
                row.titre,
                row.get_absolute_url(),
                facts(row.association, row.maison),
                passage(row),
            )
            for row in rows
        ]
