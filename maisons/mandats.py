"""Mandates that end by themselves: their person and who gave them are told before."""

from datetime import time, timedelta

from django.conf import settings
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


class MandateEnding(rappels.Reminder):
    """The key holds the last day: prolonged, it is told again at the new one."""

    name = "mandat"
    begins = "fin"
    delays = DELAYS

    def rows(self):
        """In force, with a last day that no other mandate goes beyond."""
        following = Affectation.objects.filter(
            Q(fin=None) | Q(fin__gt=OuterRef("fin")),
            compte=OuterRef("compte"),
            maison=OuterRef("maison"),
            role=OuterRef("role"),
            debut__lte=OuterRef("fin") + DAY,
        )
        in_charge = Affectation.objects.in_force().filter(role=Affectation.Role.DIRECTION)
        in_charge = Prefetch(
            "maison__affectations", in_charge.select_related("compte"), to_attr="in_charge"
        )
        ending = Affectation.objects.in_force().exclude(fin=None).exclude(Exists(following))
        return ending.select_related("compte", "maison", "invite_par").prefetch_related(in_charge)

    def coming(self, now):
        until = timezone.localdate(now + nuit.ADVANCE + max(self.delays))
        window = self.rows().filter(fin__gte=timezone.localdate(now), fin__lte=until)
        return window.order_by("fin", "pk")

    def start(self, mandate):
        """Noon of the last day, so that warnings leave at noon."""
        return heures.starts_at(mandate.fin, time(12))

    def useful_until(self, mandate):
        return heures.starts_at(mandate.fin + DAY)

    def told_at(self, mandate):
        """Accepting it told its last day; what begins later than a warning needs none."""
        return heures.starts_at(mandate.debut)

    def due(self, mandate, now):
        """Of those that a new last day makes late at once, the nearest alone."""
        due = super().due(mandate, now)
        latest = max((one.leaves for one in due), default=None)
        return [one for one in due if one.leaves == latest]

    def recipients(self, mandate):
        people = [mandate.compte, *givers(mandate)]
        return list(dict.fromkeys((person.courriel, "") for person in people))

    def write(self, mandate, **fields):
        mine = fields["courriel"] == mandate.compte.courriel
        page = reverse("admin:maisons_affectation_change", args=[mandate.pk])
        context = {
            "titre": "Un rôle se termine bientôt",
            "mandat": mandate,
            "mien": mine,
            "maison": mandate.maison if mine else None,
            "lien": "" if mine else f"{settings.SITE_URL}{page}",
            "ville": Ville.current(),
        }
        post(
            **fields,
            objet=f"Un rôle se termine {heures.day(mandate.fin)} : {mandate.maison}",
            texte=render_to_string("maisons/courriels/mandat.txt", context),
            html=render_to_string("maisons/courriels/mandat.html", context),
        )


def givers(mandate):
    """Who gave it, as long as they may prolong it; else those who run the house, if any."""
    in_charge = [one.compte for one in mandate.maison.in_charge]
    by = mandate.invite_par
    if by and by.is_active and (by.is_superuser or by in in_charge):
        return [by]
    return in_charge
