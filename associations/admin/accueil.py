"""What waits for a member on the home page: tonight's people, calls, offers, drafts."""

from django.urls import reverse

from associations import appels
from associations.models import Activite, Inscription

SHOWN = 10


class HomeSections:
    """For the admin class of activities."""

    def to_do(self, request):
        found = [
            self.today(request),
            self.calls(request),
            self.offers(request),
            self.drafts(request),
        ]
        return [section for section in found if section["total"]] or self.first_steps(request)

    def today(self, request):
        rows = self.tonight(request)
        return section("Séances d’aujourd’hui", "aujourdhui", rows, len(rows), first=True)

    def calls(self, request):
        may = request.user.has_perm("associations.change_inscription")
        rows = appels.to_make(request.user) if may else []
        return section("Personnes à appeler", "appels", rows[:SHOWN], len(rows))

    def offers(self, request):
        """Places that wait for an answer, the most urgent first."""
        rows = Inscription.objects.managed_by(request.user).alive()
        rows = rows.filter(etat=Inscription.Etat.PROPOSEE).order_by("expire_le", "pk")
        rows = rows.with_person().select_related("activite")
        return section("Places proposées, sans réponse", "offres", rows[:SHOWN], rows.count())

    def drafts(self, request):
        rows = self.get_queryset(request).filter(publie_le=None).order_by("-pk")
        return section("Activités en brouillon", "brouillons", rows[:SHOWN], rows.count())

    def first_steps(self, request):
        """To who has no activity yet: what to do first, and one to look at."""
        if self.get_queryset(request).exists() or not self.has_add_permission(request):
            return []
        sample = Activite.objects.public().order_by("-publie_le").first()
        return [section("Activités", "premiere", [sample] if sample else [], 0)]

    def shortcuts(self, request):
        """Most of the time they come for those who are registered."""
        found = super().shortcuts(request)
        if found and self.get_queryset(request).exists():
            address = reverse("admin:associations_inscription_changelist")
            found.append(("Voir les inscriptions", address))
        return found


def section(title, template, rows, total, **fields):
    page = f"associations/gestion/_{template}.html"
    return {"title": title, "template": page, "rows": rows, "total": total} | fields
