"""What somebody does with an appointment: by its code, three letters of a name, an account."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from icalendar import Calendar

from comptes import connus
from notifications.models import Message
from permanences import disponibilites, plus_tot, tasks
from permanences import rendez_vous as writer
from permanences.models import Permanence, RendezVous
from tests.factories import CompteFactory, RendezVousFactory, VilleFactory
from tests.permanences.prises import MOBILE, a_date, another, opened, place

pytestmark = pytest.mark.django_db
WRONG = {"lettres": "xyz"}
RIGHT = {"lettres": "cam"}


@pytest.fixture
def row(settings):
    """Of Camille, by telephone, for what nobody else should know."""
    settings.SMS_URL = "console:"
    VilleFactory()
    vacation = a_date(
        service__nom="Écoute des violences",
        service__a_apporter="Votre dossier",
        avis="Bureau discret",
    )
    return RendezVousFactory(vacation=vacation, nom="Camille Durand", courriel="", telephone=MOBILE)


def slot(row, rank=1):
    return row.vacation, row.vacation.slots()[rank][0]


def again(row):
    return RendezVous.objects.get(pk=row.pk)


class TestAForwardedCode:
    PRIVATE = ["Camille", "Durand", "violences", "dossier", "discret", MOBILE]

    @pytest.mark.parametrize("act", ["", "annuler", "deplacer"])
    def test_it_shows_when_and_where_and_nothing_of_whom_or_why(self, client, row, act):
        page = client.get(opened(row, act)).content.decode()

        assert str(row.vacation.maison) in page
        assert not [word for word in self.PRIVATE if word in page]
        assert not client.session.keys()

    def test_three_letters_show_the_rest(self, client, row):
        page = client.post(opened(row, "voir"), RIGHT, follow=True).content.decode()

        assert all(word in page for word in ("Camille Durand", "Votre dossier", "Bureau discret"))

    def test_they_are_asked_again_after_an_hour(self, client, row, time_machine):
        client.post(opened(row, "voir"), RIGHT)
        time_machine.move_to(timezone.now() + connus.KNOWN_FOR + timedelta(minutes=1))

        assert "Camille" not in client.get(opened(row)).content.decode()

    @pytest.mark.parametrize("act", ["voir", "annuler", "deplacer"])
    def test_without_them_nothing_changes(self, client, row, act):
        sent = WRONG | {"place": place(slot(row))}

        page = client.post(opened(row, act), sent).content.decode()

        assert "Ce ne sont pas les bonnes lettres" in page
        assert (again(row).etat, again(row).debut) == ("pris", row.debut)

    def test_five_wrong_tries_and_no_more(self, client, row):
        tried = [client.post(opened(row, "annuler"), WRONG).status_code for _ in range(6)]

        right = client.post(opened(row, "annuler"), RIGHT)

        assert tried == [200] * 5 + [429]
        assert right.status_code == 429
        assert again(row).alive

    @pytest.mark.parametrize(
        ("name", "typed", "right"),
        [
            ("Camille Durand", "DUR", True),
            ("Camille Durand", "camille", True),
            ("Camille O’Neill", "one", True),
            ("Camille O’Neill", "nei", True),
            ("Jean-Luc", "luc", True),
            ("Élodie", "elo", True),
            ("Elodie", "Élo", True),
            ("O’Neill-Nguyễn", "ngu", True),
            ("O’Neill-Nguyễn", "one", True),
            ("Bo", "bo", True),
            ("Bo", "bob", False),
            ("王", "王", True),
            ("Camille", "ca", False),
            ("Camille", "", False),
            ("Camille", "mil", False),
        ],
    )
    def test_which_letters_are_right(self, name, typed, right):
        assert connus.matches(name, typed) is right


class TestCancelling:
    def test_it_takes_two_screens_and_the_place_is_free(self, client, row):
        client.get(opened(row, "annuler"))

        page = client.post(opened(row, "annuler"), RIGHT, follow=True).content.decode()

        assert again(row).etat == "annule"
        assert "Ce rendez-vous est annulé" in page
        assert "Prendre un autre rendez-vous" in page
        assert RendezVousFactory(vacation=row.vacation).guichet == 1

    def test_opening_the_page_changes_nothing(self, client, row):
        for _ in range(5):
            client.head(opened(row, "annuler"))
            client.get(opened(row, "annuler"))

        assert again(row).etat == "pris"

    def test_who_left_an_address_is_told_once(self, client, row):
        RendezVous.objects.update(courriel="camille@rivemont.example", telephone="")

        for _ in range(2):
            client.post(opened(row, "annuler"), RIGHT)

        assert Message.objects.get().objet.startswith("Votre rendez-vous est annulé : ")

    @pytest.mark.parametrize("etat", ["honore", "manque"])
    def test_what_was_noted_meanwhile_stays(self, row, etat):
        RendezVous.objects.update(etat=etat)

        with pytest.raises(ValidationError, match="ne peut plus changer"):
            writer.cancel(row)

        assert again(row).etat == etat

    def test_from_an_account_nothing_is_typed(self, client, row):
        me = CompteFactory()
        RendezVous.objects.update(compte=me, nom="", telephone="")
        client.force_login(me)

        client.post(f"{row.get_absolute_url()}annuler/")

        assert again(row).etat == "annule"

    @pytest.mark.parametrize("act", ["confirmer", "voir"])
    def test_what_a_code_alone_does_is_no_page_of_an_account(self, client, row, act):
        me = CompteFactory()
        RendezVous.objects.update(compte=me, nom="", telephone="")
        client.force_login(me)

        assert client.get(f"{row.get_absolute_url()}{act}/").status_code == 404


class TestMoving:
    def test_the_new_place_is_taken_and_the_old_one_free(self, client, row):
        debut = slot(row)[1]

        client.post(opened(row, "deplacer"), RIGHT | {"place": place(slot(row))})

        moved = again(row)
        assert (moved.debut, moved.fin) == (debut, debut + timedelta(minutes=30))
        assert moved.sequence == row.sequence + 1
        assert Message.objects.get().sms.startswith("Nouveau rendez-vous : ")
        assert RendezVousFactory(vacation=row.vacation).debut == row.debut

    def test_a_place_that_is_taken_leaves_the_old_one(self, client, row):
        RendezVousFactory(vacation=row.vacation, debut=slot(row)[1])

        page = client.post(opened(row, "deplacer"), RIGHT | {"place": place(slot(row))})

        assert "Ce moment vient d’être pris." in page.content.decode()
        assert "Garder mon rendez-vous" in page.content.decode()
        assert again(row).debut == row.debut

    def test_to_another_house_of_the_same_service(self, row):
        vacation = a_date(service=row.vacation.permanence.service)

        writer.move(row, vacation, vacation.debut)

        assert again(row).vacation == vacation

    def test_not_to_another_service(self, row):
        vacation = a_date()

        with pytest.raises(ValidationError, match="de la liste"):
            writer.move(row, vacation, vacation.debut)

    @pytest.mark.parametrize("forged", ["", "x", "1", "² 2026-11-27T14:00", f"{'9' * 30} x", "\0"])
    def test_a_forged_place_is_none_of_the_list(self, client, row, forged):
        response = client.post(opened(row, "deplacer"), RIGHT | {"place": forged})

        assert response.status_code == 200
        assert "Choisissez un moment de la liste." in response.content.decode()

    def test_what_is_not_offered_any_more_is_refused(self, row):
        type(row.vacation.permanence).objects.update(preavis=timedelta(days=90))

        with pytest.raises(ValidationError, match="n’est pas proposé"):
            writer.move(row, *slot(row))

    def test_what_was_moved_meanwhile_is_not_moved_on(self, row):
        other = another(row.vacation, 1)
        stale = again(row)
        writer.move(row, other, other.debut)

        with pytest.raises(ValidationError, match="vient de changer"):
            writer.cancel(stale)

        assert again(row).alive


def test_who_had_arrived_and_moves_is_waited_for_again(row):
    RendezVous.objects.update(arrive_le=timezone.now())

    writer.move(again(row), *slot(row, 3))

    assert again(row).arrive_le is None


def test_a_desk_that_is_no_more_hides_none_that_is_free(row):
    vacation = row.vacation
    RendezVous.objects.update(etat="honore", guichet=2)

    shown = disponibilites.offered([vacation.permanence])

    assert vacation.debut in [slot.debut for slot in shown]


class TestEarlier:
    """« Prévenez-moi si une place se libère plus tôt » (at most three notices, in order)."""

    @pytest.fixture
    def late(self, row):
        """A date of a fortnight later, in the same house."""
        return another(row.vacation, 14)

    @staticmethod
    def waits(late, rank=0, **fields):
        return RendezVousFactory(
            vacation=late, debut=late.slots()[rank][0], **{"plus_tot": True} | fields
        )

    @staticmethod
    def told():
        rows = Message.objects.filter(cle__contains=":plus_tot:").order_by("pk")
        return [message.destinataire for message in rows]

    def test_a_freed_place_is_told_in_order(self, row, late):
        waiting = [self.waits(late, rank) for rank in range(4)]

        writer.cancel(row)

        first = [one.courriel for one in waiting[: plus_tot.AT_ONCE]]
        assert self.told() == first
        assert f"deplacer/?jour={row.debut.date()}" in Message.objects.order_by("pk").last().texte

    def test_so_is_one_left_by_a_move(self, row, late):
        waiting = self.waits(late)

        writer.move(row, *slot(row, 3))

        assert self.told() == [waiting.courriel]

    def test_at_most_three_notices(self, row, late):
        waiting = self.waits(late)
        for _ in range(plus_tot.MOST_NOTICES + 1):
            writer.cancel(RendezVousFactory(vacation=row.vacation, debut=slot(row)[1]))

        assert self.told() == [waiting.courriel] * plus_tot.MOST_NOTICES

    def test_none_to_who_comes_within_three_days(self, row, late, time_machine):
        self.waits(late)
        time_machine.move_to(late.debut - timedelta(days=2, hours=23))
        soon = another(late, -2)

        writer.cancel(RendezVousFactory(vacation=soon))

        assert self.told() == []

    def test_who_moves_is_not_told_of_the_place_they_left(self, row, late):
        RendezVous.objects.update(plus_tot=True)

        writer.move(again(row), *slot(row, 3))

        assert self.told() == []

    def test_none_of_a_place_that_cannot_be_taken_any_more(self, row, late):
        other = RendezVousFactory(vacation=row.vacation, debut=slot(row, 3)[1])
        self.waits(late)
        Permanence.objects.update(duree=40)  # the third slot begins at another minute now

        writer.cancel(again(other))

        assert self.told() == []

    def test_nor_of_one_where_who_moves_stays(self, row, late):
        self.waits(late)

        writer.move(row, *slot(row, 0))

        assert self.told() == []

    @pytest.mark.parametrize("freed_by", ["the task", "whoever comes"])
    def test_a_place_that_nobody_confirmed_is_told_too(self, row, late, freed_by):
        waiting, ago = self.waits(late), timezone.now() - timedelta(minutes=1)
        RendezVous.objects.filter(pk=row.pk).update(etat="a_confirmer", expire_le=ago)

        if freed_by == "the task":
            tasks.release_expired()
            tasks.release_expired()
        else:
            vacation, debut = slot(row)
            writer.take(
                RendezVous(
                    vacation=vacation,
                    debut=debut,
                    fin=debut + vacation.permanence.length,
                    nom="Linh",
                    telephone=MOBILE,
                )
            )

        assert self.told() == [waiting.courriel]

    @pytest.mark.parametrize("changes", [{"plus_tot": False}, {"etat": "manque"}])
    def test_only_to_who_waits(self, row, late, changes):
        waiting = self.waits(late)
        RendezVous.objects.filter(pk=waiting.pk).update(**changes)

        writer.cancel(row)

        assert self.told() == []

    def test_nobody_elsewhere_nor_earlier(self, row, late):
        service = row.vacation.permanence.service
        self.waits(a_date(10, service=service))
        self.waits(a_date(10, maison=row.vacation.maison))
        self.waits(another(row.vacation, -1), 1)

        writer.cancel(row)

        assert self.told() == []

    def test_its_person_asks_and_takes_it_back(self, client, row):
        client.post(opened(row, "plus-tot"), {"plus_tot": "oui"})
        assert not again(row).plus_tot
        client.post(opened(row, "voir"), RIGHT)

        client.post(opened(row, "plus-tot"), {"plus_tot": "oui"})
        assert again(row).plus_tot
        client.post(opened(row, "plus-tot"), {"plus_tot": "non"})
        assert not again(row).plus_tot


def test_a_calendar_says_neither_why_nor_who(client, row):
    [event] = Calendar.from_ical(client.get(opened(row, "calendrier")).content).events

    assert str(event["summary"]) == f"Rendez-vous, {row.vacation.maison}"
    assert event.start == row.debut
    text = event.to_ical().decode()
    assert not [word for word in TestAForwardedCode.PRIVATE if word in text]
