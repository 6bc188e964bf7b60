from django.contrib import admin
from django.db.models import Case, F, When
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from comptes.admin import ScopedFilter
from maisons import heures
from maisons.admin.changements import ChangesAdmin
from maisons.admin.demandes import sections
from maisons.admin.recit import story
from maisons.models import Maison, Reservation
from maisons.rappels import outlook
from notifications.models import Message

WAITING = Reservation.Etat.DEMANDEE


def at(moment):
    return f"{heures.day(moment)}, {heures.hour(moment)}" if moment else "–"


@admin.register(Reservation)
class ReservationAdmin(ChangesAdmin):
    """Read, answered, changed by acts; the desk books for people on its own page."""

    fieldsets = [
        (None, {"fields": [("quand", "salle", "maison"), ("usage", "personnes", "etat")]}),
        ("Personne", {"fields": [("personne", "joindre", "code"), ("demandee", "echeance")]}),
        ("Réponse", {"fields": [("decision", "motif_refus"), "reponse"]}),
    ]
    list_display = ["quand", "salle", "maison", "personne", "usage", "situation"]
    list_filter = ["etat", ("maison", ScopedFilter)]
    list_select_related = ["salle", "maison", "demandeur"]
    # Those that wait for an answer first, the nearest on top; then the latest.
    ordering = [
        Case(When(etat=WAITING, then=F("debut"))).asc(nulls_last=True),
        F("debut").desc(),
    ]
    search_fields = ["demandeur__nom", "demandeur__courriel", "nom", "courriel", "telephone"]

    @admin.display(description="quand", ordering="debut")
    def quand(self, reservation):
        return heures.span(reservation.debut, reservation.fin)

    @admin.display(description="état", ordering="etat")
    def situation(self, reservation):
        kind = "alerte" if reservation.etat == WAITING else ""
        return format_html('<b class="puce {}">{}</b>', kind, reservation.get_etat_display())

    # The names of people are words, not links: their accounts are for city administrators.
    @admin.display(description="personne", ordering="demandeur__nom")
    def personne(self, reservation):
        return reservation.person

    @admin.display(description="à joindre")
    def joindre(self, reservation):
        courriel, number = reservation.reached_at
        if courriel or not number:
            return courriel or "ni e-mail ni téléphone"
        return format_html('<a href="{}">{}</a>', reservation.telephone.as_rfc3966, number)

    @admin.display(description="code")
    def code(self, reservation):
        return reservation.code if reservation.empreinte else "–"

    @admin.display(description="demandée")
    def demandee(self, reservation):
        return at(reservation.cree_le)

    @admin.display(description="à répondre avant")
    def echeance(self, reservation):
        return at(reservation.repondre_avant)

    @admin.display(description="décidée")
    def decision(self, reservation):
        by = f", par {reservation.decide_par}" if reservation.decide_par else ""
        return at(reservation.decide_le) + by

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj and obj.decide_le else self.fieldsets[:-1]

    def history_view_title(self, request, obj):
        return f"Historique de la demande de {obj.person}"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False  # nothing is typed here: a request is granted or refused

    def has_delete_permission(self, request, obj=None):
        return False

    def shortcuts(self, request):
        """To the form of their house; who holds several desks chooses one first."""
        if not request.user.has_perm("maisons.change_reservation"):
            return []
        mine = list(Maison.objects.managed_by(request.user)[:2])
        one = [mine[0].slug] if len(mine) == 1 else []
        page = "guichet_create" if one else "planning"
        return [("Réserver pour quelqu’un", reverse(f"admin:{page}", args=one))]

    def to_do(self, request):
        return sections(self.get_queryset(request))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        reservation, now = self.get_or_404(request, object_id), timezone.now()
        dates = reservation.answered_with()
        context = {
            "dates": dates,
            "left_out": reservation.serie.ecartees.all() if dates else [],
            "sent": Message.objects.about([reservation.pk]),
            "rappel": outlook(reservation),
            "story": story(reservation),
            "can_change": reservation.alive and reservation.fin > now,
            "can_be_absent": reservation.etat == Reservation.Etat.CONFIRMEE
            and reservation.debut <= now,
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
