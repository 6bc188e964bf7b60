"""Following an agenda and telling a friend: said in words, and nothing leaves before a click."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import DESKTOP, PHONE

# Violations of the policy are told to the page, in the console and by an event.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", e => violations.push(e.violatedDirective));
"""


@pytest.fixture
def watched(visiting, site):
    """A page that notes what it asks for and what the policy refuses."""
    with visiting(site) as page:
        page.asked, page.refused = [], []
        page.add_init_script(WATCH)
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.refused.append(message.text))
        yield page


@pytest.mark.parametrize("path", ["/maisons/maison-d-essai/", "/evenements/chorale/"])
def test_linked_data_is_data_under_the_strict_policy(watched, path):
    answer = watched.goto(path)

    scripts = watched.locator("script[type='application/ld+json']").all_text_contents()
    assert scripts
    assert {json.loads(text)["@context"] for text in scripts} == {"https://schema.org"}
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert (watched.evaluate("violations"), watched.refused) == ([], [])


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_three_ways_are_in_words_and_fold_away(watched, site, viewport):
    watched.set_viewport_size(viewport)
    watched.goto("/agenda/?maison=maison-d-essai")
    link = watched.get_by_role("link", name="Sur mon téléphone")
    expect(link).to_be_hidden()

    watched.get_by_text("Suivre cet agenda").click()

    expect(link).to_be_visible()
    expect(watched.get_by_role("link", name="Dans Google Agenda")).to_be_visible()
    assert {urlsplit(url).netloc for url in watched.asked} == {urlsplit(site.url).netloc}


def test_the_file_is_the_agenda_that_is_shown(watched):
    watched.goto("/agenda/?nature=evenement")
    watched.get_by_text("Suivre cet agenda").click()

    with watched.expect_download() as downloading:
        watched.get_by_role("link", name="Télécharger le fichier").click()

    file = downloading.value
    assert file.suggested_filename == "agenda.ics"
    assert file.path().read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_friend_is_told_by_sms_or_e_mail_and_nobody_else(watched, site):
    watched.goto("/evenements/chorale/")

    sms = watched.get_by_role("link", name="Envoyer par SMS")
    courriel = watched.get_by_role("link", name="Envoyer par courriel")

    assert sms.get_attribute("href").startswith("sms:?&body=")
    assert courriel.get_attribute("href").startswith("mailto:?subject=")
    assert {urlsplit(url).netloc for url in watched.asked} == {urlsplit(site.url).netloc}
