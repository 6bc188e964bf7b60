from django.db import Error
from django.shortcuts import render

from quartiers.models import Ville


def error_page(request, template, status):
    """An error page still gives a phone number, unless the database itself is what failed."""
    try:
        ville = Ville.current()
    except Error:
        ville = Ville(nom="votre ville")
    return render(request, f"portail/erreurs/{template}.html", {"ville": ville}, status=status)


def bad_request(request, exception=None):
    return error_page(request, "400", 400)


def permission_denied(request, exception=None):
    return error_page(request, "403", 403)


def not_found(request, exception=None):
    return error_page(request, "404", 404)


def server_error(request):
    return error_page(request, "500", 500)


def csrf_failure(request, reason=""):
    return error_page(request, "formulaire_expire", 403)
