from datetime import timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from associations.models import Cogestion
from maisons import donnees_liees, heures
from maisons.disponibilites import ROOMS_ON_A_PAGE
from maisons.grille import PublicPlanning
from maisons.models import Creneau, Maison
from maisons.ouverture import next_opening
from permanences import prochaines
from portail.agenda import coming_days
from portail.annuaire import Annuaire, by_quartier, carte, with_openings
from quartiers.models import Quartier, Ville

PERMANENCES = 5  # shown on the page of a house or of a quartier
WARNED_AHEAD = 45  # days before a closure that the page of a house tells it


@require_safe
def maison_list(request):
    found = Annuaire(request.GET, timezone.now())
    if found.unknown:
        raise Http404
    return render(request, "portail/maison_list.html", {"annuaire": found, "ville": found.ville})


@require_safe
def maison(request, slug):
    now, today, ville = timezone.now(), timezone.localdate(), Ville.current()
    houses = Maison.objects.select_related("quartier").prefetch_related("horaires", "salles")
    house = get_object_or_404(houses, slug=slug)
    closures = list(house.fermetures.select_related("salle").filter(fin__gt=now))
    warned = now + timedelta(days=WARNED_AHEAD)
    whole = [closure for closure in closures if closure.salle_id is None]
    rooms = [room for room in house.salles.all() if room.reservable]
    shown = rooms[:ROOMS_ON_A_PAGE]
    frees = PublicPlanning(house, shown).frees
    context = {
        "maison": house,
        "opening": next_opening(house, now, ville, whole),
        "hours": week(house, today),
        "closures": [closure for closure in closures if closure.debut < warned],
        "donnees": donnees_liees.place(house, closures, ville),
        "ville": ville,
        "query": f"?maison={house.slug}",
        "rooms": [(room, frees[room.pk]) for room in shown],
        "more": len(rooms) - len(shown),
        "days": coming_days(Creneau.objects.in_house(house)),
        "permanences": permanences(now, maison=house),
        "cogestions": Cogestion.objects.public().filter(maison=house).select_related("association"),
    }
    return render(request, "portail/maison.html", context)


def week(house, today):
    """[(weekday in words, spans in words, is today)] of the opening hours of a house."""
    hours = list(house.horaires.all())
    return [
        (name, [(h.ouvre, h.ferme) for h in hours if h.jour == day], day == today.weekday())
        for day, name in enumerate(map(str.capitalize, heures.WEEKDAYS))
    ]


@require_safe
def quartier_list(request):
    quartiers, now, ville = list(Quartier.objects.all()), timezone.now(), Ville.current()
    rows = with_openings(Maison.objects.all(), now, ville)
    context = {
        "ville": ville,
        "groups": by_quartier(quartiers, rows),
        "carte": carte(quartiers, rows),
    }
    return render(request, "portail/quartier_list.html", context)


@require_safe
def quartier(request, slug):
    place = get_object_or_404(Quartier.objects.prefetch_related("sous_quartiers"), slug=slug)
    now, ville = timezone.now(), Ville.current()
    rows = with_openings(place.maisons.all(), now, ville)
    context = {
        "ville": ville,
        "quartier": place,
        "query": f"?quartier={place.slug}",
        "rows": rows,
        "carte": carte(list(Quartier.objects.all()), rows),
        "days": coming_days(place.creneaux, length=7),
        "permanences": permanences(now, quartier=place),
    }
    return render(request, "portail/quartier.html", context)


def permanences(now, **where):
    """The next ones of a place."""
    return prochaines.tell(prochaines.next_dates(now, **where)[:PERMANENCES], now)
