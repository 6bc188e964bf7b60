"""Whom to call: the text to read aloud, and « dit » once it was said."""

from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from notifications.appels import note_said
from permanences import appels, lectures
from permanences.admin.acces import on_duty, page


@require_safe
def to_call(request):
    on_duty(request)
    found = appels.to_make(request.user)
    lectures.note(request, {row.pk: row for _, row in found}.values(), "à appeler")
    return page(request, "appels", title="Personnes à appeler", appels=found)


@require_POST
def said(request, pk):
    on_duty(request)
    note_said(request, pk, appels.to_make(request.user))
    return redirect("admin:permanences_appels")
