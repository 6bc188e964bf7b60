"""A closure entered late: the five dates that it hits are settled on one screen."""

from datetime import timedelta
from urllib.parse import urlencode

import psycopg
import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import DESK
from tests.navigateur.conftest import PHONE
from tests.navigateur.pages import CANAL
from tests.navigateur.test_reserver import KeyboardWalk

HELD = """
    SELECT c.maison_id, c.salle_id, c.debut AT TIME ZONE 'Europe/Paris', c.annule_le IS NOT NULL
    FROM maisons_creneau c JOIN maisons_reservation r ON r.creneau_id = c.id
    WHERE r.nom = %s ORDER BY c.debut DESC LIMIT 5
"""
LETTERS = """
    SELECT canal, objet FROM notifications_message
    WHERE nom = %s AND starts_with(cle, 'fermeture:')
"""


def asked(site, query):
    with psycopg.connect(site.database) as database:
        return database.execute(query, [CANAL]).fetchall()


class ClosingWalk(KeyboardWalk):
    def choose_below(self, row, label):
        """From « Décider plus tard », go down to a choice of the same date."""
        self.reach(row.get_by_label("Décider plus tard"))
        wanted = row.get_by_label(label)
        for _ in range(5):
            self.page.keyboard.press("ArrowDown")
            if wanted.is_checked():
                self.acts += 1
                return
        pytest.fail(f"The arrows do not reach {label}.")


def test_five_dates_are_settled_on_one_screen_by_keyboard_without_script(visiting, site):
    house, room, debut, _ = asked(site, HELD)[-1]
    address = {"maison": house, "salle": room, "debut": debut, "fin": debut + timedelta(hours=5)}
    address |= {name: f"{address[name]:%Y-%m-%dT%H:%M}" for name in ("debut", "fin")}
    with visiting(site, DESK, viewport=PHONE, java_script_enabled=False) as page:
        walk = ClosingWalk(page)
        page.goto(f"/gestion/maisons/fermeture/add/?{urlencode(address)}")
        walk.type("Motif", "fuite d’eau")
        walk.press(page.locator("[name=_save]"))
        rows = page.get_by_role("group").filter(has=page.get_by_role("radio"))
        expect(rows).to_have_count(5)
        expect(page.get_by_text("1 personne par e-mail")).to_be_visible()
        expect(page.get_by_text("1 personne à appeler")).to_be_visible()

        for row in rows.all()[:4]:
            walk.choose_below(row, "première proposition")
        walk.choose_below(rows.last, "Annuler cette date")
        walk.press(page.get_by_role("button", name="Appliquer ces choix"))

        expect(page.get_by_role("status")).to_contain_text("4 dates déplacées, 1 date annulée")
        expect(page.get_by_text("tout est réglé")).to_be_visible()
    assert walk.screens == ["Régler les dates touchées"] * 2
    assert (walk.acts, walk.typed) == (7, 1)
    now = asked(site, HELD)
    assert [cancelled for *_, cancelled in now] == [True, False, False, False, False]
    assert room not in {place for _, place, _, cancelled in now if not cancelled}
    assert sorted(canal for canal, _ in asked(site, LETTERS)) == ["courriel", "telephone"]
