from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Min, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import heures, planning
from maisons.admin.dates import OccurrenceInline
from maisons.models import Creneau, Evenement, Occurrence, Public, Serie
from maisons.views.evenement import event_page
from quartiers.adresses import free_slug

DRAFTS_SHOWN = 10


class EvenementForm(forms.ModelForm):
    public = forms.MultipleChoiceField(
        label="Pour qui", choices=Public, required=False, widget=forms.CheckboxSelectMultiple
    )


class PublishedFilter(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("brouillon", "brouillons"), ("publie", "publiés")]

    def queryset(self, request, rows):
        states = {"brouillon": rows.filter(publie_le=None), "publie": rows.public()}
        return states.get(self.value(), rows)


@admin.register(Evenement)
class EvenementAdmin(ScopedAdmin):
    """Written as a draft, looked at as the public will see it, then published for good."""

    add_label = "Nouvel événement"
    shortcut = "Annoncer un événement"
    form = EvenementForm
    fieldsets = [
        (None, {"fields": ["titre", "maison", "organisateur", "resume", "description"]}),
        ("Pour qui", {"fields": ["theme", "public", ("age_min", "age_max")]}),
        ("Pratique", {"fields": ["gratuit", "tarif", "plain_pied", "contact", "lien"]}),
        ("Publication", {"fields": ["publier_le"]}),
    ]
    inlines = [OccurrenceInline]
    list_display = ["titre", "maison", "prochaine", "etat"]
    list_filter = [PublishedFilter, ("maison", ScopedFilter)]
    list_select_related = ["maison"]
    ordering = ["-pk"]
    search_fields = ["titre"]

    @admin.display(description="prochaine date", ordering="prochaine")
    def prochaine(self, evenement):
        if not evenement.prochaine:
            return "aucune date à venir"
        begun = evenement.prochaine <= timezone.now()
        return "en ce moment" if begun else heures.day(evenement.prochaine)

    @admin.display(description="état", ordering="publie_le")
    def etat(self, evenement):
        if evenement.publie_le:
            return "publié"
        planned = evenement.publier_le
        return f"brouillon, à publier {heures.day(planned)}" if planned else "brouillon"

    def get_queryset(self, request):
        coming = Q(occurrences__fin__gt=timezone.now(), occurrences__annule_le=None)
        rows = super().get_queryset(request)
        return rows.annotate(prochaine=Min("occurrences__debut", filter=coming))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "maison" and not request.user.is_superuser:
            # Without a house it would be nobody's.
            field.required, field.empty_label, field.initial = True, None, field.queryset.first()
        return field

    def get_fieldsets(self, request, obj=None):
        published = obj and obj.publie_le
        return self.fieldsets[:-1] if published else self.fieldsets

    def has_delete_permission(self, request, obj=None):
        published = obj and obj.publie_le
        return not published and super().has_delete_permission(request, obj)

    def get_urls(self):
        guard = self.admin_site.admin_view
        pages = [
            path("<int:pk>/apercu/", guard(self.preview), name="maisons_evenement_preview"),
            path("<int:pk>/publier/", guard(self.publish), name="maisons_evenement_publish"),
            path("dates/<int:pk>/annuler/", guard(self.cancel), name="maisons_occurrence_cancel"),
        ]
        return pages + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        event = self.get_or_404(request, object_id)
        dates = Occurrence.objects.managed_by(request.user).filter(evenement=event)
        over = dates.filter(Q(fin__lte=timezone.now()) | Q(annule_le__isnull=False))
        context = {
            "over": over.select_related("salle").order_by("-debut")[:DRAFTS_SHOWN],
            "series": Serie.objects.of_event(event.pk).order_by("premier", "pk"),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.titre)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        formset.write(by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        planning.describe(form.instance)

    def delete_model(self, request, obj):
        repeated = list(Serie.objects.of_event(obj.pk))
        super().delete_model(request, obj)
        for serie in repeated:
            serie.delete()

    def to_do(self, request):
        drafts = self.get_queryset(request).filter(publie_le=None).order_by("-pk")
        section = {
            "title": "Événements en brouillon",
            "template": "maisons/gestion/_brouillons.html",
            "rows": drafts.select_related("maison")[:DRAFTS_SHOWN],
            "total": drafts.count(),
        }
        return [section]

    def changeable(self, request, pk):
        event = self.get_or_404(request, pk)
        if not self.has_change_permission(request, event):
            raise PermissionDenied
        return event

    @method_decorator(require_safe)
    def preview(self, request, pk):
        event = self.get_or_404(request, pk)
        return render(request, "maisons/evenement.html", event_page(event) | {"apercu": True})

    @method_decorator(require_POST)
    def publish(self, request, pk):
        event = self.changeable(request, pk)
        try:
            planning.publish(event, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, event, "publié")
            messages.success(request, f"« {event} » est publié.")
        return redirect("admin:maisons_evenement_change", pk)

    def cancel(self, request, pk):
        dates = Occurrence.objects.managed_by(request.user).select_related("evenement", "salle")
        date = get_object_or_404(dates, pk=pk)
        event = self.changeable(request, date.evenement_id)
        if not event.publie_le:
            raise Http404  # a draft's date is taken away on its page
        if request.method == "POST":
            try:
                planning.cancel(date, Creneau.Motif.ORGANISATION, by=request.user)
            except ValidationError as error:
                messages.error(request, error.messages[0])
            else:
                self.log_change(request, event, "date annulée")
                messages.success(request, "La date est annulée, la salle est libre à nouveau.")
            return redirect("admin:maisons_evenement_change", event.pk)
        context = self.admin_site.each_context(request) | {
            "title": f"Annuler une date de « {event} »",
            "date": date,
            "opts": self.opts,
            "back": reverse("admin:maisons_evenement_change", args=[event.pk]),
        }
        return render(request, "maisons/gestion/annuler.html", context)
