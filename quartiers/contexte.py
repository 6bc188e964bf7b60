from django.utils.functional import SimpleLazyObject

from quartiers.models import Ville


def ville(request):
    """The city, read once by the pages that name it."""
    return {"ville": SimpleLazyObject(Ville.current)}
