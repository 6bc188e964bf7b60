from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from comptes import limites
from conseils import calendrier, convocations, donnees_liees, facile, flux, pieces, venues
from conseils.annees import Annees
from conseils.models import Conseil, Piece, PieceAncienne, Rectificatif, Reunion, total
from conseils.models.compte_rendu import attendance, by_state
from conseils.pdf import OrdreDuJour
from conseils.suivre import subject
from conseils.versions import differences
from documents import lecture
from maisons import partage
from notifications.views import follow_page
from quartiers.models import Elu, Ville

COMING = 10  # meetings on the page of a council
CONTENTS = 5  # items above which an agenda begins with the list of them


@require_safe
def conseil_list(request):
    conseils = list(Conseil.objects.select_related("quartier").defer("quartier__contour"))
    coming = Reunion.objects.public().holding().upcoming(timezone.now())
    first = coming.order_by("conseil_id", "debut", "pk").distinct("conseil_id")
    next_of = {reunion.conseil_id: reunion for reunion in first.select_related("maison", "salle")}
    for conseil in conseils:
        if reunion := next_of.get(conseil.pk):
            reunion.conseil = conseil
    rows = [(conseil, next_of.get(conseil.pk)) for conseil in conseils]
    return render(request, "conseils/conseil_list.html", {"rows": rows})


