"""What the code of a booking opens: its page and its acts, nothing on GET (B8, B12, R8, R11)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from maisons import export_ics, planning
from maisons.models import Creneau, Reservation
from maisons.templatetags.heures import choix
from notifications.models import Message
from tests.factories import (
    AttenteFactory,
    CompteFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)
from tests.maisons.test_attente import past_its_time

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
# What may become of an address that was proposed.
ENDS = {
    "forged": lambda booking: None,
    "another since": lambda booking: planning.propose_address(booking, "autre@exemple.fr"),
    "used": planning.confirm_address,
    "cancelled": lambda booking: planning.cancel(booking, Creneau.Motif.DEMANDE, by=None),
}
ACTS = ["", "confirmer/", "annuler/", "deplacer/", "courriel/", "calendrier/"]


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


@pytest.fixture
def held():
    return AttenteFactory()


def by_code(booking, act=""):
    return reverse("comptes:code_open", args=[booking.code]) + act


def state(booking):
    row = Reservation.objects.get(pk=booking.pk)
    return row.etat, row.sequence, row.debut, row.salle_id, row.courriel, row.history.count()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("which", ["held", "booked"])
def test_looking_changes_nothing_however_often_and_from_elsewhere(request, which, method, act):
    booking = request.getfixturevalue(which)
    before, told = state(booking), Message.objects.count()

    for _ in range(5):
        getattr(Client(REMOTE_ADDR="192.0.2.9"), method)(by_code(booking, act))

    assert state(booking) == before
    assert Message.objects.count() == told


def test_the_mailed_link_is_a_page_then_a_button_in_another_browser(client, held):
    page = client.get(by_code(held)).content.decode()
    response = Client().post(by_code(held, "confirmer/"), follow=True)

    assert f'action="{by_code(held, "confirmer/")}"' in page
    assert "Il reste à confirmer votre réservation" in page
    assert "Votre demande est envoyée" in response.content.decode()
    assert state(held)[0] == "demandee"


def test_confirming_twice_is_confirming_once(client, held):
    for _ in range(2):
        response = client.post(by_code(held, "confirmer/"), follow=True)

    assert "Votre demande est envoyée" in response.content.decode()
    assert Message.objects.filter(cle__contains=":demandee:").count() == 1


def test_past_its_time_and_taken_others_are_offered(client, held):
    past_its_time(held)
    ReservationFactory(salle=held.salle, debut=held.debut)

    page = client.get(by_code(held))
    refused = client.post(by_code(held, "confirmer/"))

    assert "Cette demande a expiré" in page.content.decode()
    assert page.context["alternatives"]
    assert "déjà prise" in refused.content.decode()


def test_past_its_time_and_free_the_button_takes_the_room_again(client, held):
    past_its_time(held)

    page = client.get(by_code(held)).content.decode()
    client.post(by_code(held, "confirmer/"))

    assert "Confirmer la réservation" in page
    assert state(held)[0] == "demandee"


@pytest.mark.parametrize("known", [True, False], ids=["with an account", "without"])
def test_a_refusal_gives_its_motive_and_others_in_one_act(client, known):
    booking = ReservationFactory() if known else AttenteFactory()
    other = SalleFactory(maison=booking.maison)
    if not known:
        planning.confirm_contact(booking)
    planning.refuse(booking, CompteFactory(), Reservation.MotifRefus.SERVICE)

    response = client.get(by_code(booking))

    assert "le fonctionnement de la maison" in response.content.decode()
    assert response.context["alternatives"][0] == (other, booking.debut, booking.fin)
    assert len(response.context["alternatives"]) == 3


def test_a_request_left_without_an_answer_offers_its_span_again(client, held):
    planning.confirm_contact(held)
    planning.cancel(held, Creneau.Motif.DELAI, by=None, quiet=True)

    response = client.get(by_code(held))

    assert "L’accueil n’a pas répondu à temps" in response.content.decode()
    assert response.context["alternatives"][0] == (held.salle, held.debut, held.fin)
    assert response.context["again"]["nom"].value() == held.nom


def test_an_offer_of_another_house_opens_its_form_filled_in(client, held):
    elsewhere = SalleFactory(nom="Salle du pont")
    planning.confirm_contact(held)
    planning.refuse(held, CompteFactory(), Reservation.MotifRefus.SERVICE)
    held.salle.reservable = False
    held.salle.save()

    page = client.get(by_code(held))
    typed = {field.name: field.value() or "" for field in page.context["again"]}
    room, debut, fin = page.context["alternatives"][0]
    address = reverse("maisons:reservation_create", args=[room.maison.slug, room.slug])
    answer = client.post(address, typed | {"moment": choix(debut, fin)})

    assert room == elsewhere
    assert f"Salle du pont, {room.maison}, " in page.content.decode()
    assert "Vérifiez puis confirmez" in answer.content.decode()


def test_a_code_shown_at_once_does_not_replace_the_call(client):
    held = AttenteFactory(courriel="", telephone="+33465710000")

    page = client.get(by_code(held)).content.decode()
    client.post(by_code(held, "confirmer/"))

    assert "04 65 71 00 00" in page
    assert state(held)[0] == "a_confirmer"


def test_the_page_says_what_next_and_whom_to_call(client, booked):
    booked.maison.telephone = "04 65 71 00 11"
    booked.maison.save()

    page = client.get(by_code(booked)).content.decode()

    for needed in ("Votre réservation est faite", booked.code, "Et maintenant", "04 65 71 00 11"):
        assert needed in page


@pytest.mark.parametrize("end", ["booked", "cancelled", "waiting", "code"])
def test_what_one_thinks_of_a_page_is_asked_without_its_code(client, booked, end):
    if end == "cancelled":
        planning.cancel(booked, Creneau.Motif.DEMANDE, by=None)
    pages = {"waiting": reverse("maisons:attente", args=[booked.jeton])}
    pages["code"] = reverse("comptes:code")

    page = client.get(pages.get(end, by_code(booked))).content.decode()

    asked = page.split(f"{reverse('portail:remarque')}?page=")[1].split('"')[0]
    assert asked == ("/reservations/attente/" if end == "waiting" else "/code/")


def test_cancelling_is_a_page_then_a_button(client, booked):
    page = client.get(by_code(booked, "annuler/")).content.decode()
    client.post(by_code(booked, "annuler/"))
    again = client.post(by_code(booked, "annuler/"), follow=True).content.decode()

    assert "Garder la réservation" in page
    assert "Cette réservation est annulée" in again
    assert state(booked)[0] == "annulee"
    assert Message.objects.filter(cle__contains=":annulee:").count() == 1


def test_whoever_cancels_without_a_mailbox_is_not_called_to_be_told(client):
    held = AttenteFactory(courriel="", telephone="+33465710000")
    planning.confirm_contact(held)
    before = Message.objects.count()

    client.post(by_code(held, "annuler/"))

    assert state(held)[0] == "annulee"
    assert Message.objects.count() == before


class TestMove:
    def later(self, booking, hours=4):
        debut, fin = (
            timezone.localtime(t) + timedelta(hours=hours) for t in (booking.debut, booking.fin)
        )
        return f"{debut:%Y-%m-%d %H:%M} {fin:%H:%M}"

    def test_each_offer_is_a_button_that_can_be_taken(self, client, booked):
        other = SalleFactory(maison=booked.maison)

        response = client.get(by_code(booked, "deplacer/"))

        rooms = dict(response.context["rooms"])
        assert list(rooms) == [booked.salle, other]
        for room, spans in rooms.items():
            for debut, fin in (spans[0], spans[-1]):
                planning.move(booked, salle=room, debut=debut, fin=fin)

    def test_the_old_span_is_free_once_the_new_one_is_taken(self, client, booked):
        old = booked.debut

        client.post(by_code(booked, "deplacer/"), {"moment": self.later(booked)})

        booked.refresh_from_db()
        assert booked.debut == old + timedelta(hours=4)
        assert booked.etat == "confirmee"
        assert ReservationFactory(salle=booked.salle, debut=old)

    def test_a_span_taken_meanwhile_leaves_the_old_one(self, client, booked):
        ReservationFactory(salle=booked.salle, debut=booked.debut + timedelta(hours=4))
        before = state(booked)

        page = client.post(by_code(booked, "deplacer/"), {"moment": self.later(booked)})

        assert "déjà prise" in page.content.decode()
        assert state(booked) == before

    def test_a_room_that_needs_agreement_is_asked_for_again(self, client, booked):
        other = SalleFactory(maison=booked.maison, avec_accord=True)

        page = client.get(by_code(booked, "deplacer/")).content.decode()
        client.post(by_code(booked, "deplacer/"), {"moment": self.later(booked), "salle": other.pk})

        booked.refresh_from_db()
        assert "L’accueil doit dire oui" in page
        assert (booked.etat, booked.salle) == ("demandee", other)
        assert booked.repondre_avant

    def test_what_was_granted_is_asked_for_again_in_its_own_room(self, client):
        held, agent = AttenteFactory(), CompteFactory()
        planning.confirm_contact(held)
        planning.confirm(held, by=agent)

        page = client.get(by_code(held, "deplacer/")).content.decode()
        client.post(by_code(held, "deplacer/"), {"moment": self.later(held)})

        held.refresh_from_db()
        assert "L’accueil doit dire oui à nouveau" in page
        assert (held.etat, held.decide_par) == ("demandee", None)

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"moment": "demain"},
            {"moment": "2026-02-31 10:00 12:00"},
            {"moment": "2027-01-14 10:00 12:00", "salle": "nulle-part"},
        ],
    )
    def test_what_is_no_offer_changes_nothing(self, client, booked, typed):
        before = state(booked)

        client.post(by_code(booked, "deplacer/"), typed)

        assert state(booked) == before

    def test_a_room_of_another_house_is_refused(self, client, booked):
        before, foreign = state(booked), SalleFactory()

        client.post(
            by_code(booked, "deplacer/"), {"moment": self.later(booked), "salle": foreign.pk}
        )

        assert state(booked) == before

    @pytest.mark.parametrize("which", ["held", "cancelled", "begun"])
    def test_what_is_not_settled_or_is_over_does_not_move(self, client, booked, held, which):
        booking = held if which == "held" else booked
        if which == "cancelled":
            planning.cancel(booking, Creneau.Motif.DEMANDE, by=None)
        if which == "begun":
            now = timezone.now()
            Reservation.objects.filter(pk=booking.pk).update(
                debut=now - timedelta(hours=1), fin=now + timedelta(hours=1)
            )
        before = state(booking)

        client.post(by_code(booking, "deplacer/"), {"moment": self.later(booking)})

        assert state(booking) == before


class TestCorrection:
    def test_the_address_of_a_hold_is_corrected_and_its_code_ends(self, client, held):
        old = by_code(held)

        response = client.post(by_code(held, "courriel/"), {"courriel": "autre@exemple.fr"})

        held.refresh_from_db()
        assert response["Location"] == reverse("maisons:attente", args=[held.jeton])
        assert held.courriel == "autre@exemple.fr"
        assert client.get(old).status_code == 404

    def test_a_call_becomes_a_message(self, client):
        held = AttenteFactory(courriel="", telephone="+33465710000")

        client.post(by_code(held, "courriel/"), {"courriel": "autre@exemple.fr"})

        held.refresh_from_db()
        assert not held.to_call
        assert held.code in Message.objects.get().texte

    def propose(self, client, booked, courriel="neuve@exemple.fr"):
        client.post(by_code(booked, "courriel/"), {"courriel": courriel})
        booked.refresh_from_db()
        return reverse("maisons:attente", args=[booked.jeton])

    def test_once_booked_another_address_waits_for_its_own_answer(self, client, booked):
        old, page = booked.code, self.propose(client, booked)

        told = Message.objects.first()
        shown = client.get(page).content.decode()

        assert booked.courriel == "camille@rivemont.example"
        assert told.destinataire == "neuve@exemple.fr"
        assert old not in told.texte + told.html
        assert booked.six_digits in told.texte
        assert "Il reste à confirmer votre adresse" in shown
        assert old not in shown

    def test_who_reads_a_wrong_mailbox_gets_no_code_by_sending_the_form(self, client, booked):
        Reservation.objects.filter(pk=booked.pk).update(courriel="", telephone="+33612345678")
        booked.refresh_from_db()
        waits, room = self.propose(client, booked), booked.salle
        form = reverse("maisons:reservation_create", args=[room.maison.slug, room.slug])

        answer = Client().post(form, {"jeton": str(booked.jeton)})

        assert answer.url == waits

    def test_its_six_digits_replace_the_address_and_the_code(self, client, booked):
        old, page = by_code(booked), self.propose(client, booked)

        client.post(page, {"chiffres": booked.six_digits})

        booked.refresh_from_db()
        assert (booked.courriel, booked.courriel_propose) == ("neuve@exemple.fr", "")
        assert booked.etat == "confirmee"
        granted = Message.objects.filter(destinataire="neuve@exemple.fr").latest("pk")
        assert booked.code in granted.texte
        assert client.get(old).status_code == 404

    def link(self, client, booked):
        """That of the letter to another address."""
        self.propose(client, booked)
        text = Message.objects.filter(cle__contains=":adresse:").latest("pk").texte
        return next(line for line in text.split() if "/attente/" in line)[len(SITE) :]

    def test_its_link_is_a_page_then_a_button_in_another_browser(self, client, booked):
        old, link = by_code(booked), self.link(client, booked)

        page = Client().get(link).content.decode()
        answer = Client().post(link, follow=True)

        booked.refresh_from_db()
        assert "Confirmer mon adresse" in page
        assert booked.code in answer.content.decode()
        assert (booked.courriel, client.get(old).status_code) == ("neuve@exemple.fr", 404)

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_opening_that_link_changes_nothing(self, client, booked, method):
        link = self.link(client, booked)
        before, told = state(booked), Message.objects.count()

        for _ in range(5):
            getattr(Client(REMOTE_ADDR="192.0.2.9"), method)(link)

        assert (state(booked), Message.objects.count()) == (before, told)

    @pytest.mark.parametrize("end", ["forged", "another since", "used", "cancelled"])
    def test_a_link_that_proves_nothing_any_more_leads_to_where_things_stand(
        self, client, booked, end
    ):
        link = self.link(client, booked)
        ENDS[end](booked)
        if end == "forged":
            link = reverse("maisons:adresse", args=[booked.jeton, booked.code])
        before = state(booked)

        answer = client.post(link)

        if end == "another since":
            assert answer.status_code == 404
        else:
            assert answer["Location"] == reverse("maisons:attente", args=[booked.jeton])
        assert state(booked) == before

    def test_who_read_the_letter_to_a_wrong_address_does_not_correct_it_again(self, client, booked):
        wrong = self.propose(client, booked, "faute@exemple.fr")
        self.propose(client, booked)

        answer = Client().post(wrong, {"courriel": "faute@exemple.fr", "etape": "corriger"})

        booked.refresh_from_db()
        assert (answer.status_code, booked.courriel_propose) == (404, "neuve@exemple.fr")

    def test_an_address_given_in_between_is_not_proved_by_the_answer_of_another(self, booked):
        planning.propose_address(booked, "neuve@exemple.fr")
        read = Reservation.objects.get()
        planning.propose_address(booked, "voleur@exemple.fr")

        with pytest.raises(ValidationError, match="depuis"):
            planning.confirm_address(read)

    def test_the_address_before_is_told_without_any_code(self, client, booked):
        self.propose(client, booked)
        before = booked.code
        planning.confirm_address(booked)

        told = Message.objects.get(cle__contains=":adresse_changee:")

        assert told.destinataire == "camille@rivemont.example"
        for secret in (before, booked.code, booked.six_digits, "/code/", "neuve@", "/attente/"):
            assert secret not in told.texte + told.html

    def test_the_digits_of_the_first_address_do_not_prove_another(self, client, booked):
        first = booked.six_digits
        page = self.propose(client, booked)

        client.post(page, {"chiffres": first})

        booked.refresh_from_db()
        assert booked.courriel == "camille@rivemont.example"

    def test_a_new_message_has_its_own_digits(self, client, booked):
        self.propose(client, booked)
        before = booked.six_digits

        self.propose(client, booked)

        assert booked.six_digits != before

    def test_a_booking_made_at_the_desk_takes_an_address_too(self, client):
        called = AttenteFactory(courriel="", telephone="+33465710000", saisie_par=CompteFactory())
        planning.confirm_contact(called)
        page = self.propose(client, called)

        client.post(page, {"chiffres": called.six_digits})

        called.refresh_from_db()
        assert called.courriel == "neuve@exemple.fr"

    def test_a_faulty_address_says_so(self, client, held):
        page = client.post(by_code(held, "courriel/"), {"courriel": "autre@"})

        assert "nom@exemple.fr" in page.content.decode()


@pytest.mark.parametrize("act", ["confirmer/", "courriel/"])
def test_an_account_has_no_address_to_prove(client, act):
    mine = ReservationFactory()
    client.force_login(mine.demandeur)

    assert client.post(mine.get_absolute_url() + act).status_code == 404
    assert client.post(by_code(mine, act)).status_code == 404


@pytest.mark.parametrize("act", ["rien/", "annuler/deux/"])
def test_an_act_that_is_not_is_not_found(client, booked, act):
    assert client.get(by_code(booked, act)).status_code == 404


def test_a_code_opens_nothing_of_the_pages_of_accounts(client, booked):
    response = client.get(booked.get_absolute_url())

    assert response.status_code == 302
    client.force_login(CompteFactory())
    assert client.get(booked.get_absolute_url()).status_code == 404


class TestCalendar:
    def entry(self, creneau):
        calendar = Calendar.from_ical(export_ics.ics(creneau))
        return calendar, calendar.walk("VEVENT")[0]

    def test_the_file_is_a_calendar(self, client, booked):
        response = client.get(by_code(booked, "calendrier/"))

        assert response["Content-Type"].startswith("text/calendar")
        assert 'filename="reservation.ics"' in response["Content-Disposition"]
        assert booked.code not in response.content.decode()

    def test_it_says_when_in_local_time_where_and_whom_to_call(self, booked, settings):
        settings.SITE_URL = "https://ville.example"
        booked.maison.adresse, booked.maison.telephone = "12 quai des Lavandières", "04 65 71 00 11"

        calendar, event = self.entry(booked)

        assert event.decoded("dtstart") == booked.debut
        assert str(event["dtstart"].params["TZID"]) == "Europe/Paris"
        assert calendar.walk("VTIMEZONE")[0]["tzid"] == "Europe/Paris"
        assert "12 quai des Lavandières" in event["location"]
        assert "04 65 71 00 11" in event["description"]
        assert event["url"] == f"https://ville.example{booked.salle.get_absolute_url()}"
        assert "dtstamp" in event

    def test_its_name_stays_and_its_sequence_grows(self, booked):
        before = self.entry(booked)[1]
        planning.move(
            booked, debut=booked.debut + timedelta(hours=3), fin=booked.fin + timedelta(hours=3)
        )
        after = self.entry(booked)[1]
        planning.cancel(booked, Creneau.Motif.DEMANDE, by=None)
        calendar, cancelled = self.entry(booked)

        assert before["uid"] == after["uid"] == cancelled["uid"]
        assert before["sequence"] < after["sequence"] < cancelled["sequence"]
        assert (calendar["method"], cancelled["status"]) == ("PUBLISH", "CANCELLED")

    def test_lines_are_folded_as_the_norm_wants(self, booked):
        booked.maison.adresse = "é" * 100

        lines = export_ics.ics(booked).split(b"\r\n")

        assert max(map(len, lines)) <= 75
        assert not any(b"\n" in line for line in lines)
