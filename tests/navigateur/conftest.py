import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from tests.navigateur.gestes import login, login_by_code
from tests.navigateur.pages import PASSWORDLESS
from tests.navigateur.serveur import city, copied, environment, run, served
from tests.navigateur.visite import SCREEN, Visitor

COMMANDS = ["chromium", "chromium-browser", "google-chrome"]
MISSING = "no Chromium was found: install the package `chromium` (apt install chromium)"
PHONE, DESKTOP = {"width": 375, "height": 667}, {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def browser():
    command = next(filter(None, map(shutil.which, COMMANDS)), None)
    if command is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(MISSING)
    # Playwright keeps an event loop in this thread, and Django then fears for its connections.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page of its own context: no cookie, no cache from another test."""
    context = browser.new_context(locale="fr-FR")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def statics(browser, tmp_path_factory):
    """The static files as production serves them; asked after the browser, which may be missing."""
    folder = tmp_path_factory.mktemp("static")
    environ = environment(os.environ["DATABASE_URL"], folder, folder)
    run(environ, "manage.py", "collectstatic", "--no-input", "--verbosity=0")
    return folder


@pytest.fixture(scope="session")
def migrated(statics, tmp_path_factory):
    """The migrations run once in all: sites copy what they made, and what filled it."""
    with city(tmp_path_factory.mktemp("ville") / "courriers", statics) as environ:
        yield environ


@pytest.fixture(scope="session")
def filled(migrated, tmp_path_factory):
    with copied(migrated, tmp_path_factory.mktemp("ville") / "courriers") as environ:
        run(environ, "manage.py", "peupler")
        yield environ


@pytest.fixture(scope="session")
def rivemont(filled, tmp_path_factory):
    with served(tmp_path_factory.mktemp("serveur"), filled, "rivemont") as site:
        yield site


@pytest.fixture(scope="session")
def vide(migrated, tmp_path_factory):
    with served(tmp_path_factory.mktemp("serveur"), migrated, "vide") as site:
        yield site


@pytest.fixture(scope="session")
def site(rivemont):
    return rivemont


@pytest.fixture(scope="session")
def signed_in(browser):
    """The cookies of a person who is signed in on a site, asked for once: `signed_in(site, …)`."""
    known = {}

    def state(site, courriel):
        if not courriel:
            return None
        if (site.url, courriel) not in known:
            context = browser.new_context(base_url=site.url)
            enter = login_by_code if courriel == PASSWORDLESS else login
            enter(context.new_page(), site, courriel)
            known[site.url, courriel] = context.storage_state()
            context.close()
        return known[site.url, courriel]

    return state


@pytest.fixture(scope="session")
def visiting(browser, signed_in):
    """`with visiting(site, courriel, **options) as page`: a page of a fresh context."""

    @contextmanager
    def visit(site, courriel="", **options):
        options = {"locale": "fr-FR", "reduced_motion": "reduce", "viewport": DESKTOP} | options
        options |= {"base_url": site.url, "storage_state": signed_in(site, courriel)}
        with browser.new_context(**options) as context:
            context.set_default_timeout(15_000)
            yield context.new_page()

    return visit


@pytest.fixture(scope="session")
def visits(rivemont, vide, visiting):
    """Every page of both cities, each seen by somebody who comes for the first time."""
    seen = []
    for site in (rivemont, vide):
        for reader in dict.fromkeys(page.reader for page in site.pages):
            with visiting(site, reader, viewport=SCREEN) as tab:
                visitor = Visitor(tab)
                seen += [visitor.visit(site, page) for page in site.read_by(reader)]
    return seen
