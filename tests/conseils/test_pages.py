"""What the public reads of the councils, and what it must not."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau
from tests.factories import (
    ConseilFactory,
    ConseillerFactory,
    PointFactory,
    ReunionFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
SECRET = "Rachat-de-la-halle"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def read(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_constant_queries(client, django_assert_num_queries, count):
    for _ in range(count):
        ReunionFactory.create_batch(2, conseil=ConseilFactory(), publie=True)

    with django_assert_num_queries(3):  # councils, next meetings, city
        rows = client.get("/conseils/").context["rows"]

    assert len([reunion for _, reunion in rows if reunion]) == count


def test_the_list_leads_to_the_next_meeting_of_each_council(client):
    """C4: one activation from the list, which is in the menu of every page."""
    conseil, silent, now = ConseilFactory(), ConseilFactory(), timezone.now()
    later, cancelled, soon, _ = [
        ReunionFactory(conseil=conseil, debut=now + timedelta(days=days), publie=True)
        for days in (30, 3, 9, -9)
    ]
    planning.cancel(cancelled, Creneau.Motif.ORGANISATION, by=None)

    rows = dict(client.get("/conseils/").context["rows"])

    assert rows == {conseil: soon, silent: None}
    assert f'href="{soon.get_absolute_url()}"' in read(client, "/conseils/")
    assert 'href="/conseils/"' in read(client, "/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_council_costs_constant_queries(client, django_assert_num_queries, count):
    conseil, now = ConseilFactory(), timezone.now()
    ConseillerFactory.create_batch(count, conseil=conseil)
    for days in range(1, count + 1):
        ReunionFactory(conseil=conseil, debut=now + timedelta(days=days), publie=True)
        ReunionFactory(conseil=conseil, debut=now - timedelta(days=days), publie=True)
    ReunionFactory(publie=True), ConseillerFactory()

    with django_assert_num_queries(7):  # council, years, past, coming, members, elected, city
        page = client.get(conseil.get_absolute_url())

    assert len(page.context["coming"]) == count
    assert len(page.context["annees"].meetings) == count
    assert [len(people) for _, people in page.context["members"]] == [count]


def test_a_council_tells_its_own_rules_and_its_past_by_year(client):
    conseil = ConseilFactory(convocation=12, quorum=7)
    for years in (1, 2):
        day = timezone.localdate().replace(month=3, day=3)
        debut = starts_at(day.replace(year=day.year - years))
        ReunionFactory(conseil=conseil, debut=debut, publie=True)

    year = timezone.localdate().year
    address = conseil.get_absolute_url()
    pages = [read(client, f"{address}{asked}") for asked in ("", f"?annee={year - 2}")]

    assert "au moins 12 jours avant" in pages[0]
    assert "quand 7 membres sont là" in pages[0]
    assert f'href="?annee={year - 2}#passees"' in pages[0]
    assert [re.findall(r"<h3>(\d+)</h3>", page) for page in pages] == [
        [f"{year - 1}"],
        [f"{year - 2}"],
    ]


@pytest.mark.parametrize("asked", ["1999", "deux", "20²4", "9" * 5000, "-1"])
def test_a_year_without_meetings_is_told(client, asked):
    meeting = ReunionFactory(debut=timezone.now() - timedelta(days=9), publie=True)

    page = read(client, f"{meeting.conseil.get_absolute_url()}?annee={asked}")

    assert f"Pas de réunion en {asked[:5]}" in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_meeting_costs_constant_queries(client, django_assert_num_queries, count):
    meeting = ReunionFactory(publie=True)
    PointFactory.create_batch(count - 1, reunion=meeting)
    PointFactory()
    address = meeting.get_absolute_url()

    with django_assert_num_queries(6):  # with documents, corrections, who comes
        page = client.get(address)

    assert len(page.context["points"]) == count


def test_the_page_of_a_meeting_follows_the_order_of_c1(client):
    """C1, C5, C6: title, date and place, agenda, how to come; one address for each item."""
    meeting = ReunionFactory(maison__acces="Tram : ligne B", publie=True)
    meeting.points.update(minutes=20, texte="Un **avis**, <script>alert(1)</script> demandé.")
    PointFactory.create_batch(6, reunion=meeting, minutes=20)

    page = read(client, meeting.get_absolute_url())

    parts = ["<h1>", str(meeting.maison), "Ordre du jour</h2>", "Tram : ligne B"]
    places = [page.split("<main")[1].index(part) for part in parts]
    assert places == sorted(places)
    assert "7 points, environ 2 h 20" in page
    assert [f'id="point-{n}"' in page for n in range(1, 9)] == [True] * 7 + [False]
    assert 'href="#point-7"' in page
    assert "<strong>avis</strong>" in page
    assert "<script>alert" not in page


def test_a_short_agenda_has_no_list_of_contents_nor_a_length_that_is_not_known(client):
    meeting = ReunionFactory(publie=True)

    page = read(client, meeting.get_absolute_url())

    assert "1 point<" in page
    assert 'href="#point-1"' not in page


@pytest.mark.parametrize("mode", ["sur_place", "en_ligne", "mixte"])
def test_the_link_to_join_and_the_place_follow_the_mode(client, mode):
    """C7"""
    link = "" if mode == "sur_place" else "https://visio.example/rives"
    meeting = ReunionFactory(mode=mode, lien_visio=link, publie=True)

    page = read(client, meeting.get_absolute_url())

    assert ("https://visio.example/rives" in page) == (mode != "sur_place")
    assert ("<dt>Où</dt>" in page) == (mode != "en_ligne")
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert len(data["location"]) == (2 if mode == "mixte" else 1)
    assert data["organizer"]["name"] == meeting.conseil.nom


def test_a_late_agenda_and_a_cancelled_meeting_say_so(client):
    late = ReunionFactory(debut=timezone.now() + timedelta(days=2), publie=True)
    in_time = ReunionFactory(debut=timezone.now() + timedelta(days=30), publie=True)
    planning.cancel(late, Creneau.Motif.ORGANISATION, by=None)

    page = read(client, late.get_absolute_url())

    assert "après le délai du conseil" in page
    assert "Annulée</b>" in page
    assert "EventCancelled" in page
    assert "après le délai" not in read(client, in_time.get_absolute_url())


def listing(client, meeting):
    """Where a meeting could be read: pages, feeds, data for search engines."""
    day = timezone.localtime(meeting.debut).date()
    house, span = meeting.maison, f"?du={day}&au={day}"
    paths = ["/", f"/agenda/{span}", f"/agenda.ics{span}", f"/agenda.atom{span}"]
    paths += ["/sitemap.xml", f"/recherche/?q={SECRET}", "/recherche/?q=conseil&dans=conseils"]
    paths += [house.get_absolute_url(), house.quartier.get_absolute_url(), "/plan-du-site/"]
    paths += ["/conseils/", meeting.conseil.get_absolute_url()]
    paths += [f"/maisons/{house.slug}/salles/?jour={day}", meeting.salle.get_absolute_url()]
    return {path: client.get(path, follow=True) for path in paths}


def unfolded(page):
    """Lines of a calendar are cut at 75 signs (RFC 5545)."""
    return page.content.decode().replace("\r\n ", "").replace("\\,", ",")


def test_a_draft_is_read_nowhere(client):
    meeting = ReunionFactory()
    PointFactory(reunion=meeting, titre=SECRET)

    answers = listing(client, meeting)
    own = [client.get(path) for path in (meeting.get_absolute_url(), f"/agenda/{meeting.pk}/")]

    assert [page.status_code for page in own] == [404, 404]
    assert {page.status_code for page in answers.values()} == {200}
    for hidden in (meeting.titre, meeting.get_absolute_url(), f"points de {SECRET}"):
        assert [path for path, p in answers.items() if hidden in unfolded(p)] == []
    assert not answers[f"/recherche/?q={SECRET}"].context["reponse"].groups


def test_a_public_one_is_read_where_people_look(client):
    meeting = ReunionFactory(publie=True, debut=timezone.now() + timedelta(days=1))
    meeting.points.update(titre=SECRET)

    answers = listing(client, meeting)

    shown = [path for path, p in answers.items() if meeting.titre in unfolded(p)]
    day = timezone.localtime(meeting.debut).date()
    expected = [f"/agenda/?du={day}&au={day}", f"/agenda.ics?du={day}&au={day}"]
    expected += ["/", f"/recherche/?q={SECRET}", meeting.maison.get_absolute_url()]
    assert set(expected) <= set(shown)
    assert meeting.get_absolute_url() in answers["/sitemap.xml"].content.decode()
    assert client.get(f"/agenda/{meeting.pk}/").url == meeting.get_absolute_url()
    row = client.get(f"/agenda/?nature=reunion&du={day}").content.decode()
    assert "ordre du jour publié" in row


def test_a_search_shows_the_latest_meetings_first_at_a_constant_cost(
    client, django_assert_max_num_queries
):
    days = [-40, 5, -3]
    meetings = [ReunionFactory(debut=timezone.now() + timedelta(days=d), publie=True) for d in days]
    for meeting in meetings:
        meeting.points.update(texte="La **fontaine** sera réparée.")

    with django_assert_max_num_queries(12):
        [group] = client.get("/recherche/?q=fontaine").context["reponse"].groups

    assert [row.title for row in group.found] == [meetings[n].titre for n in (1, 2, 0)]


def test_what_is_easy_to_read_comes_first_in_its_own_section(client):
    """C9"""
    meeting = ReunionFactory(publie=True, resume_facile="La place va changer.\n\nVenez le dire.")

    page = read(client, meeting.get_absolute_url())

    [section] = re.findall(r'<section[^>]*aria-labelledby="facile".*?</section>', page)
    assert re.findall(r"<li>(.*?)</li>", section) == ["La place va changer.", "Venez le dire."]
    assert page.index("<h1>") < page.index(section) < page.index("Ordre du jour</h2>")


def test_without_an_easy_summary_there_is_no_section(client):
    assert 'id="facile"' not in read(client, ReunionFactory(publie=True).get_absolute_url())


@pytest.mark.parametrize(
    ("text", "sentence"), [("a\n" * 6, "5 lignes au plus : il y en a 6"), ("a" * 141, "140 signes")]
)
def test_an_easy_summary_stays_short(text, sentence):
    meeting = ReunionFactory()
    meeting.resume_facile = text

    with pytest.raises(ValidationError, match=sentence):
        meeting.full_clean()


def test_large_print_is_one_link_away_and_has_the_address_of_the_page(client):
    """C10"""
    meeting = ReunionFactory(publie=True)
    address = meeting.get_absolute_url()

    usual, large = read(client, address), read(client, f"{address}?grand=oui")

    assert 'href="?grand=oui"' in usual
    assert 'class="cadre grand"' in large
    assert 'class="cadre grand"' not in usual
    assert f'rel="canonical" href="http://localhost:8000{address}"' in large


def test_one_meeting_goes_into_a_calendar_in_three_ways_with_its_link(client):
    """C7, F5: never the bare word « ICS »."""
    link = {"mode": "mixte", "lien_visio": "https://visio.example/rives"}
    draft, public = ReunionFactory(**link), ReunionFactory(publie=True, **link)
    address = f"{public.get_absolute_url()}reunion.ics"

    page = read(client, public.get_absolute_url())
    file = unfolded(client.get(address))

    assert page.count(f'href="{address}"') == 2
    google = re.search(r'href="(https://calendar.google.com/calendar/render[^"]*)"', page)[1]
    assert "visio.example%2Frives" in google
    assert "ICS" not in page
    assert f"UID:creneau-{public.pk}@" in file
    assert "https://visio.example/rives" in file
    assert client.get(f"{draft.get_absolute_url()}reunion.ics").status_code == 404


@pytest.mark.parametrize("state", ["over", "cancelled"])
def test_what_is_over_or_cancelled_is_not_offered_to_calendars(client, state):
    past = state == "over"
    debut = timezone.now() - timedelta(days=2) if past else timezone.now() + timedelta(days=2)
    meeting = ReunionFactory(publie=True, debut=debut)
    if not past:
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)

    assert "Ajouter à mon calendrier" not in read(client, meeting.get_absolute_url())


def test_nobody_is_told_how_to_come_to_what_is_over(client):
    link = {"mode": "mixte", "lien_visio": "https://visio.example/rives"}
    over = ReunionFactory(publie=True, debut=timezone.now() - timedelta(days=2), **link)
    coming = ReunionFactory(publie=True, **link)

    for meeting, told in ((over, False), (coming, True)):
        page = read(client, meeting.get_absolute_url())
        assert "<dt>Où</dt>" in page
        assert ("Se connecter à la réunion" in page) == told
        assert ("sans inscription" in page) == told
