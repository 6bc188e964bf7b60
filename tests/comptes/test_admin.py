from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from comptes.models import Compte
from tests.factories import AffectationFactory, CompteFactory

INDEX = "/gestion/"


def superuser():
    return CompteFactory(is_superuser=True)


@pytest.mark.django_db
def test_the_admin_signs_in_through_allauth(client):
    response = client.get("/gestion/login/", {"next": "/gestion/maisons/maison/"})

    assert response.status_code == 302
    assert response.url == "/compte/login/?next=%2Fgestion%2Fmaisons%2Fmaison%2F"


@pytest.mark.django_db
@pytest.mark.parametrize("path", [INDEX, "/gestion/login/", "/gestion/maisons/maison/"])
def test_signed_in_without_a_mandate_reads_404(client, path):
    client.force_login(CompteFactory())

    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_rights_end_the_day_after_the_mandate(client, time_machine):
    last_day = date(2026, 11, 24)
    agent = AffectationFactory(debut=last_day - timedelta(days=30), fin=last_day).compte
    statuses = []

    for day in (last_day, last_day + timedelta(days=1)):
        time_machine.move_to(timezone.datetime(day.year, day.month, day.day, 12))
        client.force_login(agent)
        statuses.append(client.get(INDEX).status_code)

    assert statuses == [200, 404]


@pytest.mark.django_db
def test_a_mandate_that_has_not_begun_opens_nothing(client):
    agent = AffectationFactory(debut=timezone.localdate() + timedelta(days=1)).compte
    client.force_login(agent)

    assert client.get(INDEX).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["comptes_compte_changelist", "quartiers_quartier_changelist", "quartiers_ville_add"]
)
def test_the_city_is_for_its_administrators(client, page):
    client.force_login(AffectationFactory(role="direction").compte)

    assert client.get(reverse(f"admin:{page}")).status_code == 403


@pytest.mark.django_db
def test_an_account_is_made_without_a_password(client):
    client.force_login(superuser())

    data = {"courriel": "Nouvelle@rivemont.example", "nom": "Nouvelle", "is_active": "on"}
    client.post(reverse("admin:comptes_compte_add"), data)

    made = Compte.objects.get(courriel="nouvelle@rivemont.example")
    assert not made.has_usable_password()
    assert not made.is_superuser


@pytest.mark.django_db
def test_no_page_of_an_account_shows_its_password_or_changes_its_address(client):
    account = CompteFactory(password="un-mot-de-passe-a-moi")
    client.force_login(superuser())
    page = reverse("admin:comptes_compte_change", args=[account.pk])

    shown = client.get(page).content.decode()
    client.post(page, {"courriel": "volee@rivemont.example", "nom": "Autre", "is_active": "on"})

    before = account.courriel
    account.refresh_from_db()
    assert account.password not in shown
    assert (account.courriel, account.nom) == (before, "Autre")


def test_groups_have_no_page():
    assert not admin.site.is_registered(Group)


@pytest.mark.django_db
def test_an_id_does_not_lead_to_its_public_address(client):
    client.force_login(superuser())

    assert client.get("/gestion/r/1/1/").status_code == 404
