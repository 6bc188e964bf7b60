from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from comptes.admin import ScopedAdmin, ScopedFilter, StaffInline
from conseils import seances
from conseils.admin.documents import DocumentPages
from conseils.forms import PointForm, PointFormSet, ReunionForm
from conseils.models import Conseil, Point, Reunion
from conseils.views import agenda_file, meeting_page
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


class PointInline(StaffInline):
    model = Point
    form = PointForm
    formset = PointFormSet
    fieldsets = [
        (None, {"fields": [("rang", "titre"), ("type", "minutes"), "rapporteur", "texte"]}),
    ]
    add_label = "Ajouter un point"
    summary = "conseils/gestion/_point.html"
    verbose_name_plural = "points de l’ordre du jour"


@admin.register(Reunion)
class ReunionAdmin(DocumentPages, RoomChoices, ScopedAdmin):
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
    list_display = ["titre", "quand", "etat"]
    list_filter = [StateFilter, ("conseil", ScopedFilter)]
    list_select_related = ["conseil"]
    ordering = ["-debut", "-pk"]

    @admin.display(description="date", ordering="debut")
    def quand(self, reunion):
        return heures.span(reunion.debut, reunion.fin)

    @admin.display(description="état", ordering="publie_le")
    def etat(self, reunion):
        if reunion.annule_le:
            return "annulée"
        if reunion.publie_le:
            return "publiée après le délai" if reunion.late else "publiée"
        return f"brouillon, {reunion.deadline_in_words}"

    def scope(self, db_field, request):
        """The rooms of the houses in the quartiers of their councils; a hall is never held."""
        if db_field.remote_field.model is not Salle:
            return super().scope(db_field, request)
        mine = Conseil.objects.managed_by(request.user).values("quartier")
        rooms = Salle.objects.filter(maison__quartier__in=mine, partagee=False)
        rooms = rooms.select_related("maison").order_by("maison", "nom")
        return super().scope(db_field, request) | {"queryset": rooms}

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
        return [(None, {"fields": ["conseil", "quand", "mode", "lien_visio"]})]

    def get_inlines(self, request, obj):
        return self.inlines if self.has_change_permission(request, obj) else []

    def get_urls(self):
        guard = self.admin_site.admin_view
        pages = [
            path("<int:pk>/apercu/", guard(self.preview), name="conseils_reunion_preview"),
            path("<int:pk>/apercu.pdf", guard(self.pdf), name="conseils_reunion_pdf"),
            path("<int:pk>/publier/", guard(self.publish), name="conseils_reunion_publish"),
        ]
        return pages + super().get_urls()

    def save_model(self, request, obj, form, change):
        if change:
            planning.move(obj, by=request.user, **form.place())
        else:
            seances.convene(obj, by=request.user)

    def save_formset(self, request, form, formset, change):
        formset.write()

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

    @method_decorator(require_safe)
    def preview(self, request, pk):
        reunion = self.get_or_404(request, pk)
        return render(request, "conseils/reunion.html", meeting_page(reunion))

    @method_decorator(require_safe)
    def pdf(self, request, pk):
        return agenda_file(self.get_or_404(request, pk)).answer(request)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def publish(self, request, pk):
        """What will be read, by whom and since when; one button makes it public."""
        reunion = self.get_or_404(request, pk)
        if not super().has_change_permission(request, reunion):
            raise PermissionDenied
        if reunion.publie_le or reunion.annule_le:
            raise Http404
        back = reverse("admin:conseils_reunion_change", args=[pk])
        if request.method == "POST":
            try:
                seances.publish(reunion, by=request.user)
            except ValidationError as error:
                messages.error(request, error.messages[0])
            else:
                self.log_change(request, reunion, "publié")
                messages.success(request, f"L’ordre du jour de « {reunion} » est publié.")
            return redirect(back)
        context = self.admin_site.each_context(request) | meeting_page(reunion)
        context |= {"title": "Publier l’ordre du jour", "opts": self.opts, "back": back}
        return render(request, "conseils/gestion/publier.html", context)
