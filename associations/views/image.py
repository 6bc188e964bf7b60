from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from associations.models import ImageActivite
from documents import lecture


@require_safe
def image(request, slug, pk, nom):
    """The picture of an activity that is public."""
    rows = ImageActivite.objects.public()
    picture = get_object_or_404(rows, pk=pk, activite__slug=slug, nom_fichier=nom)
    return lecture.answer(request, picture, public=True)
