"""Who holds the desk of a house, and how its pages are shown."""

from django.contrib.admin import site
from django.http import Http404
from django.shortcuts import render

from maisons.models import Maison


def houses(request):
    """Those whose desk this person holds; for all others these pages are nowhere."""
    if not request.user.has_perm("maisons.change_reservation"):
        raise Http404
    return Maison.objects.managed_by(request.user)


def page(request, template, **context):
    return render(request, f"maisons/gestion/{template}.html", site.each_context(request) | context)
