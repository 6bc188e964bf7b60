from uuid import uuid4

import hypothesis
import pytest
from django.db import connection

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


@pytest.fixture(autouse=True)
def own_state(settings, tmp_path_factory):
    """A test's database is empty again: the half of the mark that is in a file goes with it."""
    settings.STATE_DIR = tmp_path_factory.mktemp("etat")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path_factory):
    """Files received go with the test that received them."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("documents")


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
