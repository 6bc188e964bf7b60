"""Finding one's way: hours, what shows first, going back, the keyboard, large letters."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portail.rivemont.comptes import ADMIN
from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.gestes import submitted
from tests.navigateur.test_axe import TOO_WIDE

ROOMS = "/maisons/maison-d-essai/salles/"
WALKED = [("/", ""), ("/agenda/", ""), (ROOMS, "")]
# Where the focus is, and what lies over its first line; a shape of the map is not its own box.
STOP = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const rank = [...document.querySelectorAll("*")].indexOf(focused);
    const box = focused.getClientRects()[0];
    if (!box || focused.namespaceURI.endsWith("svg")) return [rank, ""];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (top && (focused.contains(top) || top.contains(focused))) return [rank, ""];
    const over = top ? top.outerHTML.slice(0, 80) : "nothing: it is out of view";
    return [rank, `${over} over ${focused.outerHTML.slice(0, 80)}`];
}"""
LARGE = "document.documentElement.style.fontSize = '200%'"


def last_sunday(month):
    day = date(timezone.localdate().year, month, 31)
    return day - timedelta(days=day.isoweekday() % 7)


def text(visiting, site, path, timezone_id):
    with visiting(site, timezone_id=timezone_id) as page:
        page.goto(path)
        return page.locator("main").inner_text()


@pytest.mark.parametrize("month", [3, 10], ids=["spring", "autumn"])
@pytest.mark.parametrize(
    "path", ["/agenda/?du={}&au={}", "/maisons/maison-d-essai/salles/?jour={}"]
)
def test_hours_are_those_of_the_place_not_of_the_visitor(visiting, site, path, month):
    change = last_sunday(month)
    before, after = change - timedelta(days=1), change + timedelta(days=1)
    path = path.format(before, after)

    seen = [text(visiting, site, path, zone) for zone in ("Europe/Paris", "America/New_York")]

    assert re.search(r"\d\sh", seen[0])
    assert seen[0] == seen[1]


def test_ten_in_the_morning_is_ten_on_all_dates_seen_from_elsewhere(visiting, site):
    with visiting(site, timezone_id="America/New_York") as page:
        page.goto("/evenements/le-plus-long/")
        dates = page.get_by_role("region", name="Les dates à venir").get_by_role("listitem")

        told = dates.all_inner_texts()

    assert len(told) > 1
    assert [line for line in told if "de 10\xa0h à 12\xa0h" not in line] == []


def test_an_event_is_decided_on_without_scrolling(visiting, site):
    with visiting(site, viewport=PHONE) as page:
        page.goto("/agenda/")
        links = page.locator(".fiche:not(.annule) .titre a").all()
        addresses = dict.fromkeys(link.get_attribute("href") for link in links[:12])
        assert addresses
        for address in addresses:
            page.goto(address)
            facts = page.locator("main .chapeau")

            expect(page.locator("h1")).to_be_in_viewport(ratio=1)
            expect(facts.locator("b").first).to_be_in_viewport(ratio=1)
            expect(facts).to_be_in_viewport(ratio=1)
            todo = page.locator("main :is(.bouton, .avis)").first  # or nothing but to come
            expect(todo).to_be_in_viewport(ratio=1)


def test_a_cancelled_event_says_so_in_its_title_its_heading_and_its_row(visiting, site):
    day = site.today + timedelta(days=3)
    with visiting(site) as page:
        page.goto(f"/agenda/?du={day}&au={day}")
        row = page.locator(".fiche").filter(has_text="Bal d’été")
        expect(row).to_contain_text("Annulé")

        answer = submitted(page, row.get_by_role("link"))

        assert answer.status == 200
        assert re.match(r"Annulé\s: ", page.title())
        expect(page.locator("h1")).to_contain_text("Annulé")


def test_from_home_to_an_event_in_one_act(visiting, site):
    with visiting(site) as page:
        page.goto("/")
        first = page.locator(".fiche .titre a").first
        title = first.inner_text()

        submitted(page, first)

        expect(page.locator("h1")).to_contain_text(title)


