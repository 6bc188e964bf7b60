"""Whom nothing that is written reaches is told by voice, by those alone who may know."""

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.envoi import post
from notifications.models import Message
from permanences import courriers, rendez_vous
from permanences.models import Lecture, RendezVous
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    IntervenantFactory,
    RendezVousFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/gestion/permanences/a-appeler/"
LANDLINE = "+33465710123"


@pytest.fixture
def row():
    """Somebody with a landline, in some days; a moved appointment is to be told."""
    VilleFactory()
    row = RendezVousFactory(nom="Zoé Martin", courriel="", telephone=LANDLINE)
    courriers.tell(row, "deplace")
    return row


def holder(row):
    return IntervenantFactory(permanence=row.vacation.permanence).compte


def said(message):
    return reverse("admin:permanences_rendezvous_said", args=[message.pk])


def test_who_holds_it_reads_the_text_and_each_person_is_noted_once(client, row):
    courriers.tell(row, "annule")
    client.force_login(holder(row))

    page = client.get(PAGE).content.decode()

    assert page.count("Dit au téléphone") == 2
    assert 'href="tel:+33465710123"' in page
    assert row.code in page
    assert Lecture.objects.get().rendez_vous == row


def test_the_home_page_says_how_many_and_not_whom(client, row):
    client.force_login(holder(row))

    home = client.get("/gestion/").content.decode()

    assert f'href="{PAGE}"' in home
    assert "Appeler 1 personne" in home
    assert "Zoé" not in home
    assert not Lecture.objects.exists()


def test_it_is_said_once_with_who_said_it_and_without_its_code(client, row):
    me, message = holder(row), Message.objects.get()
    client.force_login(me)

    for _ in range(2):
        client.post(said(message))

    message.refresh_from_db()
    assert (message.etat, message.dit_par) == (Message.Etat.APPELE, me)
    assert row.code not in message.texte
    assert "Personne n’est à appeler" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["desk", "neighbour", "city", "resident"])
def test_nobody_else_is_told_whom_to_call(client, row, role):
    """The desk of the house is, on that day alone."""
    people = {
        "desk": lambda: AffectationFactory(maison=row.vacation.maison).compte,
        "neighbour": lambda: IntervenantFactory().compte,
        "city": lambda: CompteFactory(is_superuser=True),
        "resident": CompteFactory,
    }
    message = Message.objects.get()
    client.force_login(people[role]())

    assert row.nom not in client.get(PAGE).content.decode()
    assert client.post(said(message)).status_code == 404
    message.refresh_from_db()
    assert message.etat == Message.Etat.A_APPELER
    assert not Lecture.objects.exists()


def test_the_desk_calls_on_the_day_itself(client, row, time_machine):
    desk = AffectationFactory(maison=row.vacation.maison).compte
    time_machine.move_to(row.debut.replace(hour=1))
    client.force_login(desk)

    assert "Zoé Martin" in client.get(PAGE).content.decode()


class TestReminders:
    """Those of the days to come: who holds it is there that day alone."""

    @pytest.fixture
    def reminded(self, row):
        told = courriers.compose(row, "rappel", "")
        reached = {"courriel": "", "telephone": LANDLINE, "expire_le": row.debut}
        post(f"{courriers.REMINDER}{row.pk}:2880:0", **reached, **told)
        return row

    @pytest.mark.parametrize("role", ["accueil", "direction"])
    def test_the_desk_of_the_house_calls_and_reads_nothing_else(self, client, reminded, role):
        service = reminded.vacation.permanence.service
        client.force_login(AffectationFactory(maison=reminded.vacation.maison, role=role).compte)

        page = client.get(PAGE).content.decode()

        assert page.count("Dit au téléphone") == 1  # not that it was moved
        assert "Zoé Martin" in page
        assert 'href="tel:+33465710123"' in page
        assert "Rappel de votre rendez-vous" in page
        assert str(service) not in page
        assert service.chapeau not in page
        assert Lecture.objects.get().rendez_vous == reminded

    def test_it_is_said_once(self, client, reminded):
        message = Message.objects.get(cle__startswith=courriers.REMINDER)
        client.force_login(AffectationFactory(maison=reminded.vacation.maison).compte)

        client.post(said(message))

        message.refresh_from_db()
        assert message.etat == Message.Etat.APPELE

    @pytest.mark.parametrize("role", ["elsewhere", "city"])
    def test_nobody_of_elsewhere_does(self, client, reminded, role):
        city = role == "city"
        client.force_login(
            CompteFactory(is_superuser=True) if city else AffectationFactory().compte
        )

        answer = client.get(PAGE)

        assert answer.status_code == (404 if city else 200)
        assert "Zoé" not in answer.content.decode()

    def test_who_holds_it_and_is_at_the_desk_reads_it_once(self, client, reminded):
        me = holder(reminded)
        AffectationFactory(maison=reminded.vacation.maison, compte=me)
        client.force_login(me)

        assert client.get(PAGE).content.decode().count("Dit au téléphone") == 2


def test_what_is_over_is_told_to_nobody(client, row):
    Message.objects.update(expire_le=timezone.now())
    client.force_login(holder(row))

    assert "Zoé" not in client.get(PAGE).content.decode()


def test_city_administrators_neither_read_it_nor_note_it_as_said(client, row):
    message = Message.objects.get()
    client.force_login(CompteFactory(is_superuser=True))
    url = f"/gestion/notifications/message/{message.pk}"

    page = client.get(f"{url}/change/").content.decode()
    listed = client.get("/gestion/notifications/message/").content.decode()
    refused = client.post(f"{url}/dit/").status_code

    for secret in ("Zoé", "Martin", "04 65 71 01 23", row.code):
        assert secret not in page + listed
    assert "confidentiel" in listed
    assert refused == 403


def test_an_answer_of_the_mail_server_does_not_tell_the_address(client, row):
    Message.objects.update(
        etat="echec", destinataire="zoe@ville.example", erreur="550 <zoe@ville.example>: inconnu"
    )
    client.force_login(CompteFactory(is_superuser=True))

    page = client.get("/gestion/notifications/message/").content.decode()

    assert "550 &lt;••••&gt;: inconnu" in page
    assert "zoe@" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_constant_queries(client, row, django_assert_num_queries, count):
    for rank in range(1, count):
        other = RendezVousFactory(
            vacation=row.vacation,
            debut=row.vacation.slots()[rank][0],
            nom=f"Zoé {rank}",
            courriel="",
            telephone=LANDLINE,
        )
        courriers.tell(other, "deplace")
    client.force_login(holder(row))
    client.get(PAGE)

    with django_assert_num_queries(12):
        client.get(PAGE)


def test_what_is_cancelled_meanwhile_is_still_told_as_it_is(client, row):
    rendez_vous.cancel(row)
    client.force_login(holder(row))

    page = client.get(PAGE).content.decode()

    assert RendezVous.objects.get().annule_le
    assert "annulé" in page
