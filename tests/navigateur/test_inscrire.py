"""A parent registers children, on a phone and without a script; then by the code alone."""

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import submitted
from tests.navigateur.inscriptions import ASKED, NARROW
from tests.navigateur.test_reserver import SENT_TOGETHER, Walk
from tests.navigateur.test_sans_compte import courriel, link, phone

__all__ = ["courriel", "phone"]  # fixtures
CHECK, DONE = "Vérifiez puis confirmez", "Vos inscriptions sont faites"
FORM = "S’inscrire\u00a0: Judo d’essai"
PRIMARY = ".bouton:not(.second, .danger)"
numbers = count(10)


def number():
    """Of a mobile, another one each time: one person may send five forms an hour."""
    return f"06 12 35 {next(numbers)} 78"


def seen(page):
    """One thing to do on each screen, and nothing to scroll sideways."""
    assert page.locator(f"main {PRIMARY}").count() <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def tick(walk, label):
    walk.page.get_by_label(label).check()
    walk.acts += 1


def fill(walk, children, others=()):
    """From the page of the form to the check."""
    page = walk.page
    page.goto(ASKED)
    walk.screens.append(page.locator("h1").inner_text())
    seen(page)
    tick(walk, "Un ou plusieurs enfants")
    for rank, (name, year) in enumerate(children):
        page.get_by_label("Prénom").nth(rank).fill(name)
        page.get_by_label("Année de naissance").nth(rank).fill(year)
        walk.typed += 2
    for other in others:
        tick(walk, other)
    walk.type("Votre nom", "Camille O’Neill-Nguyễn")
    walk.type("Téléphone", number())
    walk.press(page.get_by_role("button", name="Continuer"))
    seen(page)


def test_two_children_at_three_activities_within_the_counts(phone):
    with phone() as page:
        walk = Walk(page)
        fill(walk, [("Inès", "2018"), ("Noé", "2016")], ["Chant d’essai", "Théâtre d’essai"])
        walk.press(page.get_by_role("button", name="Confirmer l’inscription"))

        assert walk.screens == [FORM, CHECK, DONE]
        assert walk.acts <= 10
        assert walk.typed == 2 + 2 * 2
        assert page.locator(".trouvailles li").count() == 6
        expect(page.locator(".code")).to_be_visible()
        seen(page)


def test_a_fourth_child_by_a_button_keeps_what_was_typed(phone):
    with phone() as page:
        page.goto(ASKED)
        page.get_by_label("Un ou plusieurs enfants").check()
        page.get_by_label("Prénom").nth(2).fill("Noé")

        submitted(page, page.get_by_role("button", name="Ajouter un enfant"))

        expect(page.get_by_label("Prénom").nth(2)).to_have_value("Noé")
        expect(page.get_by_label("Prénom")).to_have_count(4)
        expect(page.get_by_label("Un ou plusieurs enfants")).to_be_checked()
        assert page.locator(".erreurs").count() == 0


def test_an_eager_finger_makes_one_pass(visiting, site):
    with visiting(site, viewport=PHONE) as page:
        fill(Walk(page), [("Inès", "2018")])

        assert set(page.evaluate(SENT_TOGETHER, 3)) == {"Votre inscription est faite"}


def register_oneself(page, label, contact, button):
    """At the activity of one place."""
    page.goto(f"/activites/{NARROW}/inscription/")
    page.get_by_label("Moi", exact=True).check()
    page.get_by_label("Votre nom").fill("Camille O’Neill")
    page.get_by_label(label).fill(contact)
    submitted(page, page.get_by_role("button", name="Continuer"))
    submitted(page, page.get_by_role("button", name=button))


def test_full_who_waits_is_offered_the_place_of_who_leaves(phone, site, courriel):
    with phone() as inside:
        register_oneself(inside, "Téléphone", number(), "Confirmer l’inscription")
        with phone() as outside:
            register_oneself(outside, "Adresse e-mail", courriel, "Attendre une place")
            outside.goto(link(site.letters(courriel)[-1]))
            submitted(outside, outside.get_by_role("button", name="Confirmer l’inscription"))
            expect(outside.locator("main .avis")).to_contain_text("Si une place se libère")
        submitted(inside, inside.get_by_role("link", name="Annuler l’inscription"))
        submitted(inside, inside.get_by_role("button", name="Annuler l’inscription"))
    with phone() as page:  # the letter, read elsewhere: nothing is accepted by opening it
        page.goto(link(site.letters(courriel)[-1]))
        submitted(page, page.get_by_role("link", name="Répondre : Vannerie d’essai"))

        submitted(page, page.get_by_role("button", name="Accepter la place"))

        assert page.locator("h1").inner_text() == "Votre inscription est faite"


def test_by_e_mail_confirmed_in_another_browser(site, phone, courriel):
    with phone() as library:
        library.goto(ASKED)
        library.get_by_label("Moi", exact=True).check()
        library.get_by_label("Votre nom").fill("Camille O’Neill")
        library.get_by_label("Adresse e-mail").fill(courriel)
        submitted(library, library.get_by_role("button", name="Continuer"))
        submitted(library, library.get_by_role("button", name="Confirmer l’inscription"))
        assert library.locator("h1").inner_text() == "Il reste à confirmer votre inscription"
    with phone() as page:
        page.goto(link(site.letters(courriel)[-1]))

        submitted(page, page.get_by_role("button", name="Confirmer l’inscription"))

        assert page.locator("h1").inner_text() == "Votre inscription est faite"


def test_leaving_takes_two_acts(phone):
    with phone() as page:
        fill(Walk(page), [("Inès", "2018")])
        submitted(page, page.get_by_role("button", name="Confirmer l’inscription"))
        walk = Walk(page)

        walk.press(page.get_by_role("link", name="Annuler l’inscription"))
        walk.press(page.get_by_role("button", name="Annuler l’inscription"))

        assert walk.acts == 2
        assert walk.screens == [
            "Annuler cette inscription\u00a0?",
            "Cette inscription est annulée",
        ]


@pytest.mark.parametrize("state", ["form", "check"])
def test_the_main_button_is_reached_without_a_script_at_320_px(visiting, site, state):
    narrow = {"width": 320, "height": 640}
    with visiting(site, viewport=narrow, java_script_enabled=False) as page:
        if state == "form":
            page.goto(ASKED)
        else:
            fill(Walk(page), [("Inès", "2018")])

        assert page.evaluate("document.documentElement.scrollWidth") <= narrow["width"]
        expect(page.locator(f"main {PRIMARY}")).to_have_count(1)
