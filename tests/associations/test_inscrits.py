"""Those who are registered, in /gestion/: by phone, accepted, given up, written to, in a table."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from associations import inscriptions
from associations.models import Dossier, Inscription, Presence
from maisons import tableur
from notifications.models import Message
from tests.factories import ActiviteFactory, InscriptionFactory, SeanceFactory, VilleFactory

pytestmark = pytest.mark.django_db
PHONE = "04 65 71 00 01"  # reads no SMS
TOKEN = "9d8a6d2e-0f0c-4b6b-9f5a-3a5c1c0f7e11"


def url(page, *args):
    return reverse(f"admin:associations_{page}", args=args)


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def activite(ours):
    return ActiviteFactory(association=ours, publie=True, questions=["photo"], titre="Chorale")


def typed(**answers):
    return {"nom": "Mme Nguyễn", "contact": PHONE, "jeton": TOKEN} | answers


class TestSomebodyByPhone:
    def test_one_screen_registers_and_prints_the_card(self, client, activite):
        done = client.post(url("activite_register", activite.pk), typed(reponses=["photo"]))

        row = Inscription.objects.get()
        page = client.get(done.url).content.decode()
        card = client.get(url("inscription_card", row.pk)).content.decode()
        assert (row.etat, row.reponses, row.dossier.nom) == ("inscrite", ["photo"], "Mme Nguyễn")
        assert row.dossier.saisi_par
        assert row.dossier.code in page
        assert row.dossier.code in card
        assert not Message.objects.exists()  # it was said on the phone

    def test_a_button_pressed_twice_registers_once(self, client, activite):
        answers = [client.post(url("activite_register", activite.pk), typed()) for _ in range(2)]

        assert answers[0].url == answers[1].url
        assert Dossier.objects.count() == 1

    def test_a_child_has_a_name_and_a_year(self, client, activite):
        year = timezone.localdate().year - 8

        client.post(url("activite_register", activite.pk), typed(prenom="Inès", naissance=year))

        assert Inscription.objects.get().who == "Inès"

    def test_who_reads_e_mail_is_written_to(self, client, activite):
        client.post(url("activite_register", activite.pk), typed(contact="lea@ville.example"))

        assert Message.objects.get().destinataire == "lea@ville.example"

    def test_when_it_is_full_they_wait_and_are_told_their_rank(self, client, activite):
        InscriptionFactory.create_batch(4, activite=activite)

        asked = client.get(url("activite_register", activite.pk)).content.decode()
        done = client.post(url("activite_register", activite.pk), typed())

        assert "Complet, liste d’attente ouverte" in asked
        assert "2e sur liste d’attente" in client.get(done.url).content.decode()

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"nom": ""}, "nom"),
            ({"contact": ""}, "contact"),
            ({"contact": "douze"}, "contact"),
            ({"prenom": "Inès"}, "naissance"),
            ({"naissance": "19"}, "naissance"),
            ({"reponses": ["sante"]}, "reponses"),
            ({"jeton": "x"}, "jeton"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_written(self, client, activite, answers, field):
        response = client.post(url("activite_register", activite.pk), typed(**answers))

        assert list(response.context["form"].errors) == [field]
        assert not Inscription.objects.exists()

    def test_the_same_person_twice_is_told(self, client, activite):
        client.post(url("activite_register", activite.pk), typed())
        again = typed(jeton=TOKEN.replace("9", "8"))

        response = client.post(url("activite_register", activite.pk), again)

        assert "déjà inscrite" in response.content.decode()

    def test_one_session_is_chosen(self, client, ours):
        activite = ActiviteFactory(association=ours, publie=True, inscription="seance")
        foreign = ActiviteFactory(publie=True, inscription="seance").seances.get()
        address, seance = url("activite_register", activite.pk), activite.seances.get()

        refused = client.post(address, typed(seance=foreign.pk))
        client.post(address, typed(seance=seance.pk))

        assert list(refused.context["form"].errors) == ["seance"]
        assert Inscription.objects.get().seance == seance


class TestOnTheirBehalf:
    def test_a_place_is_accepted_for_who_was_called(self, client, activite):
        first, *_, waiting = InscriptionFactory.create_batch(4, activite=activite)
        inscriptions.leave(first)

        client.post(url("inscription_accept", waiting.pk))

        waiting.refresh_from_db()
        assert waiting.etat == "inscrite"

    def test_leaving_says_who_comes_next_and_how_they_hear_of_it(self, client, activite):
        first, *_, waiting = InscriptionFactory.create_batch(4, activite=activite)

        page = client.get(url("inscription_leave", first.pk)).content.decode()
        client.post(url("inscription_leave", first.pk))
        again = client.post(url("inscription_leave", first.pk), follow=True).content.decode()

        waiting.refresh_from_db()
        assert "La place est proposée à la personne suivante : 1 personne à appeler" in page
        assert waiting.etat == "proposee"
        assert "déjà annulée" in again

    def test_they_are_found_by_name_state_and_activity(self, client, activite):
        InscriptionFactory(activite=activite, nom="Zoé Martin", telephone="+33465710007")
        InscriptionFactory(activite=activite, nom="Ali Benali")
        address = url("inscription_changelist")

        found = client.get(address, {"q": "martin"}).content.decode()
        called = client.get(address, {"q": "04 65 71 00 07"}).content.decode()
        waiting = client.get(address, {"etat": "attente"}).content.decode()
        here = client.get(address, {"activite__id__exact": activite.pk}).content.decode()

        assert "Zoé Martin" in found
        assert "Zoé Martin" in called
        assert "Ali Benali" not in called
        assert "Ali Benali" not in found
        assert "Zoé Martin" not in waiting
        assert "Ali Benali" in here

    def test_more_places_go_to_who_waits_and_fewer_are_refused(self, client, activite):
        InscriptionFactory.create_batch(4, activite=activite)

        page = client.get(url("activite_places", activite.pk)).content.decode()
        client.post(url("activite_places", activite.pk), {"places": "4"})
        refused = client.post(url("activite_places", activite.pk), {"places": "1"})

        assert "1 personne à appeler" in page
        assert Inscription.objects.filter(etat="proposee").count() == 1
        assert "gardez au moins autant de places" in refused.content.decode()

    def test_who_is_to_be_called_is_told_by_voice_once(self, client, activite):
        row = InscriptionFactory(activite=activite)
        InscriptionFactory(activite=ActiviteFactory(publie=True), nom="Personne d’ailleurs")
        foreign = Message.objects.get(nom="Personne d’ailleurs")

        page = client.get(url("appels")).content.decode()
        client.post(url("inscription_said", Message.objects.get(nom=row.dossier.nom).pk))
        other = client.post(url("inscription_said", foreign.pk))

        assert row.dossier.nom in page
        assert "Personne d’ailleurs" not in page
        assert Message.objects.get(nom=row.dossier.nom).etat == "appele"
        assert other.status_code == 404


class TestMessage:
    def test_each_person_registered_is_written_to_once(self, client, activite):
        InscriptionFactory.create_batch(3, activite=activite, courriel="")
        InscriptionFactory(activite=activite)  # waits
        InscriptionFactory(activite=ActiviteFactory(publie=True))
        Message.objects.all().delete()
        form = {"objet": "Tapis", "texte": "Apportez un tapis.", "jeton": TOKEN}

        page = client.get(url("activite_announce", activite.pk)).content.decode()
        for _ in range(2):
            client.post(url("activite_announce", activite.pk), form)

        assert "3 personnes à appeler" in page
        assert "1 personne attend une place" in page
        assert Message.objects.count() == 3

    def test_who_waits_too_where_it_is_asked(self, client, activite):
        InscriptionFactory.create_batch(4, activite=activite)
        Message.objects.all().delete()
        form = {"objet": "Tapis", "texte": "Apportez un tapis.", "jeton": TOKEN, "attente": "on"}

        client.post(url("activite_announce", activite.pk), form)

        assert Message.objects.count() == 4

    def test_to_nobody_nothing_is_sent(self, client, activite):
        page = client.get(url("activite_announce", activite.pk)).content.decode()

        assert "il n’y a personne à qui écrire" in page


TEXTS = {"s", "inlineStr", "n"}  # with cells that hold nothing
DANGEROUS = ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", "'=1"]


def read_csv(content):
    return list(csv.reader(io.StringIO(content.removeprefix(tableur.MARK)), delimiter=";"))


class TestTables:
    """They open well in a French spreadsheet, compute nothing, come back unharmed (V10, G21)."""

    def test_a_csv_has_its_mark_its_headers_days_and_phones(self, client, activite):
        row = InscriptionFactory(activite=activite, telephone="+33465710001", reponses=["photo"])
        Presence.objects.create(inscription=row, seance=activite.seances.get(), present=True)

        response = client.get(url("activite_csv", activite.pk))
        header, line = read_csv(response.content.decode())

        told = dict(zip(header, line, strict=True))
        assert response.content.startswith(b"\xef\xbb\xbf")
        assert told["Téléphone"] == "04 65 71 00 01"
        assert told["Demandée le"] == f"{timezone.localdate():%d/%m/%Y}"
        assert (told["Présences"], line[-1]) == ("1", "oui")

    def test_an_excel_file_says_the_same(self, client, activite):
        InscriptionFactory(activite=activite)

        table = read_csv(client.get(url("activite_csv", activite.pk)).content.decode())
        content = client.get(url("activite_xlsx", activite.pk)).content
        sheet = load_workbook(io.BytesIO(content)).active

        rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
        assert rows == table
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
            "s",
            "inlineStr",
            "n",
        }

    @pytest.mark.parametrize("text", DANGEROUS)
    def test_a_cell_computes_nothing_and_comes_back_as_it_was(self, text):
        columns = ["Nom", "Autre"]
        [_, cells] = read_csv(tableur.as_csv(columns, [[text, "x"]]))
        book = load_workbook(io.BytesIO(tableur.as_xlsx("Essai", columns, [[text, "x"]])))
        cell = book.active["A2"]

        assert not cells[0].startswith(tableur.FORMULA)
        assert tableur.plain(cells[0]) == text
        assert cell.data_type in ("s", "inlineStr")
        assert unescape(cell.value) == text

    def test_each_column_of_a_person_is_made_inert(self, client, activite):
        InscriptionFactory(activite=activite, nom="=cmd()", prenom="@x", naissance=2018)

        table = read_csv(client.get(url("activite_csv", activite.pk)).content.decode())

        assert {"'=cmd()", "'@x"} <= set(table[1])

    @pytest.mark.parametrize("count", [1, 3])
    def test_a_table_costs_the_same_for_three_as_for_one(
        self, client, activite, django_assert_num_queries, count
    ):
        InscriptionFactory.create_batch(count, activite=activite)
        client.get(url("activite_csv", activite.pk))

        with django_assert_num_queries(10):
            client.get(url("activite_csv", activite.pk))


def test_a_session_to_come_has_its_own_people(client, activite):
    SeanceFactory(activite=activite)
    InscriptionFactory.create_batch(2, activite=activite)

    page = client.get(url("activite_change", activite.pk)).content.decode()

    assert "Inscriptions : 2 sur 3" in page


def test_the_people_of_single_sessions_are_not_counted_against_the_places_of_one(client, activite):
    single = ActiviteFactory(
        association=activite.association, maison=activite.maison, inscription="seance", publie=True
    )
    for seance in (single.seances.get(), SeanceFactory(activite=single)):
        InscriptionFactory.create_batch(2, activite=single, seance=seance)

    page = client.get(url("activite_change", single.pk)).content.decode()

    assert "Inscriptions : 4 en tout, 3 au plus par séance" in page
