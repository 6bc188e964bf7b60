"""A secretary corrects a public agenda in five acts, by keyboard, without a script."""

import psycopg
from playwright.sync_api import expect

from portail.rivemont.comptes import COUNCIL
from tests.navigateur.conftest import PHONE
from tests.navigateur.test_reserver import KeyboardWalk

NEXT = """
    SELECT r.creneau_id, c.sequence FROM conseils_reunion r
    JOIN conseils_conseil o ON o.id = r.conseil_id AND o.slug = 'conseil-des-rives'
    JOIN maisons_creneau c ON c.id = r.creneau_id
    WHERE c.publie_le IS NOT NULL AND c.fin > now() AND c.annule_le IS NULL
    ORDER BY c.debut LIMIT 1
"""
MOTIF = "Une place de plus est faite à la fontaine."


def asked(site):
    with psycopg.connect(site.database) as database:
        return database.execute(NEXT).fetchone()


def test_an_agenda_is_corrected_in_five_acts(visiting, site):
    key, sequence = asked(site)
    with visiting(site, COUNCIL, viewport=PHONE, java_script_enabled=False) as page:
        walk = KeyboardWalk(page)
        page.goto(f"/gestion/conseils/reunion/{key}/change/")
        walk.press(page.get_by_role("link", name="Rectifier l’ordre du jour"))
        walk.type("Ce qui change, en une phrase", MOTIF)
        first = page.get_by_role("group", name="Point 1", exact=True)
        walk.reach(first.locator("summary"))
        page.keyboard.press("Enter")
        walk.reach(first.get_by_label("Titre"))
        page.keyboard.type("Fontaine et bancs")
        walk.press(page.get_by_role("button", name="Publier le rectificatif"))

        expect(page.get_by_role("status")).to_contain_text("publié")
        assert walk.acts + 1 + walk.typed + 1 <= 5  # folded out; the title typed
        page.get_by_role("link", name="Voir la page publique").click()
        notice = page.locator(".avis.conseil")
        expect(notice).to_contain_text("Modifié le")
        expect(notice).to_contain_text(MOTIF)
        notice.get_by_role("link", name="Voir ce qui change").first.click()
        expect(page.locator("ins").first).to_contain_text("Fontaine et bancs")
    assert asked(site) == (key, sequence + 1)
