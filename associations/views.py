from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from associations import donnees_liees
from associations.annuaire import Annuaire
from associations.models import Association


@require_safe
def association_list(request):
    context = {"annuaire": Annuaire(request.GET)}
    return render(request, "associations/association_list.html", context)


@require_safe
def association(request, slug):
    rows = Association.objects.public().select_related("quartier", "sous_quartier")
    row = get_object_or_404(rows.defer("quartier__contour", "sous_quartier__contour"), slug=slug)
    context = {"association": row, "donnees": donnees_liees.organization(row)}
    return render(request, "associations/association.html", context)
