"""Houses, rooms and quartiers, as a search finds them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchRank, SearchVector
from django.db.models import F, OuterRef, Q

from maisons.heures import NBSP
from maisons.models import Maison, Salle
from portail.recherche import NUMBER, Found, Searchable
from portail.recherche.extraits import extracts, passage
from portail.recherche.mots import CONFIG
from quartiers.models import BY_NAME, Quartier, SousQuartier


def ranked(rows, wanted, by=BY_NAME):
    ranks = [SearchRank(F("recherche"), words).desc() for words in (wanted.literal, wanted.any)]
    return rows.annotate(nombre=NUMBER).order_by(*ranks, by)


class MaisonSearchable(Searchable):
    key = "maisons"
    one, many = "maison", "maisons"

    def rows(self):
        rows = Maison.objects.select_related("quartier")
        return rows.only("nom", "slug", "adresse", "quartier__nom")

    def matching(self, wanted):
        held = Q(recherche=wanted.query) | Q(pk__in=wanted.named_houses)
        found = self.rows().filter(held, wanted.exactly("nom", "chapeau", "presentation"))
        return ranked(found, wanted).annotate(**extracts(wanted, "chapeau", "presentation"))

    def shown(self, rows, wanted):
        return [
            Found(row.nom, row.get_absolute_url(), facts(row.adresse, row.quartier), passage(row))
            for row in rows
        ]


class SalleSearchable(Searchable):
    key = "salles"
    one, many = "salle", "salles"

    def rows(self):
        rows = Salle.objects.select_related("maison")
        return rows.only("nom", "slug", "capacite", "maison__nom", "maison__slug")

    def matching(self, wanted):
        found = self.rows().filter(wanted.in_a_house, wanted.exactly("nom", "equipements"))
        return ranked(found, wanted).annotate(**extracts(wanted, "equipements"))

    def shown(self, rows, wanted):
        return [
            Found(
                row.nom,
                row.get_absolute_url(),
                facts(row.maison, f"{row.capacite}{NBSP}personne{'s' * (row.capacite > 1)}"),
                passage(row),
            )
            for row in rows
        ]


class QuartierSearchable(Searchable):
    key = "quartiers"
    one, many = "quartier", "quartiers"

    def rows(self):
        return Quartier.objects.only("nom", "slug")

    def matching(self, wanted):
        """By its own words, or by the name of one of its parts, which people know better."""
        parts = SousQuartier.objects.annotate(mots=SearchVector("nom", config=CONFIG))
        named = Q(pk__in=parts.filter(mots=wanted.query).order_by().values("quartier"))
        held = wanted.exactly("nom", "chapeau", "presentation")
        found = self.rows().filter(Q(recherche=wanted.query) | named, held)
        names = SousQuartier.objects.filter(quartier=OuterRef("pk")).values("nom")
        return ranked(found, wanted).annotate(
            parties=ArraySubquery(names), **extracts(wanted, "chapeau", "presentation")
        )

    def shown(self, rows, wanted):
        return [
            Found(row.nom, row.get_absolute_url(), ", ".join(row.parties), passage(row))
            for row in rows
        ]


def facts(*parts):
    return " · ".join(str(part) for part in parts if part)
