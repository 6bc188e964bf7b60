"""Booking without an account, on a phone and without a script; then by the code alone."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import reserver, se_presenter, submitted
from tests.navigateur.test_reserver import Walk

LINK = re.compile(r"https?://\S+/code/\S+")
DIGITS = re.compile(r"^\d{6}$", re.MULTILINE)
EDGES = ["top", "right", "bottom", "left"]  # which printers leave blank
WAITING = "Il reste à confirmer votre réservation"
SENT, MADE = "Votre demande est envoyée", "Votre réservation est faite"


@pytest.fixture
def courriel():
    return f"{uuid4().hex}@rivemont.example"


@pytest.fixture
def phone(visiting, site):
    """A browser of its own each time it is entered: small, and without a script."""
    return lambda: visiting(site, viewport=PHONE, java_script_enabled=False)


def book(walk, room="Salle à demander", **contact):
    """From the home page to the page that says what is left to do."""
    page = walk.page
    page.goto("/")
    walk.press(page.locator("main").get_by_role("link", name="Réserver une salle"))
    walk.press(page.locator(".jours a").nth(3))
    walk.press(page.get_by_role("link", name=f"libre, {room}, Maison d’essai").first)
    walk.type("Votre nom", "Camille O’Neill-Nguyễn")
    for label, value in contact.items():
        walk.type(label, value)
    walk.choose("Pourquoi", "voisins")
    walk.type("Combien", "12")
    walk.press(page.get_by_role("button", name="Continuer"))
    walk.press(page.get_by_role("button", name="Confirmer la réservation"))
    return walk


def text_of(letter):
    return letter.get_body(["plain"]).get_content()


def link(letter):
    return urlsplit(LINK.search(text_of(letter))[0]).path


def confirmed(site, phone, courriel, room="Salle immédiate"):
    """The address that a confirmation gives, of a booking made and confirmed."""
    with phone() as page:
        book(Walk(page), room, **{"Adresse e-mail": courriel})
        page.goto(link(site.letters(courriel)[-1]))
        submitted(page, page.get_by_role("button", name="Confirmer la réservation"))
    return link(site.letters(courriel)[-1])


def test_by_e_mail_within_the_counts_and_confirmed_in_another_browser(site, phone, courriel):
    with phone() as library:
        walk = book(Walk(library), **{"Adresse e-mail": courriel})
    before, link_acts = walk.screens[:-1], 1
    with phone() as page:
        page.goto(link(site.letters(courriel)[-1]))
        there = Walk(page)
        heading = page.locator("h1").inner_text()

        there.press(page.get_by_role("button", name="Confirmer la réservation"))

    assert (walk.screens[-1], heading) == (WAITING, WAITING)
    assert there.screens == [SENT]
    assert "Se connecter" not in walk.screens
    assert len(before) <= 4
    assert walk.acts + link_acts + there.acts <= 8
    assert walk.typed <= 4


def test_the_six_digits_finish_where_it_began(site, phone, courriel):
    with phone() as page:
        book(Walk(page), "Salle immédiate", **{"Adresse e-mail": courriel})
        page.get_by_label("Code à six chiffres").fill("il dit : 12 34")
        submitted(page, page.get_by_role("button", name="Confirmer la réservation"))
        expect(page.locator(".faute")).to_contain_text("six chiffres")
        digits = DIGITS.search(text_of(site.letters(courriel)[-1]))[0]

        page.get_by_label("Code à six chiffres").fill(f" {digits[:3]} {digits[3:]} ")
        submitted(page, page.get_by_role("button", name="Confirmer la réservation"))

        expect(page.locator("h1")).to_have_text(MADE)
        assert "/code/" in page.url


def test_by_phone_no_mailbox_is_needed_and_the_code_is_shown(phone):
    with phone() as page:
        walk = book(Walk(page), Téléphone="06.12.34.56.78")

        expect(page.locator(".code")).to_be_visible()
        expect(page.locator("main")).to_contain_text("L’accueil appelle le 06 12 34 56 78")
    assert len(walk.screens[:-1]) <= 4
    assert walk.acts <= 8
    assert walk.typed <= 4


def test_a_wrong_address_is_guessed_then_corrected_and_written_to(site, phone, courriel):
    with phone() as page:
        page.goto("/maisons/maison-d-essai/salles/salle-a-demander/")
        reserver(page, site)
        se_presenter(page, "camille@gmial.com")
        page.get_by_label("Pourquoi").select_option("voisins")
        page.get_by_label("Combien").fill("12")
        submitted(page, page.get_by_role("button", name="Continuer"))
        expect(page.locator(".avis")).to_contain_text("camille@gmail.com")
        submitted(page, page.get_by_role("button", name="Confirmer la réservation"))

        page.get_by_label("Adresse e-mail").fill(courriel)
        submitted(page, page.get_by_role("button", name="Corriger et recevoir"))

        expect(page.locator("main")).to_contain_text(courriel)
    assert link(site.letters(courriel)[-1])


def test_moving_by_code_is_two_screens_and_two_acts(site, phone, courriel):
    address = confirmed(site, phone, courriel)
    with phone() as page:
        page.goto(address)
        before = page.locator("section p").first.inner_text()
        walk = Walk(page)
        walk.press(page.get_by_role("link", name="Changer de moment"))
        expect(page.get_by_role("link", name="Garder ma réservation")).to_be_visible()

        room = page.get_by_role("region", name="Salle immédiate")
        walk.press(room.get_by_role("button").last)

        assert walk.screens == ["Changer de moment", MADE]
        assert page.locator("section p").first.inner_text() != before
    assert (walk.acts, walk.typed) == (2, 0)
    assert "change" in site.letters(courriel)[-1]["Subject"]


def test_cancelling_by_code_is_two_screens_and_two_acts(site, phone, courriel):
    address = confirmed(site, phone, courriel)
    with phone() as page:
        page.goto(address)
        walk = Walk(page)
        walk.press(page.get_by_role("link", name="Annuler la réservation"))
        walk.press(page.get_by_role("button", name="Annuler la réservation"))
        expect(page.get_by_role("link", name="Réserver un autre moment")).to_be_visible()

    assert walk.screens == ["Annuler cette réservation\xa0?", "Cette réservation est annulée"]
    assert (walk.acts, walk.typed) == (2, 0)


def test_the_page_of_a_code_prints_on_one_a5_with_what_matters(site, visiting, phone, courriel):
    address = confirmed(site, phone, courriel)
    with visiting(site) as page:
        page.goto(address)
        code = page.locator(".code").inner_text()
        page.emulate_media(media="print")

        printed = page.pdf(format="A5", margin=dict.fromkeys(EDGES, "10mm"))

        assert page.locator("main").inner_text().count(code) == 1
        expect(page.get_by_role("link", name="Annuler la réservation")).to_be_hidden()
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_an_account_signs_in_beside_the_path_and_finds_the_span_again(visiting, site):
    with visiting(site) as page:
        page.goto("/maisons/maison-d-essai/salles/salle-a-demander/")
        reserver(page, site)
        chosen = urlsplit(page.url).query

        submitted(page, page.get_by_role("link", name="J’ai un compte"))

        assert page.locator("input[name=next]").get_attribute("value").endswith(f"?{chosen}")
