from django.contrib import admin
from django.db.models import Count

from comptes.admin import StaffAdmin, StaffInline
from permanences import vacations
from permanences.admin.etat import StateFilter
from permanences.admin.formulaires import ServiceForm
from permanences.models import Motif, Service
from quartiers.adresses import free_slug


class MotifInline(StaffInline):
    model = Motif
    fields = [("libelle", "rang")]
    add_label = "Ajouter un motif"
    verbose_name_plural = "motifs de rendez-vous : la personne choisit dans cette liste"


@admin.register(Service)
class ServiceAdmin(StaffAdmin):
    """For city administrators: no role has its verbs. Public with its first permanence."""

    add_label = "Nouveau service"
    form = ServiceForm
    fieldsets = [
        (None, {"fields": ["nom", "organisme", "chapeau", "resume_facile", "presentation"]}),
        ("Pour quoi", {"fields": ["besoins", ("theme", "gratuit")]}),
        ("Pour venir", {"fields": ["a_apporter", "telephone", "langues"]}),
        (
            "Rendez-vous",
            {"fields": [("duree", "rendez_vous_max"), ("rappels", "conservation")]},
        ),
    ]
    inlines = [MotifInline]
    list_display = ["nom", "organisme", "nombre", "etat"]
    list_filter = [StateFilter]
    search_fields = ["nom", "organisme"]

    @admin.display(description="permanences", ordering="nombre")
    def nombre(self, service):
        return service.nombre

    @admin.display(description="état", ordering="publie_le")
    def etat(self, service):
        return "publié" if service.publie_le else "brouillon"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(nombre=Count("permanences"))

    def has_delete_permission(self, request, obj=None):
        public = obj and obj.publie_le
        return not public and super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.nom)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        vacations.describe_service(form.instance)
