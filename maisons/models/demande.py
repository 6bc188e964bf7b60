"""Which bookings: whose they are, and what they wait for."""

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from comptes.models import Compte
from maisons.models.maison import Maison
from maisons.models.reponse import AnsweredQuerySet


def queue_for(contact):
    """Behind whoever books for the same person: two rooms of one house do not share a lock."""
    with connection.cursor() as cursor:
        key = f"maisons.reservation:{contact}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


class ReservationQuerySet(AnsweredQuerySet):
    def managed_by(self, user, verb="view"):
        """As staff: an Affectation in force today; a superuser, all."""
        return self.filter(maison__in=Maison.objects.managed_by(user, verb, self.model))

    def owned_by(self, user):
        """As a person, a superuser too."""
        return self.filter(demandeur=user)

    def of_contact(self, contact):
        """Of one person: an e-mail address, with an account or without, else a phone number."""
        if "@" not in contact:
            return self.filter(demandeur=None, courriel="", telephone=contact)
        account = Compte.objects.filter(courriel=contact).values("pk")[:1]
        return self.filter(Q(demandeur=account) | Q(demandeur=None, courriel=contact))

    def overdue(self):
        """What nobody confirmed or answered in time."""
        unconfirmed = Q(etat=self.model.Etat.A_CONFIRMER, expire_le__lte=timezone.now())
        unanswered = Q(etat=self.model.Etat.DEMANDEE, repondre_avant__lte=timezone.now())
        return self.filter(unconfirmed | unanswered)

    def answerable(self):
        """Requests that the desk can still settle, in writing or on the phone."""
        now = timezone.now()
        asked = Q(etat=self.model.Etat.DEMANDEE) & ~Q(repondre_avant__lte=now)
        by_phone = Q(etat=self.model.Etat.A_CONFIRMER, courriel="", expire_le__gt=now)
        return self.holding().filter(asked | by_phone)

    def waiting(self):
        return self.answerable().filter(etat=self.model.Etat.DEMANDEE)

    def to_call(self):
        """Asked for without an e-mail address, and held until the desk has called."""
        return self.answerable().filter(etat=self.model.Etat.A_CONFIRMER)

    def unanswered(self, since):
        """Requests that lapsed from an instant on: nobody answered them."""
        lapsed = self.filter(etat=self.model.Etat.EXPIREE, annule_le__gte=since)
        return lapsed.filter(repondre_avant__isnull=False)

    def upcoming(self):
        return self.holding().filter(fin__gt=timezone.now())
