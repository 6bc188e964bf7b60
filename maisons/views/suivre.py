from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maisons.models import Evenement
from maisons.suivre import subject
from notifications.views import follow_page


@require_http_methods(["GET", "HEAD", "POST"])
def suivre(request, slug):
    event = get_object_or_404(Evenement.objects.public().select_related("maison"), slug=slug)
    date = event.occurrences.holding().filter(debut__gt=timezone.now()).order_by("debut").first()
    context = {"evenement": event, "maison": event.maison, "date": date}
    return follow_page(request, subject(event.pk), "maisons/suivre.html", context, over=not date)
