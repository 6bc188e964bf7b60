"""What the form of an activity offers: who may come, at which dates, to which others at once."""

from functools import cached_property

from django.utils import timezone

from associations import calendrier, inscriptions
from associations.forms.inscription import ENFANTS, MOI
from associations.models import Activite, Dossier, Inscription, Seance
from associations.models.inscription import ADULT
from comptes.joignable import dialled
from maisons import heures

MAJORITY = 18
MOST_DATES, MOST_OTHERS, MOST_KNOWN = 8, 8, 6


class Offre:
    """Read once for a page; `compte` is None for who has no account."""

    def __init__(self, activite, compte=None):
        self.activite, self.compte = activite, compte

    @cached_property
    def who(self):
        """Who may be registered, by the ages of the activity alone."""
        youngest, oldest = self.activite.age_min, self.activite.age_max
        adults = oldest is None or oldest >= ADULT
        children = youngest is None or youngest < MAJORITY
        return [one for one, open_to in ((MOI, adults), (ENFANTS, children)) if open_to]

    @property
    def children(self):
        return ENFANTS in self.who

    @cached_property
    def dates(self):
        """[(session, in words)] of an activity that is joined session by session."""
        if self.activite.by_season:
            return []
        rows = Seance.objects.upcoming(timezone.now()).holding().filter(activite=self.activite)
        return [(date, self.date_in_words(date)) for date in rows[:MOST_DATES]]

    def date_in_words(self, date):
        return ", ".join(filter(None, [heures.span(date.debut, date.fin), date.mention]))

    @cached_property
    def others(self):
        """[(activity, in words)] of the same association, for a season that is not over."""
        rows = Activite.objects.public().going_on(timezone.localdate()).filter(ouverte=True)
        rows = rows.filter(association=self.activite.association_id, inscription="saison")
        rows = rows.exclude(pk=self.activite.pk).order_by("titre", "pk")[:MOST_OTHERS]
        dates = calendrier.first_dates([row.pk for row in rows])
        return [(row, self.in_words(row, dates[row.pk])) for row in rows if row.pk in dates]

    def in_words(self, activite, first):
        facts = [activite.titre, activite.facts, first.mention]
        return " · ".join(filter(None, facts))

    @cached_property
    def questions(self):
        """Those of all the activities that may be chosen."""
        rows = [self.activite, *(row for row, _ in self.others)]
        return {question for row in rows for question in row.questions}

    @cached_property
    def known(self):
        """The children of this account's earlier passes, each once (parcours E9)."""
        if self.compte is None:
            return []
        mine = Inscription.objects.owned_by(self.compte).exclude(prenom="").order_by("-pk")
        once = {(inscriptions.spelt(row.prenom), row.naissance): row for row in mine[:100]}
        return sorted(once.values(), key=lambda row: row.prenom)[:MOST_KNOWN]

    @cached_property
    def telephone(self):
        """The number that this account last gave."""
        if self.compte is None:
            return ""
        mine = Dossier.objects.owned_by(self.compte).exclude(telephone="").order_by("-pk")
        return next((dialled(row.telephone) for row in mine[:1]), "")

    def wanted(self, chosen):
        """[(activity, session or None)] of what a form has chosen."""
        dates = [date for date, _ in self.dates if str(date.pk) in chosen.get("seances", [])]
        others = [row for row, _ in self.others if str(row.pk) in chosen.get("autres", [])]
        return [(self.activite, date) for date in dates or [None]] + [(row, None) for row in others]

    @cached_property
    def closed(self):
        """Whether nobody can ask for anything here any more."""
        if self.activite.by_season:
            return not inscriptions.open_to_all(self.activite)
        return not any(inscriptions.open_to_all(self.activite, date) for date, _ in self.dates)
