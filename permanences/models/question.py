import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from comptes.joignable import Joignable
from comptes.models import AvecCode, Compte
from permanences.models.permanence import Permanence
from permanences.models.vacation import Vacation
from quartiers.models import Elu

LONGEST, LONGEST_ANSWER = 1000, 2000  # signs


class QuestionEluQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(repondu_le=None)

    def outdated(self, now):
        return self.filter(efface_le__lte=now)

    def managed_by(self, user, verb="view"):
        """For who holds a permanence of that élu, nobody else: no desk, no administrator."""
        held = Permanence.objects.held_by(user, verb, self.model).exclude(elu=None)
        return self.filter(elu__in=held.values("elu"))

    def owned_by(self, user):
        return self.filter(compte=user)


class QuestionElu(Joignable, AvecCode):
    """What a resident asks an élu ahead of a permanence: for their team alone, and for a time."""

    elu = models.ForeignKey(
        Elu, models.PROTECT, verbose_name="élu", related_name="questions", editable=False
    )
    vacation = models.ForeignKey(
        Vacation,
        models.SET_NULL,
        verbose_name="vient à la permanence du",
        null=True,
        blank=True,
        related_name="+",
    )
    compte = models.ForeignKey(
        Compte, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    # Of somebody without an account: how they are called, and how they are reached.
    nom = models.CharField("prénom ou nom", max_length=100, blank=True)
    courriel = models.EmailField("adresse e-mail", blank=True)
    telephone = PhoneNumberField("téléphone", blank=True)
    texte = models.CharField("question", max_length=LONGEST)
    jeton = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # one form, one row
    cree_le = models.DateTimeField("posée le", default=timezone.now, editable=False)
    reponse = models.CharField("réponse", max_length=LONGEST_ANSWER, blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True, editable=False)
    repondu_par = models.ForeignKey(
        Compte, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    efface_le = models.DateTimeField("effacée le", editable=False)  # as its person was told

    objects = QuestionEluQuerySet.as_manager()

    class Meta:
        verbose_name = "question à un élu"
        verbose_name_plural = "questions à un élu"
        constraints = [
            models.CheckConstraint(
                name="questionelu_de_quelqu_un",
                condition=Q(compte__isnull=False)
                | (~Q(nom="") & (~Q(courriel="") | ~Q(telephone=""))),
                violation_error_message="Dites votre nom, et comment vous joindre.",
            ),
            models.CheckConstraint(name="questionelu_texte", condition=~Q(texte="")),
            models.CheckConstraint(
                name="questionelu_reponse",
                condition=Q(reponse="") | Q(repondu_le__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["efface_le"], name="questionelu_a_effacer")]

    def __str__(self):
        """Of nobody: what is written in a log names no person."""
        return f"question {self.pk}"

    @property
    def headline(self):
        """The title of its page."""
        return "Une réponse vous a été faite" if self.repondu_le else "Votre question est envoyée"
