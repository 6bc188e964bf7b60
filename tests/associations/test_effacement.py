"""Who registered is forgotten in time, with all that names them; what is theirs is exported."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from associations import inscriptions
from associations.models import Activite, Dossier, Inscription
from associations.tasks import erase_outdated
from notifications.models import Message
from tests.factories import ActiviteFactory, CompteFactory, InscriptionFactory, VilleFactory

pytestmark = pytest.mark.django_db
KNOWN = ["compte", "nom", "courriel", "telephone", "saisi_par", "empreinte"]


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def came(**who):
    activite = ActiviteFactory(publie=True, questions=["photo"])
    child = {"prenom": "Inès", "naissance": timezone.localdate().year - 8}
    row = InscriptionFactory(activite=activite, reponses=["photo"], **child, **who)
    return row


@pytest.mark.parametrize("account", [True, False])
def test_who_registered_is_forgotten_a_year_after_the_season(time_machine, account):
    row = came(**({"compte": CompteFactory()} if account else {}))
    seed, over = row.dossier.graine, row.activite.dernier
    assert Message.objects.exists()
    time_machine.move_to(timezone.now() + timedelta(days=(over - timezone.localdate()).days + 364))
    erase_outdated()
    assert not Dossier.objects.get().anonymise_le

    time_machine.shift(timedelta(days=2))
    erase_outdated()
    erase_outdated()

    dossier, line = Dossier.objects.get(), Inscription.objects.get()
    assert [name for name in KNOWN if getattr(dossier, name)] == []
    assert dossier.graine != seed
    assert (line.prenom, line.naissance, line.reponses) == ("", None, [])
    assert (line.etat, line.place) == ("inscrite", 1)
    assert not Message.objects.exists()


def test_a_pass_that_goes_on_elsewhere_is_kept(time_machine):
    row = came()
    longer = ActiviteFactory(publie=True)
    Activite.objects.filter(pk=longer.pk).update(dernier=longer.dernier + timedelta(days=300))
    second = Inscription(activite=longer, dossier=row.dossier)
    second.mark("inscrite", 1)
    second.save()
    time_machine.move_to(timezone.now() + timedelta(days=200 + 370))

    erase_outdated()

    assert Dossier.objects.get().nom


def test_an_address_that_nobody_proved_is_erased_the_next_day(time_machine):
    came(courriel="lea@ville.example")
    inscriptions.release_expired()
    time_machine.move_to(timezone.now() + timedelta(hours=23))
    inscriptions.release_expired()
    erase_outdated()
    assert Dossier.objects.exists()

    time_machine.shift(timedelta(hours=2))
    erase_outdated()

    assert not Dossier.objects.exists()
    assert not Message.objects.exists()


def test_my_data_holds_my_registrations_and_my_children_alone(client, django_assert_num_queries):
    me = CompteFactory()
    mine = came(compte=me)
    came(compte=CompteFactory())
    client.force_login(me)

    exported = client.post(reverse("comptes:donnees")).json()["inscriptions"]

    assert [(one["activite"], one["prenom"]) for one in exported] == [(str(mine.activite), "Inès")]
    assert exported[0]["reponses"] == [mine.answers[0][0]]
