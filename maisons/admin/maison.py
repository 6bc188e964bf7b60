from datetime import timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from comptes.admin import ScopedAdmin, StaffInline
from maisons import heures
from maisons.admin import guichet
from maisons.models import Creneau, Horaire, Maison
from quartiers.adresses import free_slug

TODAY_SHOWN = 20


class HoraireInline(StaffInline):
    model = Horaire
    fields = [("jour", "ouvre", "ferme")]
    add_label = "Ajouter un horaire"


@admin.register(Maison)
class MaisonAdmin(ScopedAdmin):
    add_label = "Nouvelle maison"
    fieldsets = [
        (None, {"fields": ["nom", "chapeau", "presentation", "avertissement"]}),
        ("Y aller", {"fields": ["adresse", "quartier", "sous_quartier", "acces", "plain_pied"]}),
        ("Nous joindre", {"fields": ["telephone", "courriel"]}),
        ("Sur la carte", {"fields": [("latitude", "longitude")]}),
        ("Salles", {"fields": ["salles", "reservations_max"]}),
    ]
    inlines = [HoraireInline]
    list_display = ["nom", "quartier", "adresse", "telephone"]
    list_select_related = ["quartier"]
    readonly_fields = ["salles"]
    search_fields = ["nom"]

    @admin.display(description="salles de la maison")
    def salles(self, maison):
        if not maison.pk:
            return "Enregistrez d’abord la maison."
        change, add = "admin:maisons_salle_change", reverse("admin:maisons_salle_add")
        rooms = [(reverse(change, args=[s.pk]), s, s.capacite) for s in maison.salles.all()]
        rows = format_html_join("", '<li><a href="{}">{}</a> ({} places)</li>', rooms)
        new = format_html('<li><a href="{}?maison={}">Nouvelle salle</a></li>', add, maison.pk)
        return format_html('<ul class="liens-empiles">{}{}</ul>', rows, new)

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.nom)
        super().save_model(request, obj, form, change)

    def site_urls(self):
        return guichet.urls(self.admin_site)

    def to_do(self, request):
        """Today in the houses where the person works; a city administrator has the agenda."""
        if request.user.is_superuser:
            return []
        mine = Maison.objects.managed_by(request.user)
        day = timezone.localdate()
        first, last = heures.starts_at(day), heures.starts_at(day + timedelta(days=1))
        rows = Creneau.objects.filter(maison__in=mine).during(first, last).order_by("debut", "pk")
        rows = rows.select_related("maison", "salle", "occurrence")
        section = {
            "title": "Aujourd’hui dans la maison",
            "template": "maisons/gestion/_aujourdhui.html",
            "rows": rows[:TODAY_SHOWN],
            "aside": True,
        }
        return [section]
