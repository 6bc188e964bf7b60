from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from comptes.admin import ScopedAdmin, ScopedFilter
from maisons.models import Affectation, InvitationAffectation


class MandateAdmin(ScopedAdmin):
    """Mandates of one kind; each is given by an `invitation`, a model."""

    add_label = "Inviter une personne"
    invitation = None

    # Names are words, not links: accounts are for city administrators.
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
        return redirect(admin_urlname(self.invitation._meta, "add"))


@admin.register(Affectation)
class AffectationAdmin(MandateAdmin):
    invitation = InvitationAffectation
    fields = ["personne", "auteur", "maison", "role", "debut", "fin"]
    list_display = ["personne", "role", "maison", "debut", "fin"]
    list_filter = [("maison", ScopedFilter), "role"]
    list_select_related = ["compte", "maison"]
    ordering = ["maison__nom", "-debut"]
    readonly_fields = ["personne", "auteur", "maison"]

    @admin.display(description="donnée par")
    def auteur(self, affectation):
        return str(affectation.invite_par or "–")

    def has_add_permission(self, request):
        return request.user.has_perm("maisons.add_invitationaffectation")
