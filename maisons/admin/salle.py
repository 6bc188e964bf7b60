from datetime import timedelta

from django.contrib import admin

from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import planning
from maisons.admin.champs import DurationField, RoomChoices, WrittenByPlanning
from maisons.models import Salle
from quartiers.adresses import free_slug


class SalleForm(WrittenByPlanning):
    battement = DurationField(
        timedelta(minutes=1),
        label="Temps de rangement, en minutes",
        help_text="Gardé après chaque usage. 0 : aucun.",
        initial=timedelta(),
    )
    preavis = DurationField(
        timedelta(hours=1),
        label="Préavis, en heures",
        help_text="Au plus tard avant le début.",
        initial=timedelta(hours=2),
    )
    duree_max = DurationField(
        timedelta(hours=1), label="Durée la plus longue, en heures", initial=timedelta(hours=4)
    )
    rappel = DurationField(
        timedelta(hours=1),
        label="Rappel, en heures",
        help_text="Avant le début, à qui a réservé ; jamais entre 21 h et 8 h. 0 : aucun.",
        initial=timedelta(hours=48),
    )

    def write(self):
        room = self.instance
        room.slug = room.slug or free_slug(room, room.nom, maison=room.maison)
        return planning.save_room(room)


@admin.register(Salle)
class SalleAdmin(RoomChoices, ScopedAdmin):
    add_label = "Nouvelle salle"
    form = SalleForm
    fieldsets = [
        (None, {"fields": ["maison", "nom", "capacite", "surface", "equipements", "plain_pied"]}),
        ("Parties", {"fields": ["partie_de", "partagee"]}),
        (
            "Réservation",
            {
                "fields": [
                    *["reservable", "avec_accord", "tarif"],
                    *["preavis", "duree_max", "battement", "horizon", "rappel"],
                ]
            },
        ),
    ]
    list_display = ["nom", "maison", "capacite", "partie_de", "reservation"]
    list_filter = [("maison", ScopedFilter)]
    list_select_related = ["maison", "partie_de"]
    ordering = ["maison__nom", "nom"]
    search_fields = ["nom"]

    @admin.display(description="réservation")
    def reservation(self, salle):
        if not salle.reservable:
            return "par l’accueil seulement"
        return "avec accord" if salle.avec_accord else "directe"

    def get_changeform_initial_data(self, request):
        return {"maison": request.GET.get("maison")}

    def get_readonly_fields(self, request, obj=None):
        return ["maison"] if obj else []

    def save_model(self, request, obj, form, change):
        """Nothing left to write: the form has done it, through planning."""
