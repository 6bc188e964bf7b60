"""No log keeps a code, nor an address that opens something."""

import logging
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import path

from portail import urls
from portail.journal import DiscreetFormatter
from tests.charge.bases import url_of
from tests.charge.clients import get, request, send
from tests.charge.serveur import serve
from tests.factories import VilleFactory

CODE, TOKEN = "K7M3-TPXQ-9WQF", "6f9619ff-8b86-d011-b42d-00c04fc964ff"
SECRETS = ["K7M3", "TPXQ", "9WQF", "6f96"]
PATHS = [
    f"/code/{CODE}/",
    "/code/k7m3tpxq9wqf/annuler/",
    "/code/k7m3%20tpxq%209wqf/",
    "/code/k7m3%22tpxq'9wqf/",
    f"/reservations/attente/{TOKEN}/",
    f"/rendez-vous/attente/{TOKEN}/",
    f"/inscriptions/attente/{TOKEN}/",
    f"/mon-agenda/{CODE}.ics",
]


def broken(request, rest):
    raise RuntimeError(f"nothing answers at {request.path}, for {CODE}")


urlpatterns = [
    path("code/en/panne/<path:rest>", broken),
    path("reservations/attente/en/panne/<path:rest>", broken),
    path("", urls.agenda.accueil, name="accueil"),
    *urls.urlpatterns,
]
handler500 = urls.handler500


@pytest.fixture
def log():
    """What the one handler of the settings writes."""
    (console,) = [h for h in logging.root.handlers if type(h) is logging.StreamHandler]
    kept = console.setStream(StringIO())
    yield console.stream
    console.setStream(kept)


def assert_discreet(log):
    assert "…" in log
    assert [secret for secret in SECRETS if secret.lower() in log.lower()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", PATHS)
def test_a_page_not_found_is_masked(log, address):
    VilleFactory()

    page = Client().get(address)

    assert page.status_code == 404
    assert "Not Found: /" in log.getvalue()
    assert_discreet(log.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("address", PATHS[:-1])
def test_a_form_without_its_token_is_masked(log, address):
    VilleFactory()

    page = Client(enforce_csrf_checks=True).post(address)

    assert page.status_code == 403
    assert "Forbidden (CSRF cookie not set.): /" in log.getvalue()
    assert_discreet(log.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["/code/en/panne/", "/reservations/attente/en/panne/"])
def test_a_failure_is_masked_in_its_traceback_too(log, settings, place):
    settings.ROOT_URLCONF = __name__

    page = Client(raise_request_exception=False).get(f"{place}{CODE}/{TOKEN}/")

    assert page.status_code == 500
    assert "Internal Server Error: /" in log.getvalue()
    assert 'RuntimeError(f"nothing answers' in log.getvalue()  # the line of code
    assert "RuntimeError: nothing answers at /" in log.getvalue()  # what it said
    assert_discreet(log.getvalue())


def line(message, *args):
    return DiscreetFormatter("%(message)s").format(
        logging.makeLogRecord({"msg": message, "args": args})
    )


def test_what_surrounds_an_address_stays():
    asked = f"GET /code/{CODE}/ HTTP/1.1"

    assert line('"%s" %s', asked, 404) == '"GET /code/… HTTP/1.1" 404'
    assert line("Envoyé : %s\nFin", CODE) == "Envoyé : …\nFin"
    for plain in ["Not Found: /agenda/9/", 'File "/code/portail/views.py", line 9, in page']:
        assert line(plain) == plain


def test_no_logger_has_another_way_out():
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    handlers = [handler for logger in loggers for handler in logger.handlers]
    ours = [h for h in logging.root.handlers if type(h) is logging.StreamHandler]

    assert [type(handler.formatter) for handler in ours] == [DiscreetFormatter]
    assert [h for h in handlers if not isinstance(h, logging.NullHandler)] == []
    for name in ("django.server", "gunicorn.access", "gunicorn.error"):
        assert logging.getLogger(name).propagate


@pytest.mark.django_db(transaction=True)
def test_a_real_server_masks_its_access_log():
    options = "--access-logfile - --log-level info"
    VilleFactory()

    with serve(url_of(connection.settings_dict["NAME"]), 1, GUNICORN_CMD_ARGS=options) as serveur:
        for address in PATHS:
            send(serveur.port, get(address))
            send(serveur.port, request("POST", address, "Content-Length: 0"))
        log = serveur.log.read_text()

    assert log.count('"GET /code/…') >= 3
    assert_discreet(log)
