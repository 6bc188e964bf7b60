from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from comptes.admin import ScopedAdmin, ScopedFilter
from conseils.models import InvitationSecretariat, Secretariat
from maisons.admin.invitation import InvitationAdmin


@admin.register(Secretariat)
class SecretariatAdmin(ScopedAdmin):
    """For city administrators: no role has its verbs."""

    add_label = "Inviter une personne"
    fields = ["personne", "auteur", "conseil", "debut", "fin"]
    list_display = ["personne", "conseil", "debut", "fin"]
    list_filter = [("conseil", ScopedFilter)]
    list_select_related = ["compte", "conseil"]
    ordering = ["conseil__nom", "-debut"]
    readonly_fields = ["personne", "auteur"]

    @admin.display(description="personne", ordering="compte__nom")
    def personne(self, mandate):
        return f"{mandate.compte} ({mandate.compte.courriel})"

    @admin.display(description="donné par")
    def auteur(self, mandate):
        return str(mandate.invite_par or "–")

    def add_view(self, request, form_url="", extra_context=None):
        """A person accepts first: nobody learns here whether an address has an account."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:conseils_invitationsecretariat_add")


@admin.register(InvitationSecretariat)
class InvitationSecretariatAdmin(InvitationAdmin):
    """For city administrators: no role has its verbs."""

    fields = ["courriel", "conseil", "debut", "fin"]
    list_display = ["courriel", "conseil", "situation", "ecrite"]
    list_filter = [("conseil", ScopedFilter)]
    list_select_related = ["conseil", "invite_par"]
