"""The list of activities: what each is, when it comes next, how many people it has."""

from django.contrib import admin
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from associations.models import Inscription, Seance
from maisons import heures


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("brouillon", "brouillons"), ("publiee", "publiées"), ("finie", "saison finie")]

    def queryset(self, request, rows):
        today = timezone.localdate()
        states = {
            "brouillon": rows.filter(publie_le=None),
            "publiee": rows.exclude(publie_le=None).filter(dernier__gte=today),
            "finie": rows.filter(dernier__lt=today),
        }
        return states.get(self.value(), rows)


class ActiviteColumns:
    """For the admin class of activities."""

    list_display = ["titre", "association", "prochaine", "inscrits", "etat"]
    list_filter = [StateFilter]
    list_select_related = ["association"]
    ordering = ["-premier", "titre", "pk"]
    search_fields = ["titre", "association__nom"]

    @admin.display(description="prochaine séance", ordering="prochaine")
    def prochaine(self, activite):
        return heures.day(activite.prochaine) if activite.prochaine else "aucune séance à venir"

    @admin.display(description="inscrits")
    def inscrits(self, activite):
        return activite.filled if activite.registers else "sans inscription"

    @admin.display(description="état", ordering="publie_le")
    def etat(self, activite):
        if activite.dernier < timezone.localdate():
            return "saison finie"
        return "publiée" if activite.publie_le else "brouillon"

    def get_queryset(self, request):
        mine = {"activite": OuterRef("pk")}
        coming = Seance.objects.upcoming(timezone.now()).filter(**mine).holding()
        rows = Inscription.objects.filter(**mine).order_by().values("activite")
        number = {"output_field": IntegerField()}
        held = rows.annotate(n=Count("pk", filter=Q(place__isnull=False))).values("n")
        waiting = rows.annotate(n=Count("pk", filter=Q(rang__isnull=False))).values("n")
        return (
            super()
            .get_queryset(request)
            .annotate(
                prochaine=Subquery(coming.values("debut")[:1]),
                tenues=Coalesce(Subquery(held, **number), 0),
                attente=Coalesce(Subquery(waiting, **number), 0),
                verrou=Exists(Inscription.objects.filter(**mine)),
            )
        )
