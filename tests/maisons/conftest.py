import pytest

from tests.factories import AffectationFactory


@pytest.fixture
def agent(client):
    """Signed in at the front desk of a house; the mandate."""
    mandate = AffectationFactory()
    client.force_login(mandate.compte)
    return mandate
