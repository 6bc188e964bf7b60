"""Booking without an account: the form, its check, the page that waits (B5 to B17)."""

import re
from datetime import time, timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from comptes.models import Compteur
from maisons import planning
from maisons.models import Creneau, Reservation
from notifications.adresses import likely
from notifications.models import Message
from tests.factories import CompteFactory, ReservationFactory, SalleFactory, VilleFactory
from tests.maisons.test_reservation import address, answers, at

pytestmark = pytest.mark.django_db
CAMILLE = "camille@rivemont.example"


@pytest.fixture
def salle():
    VilleFactory()
    return SalleFactory(capacite=20)


def visitor(**changes):
    who = {"nom": "Camille O’Neill-Nguyễn", "courriel": CAMILLE, "telephone": "", "site_web": ""}
    return answers(**who | changes)


def waiting(booked):
    return reverse("maisons:attente", args=[booked.jeton])


def span(days=3):
    return {name: answers(days)[name] for name in ("jour", "de", "a")}


def test_no_sign_in_stands_on_the_path_and_the_account_keeps_the_span(client, salle):
    response = client.get(address(salle), span())

    page = response.content.decode()
    asked = [field.name for field in response.context["form"].visible_fields()]
    assert asked == ["nom", "courriel", "telephone", "usage", "personnes", "site_web"]
    assert f"?next={address(salle)}%3Fjour%3D".replace("/", "%2F")[6:] in page
    assert "de%3D14%253A00" in page


def test_signed_out_before_the_last_button_what_was_asked_follows_to_the_account(client, salle):
    page = client.post(address(salle), answers()).content.decode()
    following = unquote(re.search(r'login/\?next=([^"]+)"', page)[1])

    client.force_login(CompteFactory())
    form = client.get(following).context["form"]

    asked = {name: form[name].value() for name in ("jour", "de", "a", "usage", "personnes")}
    assert asked == span() | {"usage": "voisins", "personnes": "12"}
    assert not Reservation.objects.exists()


def test_without_a_span_one_is_chosen_first(client, salle):
    response = client.get(address(salle), {"jour": "2026-02-31"})

    assert response["Location"] == salle.get_absolute_url()


def test_a_token_that_came_in_an_address_is_not_used(client, salle):
    known = str(uuid4())

    response = client.get(address(salle), span() | {"jeton": known})

    assert known not in response.content.decode()


def test_the_check_shows_everything_and_writes_nothing(client, salle):
    response = client.post(address(salle), visitor(etape="verifier"))

    page = response.content.decode()
    assert "Vérifiez puis confirmez" in page
    assert "Camille O’Neill-Nguyễn" in page
    assert not Creneau.objects.exists()
    assert not client.session.keys()


def test_what_was_typed_survives_the_check_and_the_way_back(client, salle):
    typed = visitor(etape="modifier", telephone="06 12 34 56 78")

    form = client.post(address(salle), typed).context["form"]

    assert {name: form[name].value() for name in form.fields} == {
        name: typed[name] for name in form.fields
    }


def test_by_e_mail_the_room_is_held_and_the_page_says_what_is_left(client, salle):
    response = client.post(address(salle), visitor(), follow=True)

    held, page = Reservation.objects.get(), response.content.decode()
    assert (held.etat, held.nom, held.demandeur) == ("a_confirmer", "Camille O’Neill-Nguyễn", None)
    assert "<h1>Il reste à confirmer votre réservation</h1>" in page
    assert Message.objects.get().destinataire == CAMILLE
    assert held.code not in page
    assert held.six_digits not in page
    assert "no-store" in response["Cache-Control"]


def test_by_phone_the_desk_calls_and_the_code_is_shown(client, salle):
    response = client.post(
        address(salle), visitor(courriel="", telephone="06 12 34 56 78"), follow=True
    )

    held, page = Reservation.objects.get(), response.content.decode()
    assert held.to_call
    assert "L’accueil vous appelle" in page
    assert "06 12 34 56 78" in page
    assert held.code in page
    assert "Confirmer la réservation" not in page
    assert not Message.objects.exists()


@pytest.mark.parametrize("contact", [{}, {"courriel": "", "telephone": "0612345678"}])
def test_the_same_form_sent_twice_gives_one_booking(client, salle, contact):
    typed = visitor(**contact)

    first, second = (client.post(address(salle), typed) for _ in range(2))
    back = client.post(address(salle), typed | {"etape": "verifier"})

    assert Reservation.objects.count() == 1
    assert first["Location"] == second["Location"] == back["Location"]


def test_the_token_of_an_account_says_nothing_to_a_visitor(client, salle):
    theirs = ReservationFactory(salle=salle)

    response = client.post(address(salle), visitor(jeton=str(theirs.jeton)))

    assert response.status_code == 200
    assert client.get(waiting(theirs)).status_code == 404


PHONES = ["06 12 34 56 78", "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678"]


