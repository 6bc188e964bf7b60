from django.contrib import admin

from associations.admin.choix import OfAssociation
from associations.models import InvitationMembre, MembreAssociation
from maisons.admin.affectation import MandateAdmin
from maisons.admin.invitation import InvitationAdmin


@admin.register(MembreAssociation)
class MembreAssociationAdmin(MandateAdmin):
    invitation = InvitationMembre
    fields = ["personne", "auteur", "association", "role", "debut", "fin"]
    list_display = ["personne", "role", "association", "debut", "fin"]
    list_filter = ["role"]
    list_select_related = ["compte", "association"]
    ordering = ["association__nom", "-debut"]
    search_fields = ["association__nom"]
    readonly_fields = ["personne", "auteur", "association"]

    def has_add_permission(self, request):
        return request.user.has_perm("associations.add_invitationmembre")


@admin.register(InvitationMembre)
class InvitationMembreAdmin(OfAssociation, InvitationAdmin):
    fields = ["courriel", "association", "role", "debut", "fin"]
    list_display = ["courriel", "role", "association", "situation", "ecrite"]
    list_filter = ["role"]
    list_select_related = ["association", "invite_par"]
    search_fields = ["association__nom", "courriel"]
