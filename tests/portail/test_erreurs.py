"""Error pages: the right status, French, what to do next, a phone number (X2)."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.urls import include, path, reverse

from portail import urls
from tests.factories import CompteFactory, VilleFactory

PHONE = "04 65 71 00 00"


def raises(error):
    def view(request):
        raise error

    return view


def broken(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


urlpatterns = [
    path("erreur/400/", raises(BadRequest("mal formé"))),
    path("erreur/403/", raises(PermissionDenied)),
    path("erreur/500/", raises(RuntimeError("secret technique"))),
    path("erreur/base/", raises(OperationalError("the server is gone"))),
    path("erreur/requete/", broken),
    path("", include(urls)),
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500

PAGES = [
    ("/erreur/400/", 400, "Nous n’avons pas compris cette demande"),
    ("/erreur/403/", 403, "Cette page n’est pas ouverte à votre compte"),
    ("/erreur/404/", 404, "Cette page n’existe pas, ou plus"),
    ("/erreur/500/", 500, "Le site a un problème"),
]


@pytest.fixture(autouse=True)
def _production(settings):
    settings.DEBUG, settings.ROOT_URLCONF = False, __name__


@pytest.fixture
def client():
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def check(page, status, title):
    text = page.content.decode()
    assert page.status_code == status
    assert f"<h1>{title}</h1>" in text
    assert f'href="{reverse("portail:accueil")}"' in text
    assert f'href="{reverse("portail:agenda")}"' in text
    assert "secret technique" not in text
    assert not page.cookies
    return text


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status", "title"), PAGES)
def test_each_error_has_its_page_with_a_phone_number(client, address, status, title):
    VilleFactory(telephone=PHONE)

    text = check(client.get(address), status, title)

    assert text.count(PHONE) == 2  # in the page and at its foot


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status", "title"), PAGES)
def test_error_pages_cost_one_query(client, django_assert_num_queries, address, status, title):
    with django_assert_num_queries(1):
        check(client.get(address), status, title)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/erreur/base/", "/erreur/requete/"])
def test_failed_query_gives_the_page_all_the_same(client, address):
    check(client.get(address), 500, "Le site a un problème")


def test_without_its_database_the_site_says_so(client, no_database):
    """Even signed in: the session cannot be read either."""
    client.cookies["session"] = client.cookies["__Host-session"] = "a" * 32

    for address in [reverse("portail:accueil"), reverse("portail:mon_espace"), "/erreur/500/"]:
        text = check(client.get(address), 500, "Le site a un problème")
        assert "votre ville" in text


@pytest.fixture
def no_database(django_db_blocker):
    """A real connection refused: the port of a server that is not there."""
    kept, port = connection.connection, connection.settings_dict["PORT"]
    connection.connection, connection.settings_dict["PORT"] = None, 1
    with django_db_blocker.unblock():
        yield
    connection.connection, connection.settings_dict["PORT"] = kept, port


@pytest.mark.django_db
def test_expired_form_says_that_nothing_was_saved_and_how_to_keep_it(client):
    VilleFactory(telephone=PHONE)

    text = check(client.post(reverse("account_login")), 403, "Ce formulaire a expiré")

    assert "Rien n’a été enregistré." in text
    assert "vos réponses y sont encore" in text
    assert PHONE in text


@pytest.mark.django_db
def test_host_that_is_not_ours_gets_the_page(client):
    with override_settings(ALLOWED_HOSTS=["ville.example"]):
        page = client.get("/", headers={"host": "ailleurs.example"})

    check(page, 400, "Nous n’avons pas compris cette demande")


@pytest.mark.django_db
def test_outsider_of_a_space_is_sent_to_sign_in_not_refused(client):
    client.force_login(CompteFactory())

    assert client.get(reverse("portail:mon_espace")).status_code == 200
