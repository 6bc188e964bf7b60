"""Finding a room on a phone, without a script, from anywhere in the world (B2, B4, X6)."""

import re

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.test_reserver import Walk

SEARCH = "/salles/"


def test_from_the_home_page_to_the_form_of_a_free_room(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        walk = Walk(page)
        page.goto("/")
        walk.press(page.locator("main").get_by_role("link", name="Réserver une salle"))
        walk.type("Combien", "12")
        walk.press(page.get_by_role("button", name="Voir les salles libres"))
        span = page.locator(".libres a").first
        expect(span).to_be_in_viewport(ratio=1)

        asked = span.get_attribute("href")

    assert walk.screens == ["Trouver une salle"] * 2  # the time is chosen on the second
    assert (walk.acts, walk.typed) == (2, 1)
    assert re.search(r"/reserver/\?jour=.*&de=.*&a=.*&personnes=12$", asked)


@pytest.mark.parametrize("way", ["link", "form"])
def test_after_a_choice_the_focus_is_on_the_day_and_a_start_in_view(visiting, site, way):
    with visiting(site, viewport=PHONE) as page:
        page.goto(SEARCH)
        if way == "link":
            page.locator(".jours a").nth(3).click()
        else:
            page.get_by_role("button", name="Voir les salles libres").click()
        page.wait_for_url("**/*jour=*")

        expect(page.locator("#jour")).to_be_focused()
        expect(page.locator(".libres a").first).to_be_in_viewport(ratio=1)


def test_hours_are_those_of_the_place_wherever_one_reads(visiting, site):
    names = []
    for zone in ("Europe/Paris", "America/New_York"):
        with visiting(site, timezone_id=zone) as page:
            page.goto(SEARCH)
            page.locator(".jours a").nth(3).click()
            page.wait_for_url("**/*jour=*")
            links = page.locator(".libres a").all()
            names.append([link.get_attribute("aria-label") for link in links])

    here, there = names
    assert here == there
    assert len(here) >= 12
    assert all(re.search(r"\d\u00a0h.* libre, .*, Maison .*, \w+ \d+", name) for name in here)


@pytest.mark.parametrize("width", [320, 1200])
def test_the_menu_fits_at_its_narrowest(visiting, site, width):
    with visiting(site, viewport={"width": width, "height": 800}) as page:
        page.goto(SEARCH)
        head = page.locator(".tete")

        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert head.bounding_box()["height"] < 80
