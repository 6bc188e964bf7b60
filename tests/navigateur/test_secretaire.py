"""A secretary makes a meeting from the last one: twelve acts at most, by the keyboard too."""

import re

import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import COUNCIL
from tests.documents import fichiers
from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.gestes import submitted

MOST = 12


class Acts:
    """Presses by the keyboard what is on a page, and counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, role, name, within="main"):
        self.count += 1
        found = self.page.locator(within).get_by_role(role, name=name).first
        found.focus()
        with self.page.expect_navigation():
            found.press("Enter")


def order(page):
    return page.locator("#points-group summary").all_inner_texts()


@pytest.fixture
def titles():
    """The titles of items, without their places."""
    return lambda page: [re.sub(r"^\d+\. ", "", line) for line in order(page)]


@pytest.fixture
def pdf(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(fichiers.pdf())
    return path


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_last_meeting_to_the_published_agenda(visiting, site, titles, pdf, javascript):
    """S1, S2: prepared, reordered, with a document, looked at, published."""
    with visiting(site, COUNCIL, viewport=PHONE, java_script_enabled=javascript) as page:
        acts = Acts(page)
        page.goto("/gestion/")

        acts.press("link", "Préparer la prochaine réunion")
        acts.press("button", "Préparer le brouillon")
        before = titles(page)
        acts.press("button", f"Descendre « {before[0].split(',')[0]} »")
        focused = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
        told = page.locator(f"#{focused}").inner_text()
        after = titles(page)
        add_document(acts, pdf)
        acts.press("link", "Revenir à la réunion")
        acts.press("link", "Voir l’aperçu")
        acts.press("link", "Publier l’ordre du jour")
        acts.press("button", "Publier maintenant")

        assert told == f"Position 2 sur {len(before)}"
        assert after == [before[1], before[0], *before[2:]]
        expect(page.locator("main")).to_contain_text("est publié")
        assert acts.count <= MOST


def add_document(acts, path):
    acts.press("link", "Documents")
    page = acts.page.locator("main")
    page.locator("[type=file]").set_input_files(path)
    page.get_by_label("Titre").fill("Plan des bancs")
    acts.count += 2
    acts.press("button", "Ajouter le document")
    expect(page).to_contain_text("1 document")


def draft(page):
    """A draft of the secretary, with several items."""
    page.goto("/gestion/")
    submitted(page, page.get_by_role("link", name="Préparer la prochaine réunion"))
    submitted(page, page.get_by_role("button", name="Préparer le brouillon"))


def test_an_item_is_dragged_to_its_place_and_stays_there(visiting, site, titles):
    with visiting(site, COUNCIL) as page:
        violations = []
        page.on("console", lambda message: violations.append(message.text))
        draft(page)
        before = titles(page)

        rows = page.locator("#points-group .ligne:has(.ordre)")
        rows.last.locator(".poignee").drag_to(rows.first, target_position={"x": 20, "y": 2})
        places = page.locator("[id^=place-]").all_inner_texts()
        submitted(page, page.locator("[name=_continue]"))

        total = len(before)
        assert places == [f"Position {rank} sur {total}" for rank in range(1, total + 1)]
        assert titles(page) == [before[-1], *before[:-1]]
        assert violations == []


def test_a_button_pressed_twice_moves_an_item_once(visiting, site, titles):
    with visiting(site, COUNCIL) as page:
        draft(page)
        before = titles(page)

        page.get_by_role("button", name=f"Descendre « {before[0].split(',')[0]} »").dblclick()
        expect(page.get_by_role("status")).to_contain_text("est maintenant en position 2")

        assert titles(page) == [before[1], before[0], *before[2:]]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_preview_is_as_wide_as_its_screen(visiting, site, viewport):
    """S6"""
    with visiting(site, COUNCIL, viewport=viewport) as page:
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        draft(page)
        submitted(page, page.get_by_role("link", name="Voir l’aperçu"))

        widths = {}
        for name in ("Sur un téléphone", "Sur un ordinateur"):
            submitted(page, page.get_by_role("link", name=name))
            frame = page.frame_locator("iframe")
            expect(frame.locator("h1")).to_contain_text("Brouillon")
            widths[name] = page.frames[1].evaluate("innerWidth")
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")

        assert widths["Sur un téléphone"] <= 375
        assert widths["Sur un ordinateur"] >= 1270
        assert not wide
        assert refused == []
