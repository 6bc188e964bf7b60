"""Who is on duty, on a phone without a script: the day, and somebody to book for (A1, A7, R10)."""

from time import monotonic

import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import DESK
from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.decor import HELP
from tests.navigateur.gestes import submitted
from tests.navigateur.test_reserver import KeyboardWalk

PLACE = "Maison des Lavoirs"
TARGET = 44  # px, on a phone (X1)
OPEN = "document.querySelectorAll('#content details').forEach(each => { each.open = true })"
PRINTED = "window.print = () => { window.printed = true }"


class DutyWalk(KeyboardWalk):
    def write(self, label, value):
        """Without looking for the field: the focus is there."""
        expect(self.page.get_by_label(label)).to_be_focused()
        self.page.keyboard.type(value)
        self.typed += 1

    def choose(self, label):
        """The first of the list, with the keyboard."""
        field = self.page.get_by_label(label)
        self.reach(field)
        self.page.keyboard.press("ArrowDown")
        expect(field).not_to_have_value("")
        self.acts += 1


@pytest.mark.parametrize(
    ("screen", "script"),
    [(PHONE, False), (DESKTOP, True)],
    ids=["phone and no script", "desktop"],
)
def test_an_appointment_is_taken_for_somebody_within_the_counts(visiting, site, screen, script):
    with visiting(site, DESK, viewport=screen, java_script_enabled=script) as page:
        page.add_init_script(PRINTED)
        page.goto("/gestion/")
        walk, begun = DutyWalk(page), monotonic()

        walk.press(page.get_by_role("link", name="Prendre un rendez-vous pour quelqu’un"))
        walk.press(page.get_by_role("link", name=f"{HELP[True]}, {PLACE}"))
        walk.write("Prénom ou nom", f"Odile O'Neill-Nguyễn {screen['width']}")
        page.keyboard.press("Tab")
        walk.write("Téléphone ou e-mail", f"06 12 34 5{screen['width'] % 10} 99")
        walk.choose("Quand")
        walk.choose("Pourquoi")
        walk.press(page.get_by_role("button", name="Prendre le rendez-vous").last)

        assert walk.screens[1:] == ["Prendre un rendez-vous", "C’est réservé"]
        assert (walk.acts, walk.typed) == (5, 2)
        assert monotonic() - begun < 60
        walk.press(page.get_by_role("link", name="Imprimer la carte"))
        assert walk.screens[-1] == "Carte de rendez-vous"
        assert not script or page.evaluate("window.printed")


def test_the_day_is_run_from_a_phone_in_one_or_two_taps(visiting, site):
    with visiting(site, DESK, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/gestion/")
        submitted(page, page.get_by_role("link", name="Ma journée"))
        submitted(page, page.get_by_role("link", name=HELP[True]))
        shown = page.locator("#permanence + p + p")

        page.get_by_text("Dire comment cela se passe").click()
        submitted(page, page.get_by_role("button", name="Retard 20 min"))
        expect(shown).to_contain_text("retard 20 min")
        submitted(page, page.get_by_role("button", name="Est arrivé").first)
        expect(page.locator("main")).to_contain_text("là depuis")
        submitted(page, page.get_by_role("button", name="A été reçu"))
        submitted(page, page.get_by_role("button", name="Un de plus (18 à 25 ans)"))
        expect(page.locator("#passages")).to_contain_text("18 à 25 ans : 1")

        page.goto("/maisons/maison-des-lavoirs/")
        expect(page.locator("main")).to_contain_text("retard 20 min")


def test_the_desk_serves_one_person_and_the_others_are_hours(visiting, site):
    with visiting(site, DESK, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/gestion/permanences/jour/")
        submitted(page, page.get_by_role("link", name=HELP[False]))
        expect(page.locator("main")).not_to_contain_text("Léo")

        submitted(page, page.get_by_role("link", name="voir ce rendez-vous").first)
        expect(page.locator("main")).to_contain_text("Odile")
        submitted(page, page.get_by_role("button", name="Est arrivé").last)

        expect(page.get_by_role("heading", name="À l’accueil")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Léo")
        expect(page.locator("main")).not_to_contain_text("Odile")


@pytest.mark.parametrize("held", [True, False])
def test_what_is_tapped_is_large_enough(visiting, site, held):
    with visiting(site, DESK, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/gestion/permanences/jour/")
        submitted(page, page.get_by_role("link", name=HELP[held]))
        page.evaluate(OPEN)

        found = page.locator("#content :is(button, summary, .bouton)").all()
        small = {b.inner_text(): b.bounding_box() for b in found if b.is_visible()}

    assert small
    assert {t for t, box in small.items() if min(box["width"], box["height"]) < TARGET} == set()
