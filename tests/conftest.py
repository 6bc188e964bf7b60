from uuid import uuid4

import hypothesis
import pytest
from django.db import connection, transaction
from django.test import override_settings

from portail.celery import app
from tests.charge.bases import cut_off
from tests.connexion import SigningClient
from tests.vidage import declared, keeping

# A busy machine makes no example wrong.
hypothesis.settings.register_profile("portail", deadline=None)
hypothesis.settings.load_profile("portail")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL drops what nobody is connected to: the session of a killed server ends late."""
    with django_db_blocker.unblock():
        known = declared()
    with keeping(known):
        yield
    with django_db_blocker.unblock():
        connection.close()
        cut_off(connection.settings_dict["NAME"])


@pytest.fixture(autouse=True)
def own_cache(settings):
    """Nothing stays from one test to the next, and nothing of a given REDIS_URL is flushed."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory):
    """A folder for one test: pytest, which numbers its own, reads all those before for each."""
    above = tmp_path_factory.mktemp("dossiers")

    def make():
        folder = above / uuid4().hex
        folder.mkdir()
        return folder

    return make


@pytest.fixture(autouse=True)
def own_state(settings, new_folder):
    """A test's database is empty again: the half of the mark that is in a file goes with it."""
    settings.STATE_DIR = new_folder()


@pytest.fixture(autouse=True)
def own_files(request, settings, new_folder):
    """Files received go with the test that received them, but those of a scene that stands."""
    if "standing" not in request.fixturenames:
        settings.MEDIA_ROOT = new_folder()


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker, new_folder):
    """`standing(make)`: what `make` makes, once for the tests of a file; each undoes its own."""

    def stand(make):
        made = make()
        connection.check_constraints()  # here once, else after each test
        return made

    files = override_settings(MEDIA_ROOT=new_folder())
    with django_db_blocker.unblock(), files, transaction.atomic():
        yield stand
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def own_pace(settings):
    """Nobody waits here for what time could tell (tests/comptes/test_enumeration.py)."""
    settings.PACE = settings.PACE_WITH_PASSWORD = 0


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """A password costs a third of a second to hash, on purpose: so much only where it is told."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def own_queue():
    """The worker of a given REDIS_URL must not take the tests' tasks for its own."""
    app.conf.broker_transport_options["global_keyprefix"] = "tests."


@pytest.fixture
def client():
    """Staff who sign in have shown their second factor."""
    return SigningClient()


@pytest.fixture
def admin_client(client, admin_user):
    client.force_login(admin_user)
    return client
