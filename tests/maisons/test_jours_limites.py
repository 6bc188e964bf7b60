"""The pages on the days and at the hours where calendars go wrong."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from maisons.models import Horaire
from tests.factories import (
    AffectationFactory,
    EvenementFactory,
    OccurrenceFactory,
    SalleFactory,
    VilleFactory,
)
from tests.maisons.test_reservation import address

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
HOUR_CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
DAYS = [*HOUR_CHANGES, date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29)]
EDGES = [(0, 0), (23, 59)]
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def at(on, hour, minute=0):
    return datetime.combine(on, time(hour, minute), PARIS)


@pytest.fixture
def salle():
    VilleFactory()
    return SalleFactory(capacite=20, horizon=365)


@pytest.fixture
def arrive(client, salle, time_machine):
    """Be there at an hour, signed in at the desk."""

    def arrive(moment):
        time_machine.move_to(moment, tick=False)
        client.force_login(AffectationFactory(maison=salle.maison).compte)

    return arrive


def open_until(maison, day, ferme):
    return Horaire.objects.create(maison=maison, jour=day.weekday(), ouvre=time(8), ferme=ferme)


def desk(salle, page="planning_maison"):
    return reverse(f"admin:{page}", args=[salle.maison.slug])


def pages(salle, day):
    span = f"jour={day}&de=18:00&a=20:00"
    return {
        "planning": f"{reverse('maisons:planning', args=[salle.maison.slug])}?jour={day}",
        "room": f"{salle.get_absolute_url()}?jour={day}",
        "search": f"{reverse('maisons:salle_search')}?jour={day}",
        "form": f"{address(salle)}?{span}",
        "desk, day": f"{desk(salle)}?jour={day}",
        "desk, week": f"{desk(salle)}?vue=semaine&jour={day}",
        "desk, form": f"{desk(salle, 'guichet_create')}?salle={salle.pk}&{span}",
    }


def found(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("day", DAYS)
def test_every_page_opens_at_both_ends_of_the_day(client, salle, arrive, day, edge):
    arrive(at(day, *edge))

    around = [day + timedelta(days=rank) for rank in (-1, 0, 1)]
    answered = {path: client.get(path) for d in around for path in pages(salle, d).values()}

    assert {path for path, page in answered.items() if page.status_code != 200} == set()


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("day", DAYS)
def test_today_is_the_local_day(client, salle, arrive, day, edge):
    arrive(at(day, *edge))

    shown = found(client, desk(salle)).context
    words = found(client, pages(salle, day)["desk, day"]).content.decode()

    assert (shown["today"], shown["day"]) == (day, day)
    assert f"{WEEKDAYS[day.weekday()].capitalize()} {day.day}" in words.replace("1er", "1")
    assert ", aujourd’hui</h2>" in words


@pytest.mark.parametrize("page", ["planning", "desk, day"])
@pytest.mark.parametrize("day", DAYS)
def test_the_grid_counts_local_half_hours_once_each(client, salle, arrive, day, page):
    arrive(at(day, 0))

    grid = found(client, pages(salle, day)[page]).context["grid"]

    hours = [f"{half:%H:%M}" for half in grid]
    assert hours == [f"{h:02}:{m:02}" for h in range(8, 22) for m in (0, 30)]
    assert {half.date() for half in grid} == {day}


@pytest.mark.parametrize("day", DAYS)
def test_a_week_at_the_desk_has_seven_days_of_the_same_hours(client, salle, arrive, day):
    arrive(at(day, 0))

    context = found(client, pages(salle, day)["desk, week"]).context

    days = [track["jour"] for track in context["tracks"]]
    monday = day - timedelta(days=day.weekday())
    assert days == [monday + timedelta(days=rank) for rank in range(7)]
    assert {sum(span.pas for span in track["spans"]) for track in context["tracks"]} == {28}


@pytest.mark.parametrize("day", DAYS)
def test_what_is_booked_at_six_in_the_evening_is_shown_at_six(client, salle, arrive, day):
    arrive(at(day - timedelta(days=3), 12))
    OccurrenceFactory(
        evenement=EvenementFactory(maison=salle.maison),
        salle=salle,
        debut=at(day, 18),
        fin=at(day, 20),
    )

    for name in ("planning", "desk, day"):
        page = found(client, pages(salle, day)[name]).content.decode()
        assert "<b>18\xa0h – 20\xa0h</b>" in page, name


@pytest.mark.parametrize("ferme", [time(23, 30), time(23, 59)])
def test_every_free_span_of_a_house_open_late_fills_its_form(client, salle, arrive, ferme):
    day = date(2026, 12, 31)
    salle.maison.horaires.filter(jour=day.weekday()).delete()
    open_until(salle.maison, day, ferme)
    salle.duree_max = timedelta(hours=16)
    salle.save()
    arrive(at(day - timedelta(days=3), 12))

    [span] = [
        span
        for track in found(client, pages(salle, day)["planning"]).context["tracks"]
        for span in track["spans"]
        if span.etat == "libre"
    ]
    form = found(client, f"{address(salle)}?jour={day}&de=21:30&a={span.fin:%H:%M}")

    assert f"{span.fin:%H:%M}" == "23:30"
    assert form.context["moment"]["fin"] == span.fin


@pytest.mark.parametrize(
    ("debut", "fin"),
    [((22, 0), (0, 0)), ((23, 0), (0, 0)), ((22, 0), (2, 0)), ((23, 30), (0, 30))],
)
@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 2, 29), date(2026, 10, 24)])
def test_what_lasts_until_midnight_or_after_shows_at_the_desk(
    client, salle, arrive, day, debut, fin
):
    arrive(at(day - timedelta(days=3), 12))
    event = EvenementFactory(maison=salle.maison, titre="Bal de minuit")
    ends = at(day + timedelta(days=1), *fin)
    OccurrenceFactory(evenement=event, salle=salle, debut=at(day, *debut), fin=ends)

    for name in ("desk, day", "desk, week"):
        assert "Bal de minuit" in found(client, pages(salle, day)[name]).content.decode()


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_desk_is_told_that_the_hour_is_none_or_two(client, salle, arrive, day):
    arrive(at(day - timedelta(days=3), 12))
    typed = {"salle": salle.pk, "jour": day, "de": "02:30", "a": "04:00", "usage": "voisins"}

    page = client.post(desk(salle, "guichet_create"), typed | {"nom": "Linh", "etape": "reserver"})

    assert page.status_code == 200
    assert page.context["form"].errors["de"]
