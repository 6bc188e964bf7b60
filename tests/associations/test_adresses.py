"""Another e-mail address for a pass: it answers first, the one before is told, no code leaks."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from associations import adresses, courriers, effacement, inscriptions
from associations.models import Dossier
from notifications.models import Message
from tests.associations.passes import address
from tests.factories import ActiviteFactory, CompteFactory, InscriptionFactory, VilleFactory

pytestmark = pytest.mark.django_db
NEW, OLD = "neuve@exemple.fr", "zoe@exemple.fr"


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def row():
    activite = ActiviteFactory(publie=True, titre="Judo")
    row = InscriptionFactory(activite=activite, nom="Zoé Ngo", prenom="Inès", naissance=2018)
    Dossier.objects.filter(pk=row.dossier_id).update(courriel=OLD, telephone="")
    row.dossier.refresh_from_db()
    return row


def by_code(dossier, act=""):
    return f"{reverse('comptes:code_open', args=[dossier.code])}{act}"


def now(row):
    return Dossier.objects.get(pk=row.dossier_id)


def letter(what):
    return Message.objects.filter(cle__contains=f":{what}:").latest("pk")


def link():
    return re.search(r"https?://[^/\s]+(/inscriptions/attente/\S+/)", letter("adresse").texte)[1]


def propose(client, row, **typed):
    answers = {"courriel": NEW, "lettres": "ngo"} | typed
    return client.post(by_code(row.dossier, "courriel/"), answers)


def test_it_changes_once_somebody_answers_there_and_the_one_before_is_told(client, row):
    code = row.dossier.code
    waits = propose(client, row)
    before = now(row).courriel, letter("adresse").destinataire
    client.get(link())
    unread = now(row).courriel

    done = client.post(link())

    dossier = now(row)
    assert (*before, unread) == (OLD, NEW, OLD)
    assert (dossier.courriel, dossier.courriel_propose) == (NEW, "")
    assert dossier.code != code
    assert done.url == by_code(dossier)
    assert waits.url == reverse("associations:attente", args=[dossier.jeton])
    assert (letter("inscrit").destinataire, letter("adresse_changee").destinataire) == (NEW, OLD)


def test_neither_letter_tells_the_code_nor_who_comes(client, row):
    propose(client, row)
    client.post(link())

    for what in ("adresse", "adresse_changee"):
        told = letter(what).objet + letter(what).texte + letter(what).html
        for secret in (row.dossier.code, now(row).code, "Inès"):
            assert secret not in told


def test_six_digits_do_the_same_in_the_page_left_open(client, row):
    waits = propose(client, row).url

    wrong = client.post(waits, {"chiffres": "000000"})
    client.post(waits, {"chiffres": now(row).six_digits})

    assert "Il reste 4 essais" in wrong.content.decode()
    assert now(row).courriel == NEW


def test_a_code_forwarded_changes_nothing_without_three_letters(client, row):
    refused = propose(client, row, lettres="xyz")

    assert "les bonnes lettres" in refused.content.decode()
    assert now(row).courriel_propose == ""


@pytest.mark.parametrize("typed", ["", "pas une adresse"])
def test_what_is_no_address_is_told_beside_it(client, row, typed):
    answer = propose(client, row, courriel=typed)

    assert answer.context["form"].errors["courriel"]
    assert answer.content.decode().count('id="erreurs"') == 1
    assert not Message.objects.filter(cle__contains=":adresse:").exists()


def test_another_one_meanwhile_ends_the_first_link(client, row):
    propose(client, row)
    first = link()
    propose(client, row, courriel="autre@exemple.fr")

    answer = client.post(first, follow=True)

    assert answer.status_code == 404
    assert now(row).courriel == OLD


@pytest.mark.parametrize("phone", [False, True])
def test_who_reads_a_wrong_mailbox_never_gets_the_code(client, row, phone):
    """The link sent there holds the token of the pass: a form sent with it tells no code."""
    if phone:
        Dossier.objects.filter(pk=row.dossier_id).update(courriel="", telephone="+33465710000")
    propose(client, row, courriel="faute@exemple.fr")
    stolen = link().split("/")[3]
    typed = {"jeton": stolen, "etape": "confirmer", "courriel": "faute@exemple.fr"}
    form, waits = address(row.activite), reverse("associations:attente", args=[stolen])
    before = Client().post(form, typed)
    propose(client, row)
    client.post(link())
    client.cookies.clear()

    after = [client.post(form, typed), client.post(waits, typed | {"etape": "corriger"})]

    assert before.url == waits
    assert [one for one in after if now(row).code in one.headers.get("Location", "")] == []
    assert (now(row).courriel, now(row).courriel_propose) == (NEW, "")
    assert client.get(waits).status_code == 404


def test_an_address_that_never_answers_is_forgotten(client, row):
    propose(client, row)
    path, week = link(), timezone.now() + courriers.LIFE
    effacement.forget_outdated(week - timedelta(hours=1))
    waits = now(row).courriel_propose

    effacement.forget_outdated(week + timedelta(hours=1))

    assert (waits, now(row).courriel_propose, now(row).courriel) == (NEW, "", OLD)
    assert not Message.objects.filter(destinataire=NEW).exists()
    assert client.post(path, follow=True).status_code == 404


@pytest.mark.parametrize("why", ["account", "over"])
def test_what_is_an_account_s_or_over_has_no_other_address(client, row, why):
    if why == "account":
        Dossier.objects.filter(pk=row.dossier_id).update(compte=CompteFactory())
    else:
        inscriptions.leave(row, quiet=True)

    propose(client, row)

    assert now(row).courriel_propose == ""


def test_who_gave_a_phone_number_adds_an_address(client, row):
    Dossier.objects.filter(pk=row.dossier_id).update(courriel="", telephone="+33465710000")

    propose(client, row)
    client.post(link())

    assert now(row).reached_at[0] == NEW
    assert not Message.objects.filter(cle__contains=":adresse_changee:").exists()


class TestByTheAssociation:
    def url(self, row):
        return reverse("admin:associations_inscription_address", args=[row.pk])

    def test_it_asks_and_the_person_alone_confirms(self, client, ours):
        row = InscriptionFactory(activite=ActiviteFactory(association=ours, publie=True))
        Dossier.objects.filter(pk=row.dossier_id).update(courriel=OLD)

        done = client.post(self.url(row), {"courriel": NEW}, follow=True)
        asked = now(row)
        client.logout()
        client.post(link())

        assert (asked.courriel, asked.courriel_propose) == (OLD, NEW)
        assert NEW in done.content.decode()
        assert now(row).courriel == NEW

    def test_of_another_association_it_is_not_there(self, client, ours, row):
        answers = [client.get(self.url(row)), client.post(self.url(row), {"courriel": NEW})]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert now(row).courriel_propose == ""

    def test_an_account_is_its_person_s_own_matter(self, client, ours):
        activite = ActiviteFactory(association=ours, publie=True)
        row = InscriptionFactory(activite=activite, compte=CompteFactory())

        assert client.post(self.url(row), {"courriel": NEW}).status_code == 404


def test_what_was_given_up_meanwhile_keeps_its_address(row):
    adresses.propose(row.dossier, NEW)
    inscriptions.leave(row, quiet=True)

    with pytest.raises(adresses.ValidationError, match="finie"):
        adresses.confirm(row.dossier)
