import pytest

from tests.factories import AdhesionFactory, MembreFactory


@pytest.fixture
def ours(client):
    """The association for which somebody signed in leads activities."""
    mandate = MembreFactory(role="animateur")
    AdhesionFactory(association=mandate.association)
    client.force_login(mandate.compte)
    return mandate.association