@pytest.mark.parametrize("typed", [*PHONES, "06\u00a012\u00a034\u00a056\u00a078", "0612345678"])
def test_a_number_is_taken_as_people_write_it(client, salle, typed):
    client.post(address(salle), visitor(courriel="", telephone=typed))

    assert str(Reservation.objects.get().telephone) == "+33612345678"


def test_a_landline_is_a_way_to_be_reached(client, salle):
    client.post(address(salle), visitor(courriel="", telephone="04 65 71 00 00"))

    assert Reservation.objects.get().to_call


@pytest.mark.parametrize("nom", ["O'Neill-Nguyễn", "d’Ângelo", "X", "de la Tour"])
def test_a_name_is_kept_as_typed(client, salle, nom):
    client.post(address(salle), visitor(nom=nom))

    assert Reservation.objects.get().nom == nom


REFUSALS = {
    "no name": ({"nom": " "}, "nom", "Écrivez votre nom."),
    "nowhere to be reached": ({"courriel": ""}, "courriel", "ou un numéro de téléphone"),
    "half an address": ({"courriel": "camille@"}, "courriel", "nom@exemple.fr"),
    "half a number": ({"courriel": "", "telephone": "06 12"}, "telephone", "06 12 34 56 78"),
    "nobody": ({"personnes": "0"}, "personnes", "au moins une personne"),
    "no reason": ({"usage": ""}, "usage", "pourquoi"),
    "yesterday": ({"days": -1}, "__all__", "passé"),
    "an hour that is not": ({"de": "25:00"}, "__all__", "de la liste"),
    "too long": ({"a": "19:00"}, "__all__", "4 heures au plus"),
}


@pytest.mark.parametrize("case", REFUSALS)
@pytest.mark.parametrize("etape", ["verifier", "confirmer"])
def test_a_refusal_is_told_and_keeps_what_was_typed(client, salle, case, etape):
    changes, field, sentence = REFUSALS[case]
    typed = visitor(etape=etape, **changes)

    response = client.post(address(salle), typed)

    form, page = response.context["form"], response.content.decode()
    assert any(sentence in told for told in form.errors[field])
    assert all(form[name].value() == typed[name] for name in ("nom", "courriel", "personnes"))
    assert "<title>Erreur : " in page
    assert not Creneau.objects.exists()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a.b@hotmial.fr", "a.b@hotmail.fr"),
        ("a@orange.f", "a@orange.fr"),
        ("a@gmail.com", ""),
        ("a@mail.com", ""),
        ("a@rivemont.example", ""),
        ("a@free.com", ""),
        ("a", ""),
        ("", ""),
    ],
)
def test_a_likely_typing_error_is_guessed(typed, meant):
    assert likely(typed) == meant


def test_a_suggestion_blocks_nothing_and_is_taken_in_one_act(client, salle):
    typed = visitor(courriel="camille@gmial.com", etape="verifier")

    page = client.post(address(salle), typed).content.decode()
    corrected = client.post(address(salle), typed | {"courriel": "camille@gmail.com"})
    client.post(address(salle), typed | {"etape": "confirmer"})

    assert "Vouliez-vous écrire" in page
    assert 'name="courriel" value="camille@gmail.com"' in page
    assert "Vouliez-vous écrire" not in corrected.content.decode()
    assert Reservation.objects.get().courriel == "camille@gmial.com"


def test_a_lost_span_keeps_what_was_typed_out_of_any_address(client, salle):
    day = timezone.localdate() + timedelta(days=3)
    ReservationFactory(salle=salle, debut=at(day, 14), fin=at(day, 16))
    typed = visitor()

    page = client.post(address(salle), typed).content.decode()
    other = client.post(address(salle), typed | {"moment": f"{day} 16:00 18:00", "etape": ""})

    assert 'name="moment" value="' in page
    assert "?nom=" not in page
    assert "Vérifiez puis confirmez" in other.content.decode()
    assert timezone.localtime(other.context["form"].instance.debut).time() == time(16)


def test_a_program_that_fills_in_every_field_books_nothing(client, salle):
    client.post(address(salle), visitor(site_web="https://exemple.fr"))

    assert not Creneau.objects.exists()


def test_too_many_bookings_for_one_contact_wait_and_keep_what_was_typed(client, salle):
    rooms = SalleFactory.create_batch(5, maison=salle.maison)
    for room in rooms:
        client.post(address(room), visitor())

    response = client.post(address(salle), visitor())

    assert response.status_code == 429
    assert "Attendez" in response.content.decode()
    assert response.context["form"]["nom"].value() == visitor()["nom"]
    assert Reservation.objects.count() == 5


def test_a_span_held_by_nobody_any_more_passes_the_check(client, salle):
    client.post(address(salle), visitor())
    expire(Reservation.objects.get())

    response = client.post(address(salle), visitor(etape="verifier"))

    assert "Vérifiez puis confirmez" in response.content.decode()
    assert Reservation.objects.get().etat == "a_confirmer"


