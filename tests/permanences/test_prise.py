"""Taking an appointment: moment, who, check, confirm; by e-mail, by phone, with an account."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from permanences import rendez_vous as writer
from permanences import tasks
from permanences.forms.prise import moment
from permanences.models import RendezVous
from tests.factories import (
    CompteFactory,
    MotifFactory,
    RendezVousFactory,
    VilleFactory,
)
from tests.permanences.prises import LANDLINE, MOBILE, a_date, address, another, answers, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def vacation():
    VilleFactory()
    return a_date()


@pytest.fixture(autouse=True)
def texts(settings):
    settings.SMS_URL = "console:"


def waiting(row):
    return reverse("permanences:attente", args=[row.jeton])


class TestChoosingAMoment:
    def test_the_first_day_that_has_a_place_is_shown(self, client, vacation):
        page = client.get(address(vacation))

        assert page.context["day"] == timezone.localdate(vacation.debut)
        assert len(page.context["slots"]) == 4
        assert not client.cookies

    def test_a_day_without_a_place_leads_to_the_next(self, client, vacation):
        day = timezone.localdate(vacation.debut) - timedelta(days=1)

        page = client.get(address(vacation), {"jour": day.isoformat()}).content.decode()

        assert "Aucune disponibilité ce jour" in page
        assert f"?jour={timezone.localdate(vacation.debut)}" in page

    def test_what_is_taken_is_not_offered(self, client, vacation):
        RendezVousFactory(vacation=vacation)

        slots = client.get(address(vacation)).context["slots"]

        assert [slot.debut for slot in slots] == [debut for debut, _ in vacation.slots()[1:]]

    def test_a_place_kept_past_its_time_is_offered(self, client, vacation):
        held = RendezVousFactory(vacation=vacation)
        past = timezone.now() - timedelta(minutes=1)
        RendezVous.objects.filter(pk=held.pk).update(etat="a_confirmer", expire_le=past)

        assert len(client.get(address(vacation)).context["slots"]) == 4

    @pytest.mark.parametrize("changes", [{"direct": "complete"}, {"publie_le": None}])
    def test_what_is_full_or_a_draft_is_not_offered(self, client, vacation, changes):
        type(vacation).objects.filter(pk=vacation.pk).update(**changes)

        assert client.get(address(vacation)).context["slots"] == []

    @pytest.mark.parametrize("mode", ["sans_rdv", None])
    def test_what_gives_no_appointment_is_no_page(self, client, vacation, mode):
        permanence = vacation.permanence
        changes = {"mode": mode} if mode else {"publie_le": None}
        type(permanence).objects.update(**changes)

        assert client.get(address(vacation)).status_code == 404

    def test_the_same_service_sooner_elsewhere_is_told(self, client, vacation):
        sooner = a_date(service=vacation.permanence.service)
        RendezVousFactory(vacation=vacation)

        page = client.get(address(vacation))

        assert [s.vacation.maison for s in page.context["elsewhere"]] == [sooner.maison]

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_the_same_for_any_number_of_dates(
        self, client, vacation, django_assert_num_queries, count
    ):
        for days in range(1, count):
            RendezVousFactory(vacation=another(vacation, 7 * days))

        path = address(vacation)
        # permanence, dates, breaks, held; the others, with nothing to read; the city
        with django_assert_num_queries(6):
            client.get(path)


class TestTheForm:
    def test_two_answers_are_typed_and_no_sign_in_stands_on_the_path(self, client, vacation):
        at = answers(vacation)["moment"]

        response = client.get(address(vacation), {"moment": at})

        asked = [field.name for field in response.context["form"].visible_fields()]
        assert asked == ["nom", "contact", "motif", "site_web"]
        assert f"moment%3D{at.replace(':', '%3A')}" in response.content.decode().replace("%25", "%")

    def test_the_check_shows_everything_and_writes_nothing(self, client, vacation):
        response = client.post(address(vacation), answers(vacation, etape="verifier"))

        page = response.content.decode()
        assert "<h1>Vérifiez puis confirmez</h1>" in page
        assert "Camille O’Neill" in page
        assert not RendezVous.objects.exists()
        assert "sessionid" not in client.cookies
        assert not client.session.keys()

    def test_what_was_typed_survives_the_check_and_the_way_back(self, client, vacation):
        typed = answers(vacation, etape="modifier")

        form = client.post(address(vacation), typed).context["form"]

        assert {name: form[name].value() for name in form.fields} == {
            name: typed[name] for name in form.fields
        }

    def test_a_mailbox_that_does_not_exist_is_suspected(self, client, vacation):
        typed = answers(vacation, etape="verifier", contact="camille@gmial.com")

        page = client.post(address(vacation), typed).content.decode()

        assert 'value="camille@gmail.com"' in page

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"nom": " "}, "Écrivez votre prénom ou votre nom."),
            ({"contact": "06 12"}, "Écrivez un numéro comme 06 12 34 56 78"),
            ({"contact": ""}, "Donnez un numéro de téléphone, ou une adresse e-mail."),
            ({"moment": "2026-02-31T10:00"}, "Choisissez un moment de la liste."),
            ({"moment": "x"}, "Choisissez un moment de la liste."),
            ({"motif": "999999"}, "Choisissez dans la liste."),
            ({"site_web": "x"}, "Videz-le"),
        ],
    )
    def test_what_is_missing_is_told_and_nothing_is_written(self, client, vacation, wrong, told):
        response = client.post(address(vacation), answers(vacation, **wrong))

        assert told in response.content.decode()
        assert not RendezVous.objects.exists()

    def test_a_reason_of_another_service_is_none_of_the_list(self, client, vacation):
        response = client.post(address(vacation), answers(vacation, motif=MotifFactory().pk))

        assert "Choisissez dans la liste." in response.content.decode()

    def test_what_no_form_asks_is_not_written(self, client, vacation):
        other = CompteFactory()
        forged = {
            field.name: "7"
            for field in RendezVous._meta.concrete_fields
            if field.name not in {"nom", "motif", "jeton"}
        }
        forged |= {"compte": other.pk, "saisi_par": other.pk, "etat": "honore", "guichet": 9}

        client.post(address(vacation), forged | answers(vacation))

        row = RendezVous.objects.get()
        assert (row.etat, row.guichet, row.compte, row.saisi_par) == ("a_confirmer", 1, None, None)
        assert (row.arrive_le, row.plus_tot, row.sequence) == (None, False, 0)
        assert row.courriel == "camille@rivemont.example"


class TestByEmail:
    def test_the_place_is_kept_half_an_hour(self, client, vacation):
        page = client.post(address(vacation), answers(vacation), follow=True)

        row = RendezVous.objects.get()
        kept = row.expire_le - timezone.now()
        assert row.etat == "a_confirmer"
        assert timedelta(minutes=29) < kept <= timedelta(minutes=30)
        assert "<h1>Il reste à confirmer votre rendez-vous</h1>" in page.content.decode()
        assert row.code not in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert Message.objects.get().destinataire == "camille@rivemont.example"

    def test_opening_the_link_changes_nothing_and_its_button_takes_it(self, client, vacation):
        client.post(address(vacation), answers(vacation))
        row = RendezVous.objects.get()
        client.cookies.clear()  # another browser
        before = [client.get(opened(row)).status_code for _ in range(5)]

        page = client.post(opened(row, "confirmer"), follow=True).content.decode()

        row.refresh_from_db()
        assert before == [200] * 5
        assert row.etat == "pris"
        assert "Votre rendez-vous est pris" in page
        assert row.code in page
        assert Message.objects.filter(cle__contains=":pris:").count() == 1

    def test_six_digits_take_it_beside_the_link(self, client, vacation):
        client.post(address(vacation), answers(vacation))
        row = RendezVous.objects.get()

        client.post(waiting(row), {"chiffres": row.six_digits, "etape": "chiffres"})

        row.refresh_from_db()
        assert row.etat == "pris"

    def test_another_address_has_another_code(self, client, vacation):
        client.post(address(vacation), answers(vacation))
        before = RendezVous.objects.get()
        typed = {"courriel": "linh@rivemont.example", "etape": "corriger"}

        client.post(waiting(before), typed)

        row = RendezVous.objects.get()
        assert row.courriel == "linh@rivemont.example"
        assert row.code != before.code
        assert client.get(opened(before)).status_code == 404
        assert Message.objects.filter(destinataire="linh@rivemont.example").count() == 1

    def test_after_its_time_it_is_taken_again_while_it_is_free(self, client, vacation):
        client.post(address(vacation), answers(vacation))
        row = RendezVous.objects.get()
        with time_machine.travel(row.expire_le + timedelta(minutes=1)):
            tasks.release_expired()
            tasks.release_expired()
            row.refresh_from_db()
            assert row.etat == "expire"
            assert "Confirmer le rendez-vous" in client.get(opened(row)).content.decode()

            client.post(opened(row, "confirmer"))

        row.refresh_from_db()
        assert (row.etat, row.annule_le) == ("pris", None)

    def test_after_its_time_others_are_offered_when_it_is_lost(self, client, vacation):
        client.post(address(vacation), answers(vacation))
        row = RendezVous.objects.get()
        with time_machine.travel(row.expire_le + timedelta(minutes=1)):
            RendezVousFactory(vacation=vacation)

            answer = client.post(opened(row, "confirmer")).content.decode()
            page = client.get(waiting(row)).content.decode()

        assert "Ce moment vient d’être pris." in answer
        assert "Les prochaines places libres" in page
        assert RendezVous.objects.get(pk=row.pk).etat == "expire"


class TestByPhone:
    def test_a_mobile_has_it_at_once_and_an_sms(self, client, vacation):
        page = client.post(address(vacation), answers(vacation, contact=MOBILE), follow=True)

        row, sms = RendezVous.objects.get(), Message.objects.get()
        shown = page.content.decode()
        assert row.etat == "pris"
        assert '<h1 id="fait">Votre rendez-vous est pris</h1>' in shown
        assert row.code in shown
        assert row.code in sms.sms
        assert (sms.canal, sms.destinataire) == ("sms", MOBILE)

    def test_a_landline_is_to_call_with_the_reason(self, client, vacation):
        page = client.post(address(vacation), answers(vacation, contact=LANDLINE), follow=True)

        message = Message.objects.get()
        assert message.etat == "a_appeler"
        assert message.erreur == "Pas de SMS à ce numéro : à dire de vive voix."
        assert RendezVous.objects.get().etat == "pris"
        assert "Nous n’envoyons pas de SMS à ce numéro" in page.content.decode()

    @pytest.mark.parametrize("contact", [MOBILE, "camille@rivemont.example"])
    def test_the_same_form_sent_twice_takes_one(self, client, vacation, contact):
        typed = answers(vacation, contact=contact)

        first, second = (client.post(address(vacation), typed) for _ in range(2))
        back = client.post(address(vacation), typed | {"etape": "verifier"})

        assert RendezVous.objects.count() == 1
        assert first["Location"] == second["Location"] == back["Location"]


class TestWithAnAccount:
    def test_nothing_is_typed_and_it_is_taken_at_once(self, client, vacation):
        me = CompteFactory()
        client.force_login(me)

        check = client.get(address(vacation), {"moment": answers(vacation)["moment"]})
        form = check.context["form"]
        sent = {"moment": form["moment"].value(), "jeton": form["jeton"].value()}
        page = client.post(address(vacation), sent | {"etape": "confirmer"}, follow=True)

        row = RendezVous.objects.get()
        assert "Vérifiez puis confirmez" in check.content.decode()
        assert (row.compte, row.etat) == (me, "pris")
        assert page.redirect_chain[-1][0] == row.get_absolute_url()

    def test_a_reason_is_chosen_from_the_list_of_the_service(self, client, vacation):
        motif = MotifFactory(service=vacation.permanence.service)
        client.force_login(CompteFactory())

        client.post(address(vacation), answers(vacation, motif=motif.pk))

        assert RendezVous.objects.get().motif == motif

    def test_only_mine_are_mine(self, client, vacation):
        me = CompteFactory()
        mine = RendezVousFactory(vacation=vacation, compte=me, nom="", courriel="")
        other = RendezVousFactory(vacation=vacation, debut=vacation.slots()[1][0])
        client.force_login(me)

        shown = client.get(reverse("permanences:rendez_vous_list")).context["coming"]

        assert list(shown) == [mine]
        assert client.get(other.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_my_list_costs_constant_queries(
        self, client, vacation, django_assert_num_queries, count
    ):
        me = CompteFactory()
        for debut, _ in vacation.slots()[:count]:
            RendezVousFactory(vacation=vacation, debut=debut, compte=me, nom="", courriel="")
        client.force_login(me)

        with django_assert_num_queries(5):  # session, account, count of past, mine, city
            client.get(reverse("permanences:rendez_vous_list"))


class TestRules:
    def test_who_lost_reads_the_next_free_places_and_keeps_what_was_typed(self, client, vacation):
        RendezVousFactory(vacation=vacation)

        response = client.post(address(vacation), answers(vacation))

        page = response.content.decode()
        assert "Ce moment vient d’être pris." in page
        assert "Les prochaines places libres" in page
        assert 'value="Camille O’Neill"' in page
        later = answers(vacation, autre=moment(vacation.slots()[1][0]))
        assert client.post(address(vacation), later).status_code == 302

    def test_no_more_than_the_service_allows_by_person(self, client, vacation):
        type(vacation.permanence.service).objects.update(rendez_vous_max=1)
        client.post(address(vacation), answers(vacation, contact=MOBILE))

        again = client.post(address(vacation), answers(vacation, 1, contact="+33 6 12345678"))
        other = client.post(address(vacation), answers(vacation, 1, contact="06 99 99 99 99"))

        assert "Vous avez déjà 1 rendez-vous à venir" in again.content.decode()
        assert other.status_code == 302

    def test_an_address_that_nobody_proved_counts_for_nobody(self, client, vacation):
        type(vacation.permanence.service).objects.update(rendez_vous_max=1)
        for rank in range(2):
            client.post(address(vacation), answers(vacation, rank))
        first, second = RendezVous.objects.order_by("debut")

        writer.confirm(first)
        page = client.post(opened(second, "confirmer")).content.decode()

        assert "Vous avez déjà 1 rendez-vous à venir" in page

    @pytest.mark.parametrize("changes", [{"preavis": timedelta(days=9)}, {"horizon": 1}])
    def test_neither_too_late_nor_too_far(self, client, vacation, changes):
        late = another(vacation, 5)
        type(vacation.permanence).objects.update(**changes)

        response = client.post(address(late), answers(late))

        assert "n’est pas proposé" in response.content.decode()

    def test_one_person_sends_five_an_hour(self, client, vacation):
        type(vacation.permanence.service).objects.update(rendez_vous_max=0)
        other = another(vacation, 1)
        places = [(date, rank) for date in (vacation, other) for rank in range(3)]

        answered = [
            client.post(address(date), answers(date, rank, contact=MOBILE)).status_code
            for date, rank in places
        ]

        assert answered == [302] * 5 + [429]
