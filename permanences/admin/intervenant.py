from django.contrib import admin

from comptes.admin import ScopedFilter
from maisons.admin.affectation import MandateAdmin
from maisons.admin.invitation import InvitationAdmin
from permanences.models import Intervenant, InvitationIntervenant


@admin.register(Intervenant)
class IntervenantAdmin(MandateAdmin):
    """For city administrators: no role has its verbs."""

    invitation = InvitationIntervenant
    fields = ["personne", "auteur", "permanence", "debut", "fin"]
    list_display = ["personne", "permanence", "debut", "fin"]
    list_filter = [("permanence", ScopedFilter)]
    list_select_related = ["compte", "permanence__service", "permanence__maison"]
    ordering = ["permanence__slug", "-debut"]
    readonly_fields = ["personne", "auteur", "permanence"]


@admin.register(InvitationIntervenant)
class InvitationIntervenantAdmin(InvitationAdmin):
    """For city administrators: no role has its verbs."""

    fields = ["courriel", "permanence", "debut", "fin"]
    list_display = ["courriel", "permanence", "situation", "ecrite"]
    list_filter = [("permanence", ScopedFilter)]
    list_select_related = ["permanence__service", "permanence__maison", "invite_par"]
