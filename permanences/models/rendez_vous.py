import uuid
from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from comptes.joignable import Joignable
from comptes.models import AvecCode, Compte
from maisons.models import Maison
from maisons.models.creneau import TsTzRange
from permanences.models.permanence import Permanence
from permanences.models.service import Motif
from permanences.models.vacation import Vacation

PRIS = "Ce moment vient d’être pris."
PAS_PROPOSE = "Ce moment n’est pas proposé : choisissez-en un autre."
DAY = timedelta(days=1)


class RendezVousQuerySet(models.QuerySet):
    def held(self):
        """Those that keep their place."""
        return self.filter(annule_le=None)

    def awaited(self):
        """Those of which nobody has said yet how they went."""
        return self.filter(etat__in=[RendezVous.Etat.A_CONFIRMER, RendezVous.Etat.PRIS])

    def expired(self):
        """Places kept for somebody who did not answer in time."""
        waiting = self.held().filter(etat=RendezVous.Etat.A_CONFIRMER)
        return waiting.filter(expire_le__lte=timezone.now())

    def upcoming(self):
        return self.held().filter(debut__gt=timezone.now())

    def of_contact(self, contact):
        """Of one person: an e-mail address, with an account or without, else a phone number."""
        if "@" not in contact:
            return self.filter(compte=None, courriel="", telephone=contact)
        account = Compte.objects.filter(courriel=contact).values("pk")[:1]
        return self.filter(Q(compte=account) | Q(compte=None, courriel=contact))

    def outdated(self, now):
        """Whose person is to be forgotten: in the time of its service; unconfirmed, in a day."""
        days = F("vacation__permanence__service__conservation")
        kept = ExpressionWrapper(days * Value(DAY, DurationField()), DurationField())
        until = ExpressionWrapper(Value(now, DateTimeField()) - kept, DateTimeField())
        unconfirmed = Q(etat=RendezVous.Etat.EXPIRE, annule_le__lt=now - DAY)
        over = Q(fin__lt=until) & Q(fin__lt=now - DAY)  # what an index knows
        return self.filter(over | unconfirmed, anonymise_le=None).order_by("pk")

    def managed_by(self, user, verb="view"):
        """
        Who comes: for whoever holds that permanence and, on that day, for the desk of its house.

        Nobody else, administrators and superusers included (conception § 6.8).
        """
        held = Permanence.objects.held_by(user, verb, self.model)
        desk = self.at_desk_of(user, verb)
        return self.filter(Q(vacation__permanence__in=held) | Q(pk__in=desk.values("pk")))

    def at_desk_of(self, user, verb="view"):
        """Those of today in the houses where somebody works, whatever else they may do."""
        return self.in_houses_of(user, verb).filter(debut__date=timezone.localdate())

    def in_houses_of(self, user, verb="view"):
        """The same of any day: to call by voice, and nothing else."""
        if user.is_superuser:
            return self.none()
        houses = Maison.objects.managed_by(user, verb, self.model)
        return self.model.objects.filter(vacation__maison__in=houses)

    def with_reason_for(self, user):
        """Those of which somebody may read why the person comes."""
        held = Permanence.objects.held_by(user, "view", self.model)
        return self.filter(vacation__permanence__in=held)

    def owned_by(self, user):
        return self.filter(compte=user)


