import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, Q, Value
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from associations.models.activite import Activite, OfActiviteQuerySet, Question, Seance
from comptes import codes
from comptes.joignable import AdresseProposee, Joignable
from comptes.models import AvecCode, Compte

CONFIRMER = "Il reste à confirmer votre inscription"
ADULT = 15  # under it nobody registers alone


class DossierQuerySet(models.QuerySet):
    def of_contact(self, contact):
        """Of one person: an e-mail address, with an account or without, else a phone number."""
        if "@" not in contact:
            return self.filter(compte=None, courriel="", telephone=contact)
        account = Compte.objects.filter(courriel=contact).values("pk")[:1]
        return self.filter(Q(compte=account) | Q(compte=None, courriel=contact))

    def managed_by(self, user, verb="view"):
        """As staff: those that hold a registration at one's associations."""
        mine = Inscription.objects.managed_by(user, verb)
        return self.filter(pk__in=mine.values("dossier"))

    def owned_by(self, user):
        return self.filter(compte=user)


class Dossier(AdresseProposee, Joignable, AvecCode):
    """One pass of registrations: the person who asks, said once, and how they are reached."""

    compte = models.ForeignKey(
        Compte, models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    nom = models.CharField("votre nom", max_length=100, blank=True)
    courriel = models.EmailField("adresse e-mail", blank=True)
    # The one that is to replace it, once somebody has answered there.
    courriel_propose = models.EmailField(blank=True, default="", db_default="", editable=False)
    propose_le = models.DateTimeField(null=True, blank=True, editable=False)
    telephone = PhoneNumberField("téléphone", blank=True)
    saisi_par = models.ForeignKey(
        Compte,
        models.SET_NULL,
        verbose_name="saisi par",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    jeton = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # one form, one row
    cree_le = models.DateTimeField("reçu le", default=timezone.now, editable=False)
    # When the address was answered; at once with an account, a phone number, or staff.
    prouve_le = models.DateTimeField("confirmé le", null=True, blank=True, editable=False)
    anonymise_le = models.DateTimeField("anonymisé le", null=True, blank=True, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier d’inscription"
        verbose_name_plural = "dossiers d’inscription"
        constraints = [
            models.CheckConstraint(
                name="dossier_de_quelqu_un",
                condition=Q(compte__isnull=False)
                | (~Q(nom="") & (~Q(courriel="") | ~Q(telephone="")))
                | Q(anonymise_le__isnull=False),
                violation_error_message="Dites qui s’inscrit, et comment vous joindre.",
            ),
            models.CheckConstraint(
                name="dossier_anonyme",
                condition=Q(anonymise_le=None)
                | Q(
                    **{"compte": None, "nom": "", "courriel": "", "courriel_propose": ""},
                    **{"telephone": "", "saisi_par": None, "empreinte": None},
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["courriel"], name="dossier_courriel", condition=~Q(courriel="")),
            models.Index(
                fields=["telephone"], name="dossier_telephone", condition=~Q(telephone="")
            ),
        ]

    def __str__(self):
        """Of nobody: what is written in a log names no person."""
        return f"dossier {self.pk}"

    @property
    def six_digits(self):
        """Of the message that waits for an answer: other ones for another address."""
        proposed = f"{self.graine}:{self.courriel_propose}"
        return codes.make_six_digits(proposed if self.courriel_propose else self.graine)

    @property
    def awaited(self):
        """Whether somebody must still answer, at the first address or at the one proposed."""
        return self.unproved or bool(self.courriel_propose)

    @property
    def unproved(self):
        """Without an account, and nobody has answered yet, in time or not."""
        return self.prouve_le is None

    def lines(self):
        """Its registrations, with what its pages read."""
        return self.inscriptions.with_activity().order_by("activite", "seance", "pk")

    def kept_until(self, rows):
        """Until when its places are kept for an answer; None when they are not any more."""
        now = timezone.now()
        times = [row.expire_le for row in rows if row.is_alive and row.expire_le]
        return min((one for one in times if one > now), default=None) if self.unproved else None

    def headline(self, rows):
        """The title of its page: the truth about its state."""
        states = [row.etat for row in rows]
        if self.unproved:
            kept = self.kept_until(rows)
            return CONFIRMER if kept else "Ces inscriptions n’ont pas été confirmées"
        told = {
            "proposee": "Une place est libre pour vous",
            "inscrite": "Vos inscriptions sont faites"
            if states.count("inscrite") > 1
            else "Votre inscription est faite",
            "attente": "Vous êtes sur liste d’attente",
        }
        if "inscrite" in states and "attente" in states and "proposee" not in states:
            return "Vos inscriptions sont enregistrées"
        several = len(rows) > 1
        over = "Ces inscriptions sont annulées" if several else "Cette inscription est annulée"
        return next((words for etat, words in told.items() if etat in states), over)

    def get_absolute_url(self):
        return reverse("associations:dossier", args=[self.pk])

    def clean(self):
        if self.empreinte is None:
            self.give_code()


class InscriptionQuerySet(OfActiviteQuerySet):
    def holding(self):
        """Those that keep a place."""
        return self.filter(place__isnull=False)

    def waiting(self):
        """Those on the waiting list, in its order."""
        return self.filter(rang__isnull=False).order_by("rang")

    def alive(self):
        return self.filter(annule_le=None)

    def with_person(self):
        """With all that says who it is and how they are reached."""
        return self.select_related("dossier__compte")

    def expired(self):
        """What nobody confirmed or accepted in time."""
        return self.alive().filter(expire_le__lte=timezone.now())

    def with_activity(self):
        """With what a page says of each."""
        place = "activite__association", "activite__maison", "activite__salle"
        return self.select_related("seance", *place)

    def of_list(self, activite, seance=None):
        """Those of one list: of the season, or of one session."""
        return self.filter(activite=activite, seance=seance)

    def owned_by(self, user):
        return self.filter(dossier__compte=user)


class Inscription(models.Model):
    """
    Somebody's place in an activity for its season, or in one session, or on its waiting list.

    A place is a number, from 1 to those of the activity, and a rank on the waiting list is one
    too: the database refuses that two have the same.
    """

    class Etat(models.TextChoices):
        A_CONFIRMER = "a_confirmer", "à confirmer"
        INSCRITE = "inscrite", "inscrite"
        ATTENTE = "attente", "sur liste d’attente"
        PROPOSEE = "proposee", "place proposée"
        ANNULEE = "annulee", "annulée"
        EXPIREE = "expiree", "expirée"

    # Whether it may be put on the waiting list when there is no place: its person has agreed.
    may_wait = True

    OVER = ["annulee", "expiree"]

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="inscriptions")
    activite = models.ForeignKey(
        Activite, models.PROTECT, verbose_name="activité", related_name="inscriptions"
    )
    # Empty: for the season.
    seance = models.ForeignKey(
        Seance,
        models.PROTECT,
        verbose_name="séance",
        null=True,
        blank=True,
        related_name="inscriptions",
    )
    # Of a child; both empty when whoever asks comes.
    prenom = models.CharField("prénom", max_length=60, blank=True)
    naissance = models.PositiveSmallIntegerField("année de naissance", null=True, blank=True)
    reponses = ArrayField(
        models.CharField(max_length=20, choices=Question), default=list, blank=True
    )
    etat = models.CharField("état", max_length=12, choices=Etat, editable=False)
    place = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    rang = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    cree_le = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    expire_le = models.DateTimeField("répondre avant", null=True, blank=True, editable=False)
    annule_le = models.DateTimeField("annulée le", null=True, blank=True, editable=False)
    # When its person was last told of it.
    modifie_le = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)  # RFC 5545

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        constraints = [
            models.CheckConstraint(
                name="inscription_place",
                condition=Q(
                    etat__in=["a_confirmer", "inscrite", "proposee"],
                    place__isnull=False,
                    place__gte=1,
                )
                | (~Q(etat__in=["a_confirmer", "inscrite", "proposee"]) & Q(place=None)),
            ),
            models.CheckConstraint(
                name="inscription_rang",
                condition=Q(etat="attente", rang__isnull=False, rang__gte=1)
                | (~Q(etat="attente") & Q(rang=None)),
            ),
            models.CheckConstraint(
                name="inscription_annulee",
                condition=Q(etat__in=["annulee", "expiree"], annule_le__isnull=False)
                | (~Q(etat__in=["annulee", "expiree"]) & Q(annule_le=None)),
            ),
            models.CheckConstraint(
                name="inscription_delai",
                condition=~Q(etat__in=["a_confirmer", "proposee"]) | Q(expire_le__isnull=False),
            ),
            models.CheckConstraint(
                name="inscription_enfant",
                condition=Q(naissance=None) | Q(naissance__range=(1900, 2200)),
                violation_error_message="Écrivez l’année de naissance en quatre chiffres.",
            ),
            # Each list its numbers; deferrable, so that a whole queue moves up in one statement.
            *[
                ExclusionConstraint(
                    name=f"inscription_{number}_unique",
                    expressions=[
                        ("activite", RangeOperators.EQUAL),
                        (Coalesce("seance", Value(0)), RangeOperators.EQUAL),
                        (number, RangeOperators.EQUAL),
                    ],
                    condition=Q(**{f"{number}__isnull": False}),
                    deferrable=Deferrable.IMMEDIATE,
                )
                for number in ("place", "rang")
            ],
        ]
        indexes = [
            models.Index(
                fields=["expire_le"], name="inscription_a_expirer", condition=Q(annule_le=None)
            ),
            models.Index(fields=["activite", "seance", "etat"], name="inscription_liste"),
        ]

    def __str__(self):
        """Of nobody: what is written in a log names no person."""
        return f"inscription {self.pk}"

    @property
    def who(self):
        """Who comes, as they are called."""
        return self.prenom or self.dossier.person

    @property
    def answers(self):
        """[(question, whether the answer is yes)] of those that its activity asks."""
        asked = (key for key in Question.values if key in self.activite.questions)
        return [(Question(key).label, key in self.reponses) for key in asked]

    @property
    def is_alive(self):
        return self.annule_le is None

    @property
    def has_own_address(self):
        """Whether its person may be given another one: with an account, it is their own matter."""
        return self.is_alive and not (self.dossier.compte_id or self.dossier.unproved)

    @property
    def rank(self):
        """« 1er », « 3e », as it is read on paper too."""
        return f"{self.rang}{'er' if self.rang == 1 else 'e'}"

    @property
    def is_holding(self):
        return self.place is not None

    def clean(self):
        if set(self.reponses) - set(self.activite.questions):
            raise ValidationError("Cette question n’est pas posée ici.")
        if (self.seance_id is None) != self.activite.by_season:
            raise ValidationError("Choisissez la saison ou une séance.")
        if self.seance and self.seance.activite_id != self.activite_id:
            raise ValidationError("Choisissez une séance de la liste.")
        self.check_age()

    def check_age(self):
        """A child's year of birth is known; that of an adult is not asked."""
        oldest, (first, last) = self.activite.age_max, self.activite.births
        if self.prenom and self.naissance is None:
            raise ValidationError({"naissance": "Écrivez l’année de naissance."})
        if self.naissance is None:
            if oldest is not None and oldest < ADULT:
                raise ValidationError(f"« {self.activite} » est pour les enfants.")
            return
        if self.naissance > timezone.localdate().year:
            raise ValidationError({"naissance": "Cette année n’est pas encore venue."})
        if (first and self.naissance < first) or (last and self.naissance > last):
            told = f"« {self.activite} » est pour les {self.activite.births_in_words}."
            raise ValidationError({"naissance": told})

    def mark(self, etat, place=None, rang=None, expire_le=None):
        """For `inscriptions` alone, under the lock of its activity."""
        self.etat, self.place, self.rang, self.expire_le = etat, place, rang, expire_le
        self.modifie_le = timezone.now()
        self.annule_le = self.modifie_le if etat in self.OVER else None
        self.sequence += self.pk is not None


class Presence(models.Model):
    """Whether somebody registered came to a session."""

    inscription = models.ForeignKey(Inscription, models.CASCADE, related_name="presences")
    seance = models.ForeignKey(Seance, models.CASCADE, related_name="presences")
    present = models.BooleanField("présent")
    note_le = models.DateTimeField("noté le", default=timezone.now, editable=False)
    note_par = models.ForeignKey(
        Compte, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(name="presence_seance_unique", fields=["inscription", "seance"])
        ]

    def __str__(self):
        return f"présence {self.pk}"
