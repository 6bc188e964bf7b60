from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from comptes.admin import ScopedAdmin, ScopedFilter
from maisons.models import Affectation


@admin.register(Affectation)
class AffectationAdmin(ScopedAdmin):
    add_label = "Inviter une personne"
    fields = ["personne", "auteur", "maison", "role", "debut", "fin"]
    list_display = ["personne", "role", "maison", "debut", "fin"]
    list_filter = [("maison", ScopedFilter), "role"]
    list_select_related = ["compte", "maison"]
    ordering = ["maison__nom", "-debut"]
    readonly_fields = ["personne", "auteur", "maison"]

    # Names are words, not links: accounts are for city administrators.
    @admin.display(description="personne", ordering="compte__nom")
    def personne(self, affectation):
        return f"{affectation.compte} ({affectation.compte.courriel})"

    @admin.display(description="donnée par")
    def auteur(self, affectation):
        return str(affectation.invite_par or "–")

    def has_add_permission(self, request):
        return request.user.has_perm("maisons.add_invitationaffectation")

    def add_view(self, request, form_url="", extra_context=None):
        """A person accepts first: nobody learns here whether an address has an account."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:maisons_invitationaffectation_add")
