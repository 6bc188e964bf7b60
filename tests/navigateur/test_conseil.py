"""A meeting of a council, on a phone and without a script: followed, and said to come to (C3)."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import submitted
from tests.navigateur.test_reserver import KeyboardWalk, Walk

LINK = re.compile(r"https?://\S+/code/\S+")
MEETING = "/conseils/conseil-d-essai/reunions/1/"


@pytest.fixture
def phone(visiting, site):
    return lambda: visiting(site, viewport=PHONE, java_script_enabled=False)


@pytest.mark.parametrize("walk_with", [Walk, KeyboardWalk], ids=["finger", "keyboard"])
def test_an_agenda_is_read_two_acts_from_the_home_page(phone, walk_with):
    """C4: no menu to unfold, nothing typed, nobody signed in."""
    with phone() as page:
        page.goto("/")
        walk = walk_with(page)
        walk.press(page.locator("main").get_by_role("link", name="Lire un ordre du jour"))
        walk.press(page.get_by_role("link", name="Lire l’ordre du jour").first)

        expect(page.get_by_role("heading", name="Ordre du jour", exact=True)).to_be_visible()
        expect(page.locator("#point-1")).to_be_attached()
        assert (walk.acts, walk.typed) == (2, 0)


@pytest.mark.parametrize("start", [MEETING, "/conseils/conseil-d-essai/"])
def test_a_council_is_followed_in_two_acts_and_confirmed_from_the_letter(site, phone, start):
    courriel = f"{uuid4().hex}@rivemont.example"
    with phone() as page:
        page.goto(start)
        walk = Walk(page)
        walk.press(page.get_by_role("link", name=re.compile("ordres du jour par e-mail")))
        walk.type("Adresse e-mail", courriel)
        walk.press(page.get_by_role("button", name="Suivre ce conseil"))
        assert (walk.acts, walk.typed) == (2, 1)
        assert walk.screens[-1] == "Il reste à confirmer"

    [letter] = site.letters(courriel)
    text = letter.get_body(["plain"]).get_content()
    with phone() as page:
        page.goto(urlsplit(LINK.search(text)[0]).path)
        submitted(page, page.get_by_role("button", name="Suivre ce conseil"))

        expect(page.locator("h1")).to_contain_text("Vous suivez")


def test_coming_is_one_button_without_a_name_and_taken_back_by_another(phone):
    with phone() as page:
        page.goto(MEETING)
        assert page.context.cookies() == []

        submitted(page, page.get_by_role("button", name="Je viens"))
        expect(page.locator("h1")).to_contain_text("C’est noté")
        [cookie] = page.context.cookies()
        submitted(page, page.get_by_role("button", name="Je ne viens plus"))

        expect(page.locator("h1")).to_contain_text("Dire que vous venez")
        assert cookie["name"].endswith("venir")
        assert cookie["httpOnly"]
