from io import BytesIO

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portail.courriers import letters_sent
from quartiers.models import Ville

LETTERS_ON_A_PAGE = 20


@require_safe
def courrier_list(request):
    """In the demonstration alone: what the invented city sends, codes included."""
    if not Ville.current().demonstration:
        raise Http404
    page = Paginator(letters_sent(), LETTERS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portail/courrier_list.html", {"page": page})


@require_safe
def courrier(request, key):
    return render(request, "portail/courrier.html", {"letter": get_letter_or_404(key)})


@require_safe
def courrier_mis_en_forme(request, key):
    letter = get_letter_or_404(key)
    if not letter.html:
        raise Http404
    return HttpResponse(letter.html)


@require_safe
def courrier_piece(request, key, rank):
    parts = get_letter_or_404(key).attachments
    if rank >= len(parts):
        raise Http404
    filename, part = parts[rank]
    content = BytesIO(part.get_payload(decode=True))
    return FileResponse(content, as_attachment=True, filename=filename)


def get_letter_or_404(key):
    if Ville.current().demonstration:
        for letter in letters_sent():
            if letter.key == key:
                return letter
    raise Http404
