from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from associations import donnees_liees
from associations.annuaire import Annuaire
from associations.models import Association, Charte, Cogestion
from associations.programme import with_next

SHOWN = 20  # activities of one association


@require_safe
def association_list(request):
    context = {"annuaire": Annuaire(request.GET)}
    return render(request, "associations/association_list.html", context)


@require_safe
def association(request, slug):
    rows = Association.objects.public().select_related("quartier", "sous_quartier")
    row = get_object_or_404(rows.defer("quartier__contour", "sous_quartier__contour"), slug=slug)
    activities = row.activites.public().going_on(timezone.localdate()).select_related("maison")
    context = {
        "association": row,
        "activites": with_next(activities.order_by("titre", "pk")[:SHOWN]),
        "cogestions": Cogestion.objects.public().filter(association=row).select_related("maison"),
        "donnees": donnees_liees.organization(row),
    }
    return render(request, "associations/association.html", context)


@require_safe
def charte(request, version=None):
    """The version in use, or an earlier one; the city may have published none yet."""
    versions = list(Charte.objects.public())
    wanted = [one for one in versions if version in (None, one.version)]
    if version and not wanted:
        raise Http404
    context = {"versions": versions, "charte": wanted[0] if wanted else None}
    return render(request, "associations/charte.html", context)
