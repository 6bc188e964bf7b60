"""A volunteer with no training opens a season, and notes who is there (V1, V3, V6; issue 8)."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from associations import saison
from tests.navigateur.benevoles import TITLE, VOLUNTEER
from tests.navigateur.conftest import DESKTOP, PHONE
from tests.navigateur.gestes import submitted

MOST, TARGET = 25, 44


class Acts:
    """Counts links, buttons, choices, boxes and typed fields, as parcours § 2 does."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, role, name):
        submitted(self.page, self.page.locator("main").get_by_role(role, name=name).first)
        self.count += 1

    def field(self, label):
        """Its label alone, or with « (facultatif) »."""
        told = rf"^\s*{re.escape(label)}\s*(\(facultatif\))?\s*$"
        return self.page.get_by_label(re.compile(told))

    def type(self, label, value):
        self.field(label).fill(value)
        self.count += 1

    def choose(self, label, value):
        self.field(label).select_option(label=value)
        self.count += 1

    def tick(self, label):
        self.field(label).check()
        self.count += 1


@pytest.mark.parametrize(
    ("screen", "script"),
    [(PHONE, False), (DESKTOP, True)],
    ids=["phone and no script", "desktop"],
)
def test_a_season_of_tuesdays_is_written_looked_at_and_published(visiting, site, screen, script):
    with visiting(site, VOLUNTEER, viewport=screen, java_script_enabled=script) as page:
        page.goto("/gestion/")
        acts, title = Acts(page), f"Théâtre du mardi {screen['width']}"

        acts.press("link", "Créer une activité")
        acts.type("Titre", title)
        acts.choose("Maison", "Maison d’essai")
        first, last = saison.bounds(timezone.localdate())
        acts.type("Début de la saison", f"{first}")
        acts.type("Fin de la saison", f"{last}")
        acts.tick("mardi")
        acts.type("De", "18:00")
        acts.type("À", "19:30")
        acts.choose("Et les vacances scolaires ?", "hors vacances scolaires")
        acts.tick("C’est gratuit")
        acts.press("button", "Enregistrer")

        main = page.locator("main")
        expect(main).to_contain_text(re.compile(r"\d+ séances créées, \d+ dates écartées"))
        expect(main).to_contain_text(re.compile("vacances de", re.IGNORECASE))
        expect(main).to_contain_text("hors vacances scolaires")
        acts.press("button", "Publier l’activité")
        expect(main).to_contain_text("est publiée, avec ses séances")
        assert acts.count <= MOST


def test_who_is_there_is_noted_with_one_tap_each(visiting, site):
    with visiting(site, VOLUNTEER, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/gestion/")
        submitted(page, page.locator("main").get_by_role("link", name=TITLE).first)
        buttons = page.get_by_role("button", name="Est là")
        before = buttons.count()
        boxes = [button.bounding_box() for button in buttons.all()]

        submitted(page, buttons.first)

        assert before > 1
        assert all(min(box["width"], box["height"]) >= TARGET for box in boxes)
        assert page.get_by_role("button", name="Est là").count() == before - 1
        expect(page.locator("main")).to_contain_text("1 sur")
