from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from permanences import prochaines
from permanences.langues import named
from permanences.models import Fiche, Service

ROWS = 20  # permanences


@require_safe
def service(request, slug):
    found, now = get_object_or_404(Service.objects.public(), slug=slug), timezone.now()
    rows = prochaines.next_dates(now, permanence__service=found)
    context = {
        "service": found,
        "rows": prochaines.tell(rows[:ROWS], now),
        "more": len(rows) > ROWS,
        "langues": named(found.langues),
        "fiches": found.fiches.public().only("titre", "slug"),
    }
    return render(request, "permanences/service.html", context)


@require_safe
def fiche(request, slug):
    helping = Prefetch("services", Service.objects.public().only("nom", "slug", "chapeau"))
    rows = Fiche.objects.public().prefetch_related(helping)
    return render(request, "permanences/fiche.html", {"fiche": get_object_or_404(rows, slug=slug)})
