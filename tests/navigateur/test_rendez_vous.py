"""An appointment without an account, on a phone and without a script; then by its code."""

import re
from itertools import count
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import submitted
from tests.navigateur.rendez_vous import TAKEN
from tests.navigateur.test_reserver import Walk
from tests.navigateur.test_sans_compte import courriel, link, phone

__all__ = ["courriel", "phone"]  # fixtures
TAKEN_NOW, WAITING = "Votre rendez-vous est pris", "Il reste à confirmer votre rendez-vous"
CHECK, MOMENT = "Vérifiez puis confirmez", "Choisissez un moment"
PRIMARY = ".bouton:not(.second, .danger)"
numbers = count(10)


def number():
    """Of a mobile, another one each time: one person may send five forms an hour."""
    return f"06 12 34 {next(numbers)} 78"


def take(walk, contact, which=0):
    """From the service's own link to the page that says what is left to do, or that it is done."""
    page = walk.page
    page.goto(TAKEN)
    walk.screens.append(page.locator("h1").inner_text())
    seen(page)
    walk.press(page.locator(".departs a").nth(which))
    seen(page)
    walk.type("Votre prénom", "Camille O’Neill-Nguyễn")
    walk.type("Téléphone ou", contact)
    walk.choose("Pourquoi", page.get_by_label("Pourquoi").locator("option").nth(1).inner_text())
    walk.press(page.get_by_role("button", name="Continuer"))
    seen(page)
    walk.press(page.get_by_role("button", name="Confirmer le rendez-vous"))
    return walk


def seen(page):
    """One thing to do on each screen, and nothing to scroll sideways."""
    assert page.locator(f"main {PRIMARY}").count() <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def in_view(page, target):
    box = target.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]


def test_by_phone_within_the_counts_and_taken_at_once(phone):
    with phone() as page:
        walk = take(Walk(page), number())

        assert walk.screens == [MOMENT, "Qui vient\u00a0?", CHECK, TAKEN_NOW]
        assert len(walk.screens) - 1 <= 3
        assert (walk.acts, walk.typed) == (4, 2)
        told = ["h1", ".reussite strong >> nth=0", ".code"]
        assert all(in_view(page, page.locator(one).first) for one in told)
        assert in_view(page, page.get_by_text("À apporter"))


def test_from_a_need_in_four_screens_at_the_first_place(phone):
    with phone() as page:
        page.goto("/permanences/")
        walk = Walk(page)
        walk.screens.append(page.locator("h1").inner_text())
        walk.press(page.get_by_role("link", name="Un conflit avec un voisin"))
        name = "Prendre rendez-vous : Conseil social d’essai"
        walk.press(page.get_by_role("link", name=re.compile(name.replace(" :", r"\s:"))))
        walk.type("Votre prénom", "Linh")
        walk.type("Téléphone ou", number())
        walk.press(page.get_by_role("button", name="Continuer"))
        walk.press(page.get_by_role("button", name="Confirmer le rendez-vous"))

        assert walk.screens[2:] == ["Qui vient\u00a0?", CHECK, TAKEN_NOW]
        assert len(walk.screens) - 1 <= 4
        assert (walk.acts <= 7, walk.typed) == (True, 2)


def test_the_check_holds_on_one_screen_of_a_phone(phone):
    with phone() as page:
        page.goto(TAKEN)
        submitted(page, page.locator(".departs a").first)
        page.get_by_label("Votre prénom").fill("Camille")
        page.get_by_label("Téléphone ou").fill(number())
        submitted(page, page.get_by_role("button", name="Continuer"))

        assert page.locator("h1").inner_text() == CHECK
        assert in_view(page, page.get_by_role("button", name="Confirmer le rendez-vous"))
        edits = page.locator(".modifier :is(a, button)").all()
        assert len({edit.inner_text() for edit in edits}) == len(edits) == 3


def test_by_e_mail_and_confirmed_in_another_browser(site, phone, courriel):
    with phone() as library:
        walk = take(Walk(library), courriel)
    with phone() as page:
        page.goto(link(site.letters(courriel)[-1]))
        there = Walk(page)

        there.press(page.get_by_role("button", name="Confirmer le rendez-vous"))

    assert walk.screens[-1] == WAITING
    assert there.screens == [TAKEN_NOW]


def test_a_day_on_a_screen_and_the_focus_on_its_heading(phone):
    with phone() as page:
        page.goto(TAKEN)
        day = page.locator(".jours a").nth(1)
        told = day.inner_text()

        submitted(page, day)

        first = page.locator(".departs a").first
        assert page.locator("#jour").inner_text().startswith(told)
        assert in_view(page, first)
        page.keyboard.press("Tab")
        expect(first).to_be_focused()
        assert re.search(r"\w+ \d+ \w+.* de \d+\sh.* à \d+\sh", first.get_attribute("aria-label"))
        assert [one["name"] for one in page.context.cookies()] == []


def test_moved_by_its_code_in_another_browser(phone):
    code = taken(phone)
    with phone() as page:
        page.goto(code)
        walk = Walk(page)
        walk.press(page.get_by_role("link", name="Changer de moment"))
        expect(page.get_by_role("link", name="Garder mon rendez-vous").first).to_be_visible()
        page.get_by_label("trois premières lettres").fill("cam")
        button = page.locator(".departs button").last
        hour = button.inner_text()

        walk.press(button)

        assert walk.screens == ["Changer de moment", TAKEN_NOW]
        assert hour in page.locator(".reussite strong").first.inner_text()


def test_called_off_in_two_screens_then_taken_again(phone):
    code = taken(phone)
    with phone() as page:
        page.goto(code)
        assert "Camille" not in page.locator("main").inner_text()
        walk = Walk(page)
        walk.press(page.get_by_role("link", name="Annuler le rendez-vous"))
        walk.type("trois premières lettres", "oné")

        walk.press(page.get_by_role("button", name="Annuler le rendez-vous"))

        assert walk.screens == ["Annuler ce rendez-vous\u00a0?", "Ce rendez-vous est annulé"]
        assert (walk.acts, walk.typed) == (2, 1)
        walk.press(page.get_by_role("link", name="Prendre un autre rendez-vous"))
        assert walk.screens[-1] == MOMENT


def taken(phone):
    """The address that its code has, of an appointment taken by phone in another browser."""
    with phone() as page:
        take(Walk(page), number())
        return urlsplit(page.url).path


@pytest.mark.parametrize("path", ["", "?moment=2020-01-01T10:00", "?moment=x", "?jour=2026-02-31"])
def test_whatever_the_address_says_there_is_a_way_on(phone, path):
    with phone() as page:
        answer = page.goto(f"{TAKEN}{path}")

        assert answer.status == 200
        assert page.locator("main a").count() > 2
