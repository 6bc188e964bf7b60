import hashlib
import json

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portail.donnees_ouvertes import LICENCE, LICENCE_NAME, Conseils
from portail.donnees_permanences import MediationNumerique, Permanences

UNREADABLE = "« apres » est un nombre : suivez l’adresse donnée par « next »."
LARGEST = 2**31 - 1  # of a key


@require_safe
def donnees(request):
    """What the city gives to whoever makes something of it."""
    licence = {"nom": LICENCE_NAME, "adresse": LICENCE}
    return render(request, "portail/donnees.html", {"licence": licence})


@require_safe
def conseils(request):
    typed = request.GET.get("apres", "0")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 11 and int(typed) <= LARGEST):
        return shared(JsonResponse({"message": UNREADABLE}, status=400))
    return answer(request, Conseils(int(typed)).content())


@require_safe
def permanences(request):
    return answer(request, Permanences().content())


@require_safe
def mediation_numerique(request):
    return answer(request, MediationNumerique().content())


def answer(request, content):
    """As JSON, which whoever has it already does not read again."""
    text = json.dumps(content, ensure_ascii=False)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = HttpResponse(text, content_type="application/json")
        response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"  # may be kept, after asking each time
    return shared(response)


def shared(response):
    """Pages of other sites may read it: it is the same for all, and knows nobody."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
