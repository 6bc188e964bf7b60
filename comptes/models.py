import uuid
from datetime import timedelta

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from comptes import codes


class CompteManager(BaseUserManager):
    def create_user(self, courriel, password=None, **fields):
        compte = self.model(courriel=courriel.strip().lower(), **fields)
        compte.set_password(password)
        compte.save()
        return compte

    def create_superuser(self, courriel, password=None, **fields):
        return self.create_user(courriel, password, is_superuser=True, **fields)

    def get_by_natural_key(self, courriel):
        return self.get(courriel=courriel.strip().lower())


class Compte(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: an e-mail address, no user name."""

    courriel = models.EmailField(
        "adresse e-mail",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse."},
    )
    nom = models.CharField("nom affiché", max_length=100)
    is_active = models.BooleanField(
        "actif", default=True, help_text="Décochez pour fermer le compte sans l’effacer."
    )
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)

    USERNAME_FIELD = EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS = ["nom"]

    objects = CompteManager()

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.CheckConstraint(
                name="compte_courriel_minuscule",
                condition=Q(courriel=Lower("courriel")),
                violation_error_message="L’adresse e-mail s’écrit en minuscules.",
            )
        ]

    def __str__(self):
        return self.nom or self.courriel

    def clean(self):
        self.courriel = self.courriel.strip().lower()

    def get_full_name(self):
        return str(self)

    @property
    def is_staff(self):
        """Whether the admin opens: a city administrator, or any mandate in force today."""
        return self.is_superuser or bool(self.roles)

    @cached_property
    def roles(self):
        """The roles held today, by name; one statement for all kinds of mandates."""
        mine = [kind.objects.in_force().filter(compte=self) for kind in Mandat.kinds()]
        first, *others = [mandates.values_list("role", flat=True) for mandates in mine]
        return set(first.union(*others))


def display_name(compte):
    """What allauth writes in its pages and e-mails."""
    return str(compte)


class MandatQuerySet(models.QuerySet):
    def in_force(self, on=None):
        """Mandates that hold on a day, both ends included (today by default)."""
        day = on or timezone.localdate()
        return self.filter(Q(fin=None) | Q(fin__gte=day), debut__lte=day, compte__is_active=True)


class Mandat(models.Model):
    """What a person may do for others, and until when; each domain says for which rows."""

    compte = models.ForeignKey(
        Compte, models.CASCADE, verbose_name="personne", related_name="%(class)ss"
    )
    role = models.CharField("rôle", max_length=20)
    debut = models.DateField("depuis le", default=timezone.localdate)
    fin = models.DateField(
        "jusqu’au", null=True, blank=True, help_text="Dernier jour compris. Vide : sans fin prévue."
    )
    invite_par = models.ForeignKey(
        Compte,
        models.SET_NULL,
        verbose_name="donné par",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = MandatQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_fin_apres_debut",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="Le dernier jour doit suivre le premier.",
            )
        ]

    def __str__(self):
        return f"{self.compte}, {self.get_role_display()}"

    @staticmethod
    def kinds():
        """The concrete kinds of mandate, one for each domain that has staff."""
        return [model for model in apps.get_models() if issubclass(model, Mandat)]


class AvecCode(models.Model):
    """Something that a code opens without an account; `empreinte` is empty until one is given."""

    graine = models.UUIDField(default=uuid.uuid4, editable=False)
    empreinte = models.BinaryField(max_length=32, unique=True, null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def code(self):
        """As people read it: « K7M3-TPXQ-9WQF »."""
        return codes.grouped(codes.make_code(self.graine))

    @property
    def six_digits(self):
        return codes.make_six_digits(self.graine)

    def give_code(self):
        """A code that opens this row once it is saved; any earlier one ends."""
        self.graine = uuid.uuid4()
        self.empreinte = codes.digest(codes.make_code(self.graine))


KEPT = timedelta(days=92)  # an invitation, once it has expired


def in_a_week():
    return timezone.now() + timedelta(days=7)


class InvitationQuerySet(models.QuerySet):
    def outdated(self, now):
        """Those of which the privacy page promises that they are erased."""
        return self.filter(expire_le__lt=now - KEPT)


class Invitation(AvecCode):
    """
    A mandate offered to an address: whoever has proved that it is theirs accepts it, once.

    Signing in, signing up or a new password accept nothing, only the button of its page does. Each
    domain has its own, and says which MANDATE it gives, for which PLACE (a foreign key of both),
    and how it is told: its TITLE, the templates of its LETTER, what it says of somebody who has it.
    """

    TITLE = LETTER = MANDATE = PLACE = None
    HELD = "Cette personne a déjà ce rôle ici."

    courriel = models.EmailField("adresse e-mail de la personne")
    role = models.CharField("rôle", max_length=20)
    debut = models.DateField("depuis le", default=timezone.localdate)
    fin = models.DateField(
        "jusqu’au", null=True, blank=True, help_text="Dernier jour compris. Vide : sans fin prévue."
    )
    invite_par = models.ForeignKey(
        Compte,
        models.SET_NULL,
        verbose_name="invitée par",
        null=True,
        editable=False,
        related_name="+",
    )
    cree_le = models.DateTimeField("écrite le", default=timezone.now, editable=False)
    expire_le = models.DateTimeField("à accepter avant le", default=in_a_week, editable=False)
    acceptee_le = models.DateTimeField("acceptée le", null=True, editable=False)
    revoquee_le = models.DateTimeField("révoquée le", null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.courriel}, {self.get_role_display()}"

    @staticmethod
    def kinds():
        """The concrete kinds of invitation, one for each kind of mandate that is offered."""
        return [model for model in apps.get_models() if issubclass(model, Invitation)]

    @property
    def place(self):
        """What the mandate is for: a row with a page of its own and `managed_by`."""
        return getattr(self, self.PLACE)

    def clean(self):
        self.courriel = self.courriel.strip().lower()
        if self.fin and self.fin < max(self.debut or self.fin, timezone.localdate()):
            raise ValidationError({"fin": "Choisissez un jour à venir, après le premier."})
        key = getattr(self, f"{self.PLACE}_id")
        here = self.MANDATE.objects.in_force().filter(**{self.PLACE: key, "role": self.role})
        if key and here.filter(compte__courriel=self.courriel).exists():
            raise ValidationError({"courriel": self.HELD})

    def mandate(self, compte):
        """What accepting gives, not saved."""
        same = {name: getattr(self, name) for name in ("role", "debut", "fin", "invite_par")}
        return self.MANDATE(compte=compte, **{self.PLACE: self.place}, **same)

    def validate_constraints(self, exclude=None):
        # Forms hide these two: Django then skips the check.
        super().validate_constraints(exclude=set(exclude or ()) - {"acceptee_le", "revoquee_le"})

    @property
    def still_offered(self):
        """Whether whoever invited may still do so: what they offered ends with their own rights."""
        by, place = self.invite_par, self.place
        if not (by and by.is_active):
            return False
        return type(place).objects.managed_by(by, "add", type(self)).filter(pk=place.pk).exists()

    @property
    def settled(self):
        return bool(self.acceptee_le or self.revoquee_le)

    @property
    def expired(self):
        ended = self.fin and self.fin < timezone.localdate()
        return bool(ended or self.expire_le <= timezone.now())

    @property
    def over(self):
        """In a sentence, why nobody can accept it; empty as long as its person can."""
        if self.acceptee_le:
            return "Cette invitation est déjà acceptée."
        if self.revoquee_le or not self.still_offered:
            return "Cette invitation est retirée."
        return "Le temps pour l’accepter est passé." if self.expired else ""

    @property
    def situation(self):
        """Its state in a word, as it is stored."""
        if self.acceptee_le:
            return "acceptée"
        if self.revoquee_le:
            return "révoquée"
        return "expirée" if self.expired else "en attente"

    def is_for(self, compte):
        """Whether this account has proved that exactly this address is its own."""
        proved = compte.is_active and compte.courriel == self.courriel
        return (
            proved and compte.emailaddress_set.filter(email=self.courriel, verified=True).exists()
        )

    @transaction.atomic
    def accept(self, compte):
        """Give the mandate; of two at once the second finds it given. Raises ValidationError."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if self.over:
            raise ValidationError(self.over)
        if not self.is_for(compte):
            raise ValidationError("Cette invitation est pour une autre adresse e-mail.")
        mandate = self.mandate(compte)
        mandate.full_clean()
        mandate.save()
        self.acceptee_le = timezone.now()
        self.save(update_fields=["acceptee_le"])
        return mandate

    def renew(self):
        """A new code for a new week, the earlier one ends; raises ValidationError once settled."""
        if self.settled:
            raise ValidationError(self.over)
        if self.fin and self.fin < timezone.localdate():
            raise ValidationError("Le dernier jour de ce rôle est passé.")
        self.give_code()
        self.expire_le = in_a_week()
        self.save()

    def revoke(self):
        if self.settled:
            raise ValidationError(self.over)
        self.revoquee_le = timezone.now()
        self.save(update_fields=["revoquee_le"])


class Compteur(models.Model):
    """How many times something was tried within an hour, by whom it is counted for."""

    geste = models.CharField(max_length=30)
    cle = models.BinaryField(max_length=32)  # the HMAC of a contact, a browser or a network
    heure = models.DateTimeField()
    nombre = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="compteur_unique", fields=["geste", "cle", "heure"])
        ]
        indexes = [models.Index(fields=["heure"], name="compteur_heure")]

    def __str__(self):
        return f"{self.geste}, {self.heure:%d/%m %H h} : {self.nombre}"
