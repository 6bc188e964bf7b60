"""Who runs permanences, and how their pages are shown."""

from django.contrib.admin import site
from django.http import Http404
from django.shortcuts import render

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
