"""« Je viens »: how many say so, about, without knowing who (parcours C3)."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from conseils.models import Venue

COOKIE = "__Host-venir" if settings.HTTPS else "venir"
SALT = "conseils.venir"
KEPT = timedelta(days=180)
CLOSED = "Cette réunion a commencé ou est annulée : on ne peut plus le dire."


def is_open(reunion):
    return not reunion.annule_le and reunion.debut > timezone.now()


def known_as(request):
    """The number that this browser was given, if any: a forged one is none."""
    return request.get_signed_cookie(COOKIE, default="", salt=SALT)


def mark(reunion, number):
    """What is kept of a number: another for each meeting, so that no two rows are one person's."""
    return salted_hmac(f"{SALT}.{reunion.pk}", number, algorithm="sha256").digest()


def says_so(reunion, number):
    return bool(number) and reunion.venues.filter(empreinte=mark(reunion, number)).exists()


def say(reunion, number):
    """Once for each browser, whatever it sends at once; returns its number, a new one if none."""
    if not is_open(reunion):
        raise ValidationError(CLOSED)
    number = number or secrets.token_urlsafe(16)
    row = Venue(reunion=reunion, empreinte=mark(reunion, number))
    Venue.objects.bulk_create([row], ignore_conflicts=True)
    return number


def take_back(reunion, number):
    if number:
        reunion.venues.filter(empreinte=mark(reunion, number)).delete()


def remember(response, number):
    """Set in answer to the button alone; reading sets no cookie."""
    response.set_signed_cookie(
        COOKIE,
        number,
        salt=SALT,
        max_age=KEPT,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def in_words(reunion):
    """« environ 12 personnes ont dit qu’elles viendraient »; nothing before the first."""
    count = reunion.venues.count()
    if count < 2:
        return "Une personne a dit qu’elle viendrait." if count else ""
    return f"Environ {count} personnes ont dit qu’elles viendraient."


def from_here(request):
    """Whether no other site sent it: browsers say where a form comes from."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", own) == own
