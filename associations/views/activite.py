from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from associations import donnees_liees, inscriptions
from associations.models import Activite
from associations.programme import Programme
from maisons import partage
from maisons.models import Serie
from quartiers.models import Ville

SHOWN = 8  # sessions to come


@require_safe
def activite_list(request):
    return render(request, "associations/activite_list.html", {"programme": Programme(request.GET)})


@require_safe
def activite(request, slug):
    rows = Activite.objects.public().select_related("association", "maison__quartier", "salle")
    rows = rows.select_related("image")
    found = get_object_or_404(rows.defer("maison__quartier__contour"), slug=slug)
    return render(request, "associations/activite.html", activity_page(found))


def activity_page(found):
    """What the page of an activity shows; the admin's preview shows the same."""
    now, ville, today = timezone.now(), Ville.current(), timezone.localdate()
    dates = found.seances.upcoming(now).select_related("maison", "salle", "quartier")
    dates = list(dates[: SHOWN + 1])
    held = [date for date in dates if not date.annule_le]
    series = Serie.objects.filter(pk__in=found.seances.values("serie"))
    first = next(iter(held), None) or (inscriptions.next_of(found) if dates else None)
    over = found.dernier < today
    return {
        "activite": found,
        "image": getattr(found, "image", None),
        "maison": found.maison,
        "ville": ville,
        "dates": dates[:SHOWN],
        "more": len(dates) > SHOWN,
        "next": first,
        "series": series.going_on(today),
        "stopped": bool(dates) and first is None,
        "over": over,
        "again": Activite.objects.public().filter(precedente=found).last() if over else None,
        "left": inscriptions.in_words(found, first) if first else "",
        "open": inscriptions.open_to_all(found, first),
        "donnees": donnees_liees.sessions(found, dates[:SHOWN], ville),
        "partager": partage.links(first, ville) if first and found.publie_le else {},
    }
