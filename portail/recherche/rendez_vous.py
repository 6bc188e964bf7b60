"""Events as a search finds them: those that come soon by their next date, then the others."""

from datetime import timedelta

from django.db.models import F, Max, Min, Q
from django.utils import timezone

from maisons import heures
from maisons.models import Evenement, Occurrence
from portail.recherche import Found, Searchable
from portail.recherche.extraits import extract, passage

AHEAD = timedelta(days=92)  # as far as the agenda looks


class EvenementSearchable(Searchable):
    key = "evenements"
    one, many = "événement à venir", "événements à venir"
    title = "titre"

    def rows(self):
        return Evenement.objects.public()

    def matching(self, wanted):
        """By the first date to come that is not cancelled; without any, the cancelled one."""
        now = timezone.now()
        coming = {"occurrences__fin__gt": now, "occurrences__debut__lt": now + AHEAD}
        found = self.rows().filter(wanted.in_a_house, **coming).only("pk")
        held = Min("occurrences__debut", filter=Q(occurrences__annule_le=None))
        found = found.annotate(tenue=held, date=Min("occurrences__debut"))
        return found.order_by(F("tenue").asc(nulls_last=True), "date", "pk")

    def shown(self, rows, wanted):
        """Each with the place and the hours of its date, and its passage: one statement."""
        moments = {row.pk: getattr(row, "tenue", None) or row.date for row in rows}
        dates = Occurrence.objects.public().filter(
            evenement__in=moments, debut__in=set(moments.values())
        )
        dates = dates.select_related("evenement", "maison", "quartier").order_by("-pk")
        dates = dates.annotate(
            extrait=extract(wanted, "evenement__resume", "evenement__description")
        )
        told = {(date.evenement_id, date.debut): date for date in dates}
        return [self.told(told[pair]) for pair in moments.items() if pair in told]

    def told(self, date):
        event, words = date.evenement, heures.span if date.heure_connue else heures.days
        past = "" if date.fin > timezone.now() else "Passé : "
        return Found(
            event.titre,
            event.get_absolute_url(),
            f"{past}{words(date.debut, date.fin)} · {date.place}",
            passage(date.extrait),
            bool(date.annule_le),
        )


class AutreEvenementSearchable(EvenementSearchable):
    """Those over, or further away than three months: the latest first."""

    key = "autres-dates"
    one, many = "événement passé ou plus lointain", "événements passés ou plus lointains"
    spare_for = EvenementSearchable.key

    def matching(self, wanted):
        coming = super().matching(wanted).order_by().values("pk")
        found = self.rows().filter(wanted.in_a_house).exclude(pk__in=coming).only("pk")
        dated = found.annotate(date=Max("occurrences__debut")).filter(date__isnull=False)
        return dated.order_by("-date", "pk")
