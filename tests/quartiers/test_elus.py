"""The elected of a quartier, as long as they are in office; the city alone keeps them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from quartiers.models import Elu
from tests.factories import CompteFactory, ConseilFactory, EluFactory, VilleFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("debut", "fin", "held"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY - DAY, False),
        (TODAY + DAY, None, False),
    ],
)
def test_both_ends_of_an_office_are_included(debut, fin, held):
    elu = EluFactory(debut=debut, fin=fin)

    assert Elu.objects.in_office(TODAY).exists() is held
    assert elu.is_in_office(TODAY) is held


def test_an_office_ends_after_it_begins():
    elu = EluFactory.build(debut=TODAY, fin=TODAY - DAY)

    with pytest.raises(ValidationError, match="suivre le premier"):
        elu.full_clean()
    with pytest.raises(IntegrityError, match="elu_fin_apres_debut"):
        elu.save()


def test_the_page_of_a_council_shows_those_of_its_quartier_in_office(client):
    VilleFactory()
    conseil = ConseilFactory()
    EluFactory(nom="Ada Martin", quartier=conseil.quartier, delegation="écoles")
    EluFactory(nom="Parti Hier", quartier=conseil.quartier, debut=TODAY - DAY, fin=TODAY - DAY)
    EluFactory(nom="Ailleurs")

    page = client.get(conseil.get_absolute_url()).content.decode()

    assert "Élus du quartier" in page
    assert "Ada Martin, adjointe aux écoles</a><br>Écoles" in page
    assert "Parti Hier" not in page
    assert "Ailleurs" not in page


def test_the_city_writes_one(client):
    VilleFactory()
    client.force_login(CompteFactory(is_superuser=True))
    form = {"nom": "Ada Martin", "fonction": "maire", "debut": "2026-01-01"}

    client.post(reverse("admin:quartiers_elu_add"), form)

    assert str(Elu.objects.get()) == "Ada Martin, maire"
