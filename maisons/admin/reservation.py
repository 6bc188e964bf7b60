from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, F, When
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import heures, planning
from maisons.models import Reservation

WAITING = Reservation.Etat.DEMANDEE
WAITING_SHOWN = 20


def at(moment):
    return f"{heures.day(moment)}, {heures.hour(moment)}" if moment else "–"


class RefusalForm(forms.Form):
    motif_refus = forms.ChoiceField(
        label="Motif",
        choices=[("", "Choisir dans la liste"), *Reservation.MotifRefus.choices],
        error_messages={"required": "Choisissez un motif."},
    )
    reponse = forms.CharField(
        label="Un mot pour la personne",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Elle le lira avec le motif.",
    )


@admin.register(Reservation)
class ReservationAdmin(ScopedAdmin):
    """Read, granted or refused; the desk books for people on its own page."""

    fieldsets = [
        (None, {"fields": ["quand", "salle", "maison", "usage", "personnes", "etat"]}),
        ("Demandée par", {"fields": ["personne", "courriel", "demandee", "echeance"]}),
        ("Réponse", {"fields": ["decision", "motif_refus", "reponse"]}),
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
    def courriel(self, reservation):
        return " ".join(filter(None, reservation.reached_at)) or "–"

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

    def history_view_title(self, request, obj):
        return f"Historique de la demande de {obj.person}"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False  # nothing is typed here: a request is granted or refused

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        guard = self.admin_site.admin_view
        answers = [
            path("<int:pk>/confirmer/", guard(self.confirm), name="maisons_reservation_confirm"),
            path("<int:pk>/refuser/", guard(self.refuse), name="maisons_reservation_refuse"),
        ]
        return answers + super().get_urls()

    def to_do(self, request):
        waiting = self.get_queryset(request).holding().filter(etat=WAITING)
        waiting = waiting.select_related(*self.list_select_related).order_by("repondre_avant", "pk")
        return {
            "title": "Demandes de salle",
            "template": "maisons/gestion/_demandes.html",
            "rows": waiting[:WAITING_SHOWN],
            "total": waiting.count(),
        }

    def answerable(self, request, pk):
        if not request.user.has_perm("maisons.change_reservation"):
            raise PermissionDenied
        return self.get_or_404(request, pk)

    def answered(self, request, reservation, sentence):
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(Reservation),
            object_id=reservation.pk,
            object_repr=f"Demande de {reservation.person}",
            action_flag=CHANGE,
            change_message=sentence,
        )
        messages.success(request, f"Demande de {reservation.person} {sentence}.")
        return redirect("admin:index")

    @method_decorator(require_POST)
    def confirm(self, request, pk):
        reservation = self.answerable(request, pk)
        try:
            planning.confirm(reservation, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("admin:index")
        return self.answered(request, reservation, "acceptée")

    def refuse(self, request, pk):
        reservation = self.answerable(request, pk)
        form = RefusalForm(request.POST or None)
        if form.is_valid():
            try:
                planning.refuse(reservation, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return self.answered(request, reservation, "refusée")
        context = self.admin_site.each_context(request) | {
            "title": f"Refuser la demande de {reservation.person}",
            "reservation": reservation,
            "opts": self.opts,
            "form": form,
        }
        return render(request, "maisons/gestion/refuser.html", context)
