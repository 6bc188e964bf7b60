from django.shortcuts import render
from django.views.decorators.http import require_safe

from permanences.orientation import Orientation


@require_safe
def permanence_list(request):
    """Said anew each time: what is open changes with the hour."""
    found = Orientation(request.GET)
    return render(request, "permanences/permanence_list.html", {"orientation": found})
