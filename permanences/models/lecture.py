from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from comptes.models import Compte
from permanences.models.question import QuestionElu
from permanences.models.rendez_vous import RendezVous

KEPT_AT_LEAST, KEPT_AT_MOST = timedelta(days=183), timedelta(days=365)


class LectureQuerySet(models.QuerySet):
    def outdated(self, now):
        return self.filter(le__lt=now - KEPT_AT_MOST)


class Lecture(models.Model):
    """
    Somebody of the staff read who comes to an appointment, or what they ask an élu: who, whose,
    where, when, from where.

    A trigger refuses any change, and to delete one younger than six months; so the keys are not
    those of the database, and a row outlives what it tells of.
    """

    compte = models.ForeignKey(
        Compte, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    lecteur = models.CharField(max_length=100)  # as they were called then
    rendez_vous = models.ForeignKey(
        RendezVous, models.DO_NOTHING, db_constraint=False, null=True, related_name="lectures"
    )
    question = models.ForeignKey(
        QuestionElu, models.DO_NOTHING, db_constraint=False, null=True, related_name="lectures"
    )
    page = models.CharField(max_length=60)
    le = models.DateTimeField(default=timezone.now)
    adresse = models.GenericIPAddressField("adresse du réseau", null=True)

    objects = LectureQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture"
        indexes = [models.Index(fields=["le"], name="lecture_le")]
        constraints = [
            models.CheckConstraint(
                name="lecture_d_une_chose",
                condition=Q(rendez_vous=None, question__isnull=False)
                | Q(rendez_vous__isnull=False, question=None),
            )
        ]

    def __str__(self):
        return f"lecture {self.pk}"
