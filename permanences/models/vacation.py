from datetime import datetime, timedelta
from itertools import product

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from maisons import heures
from maisons.models import Creneau, Maison
from maisons.models.creneau import CreneauQuerySet
from permanences.models.permanence import OfPermanenceQuerySet, Permanence

TO_NOTE = "Notez d’abord qui est venu : des personnes sont arrivées, ou leur heure est passée."
RECEIVED = "Quelqu’un a déjà été reçu à ces heures : choisissez-en d’autres."
OUTSIDE = "Des rendez-vous tomberaient hors de ces heures : gardez au moins la même durée."


class VacationQuerySet(OfPermanenceQuerySet, CreneauQuerySet):
    def upcoming(self, now):
        """From the hour when they end; none lasts a day, and an index knows when they begin."""
        begun = Q(nature=Vacation.NATURE, debut__gt=now - timedelta(days=1))
        return self.filter(begun, fin__gt=now).order_by("debut", "pk")

    def on(self, day, days=1):
        """Those that begin on a local day, or on so many days from it, in time order."""
        first, end = heures.starts_at(day), heures.starts_at(day + timedelta(days=days))
        begun = self.filter(nature=Vacation.NATURE, debut__gte=first, debut__lt=end)
        return begun.order_by("debut", "pk")

    def attended_by(self, user, verb="view"):
        """
        Those that somebody runs: held by them, or of the house of their desk.

        A city administrator runs none: who comes is none of their business.
        """
        held = Permanence.objects.held_by(user, verb, self.model)
        mine = Q(permanence__in=held)
        if not user.is_superuser:
            mine |= Q(maison__in=Maison.objects.managed_by(user, verb, self.model))
        return self.filter(mine)


