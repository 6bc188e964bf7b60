"""What falls due: an adhesion or an insurance that ends, a single session, a place offered."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.template.loader import render_to_string
from django.urls import reverse

from associations import courriers
from associations.models import Adhesion, Inscription, MembreAssociation
from maisons import heures
from maisons.mandats import LastDay
from notifications.envoi import post
from notifications.rappels import Reminder
from quartiers.models import Ville

DELAYS = [timedelta(days=60), timedelta(days=15)]


class AdhesionEnding(LastDay):
    """Unless another one goes on after it."""

    name, begins, delays = "adhesion", "jusqu_au", DELAYS
    what = "l’adhésion à la charte"

    def rows(self):
        """In force, and the last of their association, with whom to tell."""
        later = Adhesion.objects.filter(
            association=OuterRef("association"),
            **{f"{self.begins}__gt": OuterRef(self.begins)},
        )
        running = MembreAssociation.objects.in_force().filter(
            role=MembreAssociation.Role.RESPONSABLE
        )
        told = Prefetch(
            "association__membres", running.select_related("compte"), to_attr="in_charge"
        )
        ending = Adhesion.objects.in_force().exclude(**{self.begins: None}).exclude(Exists(later))
        city = Subquery(Ville.objects.values("courriel")[:1])
        return ending.select_related("association").prefetch_related(told).annotate(ville=city)

    def told_at(self, adhesion):
        """Who signs knows the day; what begins later than a warning needs none."""
        return heures.starts_at(adhesion.signe_le)

    def recipients(self, adhesion):
        addresses = [one.compte.courriel for one in adhesion.association.in_charge]
        return [(one, "") for one in dict.fromkeys([*addresses, adhesion.ville]) if one]

    def write(self, adhesion, **fields):
        page = reverse("admin:associations_attestation_list", args=[adhesion.pk])
        until = getattr(adhesion, self.begins)
        context = {
            "titre": f"{self.what[:1].upper()}{self.what[1:]} se termine bientôt",
            "quoi": self.what,
            "assurance": self.begins != "jusqu_au",
            "jusqu_au": until,
            "association": adhesion.association,
            "a_la_ville": fields["courriel"] == adhesion.ville,
            "lien": f"{settings.SITE_URL}{page}",
            "ville": Ville.current(),
        }
        post(
            **fields,
            objet=f"{adhesion.association} : {self.what} finit {heures.day(until)}",
            texte=render_to_string("associations/courriels/echeance.txt", context),
            html=render_to_string("associations/courriels/echeance.html", context),
        )


class InsuranceEnding(AdhesionEnding):
    name, begins = "assurance", "assurance_jusqu_au"
    what = "l’assurance"


class RegistrationReminder(Reminder):
    """To whoever registered, of what they read as it stands: the methods below say which."""

    etat = what = None

    def rows(self):
        rows = Inscription.objects.filter(etat=self.etat, dossier__anonymise_le=None)
        return rows.select_related("dossier__compte").with_activity()

    def recipients(self, row):
        return [row.dossier.reached_at]

    def told_at(self, row):
        return row.modifie_le

    def write(self, row, **fields):
        post(**fields, **courriers.compose(row.dossier, self.what, fields["courriel"], [row]))


class SessionReminder(RegistrationReminder):
    """Two days before a session that was joined alone."""

    name, begins, delays = "inscription", "seance__debut", [timedelta(hours=48)]
    etat, what = Inscription.Etat.INSCRITE, "rappel"

    def rows(self):
        return super().rows().filter(seance__annule_le=None)

    def start(self, row):
        return row.seance.debut


class OfferEnding(RegistrationReminder):
    """A day before a place that nobody has accepted goes to the next person."""

    name, begins, delays = "inscription_proposee", "expire_le", [timedelta(hours=24)]
    etat, what = Inscription.Etat.PROPOSEE, "rappel_proposee"
