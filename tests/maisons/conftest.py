import pytest

from maisons import planning
from tests.factories import AffectationFactory, AttenteFactory, SalleFactory


@pytest.fixture
def agent(client):
    """Signed in at the front desk of a house; the mandate."""
    mandate = AffectationFactory()
    client.force_login(mandate.compte)
    return mandate


@pytest.fixture
def booked():
    """Without an account, confirmed by its person, in a room that needs no agreement."""
    held = AttenteFactory(salle=SalleFactory(avec_accord=False))
    planning.confirm_contact(held)
    return held
