from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from comptes.admin import StaffAdmin
from permanences.admin.etat import StateFilter
from permanences.admin.formulaires import FicheForm
from permanences.models import Fiche
from quartiers.adresses import free_slug


@admin.register(Fiche)
class FicheAdmin(StaffAdmin):
    """For city administrators: no role has its verbs. Looked at, then published."""

    add_label = "Nouvelle fiche"
    form = FicheForm
    fieldsets = [
        (None, {"fields": ["titre", "resume_facile", "texte"]}),
        ("D’où cela vient", {"fields": ["source", "lien", "verifiee_le"]}),
        ("Où on la trouve", {"fields": ["besoins", "services"]}),
    ]
    list_display = ["titre", "source", "verifiee_le", "etat"]
    list_filter = [StateFilter]
    search_fields = ["titre"]

    @admin.display(description="état", ordering="publie_le")
    def etat(self, fiche):
        return "publiée" if fiche.publie_le else "brouillon"

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/apercu/", guard(self.preview), name="permanences_fiche_preview"),
            path("<int:pk>/publier/", guard(self.publish), name="permanences_fiche_publish"),
            *super().get_urls(),
        ]

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.titre)
        super().save_model(request, obj, form, change)

    def found(self, request, pk, may):
        """The row, for who may: else the page is closed, whatever the row."""
        if not may(request):
            raise PermissionDenied
        return self.get_or_404(request, pk)

    @method_decorator(require_safe)
    def preview(self, request, pk):
        fiche = self.found(request, pk, self.has_view_permission)
        context = self.admin_site.each_context(request) | {"fiche": fiche, "opts": self.opts}
        return render(request, "permanences/gestion/fiche.html", context)

    @method_decorator(require_POST)
    def publish(self, request, pk):
        fiche = self.found(request, pk, self.has_change_permission)
        try:
            fiche.mark_published(by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, fiche, "publiée")
            messages.success(request, f"« {fiche} » est publiée.")
        return redirect("admin:permanences_fiche_change", pk)
