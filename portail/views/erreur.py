from django.db import Error
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from quartiers.models import Ville


def error_page(request, template, status, **context):
    """An error page still gives a phone number, unless the database itself is what failed."""
    try:
        ville = Ville.current()
    except Error:
        ville = Ville(nom="votre ville")
    context |= {"ville": ville, "canonique": ""}  # no page is there
    return render(request, f"portail/erreurs/{template}.html", context, status=status)


def bad_request(request, exception=None):
    return error_page(request, "400", 400)


def permission_denied(request, exception=None):
    return error_page(request, "403", 403)


def not_found(request, exception=None):
    return error_page(request, "404", 404)


def server_error(request):
    return error_page(request, "500", 500)


def csrf_failure(request, reason=""):
    """Nothing was done; what one of our own pages sent is kept in this one, to send it again."""
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    return kept_form(request, answers_of(request) if own else [])


def signed_out(request):
    """A form of the staff came without its session: to be sent again after signing in."""
    return kept_form(request, answers_of(request))


def kept_form(request, answers):
    page = error_page(request, "formulaire_expire", 403, answers=answers)
    patch_cache_control(page, private=True, no_store=True)
    return page


def answers_of(request):
    """[(name, value)] of a form that was sent; nothing where passwords and codes are asked for."""
    if request.resolver_match.view_name.startswith("account_"):
        return []
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    return [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"]
