from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Min, Q
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from comptes.admin import ScopedAdmin, ScopedFilter, StaffInline
from maisons import heures
from maisons.admin.champs import RoomChoices
from maisons.models import Maison, Serie
from permanences import vacations
from permanences.admin.chiffres import FigurePages
from permanences.admin.dates import DatePages
from permanences.admin.etat import StateFilter
from permanences.admin.formulaires import PermanenceForm
from permanences.models import Pause, Permanence, Vacation
from permanences.views.permanence import permanence_page
from quartiers.adresses import free_slug

SHOWN, DRAFTS_SHOWN = 60, 10


class PauseInline(StaffInline):
    model = Pause
    fields = [("debut", "fin")]
    add_label = "Ajouter une pause"
    verbose_name_plural = "pauses, pendant lesquelles on ne donne pas de rendez-vous"


@admin.register(Permanence)
class PermanenceAdmin(FigurePages, DatePages, RoomChoices, ScopedAdmin):
    """Written as a draft, its dates planned from its page, then published."""

    add_label = "Nouvelle permanence"
    shortcut = "Ouvrir une permanence"
    form = PermanenceForm
    fieldsets = [
        (None, {"fields": [("service", "maison"), "salle", "avis"]}),
        ("Accueil du public", {"fields": ["mode", ("guichets", "duree"), ("preavis", "horizon")]}),
        ("Qui reçoit", {"fields": [("mediateur", "elu"), "langues"]}),
    ]
    inlines = [PauseInline]
    list_display = ["service", "maison", "mode", "prochaine", "etat"]
    list_filter = [StateFilter, ("maison", ScopedFilter), "mode"]
    list_select_related = ["service", "maison"]
    ordering = ["service__nom", "maison__nom", "pk"]
    search_fields = ["service__nom"]

    @admin.display(description="prochaine date", ordering="prochaine")
    def prochaine(self, permanence):
        return heures.day(permanence.prochaine) if permanence.prochaine else "aucune date à venir"

    @admin.display(description="état", ordering="publie_le")
    def etat(self, permanence):
        return "publiée" if permanence.publie_le else "brouillon"

    def get_queryset(self, request):
        coming = Q(vacations__fin__gt=timezone.now(), vacations__annule_le=None)
        rows = super().get_queryset(request)
        return rows.annotate(prochaine=Min("vacations__debut", filter=coming))

    def scope(self, db_field, request):
        """The houses where they may open one; the rooms as everywhere."""
        if db_field.remote_field.model is Maison:
            return {"queryset": Maison.objects.managed_by(request.user, "add", Permanence)}
        return super().scope(db_field, request)

    def get_readonly_fields(self, request, obj=None):
        """
        Its service and house are what it is; whoever only holds it takes no other room.

        Whoever holds it reads the questions to its élu: the city alone names another one.
        """
        if obj is None:
            return []
        here = Maison.objects.managed_by(request.user).filter(pk=obj.maison_id).exists()
        kept = ["service", "maison"] if here else ["service", "maison", "salle"]
        if request.user.is_superuser:
            return kept
        return [*kept, "elu", "mediateur"] if obj.elu_id else [*kept, "elu"]

    def has_delete_permission(self, request, obj=None):
        kept = obj and (obj.publie_le or obj.vacations.exists())
        return not kept and super().has_delete_permission(request, obj)

    def get_urls(self):
        guard = self.admin_site.admin_view
        name = "permanences_permanence"
        return [
            path("<int:pk>/apercu/", guard(self.preview), name=f"{name}_preview"),
            path("<int:pk>/publier/", guard(self.publish), name=f"{name}_publish"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        permanence = self.get_or_404(request, object_id)
        dates = Vacation.objects.filter(permanence=permanence).select_related("salle")
        coming = dates.upcoming(timezone.now()).holding()
        over = dates.filter(Q(fin__lte=timezone.now()) | Q(annule_le__isnull=False))
        series = Serie.objects.filter(pk__in=dates.values("serie"), dernier__gte=heures.today())
        open_to = request.user if request.user.has_perm("maisons.view_occurrence") else None
        context = {
            "dates": coming[:SHOWN],
            "more": max(coming.count() - SHOWN, 0),
            "over": over.order_by("-debut")[:10],
            "series": series.order_by("premier", "pk"),
            "reachable": set(series.managed_by(open_to).values_list("pk", flat=True))
            if open_to
            else set(),
            "may": self.verbs(request, permanence),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, f"{obj.service} {obj.maison}")
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """To its page, where its dates are planned."""
        super().response_add(request, obj, post_url_continue)
        return redirect("admin:permanences_permanence_change", obj.pk)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        vacations.describe(form.instance)

    def shortcuts(self, request):
        figures = [("Lire les chiffres des permanences", reverse("admin:permanences_chiffres"))]
        return super().shortcuts(request) + (figures if self.may_count(request) else [])

    def to_do(self, request):
        drafts = self.get_queryset(request).filter(publie_le=None).order_by("-pk")
        section = {
            "title": "Permanences en brouillon",
            "template": "permanences/gestion/_brouillons.html",
            "rows": drafts.select_related("service", "maison")[:DRAFTS_SHOWN],
            "total": drafts.count(),
        }
        return [section] if section["total"] else []

    @method_decorator(require_safe)
    def preview(self, request, pk):
        """The public page as it will be, with the dates that are drafts."""
        page = permanence_page(self.get_or_404(request, pk), drafts=True)
        return render(request, "permanences/permanence.html", page | {"apercu": True})

    @method_decorator(require_POST)
    def publish(self, request, pk):
        permanence = self.get_or_404(request, pk)
        if not self.has_change_permission(request, permanence):
            raise PermissionDenied
        try:
            vacations.publish(permanence, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, permanence, "publiée")
            messages.success(request, f"« {permanence} » est publiée, avec ses dates.")
        return redirect("admin:permanences_permanence_change", pk)
