"""Messages that are said by voice, noted by whoever has just said them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404


def note_said(request, pk, calls):
    """Note that one of `calls`, [(message, what it tells of)], was said; 404 for any other."""
    message = next((one for one, _ in calls if one.pk == pk), None)
    if message is None:
        raise Http404
    try:
        message.mark_called(by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "C’est noté : dit au téléphone.")
