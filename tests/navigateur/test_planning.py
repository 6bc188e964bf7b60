"""The plannings on a phone, without a script, on paper, from anywhere in the world (B1-B4, X7)."""

import re

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.gestes import submitted

HOUSE = "/maisons/maison-d-essai/salles/"
ROOM = f"{HOUSE}salle-a-demander/"
FULL = "/maisons/douze-salles/salles/"
WEEK = "?vue=semaine"
FREE = ".libre a, .semaine td a"
# « 9 h – 12 h 30 libre, Salle immédiate, mardi 24 novembre »
NAME = re.compile(
    r"\d+ h[ \d]* – \d+ h[ \d]* libre, Salle [^,]+, \w+(di|che) \d+(er)? \w+( \d{4})?"
)


def names(page):
    links = page.locator(FREE).filter(has_not_text="autres").all()
    return [link.get_attribute("aria-label").replace("\xa0", " ") for link in links]


@pytest.mark.parametrize("start", [ROOM, HOUSE, "/maisons/maison-d-essai/"])
def test_the_first_free_span_of_a_room_is_one_act_away_from_the_form(visiting, site, start):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto(start)

        submitted(page, page.locator("main a[href*='/reserver/?']").first)

        expect(page.locator("h1")).to_have_text("Votre demande")
        expect(page.locator(".avis").first).to_contain_text(re.compile(r"de \d+.h.* à \d+.h"))


@pytest.mark.parametrize("address", [HOUSE, ROOM])
@pytest.mark.parametrize("way", ["link", "field"])
def test_after_choosing_a_week_the_focus_is_on_it_and_a_start_in_view(visiting, site, address, way):
    with visiting(site, viewport=PHONE) as page:
        page.goto(f"{address}{WEEK}")
        if way == "link":
            page.get_by_role("link", name="Semaine suivante").click()
        else:
            page.get_by_role("button", name="Voir cette semaine").click()
        page.wait_for_url("**/*jour=*")

        expect(page.locator("#jour")).to_be_focused()
        expect(page.locator(FREE).first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("address", [HOUSE, ROOM])
def test_day_and_week_lead_to_each_other(visiting, site, address):
    with visiting(site) as page:
        page.goto(address)
        day = page.locator("#jour").inner_text().split(",")[0]
        submitted(page, page.get_by_role("link", name="Voir la semaine"))
        expect(page.locator("#jour")).to_contain_text("Semaine du")

        submitted(page, page.get_by_role("link", name="Voir un jour"))

        assert page.locator("#jour").inner_text().split(",")[0] == day


@pytest.mark.parametrize("address", [HOUSE, ROOM])
def test_each_start_of_a_week_says_weekday_date_month_hours_and_room(visiting, site, address):
    with visiting(site) as page:
        page.goto(f"{address}{WEEK}")

        told = names(page)

    assert told
    for name in told:
        assert NAME.fullmatch(name)


def test_hours_are_those_of_the_place_wherever_one_reads(visiting, site):
    told = []
    for zone in ("Europe/Paris", "America/New_York"):
        with visiting(site, timezone_id=zone) as page:
            page.goto(f"{HOUSE}{WEEK}")
            told.append(names(page))

    assert told[0] == told[1]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_week_of_twelve_rooms_with_long_names_fits(visiting, site, size):
    with visiting(site, viewport=size) as page:
        page.goto(f"{FULL}{WEEK}&jour={site.today}")
        page.get_by_role("link", name="Semaine suivante").click()
        page.wait_for_url("**/*jour=*")

        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        assert page.locator(".semaine tbody tr").count() == 12
        box = page.locator(".semaine td a").first.bounding_box()
        assert box["height"] >= 44
        expect(page.locator(".semaine thead")).to_be_visible(visible=size == DESKTOP)


def test_a_printed_week_has_its_dates_and_no_links_to_choose(visiting, site):
    with visiting(site) as page:
        page.goto(f"{HOUSE}{WEEK}")
        page.emulate_media(media="print")

        expect(page.locator("#jour")).to_be_visible()
        expect(page.locator(".semaine")).to_be_visible()
        expect(page.locator(".imprime")).to_contain_text("/maisons/maison-d-essai/salles/")
        for left_out in (".menu", ".jours", ".chercher"):
            expect(page.locator(left_out)).to_be_hidden()
