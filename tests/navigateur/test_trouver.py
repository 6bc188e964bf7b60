"""The agenda in place where there is a script, by month, never by itself (F3, F13)."""

import re

from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import submitted

KEPT = "window.kept = 'yes'"


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
        submitted(page, page.get_by_role("link", name="Par mois"))
        day = page.locator(".mois a").last
        number = int(day.locator("small").inner_text().split()[0])
        day.click()

        expect(page.locator(".jour").last.locator(".fiche")).to_have_count(number)


def test_nothing_loads_by_itself_at_the_end_of_the_list(visiting, site):
    with visiting(site) as page:
        page.goto("/agenda/", wait_until="networkidle")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.mouse.wheel(0, 100_000)
        page.wait_for_timeout(500)

        assert asked == []
