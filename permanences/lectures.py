"""The log of readings: each answer to staff that shows who comes writes one row for each person."""

from allauth.account.adapter import get_adapter

from permanences.models import Lecture


def note(request, rows, page):
    """
    Say that these appointments were shown to the person signed in, on a page named in a word.

    Called once by each answer, with what it really shows; one statement.
    """
    fields = {
        "compte": request.user,
        "lecteur": str(request.user)[:100],
        "page": page,
        "adresse": get_adapter().get_client_ip(request),  # behind a proxy too
    }
    Lecture.objects.bulk_create(Lecture(rendez_vous=row, **fields) for row in rows)
