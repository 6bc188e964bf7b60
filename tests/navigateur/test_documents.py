"""A secretary adds a document on a phone; nobody else reads it before the publication."""

import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import COUNCIL
from tests.documents import fichiers
from tests.navigateur.conftest import PHONE

DOCUMENTS = "admin:conseils_reunion_documents"
SENT = {"name": "Avis des riverains.pdf", "mimeType": "application/pdf"}


@pytest.fixture
def path(site):
    return next(page.path for page in site.read_by(COUNCIL) if page.route == DOCUMENTS)


def choose(page, content):
    page.get_by_label("Fichier").set_input_files([SENT | {"buffer": content}])


def add(page, content, titre):
    choose(page, content)
    page.get_by_label("Titre").fill(titre)
    page.get_by_role("button", name="Ajouter le document").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_document_is_added_on_a_phone_and_told_when_it_does_not_read_aloud(
    visiting, site, path, javascript
):
    with visiting(site, COUNCIL, viewport=PHONE, java_script_enabled=javascript) as page:
        page.goto(path)

        add(page, fichiers.pdf(), "Avis des riverains")

        expect(page.get_by_role("status")).to_contain_text("est enregistré")
        expect(page.get_by_role("status")).to_contain_text("n’est pas balisé")
        row = page.get_by_role("listitem").filter(has_text="Avis des riverains").last
        expect(row).to_contain_text("non accessible")
        private = row.get_by_role("link", name="Avis des riverains", exact=True)
        address = private.get_attribute("href")
        with visiting(site) as stranger:
            assert "/compte/login/" in stranger.goto(address).url
        row.get_by_role("link", name="Retirer").click()
        page.get_by_role("button", name="Retirer le document").click()
        expect(page.get_by_role("status")).to_contain_text("est retiré")


def test_a_refusal_is_told_beside_the_file_and_keeps_what_was_typed(visiting, site, path):
    with visiting(site, COUNCIL, viewport=PHONE) as page:
        page.goto(path)

        add(page, b"<svg/>", "Plan du parc")

        expect(page.get_by_label("Fichier")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#id_fichier_error")).to_contain_text("SVG")
        expect(page.get_by_label("Titre")).to_have_value("Plan du parc")
        expect(page.locator(".erreurs")).to_be_focused()


def test_images_and_links_of_a_public_meeting_are_ours_and_fit(visiting, site):
    with visiting(site, viewport=PHONE) as page:
        page.goto("/conseils/conseil-d-essai/reunions/1/")
        image = page.locator(".pieces img")
        image.scroll_into_view_if_needed()

        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("i => i.naturalWidth") > 0
        assert "largeur=480" in image.evaluate("i => i.currentSrc")
        assert image.bounding_box()["width"] <= PHONE["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
