"""What falls due: what ends of an adhesion, a yearly review, a single session, an offer."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.template.loader import render_to_string
from django.urls import reverse

from associations import courriers
from associations.models import Adhesion, Cogestion, Inscription, MembreAssociation
from maisons import heures
from maisons.mandats import LastDay
from notifications.envoi import post
from notifications.rappels import Reminder
from quartiers.models import Ville

DELAYS = [timedelta(days=60), timedelta(days=15)]


def in_charge():
    """To read with a row of an association those who answer for it."""
    running = MembreAssociation.objects.in_force()
    running = running.filter(role=MembreAssociation.Role.RESPONSABLE).select_related("compte")
    return Prefetch("association__membres", running, to_attr="in_charge")


def both_sides(row):
    """Those who answer for its association, and its `ville`, each once."""
    addresses = [one.compte.courriel for one in row.association.in_charge]
    return [(one, "") for one in dict.fromkeys([*addresses, row.ville]) if one]


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
        ending = Adhesion.objects.in_force().exclude(**{self.begins: None}).exclude(Exists(later))
        city = Subquery(Ville.objects.values("courriel")[:1])
        return (
            ending.select_related("association").prefetch_related(in_charge()).annotate(ville=city)
        )

    def told_at(self, adhesion):
        """Who signs knows the day; what begins later than a warning needs none."""
        return heures.starts_at(adhesion.signe_le)

    def recipients(self, adhesion):
        return both_sides(adhesion)

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


class ReviewComing(LastDay):
    """The day when the city and an association look back on a house that they run together."""

    name, begins, delays = "bilan", "revue_le", DELAYS

    def rows(self):
        reviewed = Cogestion.objects.filter(Q(jusqu_au=None) | Q(jusqu_au__gte=F("revue_le")))
        city = Subquery(Ville.objects.values("courriel")[:1])
        rows = reviewed.in_force().select_related("association", "maison").annotate(ville=city)
        return rows.prefetch_related(in_charge())

    def told_at(self, cogestion):
        return heures.starts_at(cogestion.depuis)

    def recipients(self, cogestion):
        return both_sides(cogestion)

    def write(self, cogestion, **fields):
        to_city, page = fields["courriel"] == cogestion.ville, cogestion.maison.get_absolute_url()
        if to_city:
            page = reverse("admin:associations_cogestion_change", args=[cogestion.pk])
        context = {
            "titre": "Le bilan annuel approche",
            "cogestion": cogestion,
            "a_la_ville": to_city,
            "lien": f"{settings.SITE_URL}{page}",
            "ville": Ville.current(),
        }
        post(
            **fields,
            objet=f"{cogestion.maison} : bilan annuel {heures.day(cogestion.revue_le)}",
            texte=render_to_string("associations/courriels/bilan.txt", context),
            html=render_to_string("associations/courriels/bilan.html", context),
        )


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

    def lines(self, row):
        """The registrations that the message tells of."""
        return [row]

    def write(self, row, **fields):
        rows = self.lines(row)
        post(**fields, **courriers.compose(row.dossier, self.what, fields["courriel"], rows))


class SessionReminder(RegistrationReminder):
    """
    Two days before a session that was joined alone: once for a pass, whoever of it comes.

    Its row is the first of the pass at that session, whatever became of it: its key stays.
    """

    name, begins, delays = "inscription", "seance__debut", [timedelta(hours=48)]
    etat, what = Inscription.Etat.INSCRITE, "rappel"

    def rows(self):
        beside = Inscription.objects.filter(dossier=OuterRef("dossier"), seance=OuterRef("seance"))
        rows = Inscription.objects.filter(seance__annule_le=None, dossier__anonymise_le=None)
        rows = rows.filter(Exists(beside.filter(etat=self.etat)))
        rows = rows.exclude(Exists(beside.filter(pk__lt=OuterRef("pk"))))
        coming = Inscription.objects.filter(etat=self.etat).with_activity().order_by("pk")
        coming = Prefetch("dossier__inscriptions", coming, to_attr="coming")
        return rows.select_related("dossier__compte").with_activity().prefetch_related(coming)

    def lines(self, row):
        return [one for one in row.dossier.coming if one.seance_id == row.seance_id]

    def start(self, row):
        return row.seance.debut

    def told_at(self, row):
        return min(one.modifie_le for one in self.lines(row))


class OfferEnding(RegistrationReminder):
    """A day before a place that nobody has accepted goes to the next person."""

    name, begins, delays = "inscription_proposee", "expire_le", [timedelta(hours=24)]
    etat, what = Inscription.Etat.PROPOSEE, "rappel_proposee"
