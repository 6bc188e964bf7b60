from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from conseils.models.conseil import Conseiller
from conseils.models.reunion import Reunion

ALREADY = "Ce compte rendu est déjà public."
APPROVED = "Ce compte rendu est approuvé : il ne change plus."
EMPTY = "Écrivez le compte rendu avant de le publier."


class CompteRendu(models.Model):
    """What was said at a meeting: a draft, public as one to approve, then approved for good."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        PROPOSE = "propose", "à approuver"
        APPROUVE = "approuve", "approuvé"

    reunion = models.OneToOneField(
        Reunion, models.PROTECT, verbose_name="réunion", related_name="compte_rendu"
    )
    texte = models.TextField("compte rendu", blank=True)
    etat = models.CharField(
        "état", max_length=10, choices=Etat, default=Etat.BROUILLON, editable=False
    )
    # The rule of that day: what a council decides later does not change what was held.
    quorum = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    publie_le = models.DateTimeField("publié le", null=True, blank=True, editable=False)
    approuve_le = models.DateTimeField("approuvé le", null=True, blank=True, editable=False)
    approuve_a = models.ForeignKey(
        Reunion,
        models.PROTECT,
        verbose_name="approuvé à la réunion",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"
        constraints = [
            models.CheckConstraint(
                name="compte_rendu_public",
                condition=Q(etat="brouillon", publie_le=None)
                | (~Q(etat="brouillon") & ~Q(texte="") & Q(publie_le__isnull=False)),
            ),
            models.CheckConstraint(
                name="compte_rendu_approuve",
                condition=Q(etat="approuve", approuve_le__isnull=False, approuve_a__isnull=False)
                | (~Q(etat="approuve") & Q(approuve_le=None, approuve_a=None)),
            ),
        ]

    def __str__(self):
        return f"Compte rendu, {self.reunion}"

    @property
    def public(self):
        return self.etat != self.Etat.BROUILLON

    @property
    def approved(self):
        return self.etat == self.Etat.APPROUVE

    def mark_proposed(self):
        """For `tenue` alone, under its lock."""
        if self.public:
            raise ValidationError(ALREADY)
        if not self.texte.strip():
            raise ValidationError(EMPTY)
        self.etat, self.publie_le = self.Etat.PROPOSE, timezone.now()
        self.save()

    def mark_approved(self, meeting):
        """For `tenue` alone, under its lock; at a later `meeting`, one of whose items it was."""
        if self.approved:
            raise ValidationError(APPROVED)
        if not self.texte.strip():
            raise ValidationError(EMPTY)
        self.etat, self.approuve_le, self.approuve_a = (
            self.Etat.APPROUVE,
            timezone.now(),
            meeting,
        )
        self.publie_le = self.publie_le or self.approuve_le
        self.save()


class Presence(models.Model):
    """Whether a member was at a meeting; the word beside says by whom, when represented."""

    class Etat(models.TextChoices):
        PRESENT = "present", "présent"
        REPRESENTE = "represente", "représenté"
        EXCUSE = "excuse", "excusé"
        ABSENT = "absent", "absent"

    reunion = models.ForeignKey(Reunion, models.PROTECT, related_name="presences")
    conseiller = models.ForeignKey(
        Conseiller, models.PROTECT, verbose_name="membre", related_name="presences"
    )
    etat = models.CharField("présence", max_length=10, choices=Etat)
    represente_par = models.CharField("représenté par", max_length=100, blank=True)

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(name="presence_unique", fields=["reunion", "conseiller"]),
            models.CheckConstraint(
                name="presence_representee",
                condition=(Q(etat="represente") & ~Q(represente_par=""))
                | (~Q(etat="represente") & Q(represente_par="")),
            ),
        ]

    def __str__(self):
        by = f", par {self.represente_par}" if self.represente_par else ""
        return f"{self.conseiller}{by}"


def by_state(presences):
    """[(« Présents », its rows)], in the order of the states; without the empty ones."""
    groups = defaultdict(list)
    for presence in presences:
        groups[presence.etat].append(presence)
    states = Presence.Etat
    return [(f"{s.label.capitalize()}s", groups[s]) for s in states if s in groups]


def attendance(presences, quorum):
    """« 14 membres présents, quorum 12 atteint »; who is represented does not count (L2121-17)."""
    here = sum(presence.etat == Presence.Etat.PRESENT for presence in presences)
    told = f"{here} membre{'s' * (here > 1)} présent{'s' * (here > 1)}"
    if quorum is None:
        return told
    return f"{told}, quorum {quorum} {'atteint' if here >= quorum else 'non atteint'}"
