"""The desk answers ten requests without a script, on a phone and on a desktop."""

import psycopg
import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import DESK
from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.test_reserver import Walk

ANSWERED = """
    SELECT count(*) FROM maisons_reservation
    WHERE nom = ANY(%s) AND etat = %s AND decide_par_id IS NOT NULL
"""


def answered(site, names, etat):
    with psycopg.connect(site.database) as database:
        return database.execute(ANSWERED, [names, etat]).fetchone()[0]


@pytest.mark.parametrize(
    ("screen", "ranks", "button", "etat"),
    [
        (PHONE, range(1, 6), "Accepter les demandes", "confirmee"),
        (DESKTOP, range(6, 11), "Refuser les demandes", "refusee"),
    ],
    ids=["granted on a phone", "refused on a desktop"],
)
def test_ten_requests_are_answered_within_the_counts(visiting, site, screen, ranks, button, etat):
    names = [f"Voisine {rank:02}" for rank in ranks]
    with visiting(site, DESK, viewport=screen, java_script_enabled=False) as page:
        walk = Walk(page)
        page.goto("/gestion/")
        walk.press(page.get_by_role("link", name="Répondre à plusieurs demandes"))
        for name in names:
            page.get_by_label(name).check()
        if etat == "refusee":
            walk.choose("Motif du refus", "service")
        walk.press(page.get_by_role("button", name=button))

        expect(page.locator(".messages")).to_contain_text("5 demandes")
    assert answered(site, names, etat) == 5
    assert (len(walk.screens), walk.acts <= 3, walk.typed) == (2, True, 0)
