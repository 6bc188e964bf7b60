"""« Cette page vous a-t-elle aidé ? »: two questions, read by the city, kept a year (X8)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portail.models import Remarque
from portail.tasks import erase_outdated_remarks
from tests.factories import CompteFactory, VilleFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/remarque/?page=/agenda/"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def test_a_remark_is_kept_with_its_page_and_nobodys_name(client):
    response = client.post(ADDRESS, {"avis": "non", "texte": "Je cherche le yoga."}, follow=True)

    remarque = Remarque.objects.get()
    assert (remarque.page, remarque.avis, remarque.texte) == (
        "/agenda/",
        "non",
        "Je cherche le yoga.",
    )
    assert "Merci" in response.content.decode()


def test_a_code_in_the_address_of_the_page_is_not_kept(client):
    client.post("/remarque/?page=/code/K7M3-TPXQ-9WQF/", {"avis": "oui"})

    assert Remarque.objects.get().page == "/code/…"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"texte": "Sans avis."}, "avis"),
        ({"avis": "peut-être"}, "avis"),
        ({"avis": "oui", "texte": "a" * 1001}, "texte"),
        ({"avis": "oui", "piege": "http://robot.example"}, "piege"),
    ],
)
def test_a_faulty_remark_is_told_and_kept_in_the_form(client, typed, field):
    response = client.post(ADDRESS, typed)

    form = response.context["form"]
    assert field in form.errors
    assert form["texte"].value() == typed.get("texte")
    assert not Remarque.objects.exists()


def test_remarks_of_one_browser_are_limited(client):
    client.get(ADDRESS)
    answers = [client.post(ADDRESS, {"avis": "oui"}).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]
    assert Remarque.objects.count() == 5


def test_only_the_city_reads_them(client):
    client.force_login(CompteFactory())
    outsider = client.get(reverse("admin:portail_remarque_changelist"))
    client.force_login(CompteFactory(is_superuser=True))
    Remarque.objects.create(page="/agenda/", avis="oui", texte="<script>alert(1)</script>")

    page = client.get(reverse("admin:portail_remarque_changelist")).content.decode()

    assert outsider.status_code == 404
    assert "&lt;script&gt;" in page


def test_remarks_are_erased_after_a_year():
    old = timezone.now() - timedelta(days=366)
    Remarque.objects.create(page="/", avis="oui", cree_le=old)
    kept = Remarque.objects.create(page="/", avis="oui")

    erase_outdated_remarks()
    erase_outdated_remarks()

    assert list(Remarque.objects.all()) == [kept]
