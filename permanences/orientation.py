"""
« J’ai besoin d’aide pour… »: from a need to where to go, those without appointment first.

One row for each permanence, its next date. They are read in one statement, then filtered, counted
and sorted here: a city has some hundreds of them, whatever the years of dates behind and ahead.
"""

from collections import Counter
from datetime import timedelta
from functools import cached_property
from math import inf
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from maisons import heures
from maisons.models import Maison
from maisons.recherche import nearness
from permanences import prochaines
from permanences.filtres import OrientationForm, facets
from permanences.langues import named
from permanences.models import Besoin, Fiche, Service
from quartiers.models import Quartier

ROWS = 20  # permanences of a page
MOST_OPTIONS = 30  # of a list of the form
MOST_FICHES = 4
HIDDEN = ["besoin", "langue", "pres_de"]  # chosen by a link: the form sends them along
# What each need means, in everyday words.
HINTS = {
    Besoin.COURRIER: "Lire, répondre, remplir un papier",
    Besoin.DROITS: "CAF, retraite, séjour, impôts",
    Besoin.LOGEMENT: "Bail, loyer, énergie, travaux",
    Besoin.SANTE: "Soins, écoute, couverture maladie",
    Besoin.NUMERIQUE: "Démarches en ligne, premiers pas",
    Besoin.CONFLIT: "En parler, trouver un accord",
    Besoin.ELU: "Poser une question, être reçu",
}


