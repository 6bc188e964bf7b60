"""
The hours of room of an association in a season: granted, used, asked for, left, and their value.

What takes a room counts: sessions, loans that were granted, dates of the events that it organises;
never what was cancelled. An hour is one that passes, also in the night when the clock changes.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import DurationField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from associations.models import BudgetHeures, MiseADisposition, Seance
from maisons import heures
from maisons.models import Creneau, Occurrence

HOUR, NONE = timedelta(hours=1), timedelta()
PORTEES = [Creneau.Portee.SALLE, Creneau.Portee.MAISON]
DEDANS = "Budget d’heures {} : {} utilisées, {} demandées, sur {}."
DEPASSE = "Le budget d’heures {} serait dépassé : {} utilisées, {} demandées, sur {}."


def hours(rows, mine):
    """How long some créneaux take a room, of the association and the season of an outer budget."""
    length = Sum(F("fin") - F("debut"), output_field=DurationField())
    day = TruncDate("debut", tzinfo=timezone.get_default_timezone())
    rows = rows.holding().filter(**{mine: OuterRef("association")}, portee__in=PORTEES)
    # An event whose hours nobody knows takes none: a whole day would count twenty-four.
    rows = rows.filter(heure_connue=True).alias(jour=day)
    rows = rows.filter(jour__gte=OuterRef("premier"), jour__lte=OuterRef("dernier"))
    total = rows.order_by().values(mine).annotate(total=length).values("total")
    return Coalesce(Subquery(total), timedelta(), output_field=DurationField())


def counted(budgets=None):
    """The budgets with what each comes to: one statement, however many they are."""
    loans, etat = MiseADisposition.objects, MiseADisposition.Etat
    rows = BudgetHeures.objects.all() if budgets is None else budgets
    return rows.annotate(
        seances=hours(Seance.objects, "activite__association"),
        evenements=hours(Occurrence.objects, "evenement__organisateurs__association"),
        prets=hours(loans.filter(etat=etat.CONFIRMEE), "association"),
        demandes=hours(loans.filter(etat=etat.DEMANDEE), "association"),
    )


@dataclass
class Bilan:
    """What a counted budget comes to, in lengths of time and in euros."""

    budget: BudgetHeures

    @property
    def granted(self):
        return self.budget.heures * HOUR

    @property
    def used(self):
        return self.budget.seances + self.budget.evenements + self.budget.prets

    @property
    def asked(self):
        return self.budget.demandes

    @property
    def left(self):
        """Negative once it is passed."""
        return self.granted - self.used

    @property
    def passed(self):
        """Whether what is asked for goes beyond what is granted."""
        return self.used + self.asked > self.granted

    def __str__(self):
        words = [in_words(length) for length in (self.used, self.asked, self.granted)]
        return (DEPASSE if self.passed else DEDANS).format(self.budget.saison, *words)

    def value(self, length):
        """What some hours are worth, in euros and cents."""
        seconds = Decimal(length.total_seconds())
        return (seconds / 3600 * self.budget.valeur_heure).quantize(Decimal("0.01"))


def in_words(length):
    """« 12 h », « 1 h 30 », « −3 h »."""
    minutes = round(abs(length).total_seconds() / 60)
    whole, rest = divmod(minutes, 60)
    sign = "−" if length < NONE else ""
    return f"{sign}{whole}{heures.NBSP}h" + (f"{heures.NBSP}{rest:02}" if rest else "")


def euros(amount):
    """« 1 234,50 € »."""
    told = f"{amount:,.2f}".replace(",", heures.NBSP).replace(".", ",")
    return f"{told}{heures.NBSP}€"


def concerned(prets):
    """What the budgets of an association come to, of the days of some of its loans."""
    days = {timezone.localdate(pret.debut) for pret in prets}
    rows = BudgetHeures.objects.filter(association=prets[0].association_id)
    rows = counted(rows.filter(premier__lte=max(days), dernier__gte=min(days)))
    return [Bilan(one) for one in rows.order_by("premier")]


def warnings(prets):
    """A sentence for each budget of an association that what it asks for, or has, goes beyond."""
    return [str(one) for one in concerned(prets) if one.passed]


def foreseen(prets):
    """How long some loans of one association last, and what its budgets come to with them."""
    if not prets:
        return []
    length = sum((pret.fin - pret.debut for pret in prets), NONE)
    return [f"Ces dates prennent {in_words(length)} de salle.", *map(str, concerned(prets))]
