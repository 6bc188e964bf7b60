"""What a person receives, as the demonstration shows it, and how the tests read it."""

import pytest

from tests.navigateur.gestes import submitted
from tests.navigateur.serveur import run
from tests.navigateur.test_axe import VARIANTS, faults

POST = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from notifications.envoi import post
for number in "12":
    post(number, objet=f"Lettre {number}", texte="Bonjour", courriel="lettre@rivemont.example",
         expire_le=timezone.now() + timedelta(days=1))
"""


def test_letters_come_in_the_order_in_which_they_left_once(site):
    run(site.environ, "-c", POST)

    twice = [site.letters("lettre@rivemont.example") for _ in range(2)][-1]

    assert [letter["Subject"] for letter in twice] == ["Lettre 1", "Lettre 2"]
    assert site.letters("personne@rivemont.example") == []


PADDING = "getComputedStyle(document.querySelector('.bouton')).paddingTop"


@pytest.mark.parametrize(("width", "scheme"), VARIANTS)
def test_a_letter_in_html_is_accessible_dressed_and_leads_to_the_site(
    site, visiting, width, scheme
):
    [letter] = [page for page in site.pages if page.route == "portail:courrier"]
    viewport = {"width": width, "height": 800}
    with visiting(site, viewport=viewport, color_scheme=scheme) as page:
        page.goto(letter.path)
        submitted(page, page.get_by_role("link", name="Voir la mise en forme"))

        assert faults(page, width) == []
        assert page.evaluate(PADDING) != "0px"
        button = page.get_by_role("link", name="Voir ou changer ma réservation")
        assert button.get_attribute("href") == "http://localhost:8000/agenda/"
