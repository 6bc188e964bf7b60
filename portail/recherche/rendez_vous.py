"""Events as a search finds them: those of the next month by their date, then the others."""

from datetime import timedelta

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone

from maisons import heures
from maisons.models import Creneau, Evenement, Occurrence
from portail.recherche import NUMBER, WHEN, WHERE, Found, Searchable
from portail.recherche.extraits import extracts, passage

AHEAD = timedelta(days=31)
ROW = ["evenement", "tenue", "date", "nombre"]


class EvenementSearchable(Searchable):
    key = "evenements"
    one, many = "événement dans le mois qui vient", "événements dans le mois qui vient"
    title = "titre"

    def rows(self):
        return Evenement.objects.public()

    def matching(self, wanted):
        """
        Rows with `evenement`; `tenue`, its next date that is held; `date`, its next one of all.

        From the dates of the month to their events: history costs nothing.
        """
        now = timezone.now()
        dates = Creneau.objects.public().during(now, now + AHEAD)
        event = Occurrence.objects.filter(pk=OuterRef("pk"), evenement__in=self.events(wanted))
        found = dates.annotate(evenement=Subquery(event.values("evenement")))
        found = found.exclude(evenement=None)
        held = Min("debut", filter=Q(annule_le=None))
        found = found.values("evenement").annotate(tenue=held, date=Min("debut"))
        found = self.ordered(found, wanted, F("tenue").asc(nulls_last=True), "date", "evenement")
        return found.annotate(nombre=NUMBER).values_list(*ROW, named=True)

    def events(self, wanted):
        held = wanted.exactly("titre", "resume", "description", "organisateur")
        return self.rows().filter(wanted.in_a_house, held)

    def ordered(self, found, wanted, *dates):
        """By date; what holds but a part of the words, by how much first."""
        if wanted.part:
            event = Evenement.objects.filter(pk=OuterRef("evenement"))
            rank = event.values_list(SearchRank(F("recherche"), wanted.any))
            return found.order_by(Subquery(rank).desc(), *dates)
        return found.order_by(*dates)

    def shown(self, rows, wanted):
        """Each with the place and the hours of its date, and its passage: one statement."""
        moments = {row.evenement: row.tenue or row.date for row in rows}
        dates = Occurrence.objects.public().filter(
            evenement__in=moments, debut__in=set(moments.values())
        )
        dates = dates.select_related("evenement", "maison", "quartier")
        dates = dates.only(*WHEN, *WHERE, "evenement__titre", "evenement__slug")
        dates = dates.annotate(**extracts(wanted, "evenement__resume", "evenement__description"))
        # Of two at once, the last read: one that is held. What has just moved is in no answer.
        ordered = dates.order_by(F("annule_le").asc(nulls_last=True), "-pk")
        told = {(date.evenement_id, date.debut): date for date in ordered}
        return [self.told(told[pair]) for pair in moments.items() if pair in told]

    def told(self, date):
        event, words = date.evenement, heures.span if date.heure_connue else heures.days
        past = "" if date.fin > timezone.now() else "Passé : "
        return Found(
            event.titre,
            event.get_absolute_url(),
            f"{past}{words(date.debut, date.fin)} · {date.place}",
            passage(date),
            bool(date.annule_le),
        )


class AutreEvenementSearchable(EvenementSearchable):
    """Those over, or further away than a month; of those published last, the latest first."""

    key = "autres-dates"
    one, many = "événement passé ou plus lointain", "événements passés ou plus lointains"
    most, spare_for = 200, EvenementSearchable.key

    def matching(self, wanted):
        coming = super().matching(wanted).order_by().values("evenement")
        found = self.events(wanted).exclude(pk__in=coming)
        latest = found.order_by("-publie_le", "-pk").values("pk")[: self.most + 1]
        dates = Occurrence.objects.public().filter(evenement__in=latest).values("evenement")
        dates = dates.annotate(date=Max("debut"), tenue=Max("debut", filter=Q(annule_le=None)))
        found = self.ordered(dates, wanted, "-date", "evenement")
        return found.annotate(nombre=NUMBER).values_list(*ROW, named=True)
