from datetime import timedelta
from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import Error, connection
from django.db.models import Value
from django.db.models.functions import Greatest
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from comptes import limites
from maisons import heures, natures
from maisons.disponibilites import ROOMS_ON_A_PAGE, Disponibilites
from maisons.models import Creneau, Maison, Reservation
from portail.agenda import LONGEST, Agenda
from portail.courriers import letters_sent
from portail.forms import RemarqueForm
from portail.journal import mask
from portail.models import Remarque
from quartiers.carte import draw
from quartiers.models import Quartier, Ville

LETTERS_ON_A_PAGE = 20
WARNED_AHEAD = 45  # days before a closure that the page of a house tells it


@require_safe
def accueil(request):
    quartiers, maisons = list(Quartier.objects.all()), list(Maison.objects.all())
    context = {
        "carte": draw(quartiers, maisons),
        "quartiers": quartiers,
        "maisons": maisons,
        "days": coming_days(Creneau.objects.all()),
    }
    return render(request, "portail/accueil.html", context)


def coming_days(creneaux, length=2, most=8):
    """[(day, rows)] of the next public rows: today and tomorrow, else the next days with any."""
    start = heures.starts_at(timezone.localdate())
    public = creneaux.public().select_related("maison", "quartier")
    # What goes on counts from this morning. Sorted by `debut` first, PostgreSQL would walk an
    # index from the oldest row of all.
    since = Greatest("debut", Value(start))
    soon = public.during(start, start + timedelta(days=length)).order_by(since, "debut", "pk")
    later = public.filter(debut__gte=start, debut__lt=start + timedelta(days=LONGEST))
    rows = list(soon[:most]) or list(later.order_by("debut", "pk")[: most // 2])
    days = {}
    for row in rows:
        days.setdefault(max(timezone.localdate(row.debut), timezone.localdate()), []).append(row)
    return list(days.items())


@require_safe
def agenda(request):
    return render(request, "portail/agenda.html", {"agenda": Agenda(request.GET)})


@require_safe
def agenda_entry(request, pk):
    """A row of the agenda leads to the thing of which it is a date."""
    creneau = get_object_or_404(Creneau.objects.public(), pk=pk)
    return redirect(natures.registry()[creneau.nature].url(creneau))


@require_safe
def maison_list(request):
    now = timezone.now()
    maisons = Maison.objects.with_state(now)
    chosen = request.GET.get("quartier", "")
    if chosen:
        maisons = maisons.filter(quartier=get_object_or_404(Quartier, slug=chosen))
    rows = [(maison, maison.open_until(now)) for maison in maisons]
    context = {"rows": rows, "quartiers": Quartier.objects.all(), "chosen": chosen}
    return render(request, "portail/maison_list.html", context)


@require_safe
def maison(request, slug):
    now, today = timezone.now(), timezone.localdate()
    houses = Maison.objects.with_state(now).select_related("quartier")
    house = get_object_or_404(houses, slug=slug)
    known = Disponibilites(house, today, today + timedelta(days=6))
    rooms = house.salles.filter(reservable=True)[:ROOMS_ON_A_PAGE]
    context = {
        "maison": house,
        "until": house.open_until(now),
        "hours": week(house, today),
        "closures": house.fermetures.select_related("salle").during(
            now, now + timedelta(days=WARNED_AHEAD)
        ),
        "rooms": [(room, known.first_free(room)) for room in rooms],
        "days": coming_days(Creneau.objects.in_house(house)),
    }
    return render(request, "portail/maison.html", context)


def week(house, today):
    """[(weekday in words, spans in words, is today)] of the opening hours of a house."""
    hours = list(house.horaires.all())
    names = ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"]
    return [
        (name, [(h.ouvre, h.ferme) for h in hours if h.jour == day], day == today.weekday())
        for day, name in enumerate(names)
    ]


@require_safe
def quartier_list(request):
    quartiers = list(Quartier.objects.prefetch_related("maisons", "sous_quartiers"))
    context = {"quartiers": quartiers, "carte": draw(quartiers, list(Maison.objects.all()))}
    return render(request, "portail/quartier_list.html", context)


@require_safe
def quartier(request, slug):
    place = get_object_or_404(Quartier.objects.prefetch_related("sous_quartiers"), slug=slug)
    now = timezone.now()
    maisons = list(place.maisons.with_state(now))
    context = {
        "quartier": place,
        "rows": [(house, house.open_until(now)) for house in maisons],
        "carte": draw(list(Quartier.objects.all()), maisons),
        "days": coming_days(place.creneaux, length=7),
    }
    return render(request, "portail/quartier.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remarque(request):
    """« Cette page vous a-t-elle aidé ? », at the end of what people come for."""
    if "merci" in request.GET:
        return render(request, "portail/remarque.html", {"form": None})
    page = mask(request.GET.get("page", "/"))[:200]
    form = RemarqueForm(request.POST or None, instance=Remarque(page=page))
    if form.is_valid():
        limites.count(request, "remarque")
        form.save()
        return redirect(f"{request.path}?merci")
    return render(request, "portail/remarque.html", {"form": form, "page": page})


@login_required
@require_safe
def mon_espace(request):
    mine = Reservation.objects.owned_by(request.user).upcoming().order_by("debut", "pk")
    context = {"reservations": mine.select_related("salle", "maison")[:5]}
    return render(request, "portail/mon_espace.html", context)


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


@require_safe
def plan_du_site(request):
    context = {"maisons": Maison.objects.all(), "quartiers": Quartier.objects.all()}
    return render(request, "portail/plan_du_site.html", context)


@require_safe
def sante(request):
    """For whoever watches the service: 200 and "ok", or 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"base": "en panne"}, status=503)
    return JsonResponse({"base": "ok"})


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
