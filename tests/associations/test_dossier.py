"""A pass by its code or from an account: what it shows, to whom, and what may be done with it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from associations import activites, inscriptions
from associations.models import Agenda, Dossier, Inscription
from maisons import heures
from notifications.models import Message
from tests.associations.passes import opened
from tests.factories import (
    ActiviteFactory,
    CompteFactory,
    InscriptionFactory,
    SeanceFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year - 8


@pytest.fixture(autouse=True)
def ville(settings):
    settings.SMS_URL = "console:"
    return VilleFactory()


@pytest.fixture
def child():
    activite = ActiviteFactory(publie=True, places=1, titre="Judo", gratuit=False, tarif="60 €")
    return InscriptionFactory(activite=activite, prenom="Inès", naissance=YEAR, nom="Zoé Ngo")


def page(response):
    return response.content.decode()


def by_code(client, row, act="", **typed):
    path = opened(row.dossier, act)
    return client.post(path, typed, follow=True) if typed or act else client.get(path)


class TestByCode:
    def test_a_code_forwarded_shows_no_name_until_three_letters(self, client, child):
        shown = page(client.get(opened(child.dossier)))
        assert "Judo" in shown
        assert "Inès" not in shown
        assert "Zoé" not in shown

        wrong = page(client.post(opened(child.dossier, "voir"), {"lettres": "abc"}))
        right = page(client.post(opened(child.dossier, "voir"), {"lettres": "ngo"}, follow=True))

        assert "Ce ne sont pas les bonnes lettres" in wrong
        assert "Inès" in right

    def test_leaving_is_a_page_then_a_button_with_three_letters(self, client, child):
        path = opened(child.dossier, f"quitter-{child.pk}")
        assert "Annuler cette inscription" in page(client.get(path))
        client.post(path)
        assert Inscription.objects.get().etat == "inscrite"

        client.post(path, {"lettres": "zoe"})

        assert Inscription.objects.get().etat == "annulee"

    def test_of_two_children_one_reads_which_before_giving_a_place_up(self, client, child):
        activite = ActiviteFactory(publie=True, titre="Chant")
        rows = [Inscription(activite=activite, prenom=n, naissance=YEAR) for n in ("Inès", "Noé")]
        dossier = inscriptions.register(Dossier(nom="Zoé Ngo", telephone="+33612345678"), rows)
        path = opened(dossier, f"quitter-{rows[1].pk}")

        sheet = page(client.get(opened(dossier)))
        shown = page(client.post(path, {"lettres": "ngo"}, follow=True))
        kept = Inscription.objects.get(pk=rows[1].pk).etat
        client.post(path)

        assert "Chant, Personne 1" in sheet
        assert "Chant, Personne 2" in sheet
        assert "Chant</strong>, Noé" in shown
        assert kept == "inscrite"
        assert Inscription.objects.get(pk=rows[1].pk).etat == "annulee"

    def test_the_page_says_when_where_and_how_much(self, client, child):
        shown = page(client.get(opened(child.dossier)))

        first = child.activite.seances.get()
        assert f"Prochaine séance\u00a0: {heures.span(first.debut, first.fin)}" in shown
        assert "60 €, à payer sur place" in shown

    def test_one_left_of_two_is_told_in_the_singular(self, client, child):
        activite = ActiviteFactory(publie=True)
        rows = [Inscription(activite=activite, prenom=n, naissance=YEAR) for n in ("Inès", "Noé")]
        dossier = inscriptions.register(Dossier(nom="Zoé Ngo", telephone="+33612345678"), rows)
        inscriptions.leave(rows[0])

        assert ">Votre inscription est faite</h1>" in page(client.get(opened(dossier)))

    @pytest.mark.parametrize("act", ["quitter", "accepter", "attestation"])
    def test_the_registration_of_another_pass_is_not_there(self, client, child, act):
        other = InscriptionFactory()

        path = opened(child.dossier, f"{act}-{other.pk}")

        assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
        assert other.etat == "inscrite"

    @pytest.mark.parametrize("name", ["quitter", "quitter-", "quitter-x", "rien", "voir-3", "-1"])
    def test_what_is_no_act_is_not_there(self, client, child, name):
        assert client.get(opened(child.dossier, name)).status_code == 404

    def test_a_rank_is_told_then_an_offer_taken_by_a_page_and_a_button(self, client, child):
        waits = InscriptionFactory(activite=child.activite)
        code = opened(waits.dossier)
        assert "Vous êtes 1er. Si une place se libère" in page(client.get(code))

        inscriptions.leave(child)
        told = page(client.get(code))
        path = opened(waits.dossier, f"accepter-{waits.pk}")
        assert "si vous répondez avant" in told
        assert "Accepter la place" in page(client.get(path))
        refuse = page(client.get(opened(waits.dossier, f"quitter-{waits.pk}")))
        assert "Laisser cette place" in refuse
        assert "Annuler" not in refuse.split("<main")[1]
        waits.refresh_from_db()
        assert waits.etat == "proposee"
        client.post(path)

        waits.refresh_from_db()
        assert (waits.etat, waits.place) == ("inscrite", 1)

    def test_an_offer_that_went_on_says_so(self, client, child):
        waits = InscriptionFactory(activite=child.activite)
        inscriptions.leave(child)
        Inscription.objects.filter(pk=waits.pk).update(expire_le=timezone.now())

        answer = page(client.post(opened(waits.dossier, f"accepter-{waits.pk}")))

        assert "n’est plus proposée" in answer


class TestWithAnAccount:
    def test_only_mine_are_mine(self, client, child):
        me = CompteFactory()
        mine = InscriptionFactory(compte=me)
        client.force_login(me)

        shown = client.get(reverse("associations:dossier_list")).context["coming"]

        assert list(shown) == [mine]
        assert "Prochaine séance" in page(client.get(reverse("associations:dossier_list")))
        assert client.get(child.dossier.get_absolute_url()).status_code == 404
        assert client.get(mine.dossier.get_absolute_url()).status_code == 200

    @pytest.mark.parametrize("count", [1, 3])
    def test_my_list_costs_constant_queries(self, client, django_assert_num_queries, count):
        me = CompteFactory()
        for _ in range(count):
            InscriptionFactory(compte=me)
        client.force_login(me)

        path = reverse("associations:dossier_list")
        # session, account, coming, their next sessions, past, calendar, the city
        with django_assert_num_queries(7):
            client.get(path)

    def test_an_attestation_says_one_child_dates_and_price(self, client):
        me = CompteFactory()
        activite = ActiviteFactory(publie=True, gratuit=False, tarif="60 €")
        rows = [Inscription(activite=activite, prenom=n, naissance=YEAR) for n in ("Inès", "Noé")]
        inscriptions.register(Dossier(compte=me), rows)
        client.force_login(me)

        act = f"attestation-{rows[0].pk}"
        path = reverse("associations:dossier_act", args=[rows[0].dossier_id, act])
        shown = page(client.get(path))

        assert "Attestation d’inscription" in shown
        assert "Inès" in shown
        assert "60 €" in shown
        assert "Noé" not in shown
        assert f"Fait le {heures.dated(timezone.localdate())}" in shown  # kept for years


class TestTheCalendar:
    def follow(self, client, me):
        client.force_login(me)
        client.post(reverse("associations:agenda_renew"))
        client.logout()
        return reverse("associations:agenda_ics", args=[Agenda.objects.get(compte=me).code])

    def test_it_holds_what_one_is_registered_for_and_no_name(self, client):
        me = CompteFactory()
        mine = InscriptionFactory(compte=me, prenom="Inès", naissance=YEAR)
        InscriptionFactory(compte=CompteFactory())
        path = self.follow(client, me)

        answer = client.get(path)

        events = Calendar.from_ical(answer.content).walk("VEVENT")
        dates = mine.activite.seances.all()
        assert [str(e["uid"]).split("@")[0] for e in events] == [f"creneau-{d.pk}" for d in dates]
        assert "Inès" not in page(answer)
        assert "no-store" in answer["Cache-Control"]

    def test_a_cancelled_session_stays_as_cancelled(self, client):
        me = CompteFactory()
        mine = InscriptionFactory(compte=me)
        SeanceFactory(activite=mine.activite)
        path = self.follow(client, me)

        activites.cancel(mine.activite.seances.earliest("pk"))

        assert page(client.get(path)).count("STATUS:CANCELLED") == 1

    def test_only_an_address_that_replaces_another_says_so(self, client):
        client.force_login(CompteFactory())
        renew = reverse("associations:agenda_renew")

        first, second = (page(client.post(renew, follow=True)) for _ in range(2))

        assert "ne marche plus" not in first
        assert "ne marche plus" in second

    def test_renewed_the_earlier_address_is_gone(self, client):
        me = CompteFactory()
        before = self.follow(client, me)

        after = self.follow(client, me)

        assert client.get(before).status_code == 404
        assert client.get(after).status_code == 200

    def test_it_is_renewed_by_post_alone(self, client):
        client.force_login(CompteFactory())

        assert client.get(reverse("associations:agenda_renew")).status_code == 405


def test_a_file_for_the_calendar_of_a_pass(client, child):
    SeanceFactory(activite=child.activite, debut=timezone.now() + timedelta(days=30))

    file = client.get(opened(child.dossier, "calendrier"))

    assert len(Calendar.from_ical(file.content).walk("VEVENT")) == 2
    assert not Message.objects.filter(cle__contains="calendrier").exists()
