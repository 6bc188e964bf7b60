from django.contrib import admin

from maisons.admin.affectation import MandateAdmin
from maisons.admin.invitation import InvitationAdmin
from maisons.models import Maison
from permanences.models import Intervenant, InvitationIntervenant


class HouseFilter(admin.SimpleListFilter):
    """By house: a line for each permanence is longer than the page, and each asks for its name."""

    title = parameter_name = "maison"

    def lookups(self, request, model_admin):
        houses = Maison.objects.managed_by(request.user).order_by("nom", "pk")
        return [(str(house.pk), str(house)) for house in houses]

    def queryset(self, request, rows):
        if self.value() not in dict(self.lookup_choices):
            return rows
        return rows.filter(permanence__maison=self.value())


@admin.register(Intervenant)
class IntervenantAdmin(MandateAdmin):
    """For city administrators: no role has its verbs."""

    invitation = InvitationIntervenant
    fields = ["personne", "auteur", "permanence", "debut", "fin"]
    list_display = ["personne", "permanence", "debut", "fin"]
    list_filter = [HouseFilter]
    list_select_related = ["compte", "permanence__service", "permanence__maison"]
    ordering = ["permanence__slug", "-debut"]
    readonly_fields = ["personne", "auteur", "permanence"]


@admin.register(InvitationIntervenant)
class InvitationIntervenantAdmin(InvitationAdmin):
    """For city administrators: no role has its verbs."""

    fields = ["courriel", "permanence", "debut", "fin"]
    list_display = ["courriel", "permanence", "situation", "ecrite"]
    list_filter = [HouseFilter]
    list_select_related = ["permanence__service", "permanence__maison", "invite_par"]
