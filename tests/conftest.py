from uuid import uuid4

import hypothesis
import pytest

from portail.celery import app

# A busy machine makes no example wrong.
hypothesis.settings.register_profile("portail", deadline=None)
hypothesis.settings.load_profile("portail")


@pytest.fixture(autouse=True)
def own_cache(settings):
    """Nothing stays from one test to the next, and nothing of a given REDIS_URL is flushed."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}


@pytest.fixture(autouse=True, scope="session")
def own_queue():
    """The worker of a given REDIS_URL must not take the tests' tasks for its own."""
    app.conf.broker_transport_options["global_keyprefix"] = "tests."
