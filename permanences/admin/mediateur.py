from django.contrib import admin

from comptes.admin import StaffAdmin
from permanences.admin.formulaires import MediateurForm
from permanences.models import Mediateur
from quartiers.adresses import free_slug


@admin.register(Mediateur)
class MediateurAdmin(StaffAdmin):
    """For city administrators: no role has its verbs."""

    add_label = "Nouveau médiateur ou nouvelle médiatrice"
    form = MediateurForm
    fieldsets = [
        (None, {"fields": ["nom", "qualite", "telephone", "presentation", ("debut", "fin")]}),
        ("Langues", {"fields": ["langues"]}),
    ]
    list_display = ["nom", "qualite", "telephone", "fin"]
    search_fields = ["nom"]

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.nom)
        super().save_model(request, obj, form, change)
