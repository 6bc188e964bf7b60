from datetime import timedelta

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maisons import donnees_liees
from maisons.disponibilites import ROOMS_ON_A_PAGE
from maisons.grille import PublicPlanning
from maisons.models import Creneau, Maison
from portail.agenda import coming_days
from quartiers.carte import draw
from quartiers.models import Quartier, Ville

WARNED_AHEAD = 45  # days before a closure that the page of a house tells it


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
    houses = Maison.objects.with_state(now).select_related("quartier").prefetch_related("salles")
    house = get_object_or_404(houses, slug=slug)
    closures = list(house.fermetures.select_related("salle").filter(fin__gt=now))
    warned = now + timedelta(days=WARNED_AHEAD)
    ville = Ville.current()
    rooms = [room for room in house.salles.all() if room.reservable]
    shown = rooms[:ROOMS_ON_A_PAGE]
    frees = PublicPlanning(house, shown).frees
    context = {
        "maison": house,
        "until": house.open_until(now),
        "hours": week(house, today),
        "closures": [closure for closure in closures if closure.debut < warned],
        "donnees": donnees_liees.place(house, closures, ville),
        "ville": ville,
        "query": f"?maison={house.slug}",
        "rooms": [(room, frees[room.pk]) for room in shown],
        "more": len(rooms) - len(shown),
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
        "query": f"?quartier={place.slug}",
        "rows": [(house, house.open_until(now)) for house in maisons],
        "carte": draw(list(Quartier.objects.all()), maisons),
        "days": coming_days(place.creneaux, length=7),
    }
    return render(request, "portail/quartier.html", context)
