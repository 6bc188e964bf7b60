"""A passkey in a real browser, whose authenticator is made of software; what is told without it."""

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from portail.rivemont.comptes import ADMIN
from tests.navigateur.gestes import confirmer_le_mot_de_passe, login, submitted

ADD = "/mon-espace/protection/cles/ajouter/"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(vide):
    """The site under a name: a key is never of an address."""
    return f"http://localhost:{urlsplit(vide.url).port}"


@contextmanager
def tab_with_authenticator(browser, address, **options):
    """A tab, the key of its browser, and what commands both."""
    with browser.new_context(base_url=address, locale="fr-FR", **options) as context:
        tab = context.new_page()
        cdp = context.new_cdp_session(tab)
        cdp.send("WebAuthn.enable")
        yield tab, cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE}), cdp


def sign_out(tab):
    tab.goto("/compte/logout/")
    submitted(tab, tab.locator("main").get_by_role("button", name="Se déconnecter"))


def press_key(tab, name):
    with tab.expect_navigation():
        tab.get_by_role("button", name=name).click()


def test_a_key_is_added_then_opens_the_desk_alone_and_after_a_password(browser, vide, by_name):
    with tab_with_authenticator(browser, by_name) as (tab, device, cdp):
        login(tab, vide, ADMIN)
        tab.goto(ADD)
        confirmer_le_mot_de_passe(tab, vide)
        tab.get_by_label("Nom de la clé").fill("Mon ordinateur")
        press_key(tab, "Ajouter une clé d’accès")
        tab.goto("/mon-espace/protection/")
        assert "Mon ordinateur" in tab.locator("main").inner_text()
        sign_out(tab)

        tab.goto("/compte/login/?next=/gestion/")
        press_key(tab, "Utiliser ma clé")
        tab.wait_for_url("**/gestion/")
        sign_out(tab)

        tab.goto("/compte/login/?next=/gestion/")
        tab.get_by_label("Adresse e-mail").fill(ADMIN)
        tab.get_by_label("Mot de passe").fill("rivemont-demo")
        submitted(tab, tab.get_by_role("button", name="Se connecter"))
        press_key(tab, "Donner ma clé")
        tab.wait_for_url("**/gestion/")
        sign_out(tab)

        cdp.send("WebAuthn.removeVirtualAuthenticator", device)
        cdp.send(
            "WebAuthn.addVirtualAuthenticator", {"options": DEVICE | {"isUserVerified": False}}
        )
        tab.goto("/compte/login/")
        tab.get_by_role("button", name="Utiliser ma clé").click()
        tab.get_by_text(re.compile("Aucune clé n’a été donnée")).wait_for()


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {}])
def test_the_page_says_what_a_key_needs(browser, vide, signed_in, options):
    state = signed_in(vide, ADMIN)
    options = options | {"base_url": vide.url, "storage_state": state, "locale": "fr-FR"}
    with browser.new_context(**options) as context:
        tab = context.new_page()
        tab.goto(ADD)
        confirmer_le_mot_de_passe(tab, vide)
        needed = tab.get_by_text("demande un navigateur récent, avec JavaScript")
        button = tab.get_by_role("button", name="Ajouter une clé d’accès")

        assert needed.is_visible() is (options.get("java_script_enabled") is False)
        assert button.is_visible() is not needed.is_visible()
