"""Finding what is on, without a script, then in place with one (F2, F3, F13, parcours § 2)."""

import re

from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.test_reserver import Walk

FIRST_ROW = ".fiches .titre a"
KEPT = "window.kept = 'yes'"


def test_home_shows_what_is_on_and_leads_to_an_event_in_one_act(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        walk = Walk(page)
        page.goto("/")
        title = page.locator(FIRST_ROW).first.inner_text()
        walk.press(page.locator(FIRST_ROW).first)

        assert walk.screens == [title]
        assert (walk.acts, walk.typed) == (1, 0)


def test_filtered_in_two_screens_and_three_acts_with_nothing_typed(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        walk = Walk(page)
        page.goto("/agenda/")
        page.get_by_text("Tous les filtres").click()
        page.get_by_label("Gratuit").check()
        walk.acts += 2
        walk.press(page.get_by_role("button", name="Afficher les rendez-vous"))

        expect(page.get_by_role("status")).to_contain_text("Gratuit")
        expect(page.get_by_role("link", name="Retirer « Gratuit »")).to_be_visible()
        assert (len(walk.screens) + 1, walk.acts, walk.typed) == (2, 3, 0)


def test_with_a_script_the_list_changes_in_place_and_back_brings_it_again(visiting, site):
    with visiting(site) as page:
        page.goto("/agenda/")
        before = page.get_by_role("status").inner_text()
        page.evaluate(KEPT)
        link = page.get_by_role("navigation", name="Dates proposées").get_by_text("30 jours")
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/agenda/?du=*")

        expect(page.get_by_role("status")).not_to_have_text(before)
        expect(link).to_be_focused()
        expect(link).to_have_attribute("aria-current", "true")
        page.go_back()
        expect(page.get_by_role("status")).to_have_text(before)
        assert page.url.endswith("/agenda/")


def test_with_a_script_the_form_filters_in_place(visiting, site):
    with visiting(site) as page:
        page.goto("/agenda/")
        page.evaluate(KEPT)
        page.get_by_label("Gratuit").check()
        page.get_by_role("button", name="Afficher les rendez-vous").click()

        expect(page.get_by_role("link", name="Retirer « Gratuit »")).to_be_visible()
        assert re.search(r"/agenda/\?.*gratuit=oui", page.url)
        assert page.evaluate("window.kept") == "yes"


def test_the_month_leads_to_a_day(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/agenda/")
        page.get_by_role("link", name="Par mois").click()
        day = page.locator(".mois a").last
        number = day.locator("small").inner_text()
        day.click()

        expect(page.get_by_role("status")).to_contain_text(number.strip())


def test_nothing_loads_by_itself_at_the_end_of_the_list(visiting, site):
    with visiting(site) as page:
        page.goto("/agenda/")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.mouse.wheel(0, 100_000)
        page.wait_for_timeout(500)

        assert asked == []
