"""How a file received is given to a browser: as what it is, with no power at all."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from documents import formats

POLICY = "default-src 'none'; style-src 'none'; frame-ancestors 'none'"


def answer(request, recu, public):
    """
    The file, or the copy of an image in `?largeur=`; the caller has checked who may read it.

    A public one may be kept by who asks each time whether it has changed; another by nobody.
    """
    width = wanted_width(request, recu)
    etag = quote_etag(f"{recu.empreinte}-{width or 0}")
    response = get_conditional_response(request, etag=etag) or content(request, recu, width)
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache" if public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY if recu.format == "pdf" else f"sandbox; {POLICY}"
    if not public:
        response["X-Robots-Tag"] = "noindex"
    return response


def wanted_width(request, recu):
    asked = request.GET.get("largeur", "")
    known = {str(width): width for width in recu.widths}
    return known.get(asked, recu.largeur)


def content(request, recu, width):
    try:
        opened = default_storage.open(recu.copy_name(width) if width else recu.fichier.name)
    except FileNotFoundError as error:
        raise Http404 from error
    mime = formats.TYPES[recu.format]
    if request.method == "HEAD":
        with opened:
            response = HttpResponse(content_type=mime, headers={"Content-Length": opened.size})
    else:
        response = FileResponse(opened, content_type=mime)
    shown = recu.format in formats.SHOWN
    response["Content-Disposition"] = content_disposition_header(not shown, recu.nom_fichier)
    return response
