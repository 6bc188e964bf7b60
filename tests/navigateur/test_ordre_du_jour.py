"""An agenda on paper, in large print, as a file; looked for in all of them (C4, C9, C10)."""

import io

import pypdf
import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.gestes import submitted

LONG = "/conseils/conseil-d-essai/reunions/1/"  # eight items, mixed
POINT = 4 / 3  # pixels
EDGES = ["top", "right", "bottom", "left"]
# The smallest letters of what is read, in points.
SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *")]
    .filter(element => [...element.childNodes].some(
        node => node.nodeType === 3 && node.textContent.trim()))
    .filter(element => element.getClientRects().length && !element.matches("sup"))
    .map(element => parseFloat(getComputedStyle(element).fontSize)))"""


def printed(page):
    page.emulate_media(media="print")
    file = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", margin=dict.fromkeys(EDGES, "12mm"))))
    return len(file.pages), " ".join(" ".join(p.extract_text().split()) for p in file.pages)


def test_an_agenda_of_eight_items_prints_on_two_pages_with_the_addresses_of_links(visiting, site):
    with visiting(site) as page:
        page.goto(LONG)
        assert page.locator(".points > li").count() == 8

        pages, told = printed(page)

    assert pages <= 2
    assert "https://visio.example/conseil-" in told
    assert LONG in told.replace(" ", "")
    assert "grands caractères" not in told


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_large_print_is_one_link_away_and_all_of_it_is_large(visiting, site, viewport, media):
    with visiting(site, viewport=viewport) as page:
        page.goto(LONG)
        usual = page.evaluate(SMALLEST)

        submitted(page, page.get_by_role("link", name="en grands caractères"))
        page.emulate_media(media=media)

        assert usual < 16 * POINT <= page.evaluate(SMALLEST) + 0.01
        if media == "screen":
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_what_is_easy_to_read_is_seen_first(visiting, site):
    with visiting(site, viewport=PHONE) as page:
        page.goto(LONG)

        headings = page.locator("main :is(h1, h2)").all_inner_texts()

    assert headings[1] == "L’essentiel, facile à lire"


def test_the_file_is_one_act_away(visiting, site):
    with visiting(site) as page:
        page.goto(LONG)
        link = page.get_by_role("link", name="Ordre du jour en PDF accessible")

        answer = page.request.get(link.get_attribute("href"))
        kind, content = answer.headers["content-type"], answer.body()

    assert kind == "application/pdf"
    assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_an_item_is_found_from_the_list_of_councils_and_opened_at_its_place(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/conseils/")
        submitted(page, page.get_by_role("link", name="Chercher dans tous les ordres du jour"))
        page.get_by_label("Mots", exact=True).fill("questions de la salle")
        submitted(page, page.get_by_role("button", name="Chercher un sujet"))

        expect(page.get_by_role("status")).to_contain_text("d’ordre du jour")
        first = page.locator(".trouvailles a").first
        address = first.get_attribute("href")
        submitted(page, first)

        expect(page.locator(f"#{address.split('#')[1]}")).to_be_in_viewport()
