"""Mandates that end by themselves: their person and who gave them are told before."""

from datetime import time, timedelta

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from maisons import heures
from maisons.models import Affectation
from notifications import nuit, rappels
from notifications.envoi import post
from quartiers.models import Ville

DAY = timedelta(days=1)
DELAYS = [timedelta(days=30), timedelta(days=7)]


class LastDay(rappels.Reminder):
    """
    Of what holds until a day, included, that its column `begins` says.

    The key holds the last day: prolonged, it is told again at the new one.
    """

    nearest = True  # a new last day makes several late at once

    def coming(self, now):
        until = timezone.localdate(now + nuit.ADVANCE + max(self.delays))
        window = {f"{self.begins}__gte": timezone.localdate(now), f"{self.begins}__lte": until}
        return self.rows().filter(**window).order_by(self.begins, "pk")

    def start(self, row):
        """Noon of the last day, so that warnings leave at noon."""
        return heures.starts_at(getattr(row, self.begins), time(12))

    def useful_until(self, row):
        return heures.starts_at(getattr(row, self.begins) + DAY)


class MandateEnding(LastDay):
    """Of one kind of mandate, for what its column `place` says."""

    begins = "fin"
    delays = DELAYS
    kind = place = letter = None

    def rows(self):
        """In force, with a last day that no other mandate goes beyond."""
        following = self.kind.objects.filter(
            Q(fin=None) | Q(fin__gt=OuterRef("fin")),
            compte=OuterRef("compte"),
            role=OuterRef("role"),
            debut__lte=OuterRef("fin") + DAY,
            **{self.place: OuterRef(self.place)},
        )
        ending = self.kind.objects.in_force().exclude(fin=None).exclude(Exists(following))
        return ending.select_related("compte", self.place, "invite_par")

    def in_charge(self, mandate):
        """Who may prolong it, beside the city; asks the database for nothing more."""
        return []

    def to_call(self, mandate):
        """The house that its person calls, or None."""

    def told_at(self, mandate):
        """Accepting it told its last day; what begins later than a warning needs none."""
        return heures.starts_at(mandate.debut)

    def recipients(self, mandate):
        people = [mandate.compte, *self.givers(mandate)]
        return list(dict.fromkeys((person.courriel, "") for person in people))

    def givers(self, mandate):
        """Who gave it, as long as they may prolong it; else those in charge, if any."""
        in_charge, by = self.in_charge(mandate), mandate.invite_par
        if by and by.is_active and (by.is_superuser or by in in_charge):
            return [by]
        return in_charge

    def write(self, mandate, **fields):
        mine, place = fields["courriel"] == mandate.compte.courriel, getattr(mandate, self.place)
        page = reverse(admin_urlname(mandate._meta, "change"), args=[mandate.pk])
        context = {
            "titre": "Un rôle se termine bientôt",
            "mandat": mandate,
            "mien": mine,
            "lieu": place,
            "maison": self.to_call(mandate) if mine else None,
            "lien": "" if mine else f"{settings.SITE_URL}{page}",
            "ville": Ville.current(),
        }
        post(
            **fields,
            objet=f"Un rôle se termine {heures.day(mandate.fin)} : {place}",
            texte=render_to_string(f"{self.letter}.txt", context),
            html=render_to_string(f"{self.letter}.html", context),
        )


class AffectationEnding(MandateEnding):
    name = "mandat"
    kind, place, letter = Affectation, "maison", "maisons/courriels/mandat"

    def rows(self):
        running = Affectation.objects.in_force().filter(role=Affectation.Role.DIRECTION)
        running = running.select_related("compte")
        named = Prefetch("maison__affectations", running, to_attr="in_charge")
        return super().rows().prefetch_related(named)

    def in_charge(self, mandate):
        return [one.compte for one in mandate.maison.in_charge]

    def to_call(self, mandate):
        return mandate.maison
