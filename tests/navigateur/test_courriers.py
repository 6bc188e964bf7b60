"""How the tests read what a person receives."""

from tests.navigateur.serveur import run

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
