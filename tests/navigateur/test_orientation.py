"""Find help with a letter on a phone, without JavaScript: where to go, and a card to take along."""

import re
from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import submitted

A5 = (420, 595)  # points
NEED = "Une lettre que je ne comprends pas"


def test_find_help_with_a_letter_and_print_a_card(visiting, site):
    """Two acts from the list to the permanence, those without appointment first (R3, A8)."""
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("link", name="Trouver de l’aide").click()
        submitted(page, page.get_by_role("link", name=NEED))
        expect(page.get_by_role("heading", level=1)).to_have_text(NEED)
        sections = page.locator("section h2").all_inner_texts()
        assert sections[0] == "Venez sans rendez-vous"
        row = page.locator(".lignes a").first
        service = row.inner_text()
        row.click()

        expect(page.get_by_role("heading", level=1)).to_contain_text(service)
        expect(page.get_by_text("Venez sans rendez-vous")).to_be_visible()
        submitted(page, page.get_by_role("link", name="Imprimer une carte"))
        (sheet,) = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A5
        told = " ".join(sheet.extract_text().split())
        assert "Maison" in told
        assert service not in told
        assert re.search(r"/agenda/\d+/", told)


def test_near_me_keeps_the_need(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/permanences/?besoin=courrier")
        page.get_by_role("link", name="près de chez moi").click()
        page.get_by_label("Les Rives").check()
        page.get_by_role("button", name="Voir ce qui est près de mon quartier").click()

        expect(page.get_by_role("link", name="Retirer « près de Les Rives »")).to_be_visible()
        assert "besoin=courrier" in page.url


def test_the_first_help_is_in_view_on_a_phone(visiting, site):
    """Of a need: its title, the number and the first place, before scrolling twice."""
    with visiting(site, viewport=PHONE) as page:
        page.goto("/permanences/?besoin=courrier")
        first = page.locator(".lignes a").first.bounding_box()

        assert first["y"] < 2 * PHONE["height"]
