import os
import socket

import pytest
from django.db import connection

from portail.demonstration import check_port, is_foreign, read_port, read_secret_key
from tests.factories import CompteFactory, VilleFactory


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8000.5", "http", "٨"])
def test_a_port_that_is_none_is_told(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(SystemExit, match="n’est pas un port"):
        read_port()


def test_a_port_already_taken_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(SystemExit, match=f"Le port {port} est pris"):
            check_port(port)


def test_the_secret_key_is_made_once_and_private(tmp_path):
    path = tmp_path / "secret_key"

    key = read_secret_key(path)

    assert len(key) > 50
    assert read_secret_key(path) == key
    assert os.stat(path).st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_database_never_filled_may_become_a_demonstration():
    assert not is_foreign()


@pytest.mark.django_db
@pytest.mark.parametrize("demonstration", [True, False])
def test_a_city_is_foreign_unless_it_is_a_demonstration(demonstration):
    VilleFactory(demonstration=demonstration)

    assert is_foreign() is not demonstration


@pytest.mark.django_db
def test_an_account_without_a_city_is_foreign():
    CompteFactory()

    assert is_foreign()


@pytest.mark.django_db
def test_other_tables_are_foreign():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE quartiers_ville CASCADE")

    assert is_foreign()
