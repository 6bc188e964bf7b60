"""An association is chosen on its own page where there are more than somebody reads through."""

from django.contrib import messages
from django.shortcuts import redirect

from associations.models import Association

MOST = 100  # in one list to choose from


class OfAssociation:
    """For the admin of what belongs to an association: `?association=` names the only choice."""

    def add_view(self, request, form_url="", extra_context=None):
        if self.has_add_permission(request) and self.choices(request)[: MOST + 1].count() > MOST:
            messages.info(request, "Cherchez l’association : sa page a le bouton.")
            return redirect("admin:associations_association_changelist")
        return super().add_view(request, form_url, extra_context)

    def scope(self, db_field, request):
        if db_field.name == "association":
            return {"queryset": self.choices(request)}
        return super().scope(db_field, request)

    def choices(self, request):
        rows = Association.objects.managed_by(request.user, "add", self.model)
        named = request.GET.get("association", "")
        return rows.filter(pk=named) if named.isdecimal() and len(named) < 19 else rows
