"""The log of readings: an answer to staff that shows who comes, or asks, writes a row for each."""

from allauth.account.adapter import get_adapter

from permanences.models import Lecture, QuestionElu, RendezVous

READ = {RendezVous: "rendez_vous", QuestionElu: "question"}  # the column of what was read


def note(request, rows, page):
    """
    Say that these rows were shown to the person signed in, on a page named in a word.

    Called once by each answer, with what it really shows; one statement.
    """
    fields = {
        "compte": request.user,
        "lecteur": str(request.user)[:100],
        "page": page,
        "adresse": get_adapter().get_client_ip(request),  # behind a proxy too
    }
    Lecture.objects.bulk_create(Lecture(**{READ[type(row)]: row}, **fields) for row in rows)
