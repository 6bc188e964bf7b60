"""Services and guides as a search finds them: what « impôts » or « papiers » lead to."""

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Q

from permanences.models import Fiche, Service
from portail.recherche import NUMBER, Found, Searchable
from portail.recherche.extraits import extracts, passage


def ranked(rows, wanted, title):
    ranks = [SearchRank(F("recherche"), words).desc() for words in (wanted.literal, wanted.any)]
    return rows.annotate(nombre=NUMBER).order_by(*ranks, title, "pk")


class ServiceSearchable(Searchable):
    """What a service says of itself; its dates are those of its permanences."""

    key = "aides"
    one, many = "aide dans les maisons", "aides dans les maisons"

    def rows(self):
        return Service.objects.public().only("nom", "slug", "organisme")

    def matching(self, wanted):
        held = wanted.exactly("nom", "chapeau", "organisme", "presentation", "a_apporter")
        found = self.rows().filter(Q(recherche=wanted.query), held)
        return ranked(found, wanted, "nom").annotate(**extracts(wanted, "chapeau", "presentation"))

    def shown(self, rows, wanted):
        return [Found(row.nom, row.get_absolute_url(), row.organisme, passage(row)) for row in rows]


class FicheSearchable(Searchable):
    key = "fiches"
    one, many = "fiche pratique", "fiches pratiques"
    title = "titre"

    def rows(self):
        return Fiche.objects.public().only("titre", "slug", "source")

    def matching(self, wanted):
        held = wanted.exactly("titre", "resume_facile", "texte")
        found = self.rows().filter(Q(recherche=wanted.query), held)
        found = ranked(found, wanted, "titre")
        return found.annotate(**extracts(wanted, "resume_facile", "texte"))

    def shown(self, rows, wanted):
        return [Found(row.titre, row.get_absolute_url(), row.source, passage(row)) for row in rows]
