import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField
from simple_history.models import HistoricalRecords

from comptes import codes
from comptes.joignable import AdresseProposee, dialled
from comptes.models import AvecCode, Compte
from maisons import heures
from maisons.models.creneau import Creneau
from maisons.models.demande import ReservationQuerySet, queue_for
from maisons.models.maison import Maison
from maisons.models.reponse import Answered

TIME_TO_ANSWER, DESK_HORIZON = timedelta(days=3), timedelta(days=731)
OUTSIDE_HOURS = "En dehors des heures d’ouverture"


class Reservation(AdresseProposee, AvecCode, Answered, Creneau):
    """A room asked for by a person, with an account or without, and what was answered."""

    class Etat(models.TextChoices):
        A_CONFIRMER = "a_confirmer", "à confirmer"
        DEMANDEE = "demandee", "en attente de réponse"
        CONFIRMEE = "confirmee", "confirmée"
        REFUSEE = "refusee", "refusée"
        ANNULEE = "annulee", "annulée"
        EXPIREE = "expiree", "expirée"

    class Usage(models.TextChoices):
        FETE = "fete", "Anniversaire, fête de famille"
        VOISINS = "voisins", "Réunion de voisins"
        ASSOCIATION = "association", "Réunion ou activité d’une association"
        REPETITION = "repetition", "Répétition : musique, théâtre, danse"
        ATELIER = "atelier", "Atelier, cours, travail à plusieurs"
        AUTRE = "autre", "Autre"

    class MotifRefus(models.TextChoices):
        """The first three are those of the law (CGCT, article L2144-3)."""

        BESOIN = "besoin", "la ville a besoin de la salle"
        SERVICE = "service", "le fonctionnement de la maison ne le permet pas"
        ORDRE = "ordre", "maintien de l’ordre public"
        INADAPTEE = "inadaptee", "la salle ne convient pas à cet usage"
        INCOMPLETE = "incomplete", "il manque des renseignements"

    NATURE = "reservation"
    # Set on a row that a closure sends elsewhere: what was granted is not asked for again.
    displaced = False
    # How it is being booked, not kept: face to face the agent answers for part of the rules.
    at_desk = outside_hours = False
    AGAIN = [*Creneau.AGAIN, "demandeur", "nom", "courriel", "telephone", "saisie_par", "usage"]
    AGAIN += ["etat", "expire_le", "repondre_avant", "decide_le", "decide_par"]  # one decision

    creneau = models.OneToOneField(Creneau, models.CASCADE, parent_link=True)
    demandeur = models.ForeignKey(
        Compte, models.PROTECT, null=True, blank=True, related_name="reservations"
    )
    # Of somebody without an account: how they are called, and how they are reached.
    nom = models.CharField(max_length=100, blank=True)
    courriel = models.EmailField("adresse e-mail", blank=True)
    telephone = PhoneNumberField("téléphone", blank=True)
    # Replaces the address above once somebody there has answered.
    courriel_propose = models.EmailField(blank=True, default="", db_default="", editable=False)
    saisie_par = models.ForeignKey(
        Compte,
        models.SET_NULL,
        verbose_name="saisie par",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    usage = models.CharField("pourquoi", max_length=20, choices=Usage)
    etat = models.CharField(
        "état", max_length=12, choices=Etat, default=Etat.DEMANDEE, editable=False
    )
    jeton = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # one form, one row
    expire_le = models.DateTimeField(null=True, blank=True, editable=False)
    motif_refus = models.CharField("motif du refus", max_length=12, choices=MotifRefus, blank=True)
    absent_le = models.DateTimeField(
        "personne n’est venu, noté le", null=True, blank=True, editable=False
    )

    objects = ReservationQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["recherche", "modifie_le", "graine", "empreinte", "courriel_propose"]
    )

    class Meta:
        verbose_name = "réservation"
        constraints = [
            models.CheckConstraint(
                name="reservation_expire_tant_qu_a_confirmer",
                condition=~Q(etat="a_confirmer") | Q(expire_le__isnull=False),
            ),
            models.CheckConstraint(
                name="reservation_de_quelqu_un",
                condition=Q(demandeur__isnull=False) | ~Q(nom=""),
                violation_error_message="Dites le nom de la personne.",
            ),
            models.CheckConstraint(
                name="reservation_refus_motive", condition=~Q(etat="refusee") | ~Q(motif_refus="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["repondre_avant"],
                name="reservation_a_repondre",
                condition=Q(etat="demandee"),
            ),
            models.Index(
                fields=["courriel"],
                name="reservation_courriel",
                condition=~Q(courriel=""),
            ),
            models.Index(
                fields=["telephone"],
                name="reservation_telephone",
                condition=~Q(telephone=""),
            ),
            models.Index(
                fields=["expire_le"],
                name="reservation_a_expirer",
                condition=Q(etat="a_confirmer"),
            ),
        ]

    def get_absolute_url(self):
        return reverse("maisons:reservation", args=[self.pk])

    @property
    def person(self):
        """Who comes, as they are called."""
        return str(self.demandeur) if self.demandeur else self.nom

    @property
    def reached_at(self):
        """(e-mail address, phone number): where messages go; both empty when nowhere."""
        if self.demandeur:
            return self.demandeur.courriel, ""
        return self.courriel, dialled(self.telephone)

    @property
    def to_call(self):
        """Asked for without an e-mail address: the desk calls, and then settles it."""
        return self.etat == self.Etat.A_CONFIRMER and not self.courriel

    @property
    def unproved(self):
        """Held for somebody without an account who has not answered yet, in time or not."""
        held = self.etat == self.Etat.A_CONFIRMER
        lapsed = self.etat == self.Etat.EXPIREE and self.repondre_avant is None
        return self.demandeur_id is None and (held or lapsed)

    @property
    def late(self):
        """Held for somebody whose time to answer has passed, whether it was released or not."""
        return self.unproved and (not self.alive or self.expire_le <= timezone.now())

    @property
    def changeable(self):
        """By its person: asked for or granted, and not begun."""
        settled = self.etat in (self.Etat.DEMANDEE, self.Etat.CONFIRMEE)
        return settled and self.debut > timezone.now()

    @property
    def contact(self):
        """Who counts as one person: an e-mail address, with an account or not, else a number."""
        return self.demandeur.courriel if self.demandeur else self.courriel or str(self.telephone)

    @property
    def six_digits(self):
        """Those of the last message to answer, at the address given or at one proposed since."""
        proposed = f"{self.graine}:{self.courriel_propose}:{self.sequence}"
        return codes.make_six_digits(proposed if self.courriel_propose else self.graine)

    @property
    def has_card(self):
        """Whether there is a code to print: it is granted, and its code opens it."""
        return self.etat == self.Etat.CONFIRMEE and self.empreinte is not None

    @property
    def answerable(self):
        return self.etat == self.Etat.DEMANDEE or self.to_call

    @property
    def standing(self):
        unproved = self.etat == self.Etat.A_CONFIRMER
        return "à confirmer par la personne" if unproved else super().standing

    @property
    def headline(self):
        """The title of its page: the truth about its state."""
        if self.to_call:
            return "L’accueil vous appelle pour confirmer"
        return {
            self.Etat.A_CONFIRMER: "Il reste à confirmer votre réservation",
            self.Etat.DEMANDEE: "Votre demande est envoyée",
            self.Etat.CONFIRMEE: "Votre réservation est faite",
            self.Etat.REFUSEE: "Votre demande est refusée",
            self.Etat.ANNULEE: "Cette réservation est annulée",
            self.Etat.EXPIREE: "Cette demande a expiré",
        }[self.etat]

    def entitle(self):
        """Its room and its hours are shown, never who asked nor why."""
        self.titre = "Salle réservée"

    def clean(self):
        if self.empreinte is None:
            self.give_code()
        super().clean()

    def terms(self):
        """A season of the desk keeps its rules, and hours that were agreed to once."""
        outside = not self.maison.open_throughout(self.debut, self.fin)
        return {"at_desk": True, "outside_hours": outside} if self.saisie_par_id else {}

    def check_rules(self):
        """The rules of the room, each with its sentence; all the faults at once, by field."""
        faults = {"debut": [], "fin": [], "personnes": [], "__all__": []}
        if self.at_desk:
            self.check_desk_span(faults)
        elif not self.displaced:
            self.check_span(faults)
            self.check_quota(faults)
        if self.personnes and self.personnes > self.salle.capacite:
            faults["personnes"].append(
                f"{self.salle} accueille {self.salle.capacite} personnes au plus ; "
                f"vous en annoncez {self.personnes}."
            )
        try:
            super().check_rules()
        except ValidationError as error:
            fields = error.message_dict if hasattr(error, "error_dict") else {}
            for field, sentences in (fields or {"__all__": error.messages}).items():
                faults[field] += sentences
        if faults := {field: told for field, told in faults.items() if told}:
            raise ValidationError(faults)

    def check_span(self, faults):
        room, now = self.salle, timezone.now()
        if not room.reservable:
            faults["__all__"].append("Cette salle ne se réserve pas en ligne : appelez la maison.")
        if self.debut < now:
            faults["debut"].append("Ce moment est passé : choisissez-en un autre.")
        elif self.debut < now + room.preavis:
            faults["debut"].append(
                f"Cette salle se réserve au moins {heures.length(room.preavis)} à l’avance."
            )
        if timezone.localdate(self.debut) > room.latest:
            faults["debut"].append(
                f"Cette salle se réserve au plus {room.horizon} jours à l’avance : "
                f"jusqu’au {heures.day(room.latest)}."
            )
        if self.fin - self.debut > room.duree_max:
            faults["fin"].append(
                f"Cette salle se réserve pour {heures.length(room.duree_max)} au plus."
            )
        if not self.maison.open_throughout(self.debut, self.fin):
            faults["debut"].append(self.hours_sentence())

    def check_desk_span(self, faults):
        """Neither notice, length nor horizon: what is over, too far to be meant, or not open."""
        if self.fin <= timezone.now():
            faults["fin"].append("Ce moment est passé : choisissez-en un autre.")
        if self.debut > timezone.now() + DESK_HORIZON:
            faults["debut"].append("Ce jour est dans plus de deux ans : vérifiez l’année.")
        if not (self.outside_hours or self.maison.open_throughout(self.debut, self.fin)):
            # Of a season, the sentence is read by the public too.
            hint = f" Si elle ouvre quand même, cochez « {OUTSIDE_HOURS} »."
            faults["debut"].append(self.hours_sentence() + hint * (not self.serie_id))

    def opening(self):
        return list(self.maison.horaires.filter(jour=timezone.localdate(self.debut).weekday()))

    def hours_sentence(self):
        day = heures.day(self.debut)
        spans = [f"de {heures.hour(h.ouvre)} à {heures.hour(h.ferme)}" for h in self.opening()]
        if not spans:
            return f"La maison est fermée le {day}."
        return f"Le {day}, la maison ouvre {' et '.join(spans)}."

    def check_quota(self, faults):
        """By person who is known: an address that nobody has proved counts for nobody."""
        most, contact = self.maison.reservations_max, self.contact
        unknown = self.etat == self.Etat.A_CONFIRMER or not contact
        if not most or unknown or self.saisie_par_id:
            return
        queue_for(contact)
        mine = Reservation.objects.upcoming().of_contact(contact).filter(maison=self.maison)
        mine = mine.exclude(etat=self.Etat.A_CONFIRMER).exclude(pk=self.pk)
        if mine.count() >= most:
            faults["__all__"].append(
                f"Vous avez déjà {most} réservation{'s' * (most > 1)} à venir dans cette maison : "
                "c’est le maximum par personne."
            )

    def check_person(self):
        """What depends on who comes, apart from the room."""
        faults = {"__all__": []}
        self.check_quota(faults)
        if faults["__all__"]:
            raise ValidationError(faults["__all__"])

    def mark_reached(self):
        """For planning alone: the address proposed is the person's; what was sent before ends."""
        if not self.courriel_propose:
            raise ValidationError("Cette adresse est déjà confirmée.")
        self.courriel, self.courriel_propose = self.courriel_propose, ""
        self.give_code()

    def mark_waiting(self, until):
        """For planning alone: held until its person answers, or the desk has called."""
        self.etat, self.expire_le = self.Etat.A_CONFIRMER, until

    def mark_open(self):
        """For planning alone, under its lock: as if the time to answer had not passed."""
        if not self.unproved:
            raise ValidationError(f"Cette réservation est déjà {self.get_etat_display()}.")
        self.etat = self.Etat.A_CONFIRMER
        self.annule_le, self.motif_annulation = None, ""

    def settle(self):
        """At once when the room needs no agreement, else a request with its deadline."""
        self.decide_par = self.decide_le = None
        if self.salle.avec_accord:
            self.etat = self.Etat.DEMANDEE
            self.repondre_avant = min(timezone.now() + TIME_TO_ANSWER, self.debut)
        else:
            self.etat, self.repondre_avant = self.Etat.CONFIRMEE, None

    def resettle(self, before, by):
        """
        What another span or place does to the answer that `before` had; for planning.move alone.

        A shorter one keeps it. Any other is asked again; by staff of the house, granted anew.
        """
        if self.within(before) or self.etat not in (self.Etat.DEMANDEE, self.Etat.CONFIRMEE):
            return
        if by and Maison.objects.managed_by(by).filter(pk=self.maison_id).exists():
            if self.etat == self.Etat.CONFIRMEE:
                self.decide_par, self.decide_le = by, timezone.now()
            elif self.repondre_avant:
                self.repondre_avant = min(self.repondre_avant, self.debut)
            return
        self.decide_par = self.decide_le = None
        self.settle()

    def mark_absent(self, absent):
        """Whether nobody came; it can be told of a booking that has begun, and taken back."""
        if self.etat != self.Etat.CONFIRMEE or self.debut > timezone.now():
            raise ValidationError("L’absence se note une fois la réservation commencée.")
        self.absent_le = timezone.now() if absent else None
        self.save()