@require_safe
def conseil(request, slug):
    found = get_object_or_404(Conseil.objects.select_related("quartier"), slug=slug)
    now, public = timezone.now(), found.reunions.public().select_related("maison", "salle")
    annees = Annees(public.past(now), request.GET.get("annee", ""))
    coming = list(public.upcoming(now)[:COMING])
    for reunion in annees.meetings + coming:
        reunion.conseil = found
    context = {
        "conseil": found,
        "coming": coming,
        "annees": annees,
        "members": found.members(timezone.localdate()),
        "elected": Elu.objects.in_office(timezone.localdate()).filter(quartier=found.quartier),
        "flux": flux.addresses(found),
    }
    return render(request, "conseils/conseil.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def suivre(request, slug):
    found = get_object_or_404(Conseil, slug=slug)
    context = {"conseil": found}
    return follow_page(request, subject(found.pk), "conseils/suivre.html", context)


@require_safe
@conditional_page
@cache_control(public=True, no_cache=True)  # may be kept, after asking each time
def meetings(request, slug, form):
    """The meetings of a council for programs: a calendar or a feed."""
    made = flux.FORMS[form](get_object_or_404(Conseil, slug=slug))
    return HttpResponse(made, content_type=f"{flux.TYPES[form]}; charset=utf-8")


@require_safe
def reunion(request, slug, numero):
    page = meeting_page(public(slug, numero), grand="grand" in request.GET)
    return render(request, "conseils/reunion.html", page)


@require_safe
def ordre_du_jour(request, slug, numero):
    return agenda_file(public(slug, numero)).answer(request)


@require_safe
def in_calendar(request, slug, numero):
    """One meeting, for a calendar."""
    file = calendrier.ics(public(slug, numero), Ville.current())
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="reunion.ics"'
    return response


def public(slug, numero):
    rows = Reunion.objects.public().select_related("conseil", "maison", "salle", "quartier")
    rows = rows.select_related("compte_rendu__approuve_a")
    return get_object_or_404(rows, conseil__slug=slug, numero=numero)


def agenda_file(reunion):
    """The PDF of a meeting; the admin's preview has the same."""
    points = list(reunion.points.all())
    documents = pieces.lay_out(reunion, points)
    corrections = list(reunion.rectificatifs.all())
    return OrdreDuJour(reunion, points, documents, Ville.current(), corrections)


@require_safe
def rectificatif(request, slug, numero, rectificatif):
    """What a correction changes, then both versions as they were read."""
    rows = Rectificatif.objects.select_related("reunion__conseil")
    found = get_object_or_404(
        rows, reunion__conseil__slug=slug, reunion__numero=numero, numero=rectificatif
    )
    context = {
        "rectificatif": found,
        "reunion": found.reunion,
        "conseil": found.reunion.conseil,
        "changes": differences(found.before, found.after),
        "replaced": PieceAncienne.objects.replaced_by(found),
        "versions": [("Avant", found.before), ("Après", found.after)],
    }
    return render(request, "conseils/rectificatif.html", context)


def minutes(reunion):
    """What is read of a meeting that was held: the minutes once public, and who was there."""
    kept = getattr(reunion, "compte_rendu", None)
    if not (kept and kept.public):
        return {"compte_rendu": None, "presences": [], "attendance": ""}
    rows = list(reunion.presences.select_related("conseiller").order_by("conseiller__nom", "pk"))
    told = attendance(rows, kept.quorum)
    return {"compte_rendu": kept, "presences": by_state(rows), "attendance": told}


def meeting_page(reunion, grand=False):
    """What the page of a meeting shows, and the admin's preview of it; in large print or not."""
    ville, points = Ville.current(), list(reunion.points.select_related("approuve"))
    for point in points:
        if point.approuve:
            point.approuve.conseil = reunion.conseil
    documents = pieces.lay_out(reunion, points)
    corrections = list(reunion.rectificatifs.all())
    return {
        "reunion": reunion,
        "conseil": reunion.conseil,
        "maison": reunion.maison,
        "ville": ville,
        "points": points,
        "grand": grand,
        "facile": facile.lines(reunion.resume_facile),
        "pdf": OrdreDuJour(reunion, points, documents, ville, corrections),
        "documents": documents,
        "length": total(points),
        "contents": points if len(points) > CONTENTS else [],
        "over": reunion.fin <= timezone.now(),
        "corrections": corrections[::-1],
        "removed": [(point, each) for each in corrections for point in each.removed],
        "moved": next((each for each in corrections[::-1] if each.moved), None),
        **minutes(reunion),
        "donnees": donnees_liees.meeting(reunion, ville, corrections),
        "venues": venues.in_words(reunion) if venues.is_open(reunion) else "",
        "may_come": bool(reunion.publie_le) and venues.is_open(reunion),
        "google": calendrier.google(reunion, ville) if is_coming(reunion) else "",
        "partager": partage.links(reunion, ville) if reunion.publie_le else {},
    }


def is_coming(reunion):
    return reunion.publie_le and not reunion.annule_le and reunion.fin > timezone.now()


@require_safe
def document(request, slug, numero, pk, nom):
    rows = Piece.objects.public().filter(reunion__conseil__slug=slug, reunion__numero=numero)
    found = get_object_or_404(rows, pk=pk, nom_fichier=nom)
    return lecture.answer(request, found, public=True)


@require_safe
def document_ancien(request, slug, numero, pk, nom):
    """The file that a correction replaced: both versions are read."""
    meeting = {"piece__reunion__conseil__slug": slug, "piece__reunion__numero": numero}
    rows = PieceAncienne.objects.public().filter(**meeting)
    return lecture.answer(request, get_object_or_404(rows, pk=pk, nom_fichier=nom), public=True)


@csrf_exempt  # its address is the secret; the page sets no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_convocations(request, jeton):
    """For a member, by the link of a letter; a GET, as scanners of mail do it, ends nothing."""
    found = convocations.known(jeton)
    if found is None:
        raise Http404
    conseil, members = found
    if request.method == "POST":
        convocations.stop(conseil, members)
    context = {"conseil": conseil, "over": request.method == "POST" or not members}
    return render(request, "conseils/convocations.html", context)


@csrf_exempt  # the page that holds the button is the same for all: it sets no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venir(request, slug, numero):
    """« Je viens », said once by each browser, and taken back."""
    rows = Reunion.objects.public().select_related("conseil", "maison", "salle")
    found = get_object_or_404(rows, conseil__slug=slug, numero=numero)
    number = venues.known_as(request)
    if request.method == "POST":
        return say(request, found, number)
    context = {
        "reunion": found,
        "open": venues.is_open(found),
        "coming": venues.says_so(found, number),
        "venues": venues.in_words(found),
    }
    return render(request, "conseils/venir.html", context)


def say(request, found, number):
    if not venues.from_here(request):
        raise PermissionDenied
    limites.count(request, "venir")
    response = redirect("conseils:venir", found.conseil.slug, found.numero)
    if request.POST.get("faire") == "retirer":
        venues.take_back(found, number)
    elif venues.is_open(found):
        venues.remember(response, venues.say(found, number))
    return response
