"""What every answer says to the browser: pages, files, redirections and refusals alike."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portail.middleware import NO_ADDRESS
from tests.factories import AffectationFactory, CompteFactory, VilleFactory
from tests.portail.test_acces import ACCOUNT, STAFF, address
from tests.portail.voisines import house

pytestmark = pytest.mark.django_db
ROWLESS = {"maisons:reservation", "maisons:reservation_act", "mfa_remove_webauthn"}
ROWLESS |= {"associations:dossier", "associations:dossier_act"}
ROWLESS |= {"comptes:appareil_end", "permanences:rendez_vous", "permanences:rendez_vous_act"}
# Stricter: tests/conseils/test_documents.py.
FILES = {"admin:conseils_piece_file", "admin:associations_attestation_file"}
FRAMED = {"admin:conseils_reunion_preview"}  # by our own page (tests/conseils/test_publication.py)
OTHERS = [
    *["/sante/", "/nulle-part/", "/gestion", "/agenda/?q=%00", "/code/FAUX/", "/gestion/rien/"],
    *["/static/portail.css", "/code/", "/salles/", "/aide/", "/remarque/", "/compte/login/"],
]


def loose(response):
    """What is wrong with the headers of an answer."""
    policy = response.headers.get("Content-Security-Policy", "")
    wanted = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"]
    wanted += ["form-action 'self'", "frame-ancestors 'none'"]
    faults = [part for part in wanted if part not in policy]
    faults += [word for word in ("unsafe", "nonce", "*", "http") if word in policy]
    faults += [] if response.headers.get("X-Content-Type-Options") == "nosniff" else ["nosniff"]
    quiet = response.headers.get("Referrer-Policy") in ("same-origin", NO_ADDRESS)
    return faults if quiet else [*faults, "referrer"]


@pytest.fixture(scope="module")
def here(standing):
    return standing(lambda: VilleFactory() and house())


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["visiteur", "habitant", "accueil", "ville"])
def test_no_answer_leaves_without_its_policy(client, here, role, method):
    if role == "accueil":
        client.force_login(AffectationFactory(maison=here["maison"]).compte)
    elif role != "visiteur":
        client.force_login(CompteFactory(is_superuser=role == "ville"))
    paths = [address(route, here) for route in STAFF - FILES - FRAMED]
    paths += [reverse(route) for route in ACCOUNT - ROWLESS] + OTHERS

    answered = {path: loose(getattr(client, method)(path)) for path in paths}

    assert {path: faults for path, faults in answered.items() if faults} == {}


@pytest.mark.parametrize("path", OTHERS)
def test_nor_does_a_refused_form(here, path):
    response = Client(enforce_csrf_checks=True).post(path, {"a": "b"})

    assert loose(response) == []


def test_nor_what_a_booking_gives_to_keep(client, here):
    booked = here["confirmee"]
    client.force_login(booked.demandeur)
    paths = [booked.get_absolute_url(), f"{booked.get_absolute_url()}calendrier/"]
    paths += [f"/code/{booked.code}/", f"/code/{booked.code}/calendrier/"]

    answers = {path: client.get(path) for path in paths}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert {path: loose(answer) for path, answer in answers.items() if loose(answer)} == {}


def test_another_domain_is_refused_with_the_policy(client, here):
    assert loose(client.get("/", headers={"host": "ailleurs.example"})) == []


def test_cookies_are_told_to_no_script_and_to_no_other_site():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
