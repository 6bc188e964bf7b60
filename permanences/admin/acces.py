"""Who runs permanences, and how their pages are shown."""

from django.contrib.admin import site
from django.http import Http404
from django.shortcuts import render

from comptes.admin import StaffAdmin
from comptes.roles import allowing
from permanences.models import RendezVous


def attends(user):
    """Whether somebody holds a permanence or the desk of a house, by a mandate in force."""
    return bool(user.roles & allowing("change", RendezVous))


def on_duty(request):
    """To all others these pages are nowhere, city administrators included."""
    if not attends(request.user):
        raise Http404


def page(request, template, **context):
    shown = site.each_context(request) | context
    return render(request, f"permanences/gestion/{template}.html", shown)


def key(text):
    """The key of a row that an address names, or None: more digits are no key."""
    return int(text) if text and len(text) <= 18 and text.isascii() and text.isdecimal() else None


class PagesAdmin(StaffAdmin):
    """
    No list, no page of one row, no history: who comes or asks is read on pages of its own alone.

    To a city administrator they are nowhere.
    """

    def has_module_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        return False

    has_change_permission = has_add_permission = has_delete_permission = has_view_permission

    def get_urls(self):
        return []
