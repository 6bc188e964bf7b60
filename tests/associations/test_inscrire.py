"""Registering: who, check, confirm; by e-mail, by phone, with an account."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from associations import inscriptions
from associations.models import Activite, Dossier, Inscription
from notifications.models import Message
from tests.associations.passes import LANDLINE, MOBILE, address, answers, children, opened
from tests.factories import (
    ActiviteFactory,
    CompteFactory,
    InscriptionFactory,
    SeanceFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year - 8
KIDS = ("Inès", YEAR), ("Noé", YEAR - 1)


@pytest.fixture(autouse=True)
def texts(settings):
    VilleFactory()
    settings.SMS_URL = "console:"


@pytest.fixture
def activite():
    return ActiviteFactory(publie=True, titre="Judo", questions=["photo", "repart_seul"])


def full(activite):
    return [InscriptionFactory(activite=activite) for _ in range(activite.places)]


def page(response):
    return response.content.decode()


class TestTheForm:
    def test_it_asks_who_then_children_then_the_adult_once(self, client, activite):
        form = client.get(address(activite)).context["form"]

        asked = [field.name for field in form.visible_fields()]
        assert asked[0] == "telephone" or "pour" in asked
        assert [name for name in asked if name.startswith("prenom_")] == [
            f"prenom_{rank}" for rank in (1, 2, 3)
        ]
        assert {"nom", "courriel", "telephone"} <= set(asked)
        assert [name for name in asked if form[name].value() is True] == []
        assert "repart_seul_moi" not in asked
        assert not client.session.keys()

    def test_a_child_more_keeps_what_was_typed(self, client, activite):
        typed = children(*KIDS, etape="ajouter", photo_1="on")

        form = client.post(address(activite), typed).context["form"]

        assert not form.errors
        assert form["prenom_2"].value() == "Noé"
        assert form["photo_1"].value() is True
        assert "prenom_4" in form.fields

    def test_only_children_are_asked_for_where_adults_do_not_come(self, client):
        activite = ActiviteFactory(publie=True, age_min=6, age_max=10)

        form = client.get(address(activite)).context["form"]

        assert form["pour"].is_hidden
        assert form["pour"].value() == "enfants"

    @pytest.mark.parametrize(
        "values", [{"inscription": "libre", "places": None}, {"publie_le": None}]
    )
    def test_what_takes_nobody_is_no_page(self, client, activite, values):
        Inscription.objects.all().delete()
        Activite.objects.filter(pk=activite.pk).update(**values)

        assert client.get(address(activite)).status_code == 404

    def test_a_closed_one_says_so(self, client, activite):
        Activite.objects.filter(pk=activite.pk).update(ouverte=False)

        shown = page(client.get(address(activite)))

        assert "Les inscriptions sont fermées" in shown
        assert "<form method" not in shown.split("<main")[1].split("</main")[0]

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"nom": " "}, "Écrivez votre nom."),
            ({"courriel": ""}, "Donnez un numéro de téléphone, ou une adresse e-mail."),
            ({"courriel": "x"}, "Cette adresse n’est pas complète."),
            ({"telephone": "06 12"}, "Ce numéro n’est pas complet."),
            ({"pour": ""}, "Dites qui s’inscrit."),
            ({"pour": "x"}, "Choisissez dans la liste."),
            ({"site_web": "x"}, "Videz-le"),
            ({"pour": "enfants"}, "Écrivez le prénom d’un enfant."),
            ({"pour": "moi", "prenom_1": "Inès"}, "Vous avez aussi écrit un enfant."),
            ({"pour": "enfants", "nom": "", "prenom_1": ""}, "Écrivez le prénom d’un enfant."),
            ({"pour": "enfants", "prenom_1": "Inès"}, "en quatre chiffres"),
            ({"pour": "enfants", "naissance_1": "2018"}, "Écrivez le prénom d’un enfant."),
            (
                {"pour": "enfants", "prenom_1": "Inès", "naissance_1": "2018"},
                "Pour un enfant, donnez un numéro de téléphone.",
            ),
        ],
    )
    def test_what_is_missing_is_told_and_nothing_is_written(self, client, activite, wrong, told):
        response = client.post(address(activite), answers(**wrong))

        assert told in page(response)
        assert not Dossier.objects.exists()

    def test_the_age_rule_is_told_beside_the_child_with_the_years(self, client):
        activite = ActiviteFactory(publie=True, age_min=6, age_max=10)

        response = client.post(address(activite), children(("Inès", YEAR), ("Noé", 1990)))

        assert "nés de" in response.context["form"].errors["naissance_2"][0]
        assert not Dossier.objects.exists()

    def test_what_no_form_asks_is_not_written(self, client, activite):
        forged = {field.name: "7" for field in Inscription._meta.concrete_fields}
        forged |= {"saisi_par": CompteFactory().pk, "compte": CompteFactory().pk, "place": "2"}

        client.post(address(activite), forged | answers(sait_nager_moi="on"))

        row = Inscription.objects.select_related("dossier").get()
        assert (row.place, row.etat, row.reponses, row.sequence) == (1, "a_confirmer", [], 0)
        assert (row.dossier.compte, row.dossier.saisi_par) == (None, None)


class TestTheCheck:
    def test_it_shows_everything_and_writes_nothing(self, client, activite):
        typed = children(*KIDS, etape="verifier", photo_2="on")

        response = client.post(address(activite), typed)

        shown = page(response)
        assert "<h1>Vérifiez puis confirmez</h1>" in shown
        assert all(name in shown for name in ("Inès", "Noé", "Camille O’Neill", "Gratuit"))
        assert shown.count("sur les photos") == 1
        assert not Dossier.objects.exists()
        assert not client.session.keys()

    def test_the_way_back_keeps_what_was_typed(self, client, activite):
        typed = children(*KIDS, etape="modifier", photo_2="on")

        form = client.post(address(activite), typed).context["form"]

        assert [form[name].value() for name in ("prenom_1", "naissance_2")] == [
            "Inès",
            str(YEAR - 1),
        ]
        assert (form["photo_1"].value(), form["photo_2"].value()) == (False, True)

    def test_a_mailbox_that_does_not_exist_is_suspected(self, client, activite):
        typed = answers(etape="verifier", courriel="camille@gmial.com")

        assert 'value="camille@gmail.com"' in page(client.post(address(activite), typed))

    def test_a_waiting_list_is_told_with_its_rank_and_joined_only_after(self, client, activite):
        full(activite)
        typed = answers(courriel="", telephone=MOBILE)

        unaware = client.post(address(activite), typed)
        told = page(unaware)
        assert "liste d’attente, 1er" in told
        assert "Confirmez seulement si vous acceptez d’attendre" in told
        assert not Dossier.objects.filter(nom="Camille O’Neill").exists()
        client.post(address(activite), typed | {"attente": unaware.context["waiting"]})

        row = Inscription.objects.get(dossier__nom="Camille O’Neill")
        assert (row.etat, row.rang) == ("attente", 1)

    def test_full_without_a_list_is_refused_by_its_name(self, client, activite):
        Activite.objects.filter(pk=activite.pk).update(liste_attente=False)
        typed = answers()
        full(activite)

        shown = page(client.post(address(activite), typed))

        assert "inscriptions sont fermées" in shown
        assert not Dossier.objects.filter(nom="Camille O’Neill").exists()


class TestOnePass:
    def test_two_children_three_activities_and_one_message(self, client, activite):
        others = [ActiviteFactory(publie=True, association=activite.association) for _ in range(2)]
        typed = children(*KIDS, autres=[str(other.pk) for other in others], repart_seul_1="on")

        answer = client.post(address(activite), typed)

        dossier = Dossier.objects.get()
        rows = dossier.inscriptions.all()
        assert rows.count() == 6
        assert {row.etat for row in rows} == {"inscrite"}
        assert [row.activite for row in rows if row.reponses] == [activite]
        assert answer.url == opened(dossier)
        assert Message.objects.count() == 1

    def test_one_that_is_refused_refuses_all(self, client, activite):
        other = ActiviteFactory(publie=True, association=activite.association)
        InscriptionFactory(activite=other, telephone="+33612345678", prenom="Noé", naissance=YEAR)

        shown = page(
            client.post(address(activite), children(("Noé", YEAR), autres=[str(other.pk)]))
        )

        assert "déjà inscrite" in shown
        assert str(other) in shown
        assert Dossier.objects.count() == 1

    @pytest.mark.parametrize("again", ["thao my", "THẢO-MỸ", "Thảo’Mỹ"])
    def test_a_child_is_the_same_however_it_is_spelt(self, client, activite, again):
        once = client.post(address(activite), children(("Thảo-Mỹ", YEAR), (again, YEAR)))
        client.post(address(activite), children(("Thảo-Mỹ", YEAR)))
        twice = client.post(address(activite), children((again, YEAR)))

        assert "déjà inscrite" in page(once)
        assert "déjà inscrite" in page(twice)
        assert Inscription.objects.count() == 1

    def test_a_child_is_the_same_by_e_mail_and_by_phone_and_two_adults_are_two(
        self, client, activite
    ):
        by_mail, by_phone = {"courriel": "camille@rivemont.example"}, {"telephone": MOBILE}
        client.post(address(activite), children(("Inès", YEAR), **by_mail))

        again = client.post(address(activite), children(("Inès", YEAR)))
        for who in ({"courriel": "a@rivemont.example"}, {"courriel": "b@rivemont.example"}):
            client.post(address(activite), answers(**by_phone | who))

        assert "déjà inscrite" in page(again)
        assert Inscription.objects.count() == 3

    def test_two_children_whose_letters_are_not_ours_are_two(self, client, activite):
        client.post(address(activite), children(("राम", YEAR), ("रीमा", YEAR)))

        assert Inscription.objects.count() == 2

    def test_dates_are_chosen_where_each_has_its_list(self, client):
        activite = ActiviteFactory(publie=True, inscription="seance")
        first, second = activite.seances.get(), SeanceFactory(activite=activite)

        missing = client.post(address(activite), answers())
        client.post(address(activite), answers(seances=[str(first.pk), str(second.pk)]))

        assert "Choisissez au moins une date." in page(missing)
        assert set(Inscription.objects.values_list("seance", flat=True)) == {first.pk, second.pk}

    @pytest.mark.parametrize("contact", [{"courriel": "", "telephone": MOBILE}, {}])
    def test_the_same_form_sent_twice_makes_one(self, client, activite, contact):
        typed = answers(**contact)

        first, second = (client.post(address(activite), typed) for _ in range(2))
        back = client.post(address(activite), typed | {"etape": "verifier"})

        assert Dossier.objects.count() == 1
        assert first["Location"] == second["Location"] == back["Location"]

    def test_a_form_left_open_overnight_still_registers(self, client, activite):
        typed = children(*KIDS)
        with time_machine.travel(timezone.now() + timedelta(hours=14)):
            client.post(address(activite), typed)

        assert Inscription.objects.count() == 2


class TestByEmail:
    def test_the_page_that_waits_names_each_child_to_who_has_just_written_them(
        self, client, activite
    ):
        typed = children(*KIDS, courriel="camille@rivemont.example")
        waits = client.post(address(activite), typed).url

        mine, theirs = page(client.get(waits)), page(Client().get(waits))

        assert "<li>Judo, Inès</li>" in mine
        assert "Noé" in mine
        assert "<li>Judo, Personne 1</li>" in theirs
        assert "Inès" not in theirs

    def test_who_would_only_wait_is_not_told_that_a_place_is_kept(self, client, activite):
        full(activite)
        waits = {"attente": f"{activite.pk}:0"}

        shown = page(client.post(address(activite), answers(**waits), follow=True))

        letter = Message.objects.get(cle__contains=":a_confirmer:")
        assert "Votre rang est gardé" in shown
        assert "ne peut prendre" not in letter.texte + letter.html

    def test_places_are_kept_until_the_link_is_answered(self, client, activite):
        shown = client.post(address(activite), answers(), follow=True)

        dossier = Dossier.objects.get()
        assert "<h1>Il reste à confirmer votre inscription</h1>" in page(shown)
        assert dossier.code not in page(shown)
        assert "no-store" in shown["Cache-Control"]
        client.cookies.clear()  # another browser
        before = [client.get(opened(dossier)).status_code for _ in range(5)]
        assert before == [200] * 5
        assert Inscription.objects.get().etat == "a_confirmer"

        done = page(client.post(opened(dossier, "confirmer"), follow=True))

        assert "Votre inscription est faite" in done
        assert dossier.code in done
        assert Inscription.objects.get().etat == "inscrite"

    def test_six_digits_confirm_beside_the_link(self, client, activite):
        client.post(address(activite), answers())
        dossier = Dossier.objects.get()
        waiting = reverse("associations:attente", args=[dossier.jeton])

        client.post(waiting, {"chiffres": dossier.six_digits, "etape": "chiffres"})

        assert Inscription.objects.get().etat == "inscrite"

    def test_another_address_has_another_code(self, client, activite):
        client.post(address(activite), answers())
        before = Dossier.objects.get()
        waiting = reverse("associations:attente", args=[before.jeton])

        client.post(waiting, {"courriel": "linh@rivemont.example", "etape": "corriger"})

        after = Dossier.objects.get()
        assert after.courriel == "linh@rivemont.example"
        assert client.get(opened(before)).status_code == 404
        assert Message.objects.filter(destinataire="linh@rivemont.example").count() == 1

    def test_after_its_time_it_is_confirmed_while_there_is_a_place(self, client, activite):
        client.post(address(activite), answers())
        dossier = Dossier.objects.get()
        with time_machine.travel(timezone.now() + timedelta(hours=3)):
            inscriptions.release_expired()
            assert "Confirmez quand même" in page(client.get(opened(dossier)))

            client.post(opened(dossier, "confirmer"))

        assert Inscription.objects.get().etat == "inscrite"


class TestByPhone:
    def test_a_mobile_has_it_at_once_and_an_sms(self, client, activite):
        shown = client.post(address(activite), children(*KIDS), follow=True)

        sms, dossier = Message.objects.get(), Dossier.objects.get()
        assert "Vos inscriptions sont faites" in page(shown)
        assert (sms.canal, sms.destinataire) == ("sms", MOBILE)
        assert dossier.code in sms.sms

    def test_a_landline_is_to_call(self, client, activite):
        typed = children(*KIDS, telephone=LANDLINE)
        shown = client.post(address(activite), typed, follow=True)

        assert Message.objects.get().etat == "a_appeler"
        assert "Nous n’envoyons pas de SMS à ce numéro" in page(shown)


class TestWithAnAccount:
    def test_nothing_is_typed_for_oneself(self, client, activite):
        me = CompteFactory()
        client.force_login(me)
        form = client.get(address(activite)).context["form"]
        assert not {"nom", "courriel"} & form.fields.keys()

        sent = {name: form[name].value() or "" for name in ("jeton", "lignes", "telephone")}
        typed = sent | {"pour": "moi", "etape": "confirmer"}
        shown = client.post(address(activite), typed, follow=True)

        dossier = Dossier.objects.get()
        assert dossier.compte == me
        assert shown.redirect_chain[-1][0] == dossier.get_absolute_url()

    def test_the_same_child_next_season_without_typing(self, client, activite):
        me = CompteFactory()
        client.force_login(me)
        client.post(address(activite), children(("Inès", YEAR), lignes="1"))
        next_season = ActiviteFactory(publie=True, association=activite.association)

        form = client.get(address(next_season)).context["form"]
        (known,) = [name for name in form.fields if name.startswith("connu_")]
        assert form[known].value() is None
        hidden = ("jeton", "lignes", "telephone")
        typed = {name: form[name].value() for name in hidden} | {known: "on", "pour": "enfants"}
        client.post(address(next_season), typed | {"etape": "confirmer"})

        row = Inscription.objects.get(activite=next_season)
        assert (row.prenom, row.naissance) == ("Inès", YEAR)
        assert str(row.dossier.telephone) == "+33612345678"

    def test_the_number_of_elsewhere_is_proposed_again_as_it_was(self, client, activite):
        me = CompteFactory()
        inscriptions.register(
            Dossier(compte=me, telephone="+212612345678"), [Inscription(activite=activite)]
        )
        client.force_login(me)
        form = client.get(address(activite)).context["form"]

        typed = children(("Inès", YEAR), telephone=form["telephone"].value())
        client.post(address(activite), typed)

        assert str(Dossier.objects.latest("pk").telephone) == "+212612345678"

    def test_the_child_of_another_account_is_not_offered(self, client, activite):
        foreign = InscriptionFactory(
            activite=activite, compte=CompteFactory(), prenom="Zita", naissance=YEAR
        )
        client.force_login(CompteFactory())

        assert "Zita" not in page(client.get(address(activite)))
        forged = children(lignes="1", **{f"connu_{foreign.pk}": "on"})
        assert "Zita" not in page(client.post(address(activite), forged))


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_costs_the_same_for_any_number(client, activite, django_assert_num_queries, count):
    for _ in range(count):
        ActiviteFactory(publie=True, association=activite.association)
        InscriptionFactory(activite=activite)

    path = address(activite)
    with django_assert_num_queries(6):
        client.get(path)


def test_one_person_sends_five_forms_an_hour(client, activite):
    answered = [client.post(address(activite), children(("Inès", YEAR - n))) for n in range(3)]
    waits = {"attente": f"{activite.pk}:0"}
    answered += [
        client.post(address(activite), children(("Inès", YEAR - n), **waits)) for n in range(3, 6)
    ]

    assert [one.status_code for one in answered] == [302] * 5 + [429]
    assert Dossier.objects.count() == 5
