from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from associations import adhesions
from associations.models.association import Association, MembreAssociation
from comptes.models import Compte
from maisons.models import Creneau, Maison
from maisons.models.reponse import Answered, AnsweredQuerySet
from maisons.models.reservation import DESK_HORIZON

TIME_TO_ANSWER = timedelta(days=7)
PASSE = "Ce moment est passé : choisissez-en un autre."
TROP_LOIN = "Ce jour est dans plus de deux ans : vérifiez l’année."
COMPLET = "{} accueille {} personnes au plus ; vous en annoncez {}."


class MiseADispositionQuerySet(AnsweredQuerySet):
    def managed_by(self, user, verb="view"):
        """As staff: those of one's associations, and those of the rooms of one's houses."""
        ours = Association.objects.managed_by(user, verb, self.model)
        return self.filter(Q(association__in=ours) | Q(maison__in=self.houses(user, verb)))

    def answered_by(self, user):
        """Those that somebody may grant or refuse: of their houses; a city administrator, all."""
        return self.filter(maison__in=self.houses(user, "change"))

    def houses(self, user, verb):
        return Maison.objects.managed_by(user, verb, self.model)

    def owned_by(self, user):
        """Nobody owns them as a person."""
        return self.none()

    def overdue(self):
        """What nobody answered in time."""
        return self.filter(etat=self.model.Etat.DEMANDEE, repondre_avant__lte=timezone.now())

    def outdated(self):
        """Of which somebody is still known: its history, which begins with it, is not forgotten."""
        told = self.model.history.filter(id=OuterRef("pk"))
        return super().outdated().filter(Exists(told))

    def answerable(self):
        asked = self.holding().filter(etat=self.model.Etat.DEMANDEE)
        return asked.filter(repondre_avant__gt=timezone.now())


class MiseADisposition(Answered, Creneau):
    """
    A room lent to an association for what is nothing else: no event, no activity.

    Asked for by the association, answered by the house or the city; the public never reads it.
    """

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", "en attente de réponse"
        CONFIRMEE = "confirmee", "accordée"
        REFUSEE = "refusee", "refusée"
        ANNULEE = "annulee", "annulée"
        EXPIREE = "expiree", "expirée"

    class Usage(models.TextChoices):
        REUNION = "reunion", "Réunion interne : bureau, assemblée"
        REPETITION = "repetition", "Répétition : musique, théâtre, danse"
        STOCKAGE = "stockage", "Rangement de matériel"

    class MotifRefus(models.TextChoices):
        """The first three are those of the law (CGCT, article L2144-3)."""

        BESOIN = "besoin", "la ville a besoin de la salle"
        SERVICE = "service", "le fonctionnement de la maison ne le permet pas"
        ORDRE = "ordre", "maintien de l’ordre public"
        BUDGET = "budget", "le budget d’heures de la saison est dépassé"
        INADAPTEE = "inadaptee", "la salle ne convient pas à cet usage"

    NATURE = "pret"
    # Set on a row that a closure sends elsewhere: what was granted stays granted.
    displaced = False
    AGAIN = [*Creneau.AGAIN, "association", "usage", "demande_par", "cree_le"]
    AGAIN += ["etat", "repondre_avant", "decide_le", "decide_par", "reponse"]  # one decision

    creneau = models.OneToOneField(Creneau, models.CASCADE, parent_link=True)
    association = models.ForeignKey(Association, models.PROTECT, related_name="prets")
    usage = models.CharField("pour quoi faire", max_length=20, choices=Usage)
    etat = models.CharField(
        "état", max_length=12, choices=Etat, default=Etat.DEMANDEE, editable=False
    )
    demande_par = models.ForeignKey(
        Compte, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    motif_refus = models.CharField("motif du refus", max_length=12, choices=MotifRefus, blank=True)

    objects = MiseADispositionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche", "modifie_le"])

    class Meta:
        verbose_name = "prêt de salle"
        verbose_name_plural = "prêts de salle"
        constraints = [
            models.CheckConstraint(
                name="pret_repondre_tant_que_demande",
                condition=~Q(etat="demandee") | Q(repondre_avant__isnull=False),
            ),
            models.CheckConstraint(
                name="pret_refus_motive", condition=~Q(etat="refusee") | ~Q(motif_refus="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["repondre_avant"],
                name="pret_a_repondre",
                condition=Q(etat="demandee"),
            ),
        ]

    @property
    def answerable(self):
        return self.etat == self.Etat.DEMANDEE

    @property
    def changeable(self):
        """Asked for or granted, and not over."""
        return self.alive and self.fin > timezone.now()

    def told(self, members):
        """Who is told of it, among members in force: those who answer, and who asked."""
        role = MembreAssociation.Role.RESPONSABLE
        asked = self.demande_par_id
        people = [one.compte for one in members if one.role == role or one.compte_id == asked]
        return list(dict.fromkeys(people))

    def entitle(self):
        """Nobody types its title, which only staff read."""
        if self.association_id:
            self.titre = f"Prêt : {self.association}"[:120]

    def settle(self, granted_by=None):
        """Granted at once by the city, else a request with its deadline."""
        self.decide_par = self.decide_le = self.repondre_avant = None
        if granted_by:
            self.etat = self.Etat.CONFIRMEE
            self.decide_par, self.decide_le = granted_by, timezone.now()
        else:
            self.etat = self.Etat.DEMANDEE
            self.repondre_avant = min(timezone.now() + TIME_TO_ANSWER, self.debut)

    def resettle(self, before, by):
        """
        What another span or place does to the answer that `before` had; for planning.move alone.

        A shorter one keeps it; by the house, it is granted anew; by the association, asked again.
        """
        if self.displaced or self.within(before):
            return
        if by and Maison.objects.managed_by(by, "change", type(self)).filter(pk=self.maison_id):
            if self.etat == self.Etat.CONFIRMEE:
                self.decide_par, self.decide_le = by, timezone.now()
            else:
                self.repondre_avant = min(self.repondre_avant, self.debut)
            return
        self.settle()

    def check_rules(self):
        """Under a charter on its day, at a time to come, for as many as the room holds."""
        if not self.displaced:
            self.check_span()
            adhesions.check(self.association, timezone.localdate(self.debut))
        super().check_rules()

    def check_span(self):
        if self.debut <= timezone.now():
            raise ValidationError({"debut": PASSE})
        if self.debut > timezone.now() + DESK_HORIZON:
            raise ValidationError({"debut": TROP_LOIN})
        room, number = self.salle, self.personnes
        if number and number > room.capacite:
            raise ValidationError({"personnes": COMPLET.format(room, room.capacite, number)})