class Orientation:
    """One answer: what is shown for a query string, and the ways on from it."""

    def __init__(self, query, now=None):
        self.now = now or timezone.now()
        self.today = timezone.localdate(self.now)
        self.known = {}  # what was read: {(from, weekday, later): rows}
        quartiers = {row.slug: row for row in Quartier.objects.only("slug", "nom")}
        names = {slug: str(quartier) for slug, quartier in quartiers.items()}
        houses = dict(Maison.objects.values_list("slug", "nom"))
        self.facets = facets(names, houses)
        form = OrientationForm(query, self.facets, names)
        # What cannot be read is told, and left out rather than answered with nothing.
        self.faults = {name: " ".join(told) for name, told in form.errors.items()}
        self.chosen = {name: value for name, value in form.cleaned_data.items() if value}
        self.near = quartiers.get(self.chosen.pop("pres_de", ""))
        self.after = query.get("apres", "")
        if self.chosen.get("du", self.today) <= self.today:
            self.chosen.pop("du", None)

    def read(self, du=None, jour=None, later=timedelta()):
        """The rows of the five weeks that begin on a day, or now; each asked for once."""
        asked = du, jour, later
        if asked not in self.known:
            first = heures.starts_at(du) if du else None
            begun = (first or self.now) + later
            weekday = heures.WEEKDAYS.index(jour) + 1 if jour else None
            self.known[asked] = prochaines.next_dates(
                self.now,
                since=begun if du or later else None,
                until=begun + prochaines.AHEAD,
                jour=weekday,
            )
        return self.known[asked]

    def matching(self, rows, but=()):
        """Those that the filters keep, some of them left out."""
        asked = [(f, self.chosen[f.name]) for f in self.facets if f.name in self.chosen]
        asked = [(facet, value) for facet, value in asked if facet.name not in but]
        return [row for row in rows if all(facet.keeps(row, value) for facet, value in asked)]

    @property
    def window(self):
        return {"du": self.chosen.get("du"), "jour": self.chosen.get("jour")}

    @cached_property
    def found(self):
        """All that is kept, in order: without appointment first, then the nearest, then by hour."""
        rows = self.matching(self.read(**self.window))
        return sorted(rows, key=self.rank)

    def rank(self, row):
        away = nearness(row.maison, self.near) if self.near and row.maison else (True, inf)
        return not row.permanence.drop_in, *away, row.debut, row.pk

    @cached_property
    def page(self):
        """At most twenty rows, told, behind the last one that was read."""
        keys = [str(row.permanence_id) for row in self.found]
        first = keys.index(self.after) + 1 if self.after in keys else 0
        return prochaines.tell(self.found[first : first + ROWS], self.now)

    @property
    def without_appointment(self):
        return [row for row in self.page if row.permanence.drop_in]

    @property
    def by_appointment(self):
        """Those of the page whose first free moment comes first; the full ones last."""
        rows = [row for row in self.page if not row.permanence.drop_in]
        if self.near:
            return rows
        return sorted(rows, key=lambda row: (not row.slot, row.slot.debut if row.slot else 0))

    @property
    def onward(self):
        """The address of what follows on the list; nothing at its end."""
        if self.page and self.page[-1] is not self.found[-1]:
            return self.address(apres=self.page[-1].permanence_id)

    def address(self, **changes):
        """The same list with some parameters changed: None for none."""
        asked = self.asked | changes
        given = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(given)}" if given else "?"

    @property
    def asked(self):
        """What the address says, as it was understood."""
        return self.chosen | ({"pres_de": self.near.slug} if self.near else {})

    @property
    def first(self):
        """The day from which dates are asked for; nothing from now."""
        return self.chosen.get("du")

    @property
    def kept(self):
        """What the form does not show: sent along with it."""
        return {name: value for name, value in self.asked.items() if name in HIDDEN}

    def words(self, name):
        facet = next((facet for facet in self.facets if facet.name == name), None)
        value = self.chosen[name]
        if facet:
            return facet.words[value]
        return f"à partir du {heures.day(value)}" if name == "du" else value

    @cached_property
    def removals(self):
        """Each filter chosen: (in words, the address of the list without it)."""
        found = [(self.words(name), self.address(**{name: None})) for name in self.chosen]
        if self.near:
            found.append((f"près de {self.near}", self.address(pres_de=None)))
        return found

    @property
    def by_date(self):
        return self.address(pres_de=None)

    @property
    def by_distance(self):
        """To the quartier that is kept, or to its choice, and back to this list."""
        query = urlencode(self.chosen | {"vers": "permanences"})
        return f"{reverse('portail:mon_quartier')}?{query}"

    @property
    def sentence(self):
        """What is shown: (the number, the filters in words)."""
        number = len(self.found)
        shown = f"{number or 'Aucune'} permanence{'s' * (number > 1)}"
        last = timezone.localdate(self.end) - timedelta(days=1)
        return shown, ", ".join([f"d’ici au {heures.day(last)}", *(w for w, _ in self.removals)])

    @property
    def end(self):
        du = self.chosen.get("du")
        return (heures.starts_at(du) if du else self.now) + prochaines.AHEAD

    @cached_property
    def lists(self):
        """[(name, legend, options)] of the form; an option is (value, words, chosen, number)."""
        rows, found = self.read(**self.window), []
        for facet in self.facets:
            others = self.matching(rows, but=[facet.name])
            counts = Counter(value for row in others for value in facet.read(row))
            chosen = self.chosen.get(facet.name)
            options = [
                (value, words, value == chosen, counts[value])
                for value, words in facet.words.items()
                if counts[value] or value == chosen
            ]
            if 0 < len(options) <= MOST_OPTIONS:
                found.append((facet.name, facet.legend, options))
        return found

    @property
    def weekdays(self):
        return [(name, name == self.chosen.get("jour")) for name in heures.WEEKDAYS]

    @property
    def languages(self):
        """Those spoken in what is shown: (code, own name, `lang`, from the right, address)."""
        others = self.matching(self.read(**self.window), but=["langue"])
        codes = {code for row in others for code in row.permanence.spoken}
        return [(*told, self.address(langue=told[0])) for told in named(codes)]

    @property
    def besoin(self):
        """The need that was chosen, in words."""
        return Besoin(self.chosen["besoin"]).label if "besoin" in self.chosen else ""

    @property
    def needs(self):
        """Each need: (value, words, hint, address)."""
        return [
            (need.value, need.label, HINTS[need], self.address(besoin=need.value))
            for need in Besoin
        ]

    @cached_property
    def services(self):
        """Who helps with the need that was chosen, with a date to come or not."""
        if need := self.chosen.get("besoin"):
            rows = Service.objects.public().filter(besoins__contains=[need])
            return list(rows.only("nom", "slug", "chapeau"))
        return []

    @cached_property
    def fiches(self):
        if need := self.chosen.get("besoin"):
            rows = Fiche.objects.public().filter(besoins__contains=[need])
            return list(rows.only("titre", "slug")[:MOST_FICHES])
        return []

    @cached_property
    def upcoming(self):
        """When nothing is found: the first one of the weeks after."""
        later = self.read(**self.window, later=prochaines.AHEAD)
        return next(iter(self.matching(later)), None)

    @cached_property
    def costliest(self):
        """When nothing is found: (words, number, address) of the filter that hides most."""
        freed = []
        for name in self.chosen:
            window = self.window | ({name: None} if name in self.window else {})
            number = len(self.matching(self.read(**window), but=[name]))
            freed.append((number, self.words(name), self.address(**{name: None})))
        number, words, address = max(freed, default=(0, "", ""))
        return (words, number, address) if number else None

    @property
    def tomorrow(self):
        """The address of the same list from tomorrow on; nothing when it begins later already."""
        if "du" not in self.chosen:
            return self.address(du=self.today + timedelta(days=1))
