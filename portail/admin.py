from django.contrib import admin

from comptes.admin import StaffAdmin
from portail.models import Remarque


@admin.register(Remarque)
class RemarqueAdmin(StaffAdmin):
    """Read by city administrators: no role has its verbs."""

    list_display = ["page", "avis", "texte", "cree_le"]
    list_filter = ["avis"]
    search_fields = ["page", "texte"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
