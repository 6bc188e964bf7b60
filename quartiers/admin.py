from django.contrib import admin

from comptes.admin import StaffAdmin, StaffInline
from quartiers.adresses import free_slug
from quartiers.models import Elu, Quartier, SousQuartier, Ville


@admin.register(Ville)
class VilleAdmin(StaffAdmin):
    """For city administrators: no role has its verbs."""

    fieldsets = [
        (None, {"fields": ["nom", "code_insee", "zone_scolaire", "alsace_moselle"]}),
        ("Pour nous joindre", {"fields": ["telephone", "horaires", "courriel", "adresse"]}),
        (
            "Mentions légales",
            {"fields": ["directeur_publication", "hebergeur", "delegue_donnees"]},
        ),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Ville.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)


class SousQuartierInline(StaffInline):
    model = SousQuartier
    fields = [("nom", "code")]
    add_label = "Ajouter un sous-quartier"


@admin.register(Quartier)
class QuartierAdmin(StaffAdmin):
    """For city administrators: no role has its verbs."""

    add_label = "Nouveau quartier"
    fields = ["nom", "code", "chapeau", "presentation"]
    inlines = [SousQuartierInline]
    list_display = ["nom", "code", "chapeau"]
    search_fields = ["nom"]

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.nom)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        for part in formset.save(commit=False):
            part.slug = part.slug or free_slug(part, part.nom, quartier=part.quartier)
            part.save()
        for gone in formset.deleted_objects:
            gone.delete()


@admin.register(Elu)
class EluAdmin(StaffAdmin):
    """For city administrators: no role has its verbs."""

    add_label = "Nouvel élu ou nouvelle élue"
    fields = ["nom", "fonction", "delegation", "quartier", "debut", "fin"]
    list_display = ["nom", "fonction", "delegation", "quartier", "fin"]
    list_select_related = ["quartier"]
    search_fields = ["nom"]
