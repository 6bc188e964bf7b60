from itertools import pairwise

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.admin import SimpleHistoryAdmin

from comptes.gestion import ScopedChoices, StaffFormSet
from comptes.historique import changes
from comptes.models import Compte
from comptes.roles import reaches
from comptes.secours import RescueAdmin


class ScopedFilter(admin.RelatedFieldListFilter):
    """Offer as filters only the related rows that the staff member manages."""

    include_empty_choice = False

    def field_choices(self, field, request, model_admin):
        rows = field.remote_field.model._default_manager.managed_by(request.user)
        return [(row.pk, str(row)) for row in rows]


class StaffInline(ScopedChoices, admin.StackedInline):
    """
    Rows on the page of their thing; with a `summary` template each is folded under it.

    A `tools` template stands beside each row that is saved, folded or not.
    """

    extra = 1
    formset = StaffFormSet
    add_label = "Ajouter une ligne"
    summary = tools = None
    media = forms.Media(js=[forms.Script("gestion.js", defer=True)])


class StaffAdmin(ScopedChoices, SimpleHistoryAdmin):
    """
    What the pages of `/gestion/` share.

    A subclass may name the button of its « add » page on the home page (`shortcut`) and say what
    waits there: `to_do(request)` returns sections, each {"title", "template", "rows", "aside"};
    one that is `first` comes before those of the others.
    """

    actions = None
    add_label = "Ajouter"
    list_per_page = 50
    media = forms.Media()
    object_history_template = "admin/historique.html"
    show_full_result_count = False
    shortcut = None
    view_on_site = False

    def lookup_allowed(self, lookup, value, request):
        """Only what the filters ask: as a key, any other column answers questions about itself."""
        return lookup.partition("__")[0] in self.filter_names() and super().lookup_allowed(
            lookup, value, request
        )

    def filter_names(self):
        for given in self.list_filter:
            name = given[0] if isinstance(given, tuple) else given
            yield name if isinstance(name, str) else name.parameter_name

    def to_do(self, request):
        return []

    def shortcuts(self, request):
        """[(button, address)] of what is begun from the home page."""
        if not (self.shortcut and self.has_add_permission(request)):
            return []
        return [(self.shortcut, reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add"))]

    def site_urls(self):
        return []  # pages right under `/gestion/`, which are of no single row

    def get_or_404(self, request, object_id):
        found = self.get_object(request, unquote(str(object_id)))
        if found is None:
            raise Http404
        return found

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def check_reach(self, request, object_id):
        """Before the verb is asked for: 404, not 403, of a row that somebody does not reach."""
        if not self.has_view_permission(request):
            raise PermissionDenied  # whether the row exists or not
        self.get_or_404(request, object_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST" and not self.has_change_permission(request):
            self.check_reach(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        self.check_reach(request, object_id)
        return super().delete_view(request, object_id, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        # simple-history shows the last record of a row that get_queryset() hides.
        self.check_reach(request, object_id)
        if not hasattr(self.model._meta, "simple_history_manager_attribute"):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_view_title(self, request, obj):
        return f"Historique de « {obj} »"

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        raise Http404  # going back to an old version would pass by every rule

    def set_history_delta_changes(self, request, records, foreign_keys_are_objs=True):
        """Between each record and the one before it; the library skips what no form edits."""
        for after, before in pairwise(records):
            after.history_delta_changes = changes(after, before)


class ScopedAdmin(StaffAdmin):
    """Show staff only the rows they manage; any other id answers 404, in its history too."""

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and reaches(request.user, "change", obj)

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and reaches(request.user, "delete", obj)


@admin.register(Compte)
class CompteAdmin(RescueAdmin, StaffAdmin):
    """For city administrators: no role has its verbs. Roles are given by a mandate."""

    add_label = "Nouveau compte"
    fields = ["courriel", "nom", "is_active", "is_superuser"]
    list_display = ["courriel", "nom", "situation", "depuis"]
    ordering = ["courriel"]
    search_fields = ["courriel", "nom"]

    @admin.display(description="depuis le", ordering="cree_le")
    def depuis(self, compte):
        return date_format(timezone.localtime(compte.cree_le), "j F Y")

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
