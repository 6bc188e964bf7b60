"""Whom to call: the text to read aloud, and « dit » once it was said."""

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from associations import appels


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
    message = next((one for one, _ in appels.to_make(request.user) if one.pk == pk), None)
    if message is None:
        raise Http404
    try:
        message.mark_called(by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "C’est noté : dit au téléphone.")
    return redirect("admin:associations_appels")