class RendezVous(Joignable, AvecCode):
    """Somebody's place at a desk of a vacation: what is known of them is erased in time."""

    class Etat(models.TextChoices):
        A_CONFIRMER = "a_confirmer", "à confirmer"
        PRIS = "pris", "pris"
        HONORE = "honore", "honoré"
        MANQUE = "manque", "manqué"
        ANNULE = "annule", "annulé"
        EXPIRE = "expire", "expiré"

    vacation = models.ForeignKey(Vacation, models.PROTECT, related_name="rendez_vous")
    guichet = models.PositiveSmallIntegerField(default=1)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField()
    motif = models.ForeignKey(
        Motif, models.PROTECT, verbose_name="pourquoi", null=True, blank=True, related_name="+"
    )
    compte = models.ForeignKey(
        Compte, models.PROTECT, null=True, blank=True, related_name="rendez_vous"
    )
    # Of somebody without an account: how they are called, and how they are reached.
    nom = models.CharField("prénom ou nom", max_length=100, blank=True)
    courriel = models.EmailField("adresse e-mail", blank=True)
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
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.PRIS, editable=False)
    jeton = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # one form, one row
    cree_le = models.DateTimeField("pris le", default=timezone.now, editable=False)
    # When what its person was told last changed: a trigger keeps it, whoever writes.
    modifie_le = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    expire_le = models.DateTimeField(null=True, blank=True, editable=False)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True, editable=False)
    arrive_le = models.DateTimeField("arrivé le", null=True, blank=True, editable=False)
    # Who last noted whether its person came, and when.
    note_par = models.ForeignKey(
        Compte, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    note_le = models.DateTimeField("noté le", null=True, blank=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)  # RFC 5545
    plus_tot = models.BooleanField("prévenir si une place se libère plus tôt", default=False)
    avis_plus_tot = models.PositiveSmallIntegerField(default=0, editable=False)
    anonymise_le = models.DateTimeField("anonymisé le", null=True, blank=True, editable=False)

    avant = ""  # the moment and place before its vacation moved, in words

    objects = RendezVousQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        constraints = [
            models.CheckConstraint(
                name="rendezvous_fin_apres_debut", condition=Q(fin__gt=F("debut"))
            ),
            models.CheckConstraint(
                name="rendezvous_annule",
                condition=(Q(annule_le=None) & ~Q(etat__in=["annule", "expire"]))
                | Q(annule_le__isnull=False, etat__in=["annule", "expire"]),
            ),
            models.CheckConstraint(
                name="rendezvous_expire_tant_qu_a_confirmer",
                condition=~Q(etat="a_confirmer") | Q(expire_le__isnull=False),
            ),
            models.CheckConstraint(
                name="rendezvous_de_quelqu_un",
                condition=Q(compte__isnull=False) | ~Q(nom="") | Q(anonymise_le__isnull=False),
                violation_error_message="Dites le prénom ou le nom de la personne.",
            ),
            models.CheckConstraint(
                name="rendezvous_anonyme",
                condition=Q(anonymise_le=None)
                | Q(
                    compte=None,
                    nom="",
                    courriel="",
                    telephone="",
                    motif=None,
                    saisi_par=None,
                    note_par=None,
                    empreinte=None,
                ),
            ),
            # One person at a desk at a time: starts that differ by a length too.
            ExclusionConstraint(
                name="rendezvous_un_par_guichet",
                expressions=[
                    ("vacation", RangeOperators.EQUAL),
                    ("guichet", RangeOperators.EQUAL),
                    (TsTzRange("debut", "fin"), RangeOperators.OVERLAPS),
                ],
                condition=Q(annule_le=None),
                violation_error_message=PRIS,
            ),
        ]
        indexes = [
            models.Index(fields=["debut"], name="rendezvous_debut", condition=Q(annule_le=None)),
            models.Index(
                fields=["courriel"], name="rendezvous_courriel", condition=~Q(courriel="")
            ),
            models.Index(
                fields=["telephone"], name="rendezvous_telephone", condition=~Q(telephone="")
            ),
            models.Index(
                fields=["expire_le"],
                name="rendezvous_a_expirer",
                condition=Q(etat="a_confirmer"),
            ),
            models.Index(
                fields=["fin"], name="rendezvous_a_oublier", condition=Q(anonymise_le=None)
            ),
        ]

    def __str__(self):
        """Of nobody: what is written in a log names no person."""
        return f"rendez-vous {self.pk}"

    def get_absolute_url(self):
        return reverse("permanences:rendez_vous", args=[self.pk])

    @property
    def alive(self):
        return self.annule_le is None

    @property
    def changeable(self):
        """By its person: taken, and not begun."""
        return self.etat == self.Etat.PRIS and self.debut > timezone.now()

    @property
    def cancellable(self):
        return self.alive and self.etat in (self.Etat.A_CONFIRMER, self.Etat.PRIS)

    @property
    def unproved(self):
        """Kept for somebody without an account who has not answered yet, in time or not."""
        return self.compte_id is None and self.etat in (self.Etat.A_CONFIRMER, self.Etat.EXPIRE)

    @property
    def late(self):
        """Whether their time to answer has passed, released or not."""
        return self.unproved and (not self.alive or self.expire_le <= timezone.now())

    @property
    def headline(self):
        """The title of its page: the truth about its state."""
        return {
            self.Etat.A_CONFIRMER: "Il reste à confirmer votre rendez-vous",
            self.Etat.PRIS: "Votre rendez-vous est pris",
            self.Etat.HONORE: "Ce rendez-vous a eu lieu",
            self.Etat.MANQUE: "Ce rendez-vous est passé",
            self.Etat.ANNULE: "Ce rendez-vous est annulé",
            self.Etat.EXPIRE: "Ce rendez-vous n’a pas été confirmé",
        }[self.etat]

    def clean(self):
        if self.empreinte is None:
            self.give_code()
        span = self.debut, self.fin
        if self.vacation_id and (
            self.guichet > self.vacation.guichets or span not in self.vacation.slots()
        ):
            raise ValidationError(PAS_PROPOSE)
        if self.motif and self.motif.service_id != self.vacation.permanence.service_id:
            raise ValidationError({"motif": "Choisissez dans la liste."})

    def mark_open(self):
        """For `rendez_vous` alone, under its lock: as if the time to answer had not passed."""
        self.etat, self.annule_le = self.Etat.A_CONFIRMER, None

    def fits(self, vacation):
        """Whether a date still has this place: PostgreSQL lets nobody wait elsewhere."""
        within = vacation.debut <= self.debut and self.fin <= vacation.fin
        return within and self.guichet <= vacation.guichets

    def still_to_come(self, now):
        """Whether its person has neither come nor been waited for in vain."""
        return self.arrive_le is None and self.fin > now

    def mark_moved(self, shift, avant):
        """With its vacation, under its lock; `avant` says in words what was before."""
        self.avant = avant
        self.debut, self.fin = self.debut + shift, self.fin + shift
        if self.etat == self.Etat.A_CONFIRMER:
            self.expire_le = min(self.expire_le, self.debut)
        self.sequence += 1
        self.save()

    def mark_cancelled(self, expired=False):
        """For `rendez_vous` alone, under its lock, and for a vacation that is cancelled."""
        self.etat = self.Etat.EXPIRE if expired else self.Etat.ANNULE
        self.annule_le = timezone.now()
        self.sequence += 1
        self.save()
