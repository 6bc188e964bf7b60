from django import forms
from django.contrib import admin
from django.contrib.admin.utils import display_for_field, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from comptes.models import Compte

# The browser's own pickers: one labelled field each, without a script.
PICKERS = {
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    },
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
    models.URLField: {"assume_scheme": "https"},
}


class ScopedChoices:
    """Offer only the related rows that the staff member manages; inlines take it too."""

    formfield_overrides = PICKERS

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs |= self.scope(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= self.scope(db_field, request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # a plain list, no pop-up windows
        return field

    def scope(self, db_field, request):
        rows = db_field.remote_field.model._default_manager.all()
        # Without managed_by: a plain list of words, open to all staff.
        return {"queryset": rows.managed_by(request.user)} if hasattr(rows, "managed_by") else {}


class ScopedFilter(admin.RelatedFieldListFilter):
    """Offer as filters only the related rows that the staff member manages."""

    include_empty_choice = False

    def field_choices(self, field, request, model_admin):
        rows = field.remote_field.model._default_manager.managed_by(request.user)
        return [(row.pk, str(row)) for row in rows]


class Changes(HistoricalRecordContextHelper):
    """What a change was, in words."""

    COMPUTED = {"emprise", "libere_a", "nature", "jeton"}

    def context_for_delta_changes(self, delta):
        delta.changes[:] = [c for c in delta.changes if c.field not in self.COMPUTED]
        return super().context_for_delta_changes(delta)

    def prepare_delta_change_value(self, change, value):
        if isinstance(value, bool):
            return "oui" if value else "non"
        field = self.model._meta.get_field(change.field)
        return str(value) if field.is_relation and value else display_for_field(value, field, "–")


class StaffInline(ScopedChoices, admin.StackedInline):
    """Rows on the page of their thing; with a `summary` template each is folded under it."""

    extra = 1
    add_label = "Ajouter une ligne"
    summary = None
    media = forms.Media(js=["gestion.js"])


class StaffAdmin(ScopedChoices, SimpleHistoryAdmin):
    """
    What the pages of `/gestion/` share.

    A subclass may name the button of its « add » page on the home page (`shortcut`) and say what
    waits there: `to_do(request)` returns {"title", "template", "rows", "aside"}, or None.
    """

    actions = None
    add_label = "Ajouter"
    list_per_page = 50
    media = forms.Media()
    object_history_template = "admin/historique.html"
    show_full_result_count = False
    shortcut = None
    view_on_site = False

    def to_do(self, request):
        return None

    def get_or_404(self, request, object_id):
        found = self.get_object(request, unquote(str(object_id)))
        if found is None:
            raise Http404
        return found

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def delete_view(self, request, object_id, extra_context=None):
        self.get_or_404(request, object_id)  # before the verb is asked for: 404, not 403
        return super().delete_view(request, object_id, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        # simple-history shows the last record of a row that get_queryset() hides.
        self.get_or_404(request, object_id)
        if not hasattr(self.model._meta, "simple_history_manager_attribute"):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_view_title(self, request, obj):
        return f"Historique de « {obj} »"

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        raise Http404  # going back to an old version would pass by every rule

    def get_historical_record_context_helper(self, request, historical_record):
        return Changes(self.model, historical_record)


class ScopedAdmin(StaffAdmin):
    """Show staff only the rows they manage; any other id answers 404, in its history too."""

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)


@admin.register(Compte)
class CompteAdmin(StaffAdmin):
    """For city administrators: no role has its verbs. Roles are given by a mandate."""

    add_label = "Nouveau compte"
    fields = ["courriel", "nom", "is_active", "is_superuser"]
    list_display = ["courriel", "nom", "situation", "cree_le"]
    list_filter = ["is_active", "is_superuser"]
    ordering = ["courriel"]
    search_fields = ["courriel", "nom"]

    @admin.display(description="situation")
    def situation(self, compte):
        if not compte.is_active:
            return "fermé"
        return "administre la ville" if compte.is_superuser else "ouvert"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "is_superuser":
            field.label = "Administre toute la ville"
            field.help_text = "Donne tous les droits, dans toutes les maisons."
        return field

    def get_readonly_fields(self, request, obj=None):
        return ["courriel"] if obj else []  # the person changes it, and proves the new address

    def has_delete_permission(self, request, obj=None):
        return False  # a closed account is kept; erasure is asked for by the person

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()  # the person signs in by a code sent by e-mail
        super().save_model(request, obj, form, change)
