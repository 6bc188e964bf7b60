"""What two kinds of créneaux share: somebody asks for them, staff grant or refuse them once."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comptes.models import Compte
from maisons.models.creneau import Creneau, CreneauQuerySet

KEPT = timedelta(days=92)  # after its end; the privacy page says three months


class AnsweredQuerySet(CreneauQuerySet):
    """For a child that says which rows are `overdue()` and which `answerable()`."""

    def expired(self):
        """What is overdue and holds its room still: `planning` lets go of it."""
        return self.holding().overdue()

    def outdated(self):
        """Those of which the privacy page promises that nobody is known any more."""
        return self.filter(fin__lt=timezone.now() - KEPT)

    def one_for_each_serie(self):
        """Of requests to settle, the first date of a series stands for all of them."""
        earlier = self.model.objects.answerable().filter(serie=OuterRef("serie"))
        return self.exclude(Exists(earlier.filter(debut__lt=OuterRef("debut"))))


class Answered(models.Model):
    """Beside `etat` and `motif_refus`, whose words are those of each kind; before Creneau."""

    cree_le = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    repondre_avant = models.DateTimeField(
        "répondre avant le", null=True, blank=True, editable=False
    )
    decide_le = models.DateTimeField("décidé le", null=True, blank=True, editable=False)
    decide_par = models.ForeignKey(
        Compte, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    reponse = models.CharField("réponse", max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def standing(self):
        """Why it is not answerable, after « Cette demande est »."""
        return f"déjà {self.get_etat_display()}"

    @property
    def alive(self):
        return self.annule_le is None

    def answered_with(self):
        """Of a series, the dates that wait, in time order: one answer settles them all."""
        if self.serie_id is None:
            return []
        same = type(self).objects.answerable().filter(serie=self.serie_id)
        return list(same.select_related("salle").order_by("debut"))

    def decide(self, by):
        """Who answered and when; a request is answered once."""
        if not self.answerable:
            raise ValidationError(f"Cette demande est {self.standing}.")
        self.decide_par, self.decide_le = by, timezone.now()

    def mark_confirmed(self, by, reponse=""):
        """For planning alone, under its lock."""
        self.decide(by)
        self.etat, self.reponse = self.Etat.CONFIRMEE, reponse
        self.save()

    def mark_refused(self, by, motif_refus, reponse):
        """For planning alone, under its lock."""
        self.decide(by)
        self.motif_refus, self.reponse = motif_refus, reponse
        self.mark_cancelled(self.Motif.REFUS)

    def mark_cancelled(self, motif):
        ends = {Creneau.Motif.REFUS: self.Etat.REFUSEE, Creneau.Motif.DELAI: self.Etat.EXPIREE}
        self.etat = ends.get(motif, self.Etat.ANNULEE)
        super().mark_cancelled(motif)
