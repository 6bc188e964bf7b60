"""« Posez votre question » to an élu: asked, read by their team alone, answered, erased."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes.donnees_personnelles import export
from notifications.models import Message
from permanences import questions
from permanences.models import Lecture, QuestionElu, Vacation
from permanences.tasks import erase_outdated
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    EluFactory,
    IntervenantFactory,
    PermanenceFactory,
    QuestionEluFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/gestion/permanences/questions/"
TEXT = "Quand <b>rouvre</b> l’école ?"


@pytest.fixture
def elu():
    VilleFactory()
    elu = EluFactory(nom="Anne Courtois")
    IntervenantFactory(permanence=PermanenceFactory(elu=elu, publie=True))
    return elu


def address(elu):
    return reverse("permanences:question_create", args=[elu.pk])


def answers(**said):
    return {
        **{"jeton": str(uuid4()), "nom": "Zoé Martin", "contact": "zoe@ville.example"},
        **{"texte": TEXT, "vacation": "", "site_web": ""},
    } | said


def team(elu):
    """Who holds the permanence of an élu."""
    return elu.permanences.get().intervenants.get().compte


def page_of(question):
    return f"{LIST}{question.pk}/"


class TestAsking:
    def test_its_page_and_that_of_its_permanence_lead_there_without_a_cookie(self, client, elu):
        permanence = elu.permanences.get()
        date = permanence.vacations.get()

        for path, link in [
            (reverse("permanences:elu", args=[elu.pk]), address(elu)),
            (permanence.get_absolute_url(), f"{address(elu)}?date={date.pk}"),
        ]:
            assert f'href="{link}"' in client.get(path).content.decode()
        assert not client.cookies

    def test_the_date_that_led_there_is_chosen_already(self, client, elu):
        date = Vacation.objects.get()

        page = client.get(f"{address(elu)}?date={date.pk}").content.decode()

        assert f'<option value="{date.pk}" selected>' in page

    @pytest.mark.parametrize("date", ["", "0", "abc", "9" * 30])
    def test_another_date_in_the_address_is_none(self, client, elu, date):
        assert client.get(address(elu), {"date": date}).status_code == 200

    def test_it_is_written_and_acknowledged_without_what_it_says(self, client, elu):
        answer = client.post(address(elu), answers(vacation=Vacation.objects.get().pk))

        row, letter = QuestionElu.objects.get(), Message.objects.get()
        assert answer.url == f"{address(elu)}?merci"
        assert "Votre question est envoyée" in client.get(answer.url).content.decode()
        assert (row.texte, row.nom, row.vacation) == (TEXT, "Zoé Martin", Vacation.objects.get())
        assert (letter.destinataire, letter.confidentiel) == ("zoe@ville.example", True)
        said = f"{letter.objet} {letter.texte} {letter.html}"
        assert "rouvre" not in said
        assert "Anne" not in letter.objet
        assert row.code in letter.texte

    def test_by_phone_it_opens_the_page_of_its_code_and_nobody_is_called(self, client, elu):
        answer = client.post(address(elu), answers(contact="04 65 71 01 23"))

        page = client.get(answer.url).content.decode()
        assert QuestionElu.objects.get().code in page
        assert "rouvre" not in page
        assert "Zoé" not in page
        assert not Message.objects.exists()

    def test_with_an_account_one_answer_is_typed(self, client, elu):
        me = CompteFactory()
        client.force_login(me)

        client.post(address(elu), {"jeton": str(uuid4()), "texte": TEXT})

        row = QuestionElu.objects.get()
        assert (row.compte, row.nom, row.courriel) == (me, "", "")
        assert Message.objects.get().destinataire == me.courriel

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"texte": ""}, "Écrivez votre question."),
            ({"texte": "x" * 1001}, "Écrivez 1 000 signes au plus : il y en a 1001."),
            ({"texte": "a\x00b"}, "Erreur"),
            ({"nom": " "}, "Écrivez votre prénom ou votre nom."),
            ({"contact": ""}, "Donnez un numéro de téléphone"),
            ({"contact": "zoe@"}, "Écrivez un numéro comme"),
            ({"vacation": "987654"}, "Choisissez une date de la liste."),
            ({"site_web": "http://x"}, "Ce champ sert à reconnaître les robots"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it_and_kept(self, client, elu, said, told):
        page = client.post(address(elu), answers(**said)).content.decode()

        assert told in page
        assert not QuestionElu.objects.exists()
        assert ("Zoé Martin" in page) == ("nom" not in said)

    def test_lines_count_as_they_were_typed(self, client, elu):
        client.post(address(elu), answers(texte="\r\n".join(["x" * 9] * 100)))

        assert len(QuestionElu.objects.get().texte) == 999

    def test_a_date_of_another_elu_is_none_of_the_list(self, client, elu):
        other = PermanenceFactory(elu=EluFactory(), publie=True).vacations.get()

        assert (
            "Choisissez une date"
            in client.post(address(elu), answers(vacation=other.pk)).content.decode()
        )

    def test_sent_twice_it_is_one(self, client, elu):
        said = answers()

        first, second = client.post(address(elu), said), client.post(address(elu), said)

        assert first.url == second.url
        assert QuestionElu.objects.count() == Message.objects.count() == 1

    def test_beyond_the_limit_nothing_is_written(self, client, elu):
        statuses = [client.post(address(elu), answers()).status_code for _ in range(6)]

        assert statuses == [302] * 5 + [429]
        assert QuestionElu.objects.count() == 5

    def test_nobody_to_read_it_is_nothing_to_ask(self, client):
        VilleFactory(telephone="04 65 71 00 00")
        elu = PermanenceFactory(elu=EluFactory(), publie=True).elu
        yesterday = timezone.localdate() - timedelta(days=1)
        over = {"debut": yesterday, "fin": yesterday}
        IntervenantFactory(permanence=elu.permanences.get(), **over)

        for page in (client.get(address(elu)), client.post(address(elu), answers())):
            assert "Personne ne lit ici de question" in page.content.decode()
        for path in (f"/elus/{elu.pk}/", elu.permanences.get().get_absolute_url()):
            assert "Poser une question" not in client.get(path).content.decode()
        with pytest.raises(ValidationError, match="Personne ne lit"):
            questions.ask(QuestionElu(elu=elu, nom="Zoé", courriel="z@b.fr", texte="?"))

    def test_who_is_out_of_office_is_asked_nothing(self, client, elu):
        elu.fin = elu.debut = timezone.localdate() - timedelta(days=1)
        elu.save()

        assert client.post(address(elu), answers()).status_code == 404

    @pytest.mark.parametrize(
        "fields", [{"nom": ""}, {"courriel": ""}, {"texte": ""}, {"reponse": "Oui."}]
    )
    def test_the_database_refuses_what_is_nobody_s_or_empty(self, elu, fields):
        row = QuestionEluFactory(elu=elu)

        with pytest.raises(IntegrityError), transaction.atomic():
            QuestionElu.objects.filter(pk=row.pk).update(**fields)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_is_one_question(elu):
    said = answers()

    def send(_):
        try:
            return Client().post(address(elu), said).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, range(4)))

    assert statuses == [302] * 4
    assert QuestionElu.objects.count() == Message.objects.count() == 1


class TestReading:
    def test_the_team_reads_it_as_plain_text_and_it_is_noted(self, client, elu):
        row = QuestionEluFactory(elu=elu, texte=TEXT)
        client.force_login(team(elu))

        listed = client.get(LIST).content.decode()
        assert not Lecture.objects.exists()
        page = client.get(page_of(row)).content.decode()

        assert page_of(row) in listed
        assert "Camille" not in listed
        assert "Quand &lt;b&gt;rouvre&lt;/b&gt; l’école ?" in page
        read = Lecture.objects.get()
        assert (read.question, read.compte, read.page) == (row, team(elu), "question")

    @pytest.mark.parametrize("role", ["desk", "other team", "over", "city", "resident"])
    def test_to_all_others_it_is_nowhere(self, client, elu, role):
        row = QuestionEluFactory(elu=elu)
        permanence = elu.permanences.get()
        yesterday = timezone.localdate() - timedelta(days=1)
        other = PermanenceFactory(elu=EluFactory(), maison=permanence.maison)
        over = {"debut": yesterday, "fin": yesterday}
        people = {
            "desk": lambda: AffectationFactory(maison=permanence.maison).compte,
            "other team": lambda: IntervenantFactory(permanence=other).compte,
            "over": lambda: IntervenantFactory(permanence=permanence, **over).compte,
            "city": lambda: CompteFactory(is_superuser=True),
            "resident": CompteFactory,
        }
        client.force_login(people[role]())

        assert client.get(page_of(row)).status_code == 404
        assert client.post(page_of(row), {"reponse": "Oui."}).status_code == 404
        assert client.get(LIST).status_code == (200 if role == "other team" else 404)
        assert not Lecture.objects.exists()
        assert not QuestionElu.objects.get().repondu_le

    def test_a_list_without_question_says_so(self, client, elu):
        client.force_login(team(elu))

        assert "Aucune question n’attend" in client.get(LIST).content.decode()

    def test_the_home_page_says_how_many(self, client, elu):
        QuestionEluFactory.create_batch(2, elu=elu)
        client.force_login(team(elu))

        assert "Répondre à 2 questions" in client.get("/gestion/").content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_costs_constant_queries(self, client, elu, django_assert_num_queries, count):
        QuestionEluFactory.create_batch(count, elu=elu, vacation=Vacation.objects.get())
        QuestionEluFactory()
        client.force_login(team(elu))
        client.get(LIST)

        with django_assert_num_queries(10):
            page = client.get(LIST)

        assert len(page.context["waiting"]) == count

    def test_who_holds_a_permanence_gives_it_no_other_elu(self, client, elu):
        mine = IntervenantFactory().permanence
        client.force_login(mine.intervenants.get().compte)
        change = reverse("admin:permanences_permanence_change", args=[mine.pk])

        page = client.get(change).content.decode()
        posted = client.post(change, {"elu": elu.pk, "mode": "rdv"})

        assert 'name="elu"' not in page
        assert posted.status_code in (200, 302)
        mine.refresh_from_db()
        assert mine.elu is None


class TestAnswering:
    def test_it_leaves_by_e_mail_once_without_the_question(self, client, elu):
        row = QuestionEluFactory(elu=elu, texte=TEXT)
        client.force_login(team(elu))

        for _ in range(2):
            client.post(page_of(row), {"reponse": "Le 4 janvier."})

        row.refresh_from_db()
        letter = Message.objects.get(cle__endswith=":reponse")
        assert (row.reponse, row.repondu_par) == ("Le 4 janvier.", team(elu))
        assert letter.destinataire == row.courriel
        assert "Le 4 janvier." in letter.texte
        assert "rouvre" not in f"{letter.objet}{letter.texte}{letter.html}"
        assert "janvier" not in letter.objet

    def test_to_a_phone_it_is_read_aloud_by_the_team_alone(self, client, elu):
        row = QuestionEluFactory(elu=elu, courriel="", telephone="+33465710123")
        questions.answer(row, "Le 4 janvier.", by=team(elu))
        desk = AffectationFactory(maison=elu.permanences.get().maison).compte
        message = Message.objects.get()
        said = reverse("admin:permanences_rendezvous_said", args=[message.pk])
        client.force_login(desk)
        assert "janvier" not in client.get("/gestion/permanences/a-appeler/").content.decode()
        assert client.post(said).status_code == 404
        client.force_login(team(elu))

        page = client.get("/gestion/permanences/a-appeler/").content.decode()
        client.post(said)

        assert "Le 4 janvier." in page
        message.refresh_from_db()
        assert message.etat == Message.Etat.APPELE
        assert Lecture.objects.get().question == row

    def test_said_face_to_face_nothing_leaves(self, client, elu):
        row = QuestionEluFactory(elu=elu)
        client.force_login(team(elu))

        client.post(page_of(row), {"etape": "dit", "reponse": ""})

        row.refresh_from_db()
        assert (row.reponse, row.repondu_par) == ("", team(elu))
        assert not Message.objects.filter(cle__endswith=":reponse").exists()

    @pytest.mark.parametrize("said", ["", " ", "x" * 2001])
    def test_no_text_or_too_long_is_said_and_the_question_waits(self, client, elu, said):
        row = QuestionEluFactory(elu=elu)
        client.force_login(team(elu))

        page = client.post(page_of(row), {"reponse": said}).content.decode()

        assert "Il reste un point à corriger" in page
        assert not QuestionElu.objects.get().repondu_le


class TestErasing:
    def test_by_its_person_with_its_code(self, client, elu):
        row = QuestionEluFactory(elu=elu)
        lectures_before = Lecture.objects.count()
        path = f"/code/{row.code}/effacer/"
        assert "Effacer ma question\u00a0?" in client.get(path).content.decode()
        assert QuestionElu.objects.exists()

        answer = client.post(path, follow=True)

        assert "Votre question est effacée" in answer.content.decode()
        assert not QuestionElu.objects.exists()
        assert not Message.objects.exists()
        assert Lecture.objects.count() == lectures_before

    def test_in_time_with_its_messages_and_no_other(self, elu, time_machine):
        row = QuestionEluFactory(elu=elu)
        questions.answer(row, "Oui.", by=None)
        later = QuestionEluFactory(elu=elu, vacation=Vacation.objects.get())
        assert row.efface_le == row.cree_le + timedelta(days=90)
        assert later.efface_le == later.vacation.fin + timedelta(days=90)
        time_machine.move_to(row.efface_le - timedelta(seconds=1), tick=False)
        erase_outdated()
        assert QuestionElu.objects.count() == 2

        time_machine.move_to(row.efface_le, tick=False)
        erase_outdated()

        assert QuestionElu.objects.get() == later
        assert {m.cle for m in Message.objects.all()} == {f"question:{later.pk}:recue"}

    def test_as_soon_as_the_shortest_of_the_services_says(self, elu):
        PermanenceFactory(elu=elu, publie=True, service__conservation=30)

        row = QuestionEluFactory(elu=elu)

        assert row.efface_le == row.cree_le + timedelta(days=30)

    def test_my_data_holds_mine_and_who_read_it(self, client, elu):
        me = CompteFactory()
        row = QuestionEluFactory(elu=elu, compte=me, nom="", courriel="", texte="À moi")
        QuestionEluFactory(elu=elu, texte="À d’autres")
        client.force_login(team(elu))
        client.get(page_of(row))

        mine = export(me)["questions"]

        assert [one["question"] for one in mine] == ["À moi"]
        assert [one["qui"] for one in mine[0]["lu_par"]] == [str(team(elu))]
