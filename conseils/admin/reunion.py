from django.contrib import admin
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from comptes.admin import ScopedAdmin, ScopedFilter
from conseils import approbation, envois, seances, venues
from conseils.admin.annuler import CallingOffAdmin
from conseils.admin.documents import DocumentPages
from conseils.admin.ordre import OrderAdmin
from conseils.admin.point import PointInline
from conseils.admin.publication import PublicationAdmin
from conseils.admin.rectifier import Correcting
from conseils.admin.suite import SuiteAdmin
from conseils.admin.tenue import HeldAdmin
from conseils.forms import ReunionForm
from conseils.models import Reunion
from conseils.suite import rooms_of
from maisons import heures, planning
from maisons.admin.champs import RoomChoices
from maisons.models import Salle

DRAFTS_SHOWN = 10


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("brouillon", "brouillons"), ("publie", "publiées")]

    def queryset(self, request, rows):
        states = {"brouillon": rows.filter(publie_le=None), "publie": rows.public()}
        return states.get(self.value(), rows)


@admin.register(Reunion)
class ReunionAdmin(
    SuiteAdmin,
    OrderAdmin,
    PublicationAdmin,
    CallingOffAdmin,
    HeldAdmin,
    DocumentPages,
    RoomChoices,
    ScopedAdmin,
):
    """Prepared as a draft, looked at as the public will see it, then published for good."""

    add_label = "Nouvelle réunion"
    shortcut = "Préparer une réunion"
    form = ReunionForm
    fieldsets = [
        (None, {"fields": ["conseil", ("jour", "de", "a")]}),
        ("Où", {"fields": ["mode", "salle", "adresse_libre", "lien_visio"]}),
        ("En bref", {"fields": ["resume_facile"]}),
    ]
    inlines = [PointInline]
    list_display = ["titre", "quand", "etat", "prochaine"]
    list_filter = [StateFilter, ("conseil", ScopedFilter)]
    list_select_related = ["conseil"]
    ordering = ["-debut", "-pk"]

    @admin.display(description="date", ordering="debut")
    def quand(self, reunion):
        return heures.span(reunion.debut, reunion.fin)

    @admin.display(description="état", ordering="publie_le")
    def etat(self, reunion):
        if reunion.annule_le:
            return reunion.called_off.lower()
        if reunion.publie_le:
            return "publiée après le délai" if reunion.late else "publiée"
        return f"brouillon, {reunion.draft_in_words}"

    @admin.display(description="e-mails")
    def courriers(self, reunion):
        told = envois.progress(reunion)
        if refused := ", ".join(map(str, envois.unreached(reunion))):
            told.append(f"Adresse refusée : {refused}")
        return format_html_join(mark_safe("<br>"), "{}", ([line] for line in told)) or "–"

    @admin.display(description="qui vient")
    def venues(self, reunion):
        return venues.in_words(reunion) or "–"

    def scope(self, db_field, request):
        """The rooms of the houses in the quartiers of their councils; a hall is never held."""
        if db_field.remote_field.model is not Salle:
            return super().scope(db_field, request)
        return super().scope(db_field, request) | {"queryset": rooms_of(request.user)}

    def get_readonly_fields(self, request, obj=None):
        return ["conseil"] if obj else []

    def has_change_permission(self, request, obj=None):
        settled = obj and (obj.publie_le or obj.annule_le)
        return not settled and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        published = obj and obj.publie_le
        return not published and super().has_delete_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return [
            (None, {"fields": ["conseil", "quand", "mode", "lien_visio", "courriers", "venues"]})
        ]

    def get_inlines(self, request, obj):
        return self.inlines if self.has_change_permission(request, obj) else []

    def get_urls(self):
        page = self.admin_site.admin_view(self.rectify)
        return [
            path("<int:pk>/rectifier/", page, name="conseils_reunion_rectify"),
            *super().get_urls(),
        ]

    def save_model(self, request, obj, form, change):
        if change:
            planning.move(obj, by=request.user, **form.place())
        else:
            seances.convene(obj, by=request.user)

    def save_formset(self, request, form, formset, change):
        formset.write()
        approbation.refresh(form.instance)

    def to_do(self, request):
        drafts = self.get_queryset(request).filter(publie_le=None, annule_le=None)
        drafts = drafts.filter(fin__gt=timezone.now()).order_by("debut", "pk")
        section = {
            "title": "Ordres du jour à publier",
            "template": "conseils/gestion/_brouillons.html",
            "rows": drafts.select_related("conseil")[:DRAFTS_SHOWN],
            "total": drafts.count(),
        }
        return [section]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def rectify(self, request, pk):
        return CorrectionAdmin(self.model, self.admin_site).page(request, pk)


class CorrectionInline(PointInline):
    """Saved at once with its sentence: a button that moves one item would save it alone."""

    tools = None


class CorrectionAdmin(Correcting, ReunionAdmin):
    """Of no menu: the page « Rectifier » of a public meeting."""

    inlines = [CorrectionInline]