class Vacation(Creneau):
    """One date of a permanence, and how it goes that day."""

    class Direct(models.TextChoices):
        """What the person on duty says of it, for that day alone."""

        RIEN = "", "rien de particulier"
        OUVERTE = "ouverte", "ouvert"
        COMPLETE = "complete", "complet pour aujourd’hui"
        RETARD = "retard", "en retard"

    NATURE = "permanence"
    AGAIN = [*Creneau.AGAIN, "permanence", "guichets"]

    creneau = models.OneToOneField(Creneau, models.CASCADE, parent_link=True)
    permanence = models.ForeignKey(Permanence, models.PROTECT, related_name="vacations")
    guichets = models.PositiveSmallIntegerField(
        "personnes reçues en même temps sur rendez-vous", default=1
    )
    direct = models.CharField(
        "aujourd’hui", max_length=10, choices=Direct, blank=True, editable=False
    )
    retard = models.PositiveSmallIntegerField("retard, en minutes", default=0, editable=False)
    dit_le = models.DateTimeField("dit le", null=True, blank=True, editable=False)
    remplacant = models.CharField(
        "remplacement par", max_length=100, blank=True, help_text="Le public lit ce nom."
    )

    freed = ()  # when the places that lapsed began: see `rendez_vous.lock`
    # The appointments that the last act moved or cancelled: whoever tells people reads them.
    concerned = ()

    objects = VacationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche", "modifie_le"])

    class Meta:
        verbose_name = "date de permanence"
        verbose_name_plural = "dates de permanence"
        constraints = [
            models.CheckConstraint(
                name="vacation_guichets",
                condition=Q(guichets__range=(0, 20)),
                violation_error_message="De 0 à 20 personnes en même temps.",
            ),
            models.CheckConstraint(
                name="vacation_retard",
                condition=Q(direct="retard", retard__range=(1, 240))
                | (~Q(direct="retard") & Q(retard=0)),
                violation_error_message="Dites de combien de minutes, quatre heures au plus.",
            ),
        ]

    def get_absolute_url(self):
        return self.permanence.get_absolute_url()

    def entitle(self):
        self.titre = self.permanence.service.nom

    def clean(self):
        for name, value in self.permanence.repeated().items():
            setattr(self, name, value)
        self.plain_pied = (self.salle or self.maison).plain_pied if self.maison else None
        self.publie_le = self.publie_le or self.permanence.publie_le
        self.mention = self.in_words
        super().clean()

    @property
    def in_words(self):
        """The short live line: what was said today, where it moved to, else how one comes."""
        told = self.get_direct_display() if self.direct else self.permanence.get_mode_display()
        if self.direct == self.Direct.RETARD:
            told = f"retard {self.retard} min"
        if self.salle_id and self.salle_id != self.permanence.salle_id:
            return f"{self.salle} : {told}"[:80]
        return told

    def awaited(self, order="debut"):
        """The appointments that are not settled, locked; lapsed places are freed first."""
        for lapsed in self.rendez_vous.expired().select_for_update(of=("self",)):
            lapsed.mark_cancelled(expired=True)
        rows = self.rendez_vous.awaited().select_related("compte").order_by(order, "pk")
        return list(rows.select_for_update(of=("self",)))

    def carry(self, before):
        """Appointments keep their place in it: as much sooner or later as it is itself."""
        self.concerned, shift = (), self.debut - before.debut
        rows = self.awaited("debut" if shift < timedelta() else "-debut")  # each makes room
        outside = [r for r in rows if r.debut + shift < self.debut or r.fin + shift > self.fin]
        if outside:
            raise ValidationError(OUTSIDE)
        if shift:
            self.check_carried(rows, shift)
        if shift or (self.maison_id, self.salle_id) != (before.maison_id, before.salle_id):
            self.concerned = [row for row in rows if row.still_to_come(timezone.now())]
            place = before.salle or before.maison
            for row in rows:
                row.mark_moved(shift, f"{heures.moment(row.debut)}, {place}")

    def check_carried(self, rows, shift):
        """Who has come stays where they were, and nobody takes the place that they had."""
        if not all(row.still_to_come(timezone.now()) for row in rows):
            raise ValidationError(TO_NOTE)
        settled = self.rendez_vous.held().exclude(pk__in=[row.pk for row in rows])
        for one, row in product(settled, rows):
            meets = row.debut + shift < one.fin and one.debut < row.fin + shift
            if meets and row.guichet == one.guichet:
                raise ValidationError(RECEIVED)

    def mark_cancelled(self, motif):
        """Nobody keeps an appointment in what does not take place."""
        super().mark_cancelled(motif)
        self.concerned = [row for row in self.awaited() if row.still_to_come(self.annule_le)]
        for row in self.concerned:
            row.mark_cancelled()

    def slots(self):
        """
        [(debut, fin)] of the appointments of one desk: as many lengths as fit, breaks left out.

        After a break they begin again at its end. Asks for the permanence, its service and its
        breaks, which lists prefetch.
        """
        if not self.permanence.by_appointment:
            return []
        length, found, at = self.permanence.length, [], self.debut
        while at + length <= self.fin:
            ends = self.break_within(at, at + length)
            if ends:
                at = ends
            else:
                found.append((at, at + length))
                at += length
        return found

    @property
    def places(self):
        """How many appointments it can give."""
        return len(self.slots()) * self.guichets

    def break_within(self, debut, fin):
        """When the break that meets a span ends, or None."""
        day = heures.local(debut).date()
        for pause in self.permanence.pauses.all():
            starts, ends = (
                timezone.make_aware(datetime.combine(day, at)) for at in (pause.debut, pause.fin)
            )
            if starts < fin and debut < ends:
                return ends


class Passage(models.Model):
    """How many people came to a vacation without an appointment: ages, no names."""

    class Tranche(models.TextChoices):
        MOINS_18 = "moins_18", "moins de 18 ans"
        DE_18_25 = "18_25", "18 à 25 ans"
        DE_26_59 = "26_59", "26 à 59 ans"
        PLUS_60 = "60_plus", "60 ans et plus"

    vacation = models.ForeignKey(Vacation, models.CASCADE, related_name="passages")
    tranche = models.CharField("âge", max_length=10, choices=Tranche)
    nombre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "passage"
        constraints = [
            models.UniqueConstraint(name="passage_unique", fields=["vacation", "tranche"])
        ]

    def __str__(self):
        return f"{self.get_tranche_display()} : {self.nombre}"