def test_a_filtered_agenda_is_two_screens_and_nothing_typed(visiting, site):
    with visiting(site) as page:
        page.goto("/")
        submitted(page, page.get_by_role("link", name="Voir tout l’agenda"))
        submitted(page, page.get_by_role("link", name="Ce week-end"))

        expect(page.get_by_role("link", name="Ce week-end")).to_have_attribute(
            "aria-current", "true"
        )


def test_each_filter_is_told_and_taken_away_and_back_gives_the_list(visiting, site):
    with visiting(site) as page:
        page.goto("/agenda/?maison=maison-d-essai&q=rencontre")
        status = page.get_by_role("status")
        expect(status).to_contain_text("rencontre")
        expect(status).to_contain_text("Maison d’essai")
        filtered = page.locator("main").inner_text()

        submitted(page, page.get_by_role("link", name="Retirer « rencontre »"))
        expect(status).not_to_contain_text("rencontre")
        expect(status).to_contain_text("Maison d’essai")
        page.go_back()
        expect(status).to_contain_text("rencontre")

        assert page.locator("main").inner_text() == filtered


def test_back_from_an_event_gives_the_same_list(visiting, site):
    with visiting(site) as page:
        page.goto("/agenda/")
        month = page.get_by_role("link", name="30 jours")
        submitted(page, month)
        expect(month).to_have_attribute("aria-current", "true")  # the list has changed in place
        listed, address = page.locator("main").inner_text(), page.url
        submitted(page, page.locator(".fiche .titre a").last)

        page.go_back()

        assert page.url == address
        assert page.locator("main").inner_text() == listed


@pytest.mark.parametrize(
    ("path", "reader"),
    [
        ("/", ""),
        ("/agenda/", ""),
        ("/compte/login/", ""),
        ("/nulle-part/", ""),
        ("/gestion/", ADMIN),
    ],
)
def test_the_skip_link_comes_first_and_leads_to_the_content(visiting, site, path, reader):
    with visiting(site, reader) as page:
        page.goto(path)

        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Aller au contenu")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")

        expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize(
    ("path", "reader"),
    [("/", ""), ("/agenda/", ""), ("/maisons/", ""), ("/compte/signup/", ""), ("/gestion/", ADMIN)],
)
@pytest.mark.parametrize("width", [640, 1280])
def test_letters_twice_as_large_still_fit(visiting, site, path, reader, width):
    with visiting(site, reader, viewport={"width": width, "height": 800}) as page:
        page.goto(path)

        page.evaluate(LARGE)

        assert page.evaluate(TOO_WIDE) == []


def walk(page, key="Tab"):
    """Each stop of the key until it leaves the page: (rank in the document, what covers it)."""
    stops = []
    for _ in range(400):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop is None or (stop[0] in dict(stops) and stop != stops[-1]):
            return stops
        if not stops or stop[0] != stops[-1][0]:  # a date field has several stops of its own
            stops.append(stop)
    return []


@pytest.mark.parametrize(("path", "reader"), [*WALKED, ("/gestion/", ADMIN)])
def test_the_tab_key_follows_the_page_and_leaves_it(visiting, site, path, reader):
    with visiting(site, reader) as page:
        page.goto(path)
        links = page.locator("a[href]:visible, button:visible, input:visible, summary:visible")
        mouse = page.locator('a[tabindex="-1"]:visible')  # the lands of the map, named elsewhere
        wanted = links.count() - mouse.count()

        ranks = [rank for rank, _ in walk(page)]

    assert ranks == sorted(ranks)
    assert len(ranks) >= wanted


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("path", "reader"), WALKED)
def test_the_focus_is_never_under_what_sticks(visiting, site, path, reader, screen, key):
    with visiting(site, reader, viewport=screen) as page:
        page.goto(path)

        stops = walk(page, key)

    assert stops
    assert [cover for _, cover in stops if cover] == []
