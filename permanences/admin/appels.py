"""Whom to call: the text to read aloud, and « dit » once it was said."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

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
    message = next((one for one, _ in appels.to_make(request.user) if one.pk == pk), None)
    if message is None:
        raise Http404
    try:
        message.mark_called(by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "C’est noté : dit au téléphone.")
    return redirect("admin:permanences_appels")
