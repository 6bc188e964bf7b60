from django.contrib import admin

from comptes.admin import ScopedFilter
from conseils.models import InvitationSecretariat, Secretariat
from maisons.admin.affectation import MandateAdmin
from maisons.admin.invitation import InvitationAdmin


@admin.register(Secretariat)
class SecretariatAdmin(MandateAdmin):
    """For city administrators: no role has its verbs."""

    invitation = InvitationSecretariat
    fields = ["personne", "auteur", "conseil", "debut", "fin"]
    list_display = ["personne", "conseil", "debut", "fin"]
    list_filter = [("conseil", ScopedFilter)]
    list_select_related = ["compte", "conseil"]
    ordering = ["conseil__nom", "-debut"]
    readonly_fields = ["personne", "auteur"]


@admin.register(InvitationSecretariat)
class InvitationSecretariatAdmin(InvitationAdmin):
    """For city administrators: no role has its verbs."""

    fields = ["courriel", "conseil", "debut", "fin"]
    list_display = ["courriel", "conseil", "situation", "ecrite"]
    list_filter = [("conseil", ScopedFilter)]
    list_select_related = ["conseil", "invite_par"]
