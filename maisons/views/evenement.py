from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maisons import donnees_liees, partage
from maisons.models import Evenement, Serie
from quartiers.models import Ville

SHOWN = 10  # dates to come


@require_safe
def evenement(request, slug):
    event = get_object_or_404(Evenement.objects.public().select_related("maison"), slug=slug)
    return render(request, "maisons/evenement.html", event_page(event))


def event_page(event):
    """What the page of an event shows; the admin's preview shows the same."""
    dates = event.occurrences.select_related("maison", "salle", "quartier").order_by("debut", "pk")
    now, ville = timezone.now(), Ville.current()
    coming = [date for date in dates if date.fin > now]
    first = next(iter(coming or dates), None)
    return {
        "evenement": event,
        "maison": event.maison,
        "ville": ville,
        "dates": coming,
        "listed": coming[:SHOWN],
        "next": first,
        "last": coming[-1].debut if coming else None,
        "series": Serie.objects.of_event(event.pk).going_on(timezone.localdate()),
        "cancelled": bool(dates) and all(date.annule_le for date in coming or dates),
        "donnees": donnees_liees.events(event, coming[:SHOWN] or dates[:1], ville),
        "partager": partage.links(first, ville) if first and event.publie_le else {},
    }
