"""At the front desk: one screen, two typed fields, the keyboard alone (parcours A1, A5, A8)."""

from datetime import timedelta
from time import monotonic

import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import DESK
from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.gestes import submitted
from tests.navigateur.test_reserver import KeyboardWalk

PLANNING = "/gestion/planning/maison-des-lavoirs/"
PRINTED = "window.print = () => { window.printed = true }"


def open_planning(page, site, days):
    """The first day, so many days ahead, on which something is free."""
    for ahead in range(days, days + 7):
        page.goto(f"{PLANNING}?jour={site.today + timedelta(days=ahead)}")
        if page.locator(".libre a").count():
            return
    pytest.fail("Nothing is free for a week.")


class DeskWalk(KeyboardWalk):
    def write(self, label, value):
        """Without looking for the field: the focus is there."""
        expect(self.page.get_by_label(label)).to_be_focused()
        self.page.keyboard.type(value)
        self.typed += 1

    def choose(self, label, value):
        """By its first letter: an accent would be typed into the last text field."""
        self.reach(self.page.get_by_label(label))
        self.page.keyboard.press("r")
        expect(self.page.get_by_label(label)).to_have_value(value)
        self.acts += 1


@pytest.mark.parametrize(
    ("screen", "script", "days"),
    [(PHONE, True, 20), (DESKTOP, True, 27), (PHONE, False, 34)],
    ids=["phone", "desktop", "phone and no script"],
)
def test_somebody_is_booked_for_within_the_counts(visiting, site, screen, script, days):
    with visiting(site, DESK, viewport=screen, java_script_enabled=script) as page:
        page.add_init_script(PRINTED)
        open_planning(page, site, days)
        walk, begun = DeskWalk(page), monotonic()

        walk.press(page.locator(".libre a").first)
        walk.write("Nom de la personne", f"Odile O'Neill-Nguyễn {days}")
        page.keyboard.press("Tab")
        walk.write("Téléphone ou e-mail", f"06 12 34 56 {days}")
        walk.choose("Pour quoi", "voisins")
        walk.press(page.get_by_role("button", name="Réserver la salle"))
        walk.press(page.get_by_role("link", name="Imprimer la carte"))

        assert walk.screens == ["Réserver pour quelqu’un", "C’est réservé", "Carte de réservation"]
        assert (walk.acts, walk.typed) == (4, 2)
        assert monotonic() - begun < 60
        assert not script or page.evaluate("window.printed")


def test_after_a_booking_reload_sends_nothing_again(visiting, site):
    with visiting(site, DESK) as page:
        open_planning(page, site, 41)
        submitted(page, page.locator(".libre a").first)
        page.get_by_label("Nom de la personne").fill("Rosa Fernandes-Vidal")
        page.get_by_label("Pour quoi").select_option("fete")
        submitted(page, page.get_by_role("button", name="Réserver la salle"))
        address = page.url

        page.reload()

        assert page.url == address
        expect(page.locator("h1")).to_have_text("C’est réservé")
        expect(page.locator("#content .bouton").first).to_have_text("Imprimer la carte")


def test_a_changed_form_asks_before_it_is_left(visiting, site):
    asked = []
    with visiting(site, DESK) as page:
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        open_planning(page, site, 41)
        submitted(page, page.locator(".libre a").first)
        submitted(page, page.get_by_role("link", name="Revenir au planning"))
        untouched = len(asked)
        submitted(page, page.locator(".libre a").first)
        page.keyboard.type("Léo")

        submitted(page, page.get_by_role("link", name="Revenir au planning"))

    assert (untouched, asked) == (0, ["beforeunload"])


def test_a_request_is_put_aside_and_taken_up_again_without_script(visiting, site):
    with visiting(site, DESK, viewport=PHONE, java_script_enabled=False) as page:
        open_planning(page, site, 41)
        submitted(page, page.locator(".libre a").first)
        page.get_by_label("Nom de la personne").fill("Marius Delorme-Puech")
        submitted(page, page.get_by_role("button", name="Mettre la demande de côté"))

        submitted(page, page.get_by_role("link", name="Reprendre la demande de Marius"))

        expect(page.get_by_label("Nom de la personne")).to_have_value("Marius Delorme-Puech")
        submitted(page, page.get_by_role("button", name="Effacer la demande mise de côté"))
        expect(page.get_by_role("link", name="Reprendre la demande")).to_have_count(0)


def test_enter_in_a_field_never_takes_somebody_for_another(visiting, site):
    with visiting(site, DESK) as page:
        open_planning(page, site, 41)
        submitted(page, page.locator(".libre a").first)
        page.get_by_label("Nom de la personne").fill("D'Angelo")
        page.get_by_label("Pour quoi").select_option("voisins")
        submitted(page, page.get_by_role("button", name="Réserver la salle"))

        with page.expect_navigation():
            page.get_by_label("Nom de la personne").press("Enter")

        expect(page.get_by_role("heading", name="est-ce la même personne")).to_be_visible()


@pytest.mark.parametrize("query", ["", "?vue=semaine"])
def test_on_a_phone_one_room_or_one_day_comes_under_the_other(visiting, site, query):
    with visiting(site, DESK, viewport={"width": 639, "height": 800}) as page:
        page.goto(f"{PLANNING}{query}")

        boxes = [track.bounding_box() for track in page.locator(".piste").all()]

    assert len(boxes) > 1
    assert len({box["x"] for box in boxes}) == 1
    assert [box["y"] for box in boxes] == sorted({box["y"] for box in boxes})
