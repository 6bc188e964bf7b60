from django.contrib import admin

from associations.models import Association
from comptes.admin import ScopedAdmin


@admin.register(Association)
class AssociationAdmin(ScopedAdmin):
    """For city administrators: no role has its verbs yet."""

    list_display = ["nom", "quartier", "telephone", "visible"]
    list_filter = ["quartier", "visible"]
    list_select_related = ["quartier"]
    search_fields = ["nom", "sigle", "rna", "siret"]
    prepopulated_fields = {"slug": ["nom"]}
    fieldsets = [
        ("", {"fields": ["nom", "sigle", "slug", "objet", "presentation", "themes", "visible"]}),
        ("Où et comment", {"fields": ["quartier", "sous_quartier", "adresse", "telephone"]}),
        ("Sur internet", {"fields": ["courriel", "site", "benevoles"]}),
        ("Numéros", {"fields": ["rna", "siret"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).by_name()
