"""A form left open overnight: what was typed is sent after all, by one button."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect

from portail.rivemont.comptes import DESK
from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import demander, login, reserver, se_presenter, submitted
from tests.navigateur.pages import BUSY

ROOM = "/maisons/maison-d-essai/salles/salle-a-demander/"
EXPIRED = "Ce formulaire a expiré"


def again(page):
    return submitted(page, page.get_by_role("button", name="Envoyer mes réponses de nouveau"))


def test_without_an_account_and_without_a_script_nothing_is_typed_again(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto(ROOM)
        reserver(page, site)
        se_presenter(page, f"{uuid4().hex}@rivemont.example")
        page.context.clear_cookies()
        demander(page)
        expect(page.locator("h1")).to_have_text(EXPIRED)

        again(page)

        expect(page.locator("h1")).to_have_text("Vérifiez puis confirmez")
        expect(page.locator(".recap")).to_contain_text("Camille O’Neill-Nguyễn")
        expect(page.locator(".recap")).to_contain_text("12 personnes")


def test_the_desk_signs_in_again_in_another_tab_then_books_what_was_typed(visiting, site):
    name, day = f"Voisine {uuid4().hex[:8]}", site.today + timedelta(days=BUSY + 9)
    with visiting(site) as page:
        login(page, site, DESK)
        page.goto(f"/gestion/planning/maison-des-lavoirs/reserver/?jour={day}&de=10:00&a=10:30")
        page.get_by_label("Nom de la personne").fill(name)
        page.get_by_label("Pour quoi").select_option("voisins")
        page.get_by_label("Salle", exact=True).select_option(index=1)
        page.get_by_label("En dehors des heures").check()
        page.context.clear_cookies()
        submitted(page, page.get_by_role("button", name="Réserver la salle").last)
        expect(page.locator("h1")).to_have_text(EXPIRED)
        other = page.context.new_page()
        login(other, site, DESK)
        other.close()

        again(page)
        expect(page.locator("h1")).to_have_text(EXPIRED)
        expect(page.locator("main")).to_contain_text("Elles partiront au nom de Karim Benali")
        again(page)

        expect(page.locator("h1")).to_have_text("C’est réservé")
        expect(page.locator("main")).to_contain_text(name)
