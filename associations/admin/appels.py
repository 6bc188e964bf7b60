"""Whom to call: the text to read aloud, and « dit » once it was said."""

from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from associations import appels
from notifications.appels import note_said


def may_call(request):
    if not request.user.has_perm("associations.change_inscription"):
        raise PermissionDenied


@require_safe
def to_call(request):
    may_call(request)
    shown = {"title": "Personnes à appeler", "appels": appels.to_make(request.user)}
    return render(request, "associations/gestion/appels.html", site.each_context(request) | shown)


@require_POST
def said(request, pk):
    may_call(request)
    note_said(request, pk, appels.to_make(request.user))
    return redirect("admin:associations_appels")
