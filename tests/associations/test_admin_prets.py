"""Loans in the admin: asked for by an association, answered by the house, each on its rows."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from associations.models import MiseADisposition
from maisons.models import Salle, Serie
from notifications.models import Message
from tests.factories import (
    AdhesionFactory,
    AffectationFactory,
    BudgetHeuresFactory,
    CompteFactory,
    FermetureFactory,
    MembreFactory,
    MiseADispositionFactory,
    SalleFactory,
)

pytestmark = pytest.mark.django_db
Etat = MiseADisposition.Etat
PAIR = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
ACTS = ["accorder", "refuser", "deplacer", "annuler"]


def admin(name, *args):
    return reverse(f"admin:associations_miseadisposition_{name}", args=args)


def typed(association, room, **fields):
    day = timezone.localdate() + timedelta(days=9)
    known = {"association": association.pk, "usage": "repetition", "salle": room.pk}
    return known | {"jour": f"{day}", "de": "18:00", "a": "20:00"} | fields


@pytest.fixture
def member(client):
    mandate = MembreFactory(role="animateur")
    AdhesionFactory(association=mandate.association)
    client.force_login(mandate.compte)
    return mandate


@pytest.fixture
def pret(member):
    return MiseADispositionFactory(association=member.association, by=member.compte)


def test_a_member_asks_for_a_room_and_reads_what_became_of_it(client, member):
    room = SalleFactory()

    page = client.post(admin("add"), typed(member.association, room), follow=True)

    pret = MiseADisposition.objects.get()
    assert (pret.association, pret.salle, pret.etat) == (member.association, room, Etat.DEMANDEE)
    assert pret.demande_par == member.compte
    assert "1 date demandée." in page.content.decode()
    assert "Accorder la salle" not in page.content.decode()


@pytest.fixture
def season(member):
    """What a member types for five weeks in a row, one of which is taken."""
    room = SalleFactory()
    asked = typed(member.association, room)
    until = timezone.localdate() + timedelta(days=9 + 28)
    MiseADispositionFactory(salle=room, debut=moment(asked, 7), fin=moment(asked, 7, 2))
    rule = {"cadence": "semaine", "dernier": f"{until}", "regime": "toujours", "jours_feries": "on"}
    return asked | rule


def test_a_season_is_looked_at_before_it_is_asked_for(client, member, season):
    today = timezone.localdate()
    until = today + timedelta(days=90)
    BudgetHeuresFactory(association=member.association, premier=today, dernier=until, heures=7)
    before = Serie.objects.count(), MiseADisposition.objects.count(), Message.objects.count()

    page = client.post(admin("add"), season).content.decode()

    assert "4 dates, 1 écartée" in page
    assert page.count("écartée, salle déjà réservée") == 1
    assert "Ces dates prennent 8\u00a0h de salle." in page
    assert "serait dépassé : 0\u00a0h utilisées, 8\u00a0h demandées, sur 7\u00a0h." in page
    assert "1 personne de l’association prévenue par e-mail." in page
    assert "Demander les 4 dates" in page
    after = Serie.objects.count(), MiseADisposition.objects.count(), Message.objects.count()
    assert after == before


def test_the_button_of_the_preview_asks_for_what_was_looked_at(client, season):
    answers = dict(PAIR.findall(client.post(admin("add"), season).content.decode()))
    del answers["csrfmiddlewaretoken"]

    page = client.post(admin("add"), answers | {"faire": "1"}, follow=True).content.decode()

    assert answers == {name: str(value) for name, value in season.items()}
    assert "4 dates demandées, 1 écartée." in page
    assert "écartée, salle déjà réservée" in page
    assert MiseADisposition.objects.filter(serie__isnull=False).count() == 4


def test_a_season_without_any_date_says_why_and_offers_nothing(client, member, season):
    closure = moment(season, -1), moment(season, 60)
    room = Salle.objects.get(pk=season["salle"])
    FermetureFactory(maison=room.maison, salle=room, debut=closure[0], fin=closure[1])

    looked = client.post(admin("add"), season).content.decode()
    forced = client.post(admin("add"), season | {"faire": "1"}).content.decode()

    assert "Aucune de ces dates n’est possible" in looked
    assert looked.count("écartée, fermeture") == 5
    assert 'name="faire"' not in looked
    assert "Aucune de ces dates n’est possible" in forced
    assert not Serie.objects.exists()


def test_the_city_looks_at_what_it_grants(client, season):
    client.force_login(CompteFactory(is_superuser=True))

    looked = client.post(admin("add"), season).content.decode()
    client.post(admin("add"), season | {"faire": "1"})

    assert "Accorder les 4 dates" in looked
    assert {pret.etat for pret in MiseADisposition.objects.filter(serie__isnull=False)} == {
        Etat.CONFIRMEE
    }


def moment(asked, days, hours=0):
    at = timezone.datetime.fromisoformat(f"{asked['jour']}T{asked['de']}")
    return timezone.make_aware(at) + timedelta(days=days, hours=hours)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"jour": "2020-01-01"}, "Ce moment est passé"),
        ({"personnes": "9999"}, "personnes au plus"),
        ({"salle": ""}, "Choisissez une salle."),
        ({"a": "17:00"}, "La fin doit être après le début."),
        ({"cadence": "semaine"}, "Choisissez le dernier jour."),
    ],
)
def test_a_fault_is_told_and_nothing_is_kept(client, member, fields, sentence):
    asked = typed(member.association, SalleFactory(), **fields)

    page = client.post(admin("add"), asked).content.decode()

    assert sentence in page
    assert not MiseADisposition.objects.exists()


def test_without_the_charter_a_sentence_says_so(client):
    mandate = MembreFactory()
    client.force_login(mandate.compte)

    page = client.post(admin("add"), typed(mandate.association, SalleFactory())).content.decode()

    assert "n’a pas signé la charte" in page
    assert not MiseADisposition.objects.exists()


def test_nobody_asks_for_another_association(client, member):
    foreign = AdhesionFactory().association

    client.post(admin("add"), typed(foreign, SalleFactory()))

    assert not MiseADisposition.objects.exists()


def test_the_city_grants_at_once(client):
    client.force_login(CompteFactory(is_superuser=True))

    client.post(admin("add"), typed(AdhesionFactory().association, SalleFactory()))

    assert MiseADisposition.objects.get().etat == Etat.CONFIRMEE


@pytest.mark.parametrize("role", ["accueil", "direction"])
def test_the_house_finds_what_waits_and_grants_it(client, pret, role):
    client.force_login(AffectationFactory(maison=pret.maison, role=role).compte)

    home = client.get(reverse("admin:index")).content.decode()
    client.post(admin("accorder", pret.pk), {"reponse": "Les clés sont à l’accueil."})

    pret.refresh_from_db()
    assert "Prêts de salle à répondre" in home
    assert (pret.etat, pret.reponse) == (Etat.CONFIRMEE, "Les clés sont à l’accueil.")
    assert "Prêts de salle à répondre" not in client.get(reverse("admin:index")).content.decode()


def test_a_refusal_asks_for_its_motive(client, pret):
    client.force_login(AffectationFactory(maison=pret.maison).compte)

    page = client.post(admin("refuser", pret.pk), {"reponse": "Non."}).content.decode()
    client.post(admin("refuser", pret.pk), {"motif_refus": "budget", "reponse": "Non."})

    pret.refresh_from_db()
    assert "Choisissez un motif." in page
    assert (pret.etat, pret.motif_refus) == (Etat.REFUSEE, "budget")
    assert client.get(admin("refuser", pret.pk)).status_code == 404  # it is answered


@pytest.mark.parametrize("act", ["accorder", "refuser"])
def test_a_member_does_not_answer_its_own_request(client, pret, act):
    answer = client.post(admin(act, pret.pk), {"motif_refus": "besoin", "reponse": ""})

    pret.refresh_from_db()
    assert (answer.status_code, pret.etat) == (403, Etat.DEMANDEE)


def test_a_member_moves_and_cancels_its_own(client, pret):
    day = timezone.localdate(pret.debut) + timedelta(days=1)
    place = {"salle": pret.salle_id, "jour": f"{day}", "de": "09:00", "a": "10:30"}

    client.post(admin("deplacer", pret.pk), place)
    pret.refresh_from_db()
    moved = timezone.localdate(pret.debut)
    client.post(admin("annuler", pret.pk), {"reponse": "Plus besoin."})

    pret.refresh_from_db()
    assert moved == day
    assert (pret.etat, pret.motif_annulation) == (Etat.ANNULEE, "demande")


@pytest.mark.parametrize("page", ["change", "history", *ACTS])
@pytest.mark.parametrize("who", ["another association", "another house"])
def test_it_is_nowhere_for_others(client, pret, page, who):
    mandate = MembreFactory() if who == "another association" else AffectationFactory()
    client.force_login(mandate.compte)

    assert client.get(admin(page, pret.pk)).status_code == 404
    assert client.post(admin(page, pret.pk), {"motif_refus": "besoin"}).status_code == 404
    listed = client.get(admin("changelist")).context["cl"]
    assert list(listed.result_list) == []
    pret.refresh_from_db()
    assert pret.etat == Etat.DEMANDEE


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_constant_queries(client, django_assert_num_queries, count):
    client.force_login(CompteFactory(is_superuser=True))
    rows = [MiseADispositionFactory() for _ in range(count)]

    with django_assert_num_queries(8):
        page = client.get(admin("changelist"))

    assert set(page.context["cl"].result_list) == set(rows)
