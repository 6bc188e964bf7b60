from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from associations.models.association import Association, OfAssociationQuerySet
from comptes.models import Compte
from documents.models import Recu


class CharteQuerySet(models.QuerySet):
    def public(self):
        """Those that the city has published, the one in use first."""
        return self.exclude(publie_le=None).order_by("-version")

    def managed_by(self, user, verb="view"):
        """For city administrators alone."""
        return self if user.is_superuser else self.none()

    def owned_by(self, user):
        return self.none()


class Charte(models.Model):
    """
    What the city and its associations promise each other, in Markdown.

    A draft has no number; the database lets nothing change of a version once it is published.
    """

    version = models.PositiveSmallIntegerField(unique=True, null=True, editable=False)
    texte = models.TextField(max_length=40_000)
    publie_le = models.DateTimeField("publiée le", null=True, editable=False)

    objects = CharteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "charte"
        ordering = [F("version").desc(nulls_first=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                name="charte_publiee_numerotee",
                condition=Q(version=None, publie_le=None)
                | Q(version__isnull=False, version__gt=0, publie_le__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Charte, version {self.version}" if self.version else "Charte, brouillon"

    @transaction.atomic
    def publish(self, by):
        """Give it the next number; raises ValidationError when it is public already."""
        # The rows are the queue: two drafts published at once take two numbers.
        list(Charte.objects.order_by("pk").select_for_update())
        self.refresh_from_db()
        if self.publie_le:
            raise ValidationError("Cette version de la charte est déjà publiée.")
        last = Charte.objects.aggregate(last=Max("version"))["last"] or 0
        self.version, self.publie_le = last + 1, timezone.now()
        self._history_user = by
        self.save()


class AdhesionQuerySet(OfAssociationQuerySet):
    def in_force(self, on=None):
        """Those that hold on a day, both ends included (today by default)."""
        day = on or timezone.localdate()
        return self.filter(signe_le__lte=day, jusqu_au__gte=day)

    def insured(self, on=None):
        """Those of which the insurance holds on a day, its last included."""
        return self.filter(assurance_jusqu_au__gte=on or timezone.localdate())

    def ending(self, within):
        """The last of their association, of which something ends or ended within a span of now."""
        today = timezone.localdate()
        later = Adhesion.objects.filter(
            association=OuterRef("association"), jusqu_au__gt=OuterRef("jusqu_au")
        )
        soon = Q(jusqu_au__lte=today + within) | Q(assurance_jusqu_au__lte=today + within)
        going_on = self.filter(signe_le__lte=today, jusqu_au__gte=today - within)
        return going_on.filter(soon | Q(assurance_jusqu_au=None)).exclude(Exists(later))


class Adhesion(models.Model):
    """An association that has signed the charter: until when, and until when it is insured."""

    association = models.ForeignKey(Association, models.CASCADE, related_name="adhesions")
    charte = models.ForeignKey(Charte, models.PROTECT, related_name="adhesions")
    signataire = models.CharField("signée par", max_length=100)
    qualite = models.CharField(
        "qualité", max_length=100, blank=True, help_text="Par exemple : présidente, trésorier."
    )
    signe_le = models.DateField("signée le", default=timezone.localdate)
    jusqu_au = models.DateField("valable jusqu’au", help_text="Dernier jour compris.")
    assurance_jusqu_au = models.DateField(
        "assurance jusqu’au",
        null=True,
        blank=True,
        help_text="Comme l’attestation le dit. Vide : pas encore d’assurance connue.",
    )
    engagement_le = models.DateField(
        "contrat d’engagement républicain du",
        null=True,
        blank=True,
        help_text="Exigé pour une subvention ou un agrément (loi du 12 avril 2000, art. 10-1).",
    )

    objects = AdhesionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "adhésion"
        ordering = ["-jusqu_au", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="adhesion_fin_apres_signature",
                condition=Q(jusqu_au__gte=F("signe_le")),
                violation_error_message="L’adhésion finit après sa signature.",
            ),
            models.UniqueConstraint(
                name="adhesion_une_par_signature",
                fields=["association", "signe_le"],
                violation_error_message="Cette association a déjà signé ce jour-là.",
            ),
        ]

    def __str__(self):
        return f"{self.association}, jusqu’au {self.jusqu_au:%d/%m/%Y}"

    def clean(self):
        if self.charte_id and not self.charte.publie_le:
            raise ValidationError({"charte": "Cette version de la charte n’est pas publiée."})

    @property
    def fault(self):
        """Why it gives no rights today, in two words; empty when it does."""
        today = timezone.localdate()
        if self.jusqu_au < today:
            return "finie"
        if self.signe_le > today:
            return "à venir"
        insured = self.assurance_jusqu_au and self.assurance_jusqu_au >= today
        return "" if insured else "sans assurance"


class AttestationQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        mine = Association.objects.managed_by(user, verb, self.model)
        return self.filter(adhesion__association__in=mine)

    def owned_by(self, user):
        return self.none()


class Attestation(Recu):
    """A certificate of insurance, sent by the association: read by it and the city alone."""

    adhesion = models.ForeignKey(
        Adhesion, models.CASCADE, verbose_name="adhésion", related_name="attestations"
    )
    jusqu_au = models.DateField("assurance jusqu’au", help_text="Comme l’attestation le dit.")
    depose_le = models.DateTimeField("déposée le", default=timezone.now, editable=False)
    depose_par = models.ForeignKey(
        Compte, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    verifie_le = models.DateTimeField("vérifiée le", null=True, editable=False)

    objects = AttestationQuerySet.as_manager()

    class Meta(Recu.Meta):
        verbose_name = "attestation"
        ordering = ["-depose_le", "-pk"]