def expire(held):
    past = timezone.now() - timedelta(minutes=1)
    Reservation.objects.filter(pk=held.pk).update(expire_le=past)


def test_a_known_address_and_an_unknown_one_get_the_same_answers(client, salle):
    """The same bytes at each step, but for what the person typed and what is random."""
    salle.maison.reservations_max = 1
    salle.maison.save()
    known = CompteFactory(courriel="known.name@rivemont.example")
    ReservationFactory(salle=salle, demandeur=known)
    seen = {}
    for courriel in (known.courriel, "other.name@rivemont.example"):
        typed = visitor(courriel=courriel, jeton=str(uuid4()))
        check = client.post(address(salle), typed | {"etape": "verifier"})
        done = client.post(address(salle), typed, follow=True)
        seen[courriel] = [check, done]
        planning.cancel(Reservation.objects.latest("pk"), Creneau.Motif.DEMANDE, by=None)

    assert len({tuple(len(page.content) for page in pages) for pages in seen.values()}) == 1
    assert [page.status_code for pages in seen.values() for page in pages] == [200] * 4


class TestWaiting:
    @pytest.fixture
    def held(self, client, salle):
        client.post(address(salle), visitor())
        return Reservation.objects.get()

    @pytest.mark.parametrize(
        "spelling", ["{}", " {} ", "Votre code : {}.", "{0[0]}{0[1]}{0[2]} {1}"]
    )
    def test_the_six_digits_confirm_and_lead_to_the_code(self, client, held, spelling):
        typed = spelling.format(held.six_digits, held.six_digits[3:])

        response = client.post(waiting(held), {"chiffres": typed})

        held.refresh_from_db()
        assert held.etat == "demandee"
        assert response["Location"] == reverse("comptes:code_open", args=[held.code])

    def test_five_wrong_tries_leave_the_link_alone(self, client, held):
        wrong = f"{(int(held.six_digits) + 1) % 10**6:06}"

        pages = [client.post(waiting(held), {"chiffres": wrong}) for _ in range(5)]
        right = client.post(waiting(held), {"chiffres": held.six_digits})

        held.refresh_from_db()
        assert "Il reste 4 essais" in pages[0].content.decode()
        assert "ouvrez maintenant le lien" in pages[4].content.decode()
        assert "ouvrez maintenant le lien" in right.content.decode()
        assert held.etat == "a_confirmer"

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
    def test_what_is_no_code_is_no_try(self, client, held, typed):
        response = client.post(waiting(held), {"chiffres": typed})

        assert response.context["digits"].errors
        assert not Compteur.objects.filter(geste="six chiffres").exists()

    def test_correcting_the_address_sends_again(self, client, held):
        typed = {"etape": "corriger", "courriel": "Camille@Exemple.fr"}

        page = client.post(waiting(held), typed, follow=True).content.decode()

        last = Message.objects.first()
        assert last.destinataire == "camille@exemple.fr"
        assert "camille@<wbr>exemple.fr" in page

    def test_asking_again_and_again_has_a_limit(self, client, held):
        typed = {"etape": "corriger", "courriel": CAMILLE}

        answers = [client.post(waiting(held), typed).status_code for _ in range(4)]

        assert answers == [302, 302, 302, 429]
        assert Message.objects.count() == 4

    def test_past_its_time_the_page_waits_while_the_room_is_free(self, client, held):
        expire(held)

        page = client.get(waiting(held)).content.decode()
        client.post(waiting(held), {"chiffres": held.six_digits})

        held.refresh_from_db()
        assert "<h1>Il reste à confirmer votre réservation</h1>" in page
        assert held.etat == "demandee"

    def test_past_its_time_and_taken_the_values_are_kept_for_another_span(self, client, held):
        expire(held)
        ReservationFactory(salle=held.salle, debut=held.debut)

        response = client.get(waiting(held))

        page, again = response.content.decode(), response.context["again"]
        assert "<h1>Cette demande a expiré</h1>" in page
        assert again["nom"].value() == held.nom
        assert response.context["alternatives"]
        assert again["jeton"].value() != held.jeton

    def test_once_confirmed_the_page_says_so_and_keeps_the_code(self, client, held):
        planning.confirm_contact(held)

        page = client.get(waiting(held)).content.decode()

        assert "<h1>Votre demande est envoyée</h1>" in page
        assert held.code not in page

    def test_the_quota_is_told_to_whoever_proved_the_address(self, client, held):
        held.maison.reservations_max = 1
        held.maison.save()
        ReservationFactory(salle=held.salle, demandeur=CompteFactory(courriel=CAMILLE), personnes=1)

        response = client.post(waiting(held), {"chiffres": held.six_digits})

        assert "c’est le maximum" in response.content.decode()

    def test_a_token_that_opens_nothing_is_not_found(self, client, salle):
        assert client.get(reverse("maisons:attente", args=[uuid4()])).status_code == 404
