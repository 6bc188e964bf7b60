from django.contrib import admin

from comptes.admin import ScopedAdmin, StaffInline
from conseils.models import Conseil, Conseiller
from conseils.suite import latest
from quartiers.adresses import free_slug


class ConseillerInline(StaffInline):
    model = Conseiller
    fieldsets = [(None, {"fields": [("nom", "qualite"), ("college", "debut", "fin"), "courriel"]})]
    add_label = "Ajouter un membre"
    verbose_name_plural = "membres"


@admin.register(Conseil)
class ConseilAdmin(ScopedAdmin):
    add_label = "Nouveau conseil"
    fieldsets = [
        (None, {"fields": ["nom", "quartier", "presentation"]}),
        ("Règlement", {"fields": ["convocation", "rappels", "quorum", "colleges"]}),
    ]
    inlines = [ConseillerInline]
    list_display = ["nom", "quartier"]
    list_select_related = ["quartier"]
    search_fields = ["nom"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        mine = latest(request.user).filter(conseil=self.get_or_404(request, object_id))
        context = {"last": mine.first()} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def get_readonly_fields(self, request, obj=None):
        return [] if request.user.is_superuser else ["nom", "quartier"]

    def has_delete_permission(self, request, obj=None):
        return False  # its meetings are read for years

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.nom)
        super().save_model(request, obj, form, change)
