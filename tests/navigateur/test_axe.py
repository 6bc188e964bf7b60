"""axe finds nothing, and nothing is wider than the screen, on any page (RGAA 10.11, promise 4)."""

import os
from itertools import product

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from portail.rivemont.comptes import ADMIN, COUNCIL, DESK, RESIDENT
from tests.navigateur.gestes import open_page
from tests.navigateur.pages import PASSWORDLESS, PROTECTED

NARROW = 320
EVERY = bool(os.environ.get("COMPLET"))
VARIANTS = (
    list(product([NARROW, 375, 1280], ["light", "dark"]))
    if EVERY
    else [
        (375, "light"),
        (1280, "dark"),
    ]
)
# Target size is off by default in axe: WCAG 2.2 alone asks for it (parcours X1).
AXE = """async () => {
    const options = {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}};
    const {violations} = await axe.run(options);
    return violations.flatMap(fault => fault.nodes.map(node => `${fault.id} : ${node.html}`));
}"""
UNFOLD = """() => {
    const folded = document.querySelectorAll("details:not([open])");
    for (const details of folded) details.open = true;
    return folded.length;
}"""
TOO_WIDE = """() => {
    const page = document.documentElement, width = page.clientWidth;
    const right = element => element.getBoundingClientRect().right;
    const over = [...document.querySelectorAll("table")].filter(table =>
        getComputedStyle(table.parentElement).overflowX === "visible"
        && right(table) > right(table.parentElement) + 1);
    if (page.scrollWidth <= width) return over.map(table => `hors cadre : ${table.id}`);
    const wide = [...document.querySelectorAll("body *")]
        .filter(element => right(element) > width + 1);
    const names = wide.map(element => element.outerHTML.slice(0, 60));
    return [`${page.scrollWidth} px : ${names.slice(-2)}`];
}"""


def faults(page, width):
    """What is wrong with the page shown, then unfolded, then on the narrowest screen."""
    found = page.evaluate(TOO_WIDE)
    if page.evaluate(UNFOLD):
        found += page.evaluate(TOO_WIDE)
    page.evaluate(AXE_SCRIPT)  # what is folded, it does not see
    found += page.evaluate(AXE)
    if width != NARROW:
        page.set_viewport_size({"width": NARROW, "height": 667})
        found += page.evaluate(TOO_WIDE)
        page.set_viewport_size({"width": width, "height": 800})
    return sorted(set(found))


@pytest.fixture(params=VARIANTS, ids=lambda variant: "{} px {}".format(*variant))
def variant(request):
    return request.param


@pytest.fixture
def look(visiting, variant):
    """What is wrong on the pages that somebody reads, by page; one fresh context for all."""
    width, scheme = variant
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}

    def look(site, reader):
        pages = [page for page in site.pages if page.reader == reader and page.looked_at]
        found = {}
        with visiting(site, reader, **screen) as browser_page:
            for page in pages:
                if not reader:
                    browser_page.context.clear_cookies()
                open_page(browser_page, site, page)
                found[str(page)] = faults(browser_page, width)
        assert found
        return {name: told for name, told in found.items() if told}

    return look


@pytest.mark.parametrize("reader", ["", RESIDENT, PASSWORDLESS, PROTECTED, DESK, COUNCIL, ADMIN])
def test_axe_finds_nothing_and_nothing_is_too_wide(look, rivemont, reader):
    assert look(rivemont, reader) == {}


@pytest.mark.parametrize("reader", ["", RESIDENT, ADMIN])
def test_the_same_holds_in_a_city_on_its_first_day(look, vide, reader):
    assert look(vide, reader) == {}


DEFECTS = {
    "image-alt": "<img src='/static/icone.svg'>",
    "color-contrast": "<p class='pale'>Trop pâle</p>",
    "target-size": "<button class='petit'>a</button><button class='petit'>b</button>",
    "label": "<input type='text'>",
    "px : ": "<p class='large'>Trop large</p>",
    "hors cadre : ": "<div class='petit'><table><tr><td>Trop large</td></tr></table></div>",
}
SHEET = """
    .pale { color: #999; background: #aaa }
    .petit { width: 9px; height: 9px; padding: 0 }
    .large { width: 2000px }
"""
ADD = """([sheet, html]) => {
    document.adoptedStyleSheets = [new CSSStyleSheet()];
    document.adoptedStyleSheets[0].replaceSync(sheet);
    const folded = `<details><summary>Plus</summary>${html}</details>`;
    document.querySelector("main").insertAdjacentHTML("beforeend", folded);
}"""


@pytest.mark.parametrize(("rule", "html"), DEFECTS.items())
def test_a_folded_defect_is_seen(visiting, rivemont, rule, html):
    with visiting(rivemont, viewport={"width": 375, "height": 667}) as page:
        page.goto("/aide/")
        page.evaluate(ADD, [SHEET, html])

        assert rule in " ".join(faults(page, 375))
