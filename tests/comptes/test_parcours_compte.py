"""From the sign-in page to one's space, as a resident walks it, reading the mails."""

import re
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from comptes.models import Compte
from notifications.tasks import drain
from quartiers.models import Ville
from tests.factories import AffectationFactory, CompteFactory, ReservationFactory, VilleFactory

pytestmark = pytest.mark.django_db

PASSWORD = "trois mots sans rapport"
NEXT = "/maisons/les-lavoirs/salles/lavoir/reserver/?jour=2026-11-24&de=14%3A00"
ENTRANCE = ["login", "signup", "request_login_code", "reset_password"]


@pytest.fixture
def resident():
    VilleFactory()
    compte = CompteFactory(nom="Nour Haddad", password=PASSWORD)
    EmailAddress.objects.create(user=compte, email=compte.courriel, verified=True, primary=True)
    return compte


def url(name):
    return reverse(f"account_{name}")


def received():
    """What left, once the outbox is empty."""
    drain()
    return mail.outbox


def code_received():
    return re.search(r"\d{3}-\d{3}-\d{3}", received()[-1].body)[0]


def text(response):
    return response.content.decode()


def sign_up(client, **fields):
    data = {"nom": "Zoé d’Ângelo", "email": "Zoe@Rivemont.Example", "next": NEXT} | fields
    return client.post(url("signup"), data)


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_sign_up_with_the_code_of_the_mail_leads_back_to_the_booking(client, password):
    waiting = client.get(sign_up(client, password1=password).url)
    assert "zoe@rivemont.example" in text(waiting)

    done = client.post(waiting.request["PATH_INFO"], {"code": code_received()})

    assert done.url == NEXT
    compte = Compte.objects.get(courriel="zoe@rivemont.example")
    assert compte.nom == "Zoé d’Ângelo"
    assert compte.has_usable_password() == bool(password)
    assert int(client.session["_auth_user_id"]) == compte.pk


@pytest.mark.parametrize("email", ["{}", "  {} "])
def test_password_opens_in_capitals_and_with_spaces_too(client, resident, email):
    data = {"login": email.format(resident.courriel.upper()), "password": PASSWORD, "next": NEXT}

    done = client.post(url("login"), data)

    assert done.url == NEXT


@pytest.mark.parametrize(("ticked", "forgets"), [({}, True), ({"remember": "on"}, False)])
def test_a_shared_computer_forgets_when_its_browser_closes(client, resident, ticked, forgets):
    client.post(url("login"), {"login": resident.courriel, "password": PASSWORD} | ticked)

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"] == "") is forgets


@pytest.mark.parametrize(
    "pasted", ["{}", " {} ", "Votre code : {}. Il est valable 15 minutes.", "spaced"]
)
def test_code_opens_without_password(client, resident, pasted):
    """The browser may have filled in a password: the button decides."""
    data = {"login": resident.courriel, "password": "faux", "par": "code", "next": NEXT}
    waiting = client.get(client.post(url("login"), data).url)
    code = code_received()
    typed = code.replace("-", "\u00a0") if pasted == "spaced" else pasted.format(code)

    field = waiting.context["redirect_field_value"]
    done = client.post(url("confirm_login_code"), {"code": typed, "next": field})

    assert done.url == NEXT
    assert 'autocomplete="one-time-code"' in text(waiting)
    assert "maxlength" not in text(waiting).split("<main")[1]


def test_code_page_keeps_the_way_too(client, resident):
    asked = client.post(url("request_login_code"), {"email": resident.courriel, "next": NEXT})
    again = client.post(asked.url, {"action": "resend", "next": NEXT})

    done = client.post(again.url, {"code": code_received()})

    assert done.url == NEXT
    assert len(received()) == 2


def test_wrong_password_says_what_to_do(client, resident):
    wrong = client.post(url("login"), {"login": resident.courriel, "password": "un autre"})

    assert "<title>Erreur : Se connecter" in text(wrong)
    sentence = "L’adresse ou le mot de passe n’est pas le bon."
    assert wrong.context["form"].errors["password"][0].startswith(sentence)
    assert 'href="#id_password"' in text(wrong)
    assert resident.courriel in text(wrong)


def test_three_wrong_codes_end_the_attempt(client, resident):
    client.post(url("request_login_code"), {"email": resident.courriel})

    pages = [client.post(url("confirm_login_code"), {"code": "000-000-000"}) for _ in range(3)]

    assert "Ce code n’est pas le bon." in text(pages[0])
    assert "Trop d’essais." in text(client.get(pages[2].url))


def ask(client, name, email):
    """The page after the question, without what must differ: the address, the tokens."""
    page = text(client.get(client.post(url(name), {"email": email}).url))
    return re.sub(r'value="[^"]*"', "", page.replace(email, "X"))


@pytest.mark.parametrize("name", ["reset_password", "request_login_code"])
def test_nobody_learns_who_has_an_account(resident, name):
    known = ask(Client(), name, resident.courriel)
    unknown = ask(Client(), name, f"{uuid4()}@rivemont.example")

    assert known == unknown
    assert received()[-1].subject == "Pas de compte à cette adresse"


def test_sign_up_again_shows_the_same_page_and_warns_by_mail(resident):
    first, second = Client(), Client()
    pages = []
    for browser, email in [(first, resident.courriel), (second, "neuf@rivemont.example")]:
        page = text(browser.get(sign_up(browser, email=email).url))
        pages.append(re.sub(r'value="[^"]*"', "", page.replace(email, "X")))

    assert pages[0] == pages[1]
    assert received()[0].subject == "Vous avez déjà un compte"
    assert Compte.objects.count() == 2


def test_forgotten_password_is_replaced_with_a_code(client, resident):
    asked = client.post(url("reset_password"), {"email": resident.courriel, "next": NEXT})
    choose = client.post(asked.url, {"code": code_received(), "next": NEXT})

    done = client.post(choose.url, {"password1": "quatre autres mots neufs", "next": NEXT})

    assert done.url == NEXT
    resident.refresh_from_db()
    assert resident.check_password("quatre autres mots neufs")
    assert received()[-1].subject == "Votre mot de passe a changé"


def test_a_password_that_is_soon_guessed_is_refused(client, resident):
    client.force_login(resident)
    data = {"oldpassword": PASSWORD, "password1": "Marseille13!"}

    refused = client.post(url("change_password"), data)
    done = client.post(url("change_password"), data | {"password1": "cheval agrafe pile"})

    assert "trois ou quatre mots sans rapport" in refused.context["form"].errors["password1"][0]
    assert "Votre mot de passe est enregistré." in text(client.get(done.url))


def test_address_changes_once_the_new_one_is_confirmed(client, resident):
    client.force_login(resident)
    data = {"email": "Nouvelle@Rivemont.Example", "action_add": ""}
    asked = client.post(url("email"), data)
    resident.refresh_from_db()
    assert resident.courriel != "nouvelle@rivemont.example"

    done = client.post(asked.url, {"code": code_received()})

    resident.refresh_from_db()
    assert resident.courriel == "nouvelle@rivemont.example"
    assert "maintenant nouvelle@rivemont.example" in text(client.get(done.url))


def test_name_changes(client, resident):
    client.force_login(resident)
    page = reverse("comptes:nom_change")

    empty = client.post(page, {"nom": " "})
    done = client.post(page, {"nom": "O’Neill-Nguyễn"})

    assert "Écrivez votre nom." in text(empty)
    assert "Bonjour O’Neill-Nguyễn" in text(client.get(done.url))


def test_signing_out_takes_a_button_and_leads_home(client, resident):
    client.force_login(resident)

    shown = client.get(url("logout"))
    assert "_auth_user_id" in client.session
    done = client.post(url("logout"))

    assert "Se déconnecter" in text(shown)
    assert done.url == reverse("portail:accueil")
    assert "_auth_user_id" not in client.session


def test_my_space_shows_what_is_mine_and_the_desk_to_staff_only(client, resident):
    mine = ReservationFactory(demandeur=resident)
    foreign = ReservationFactory()
    client.force_login(resident)
    space = reverse("portail:mon_espace")

    page = client.get(space)
    AffectationFactory(compte=resident)

    assert list(page.context["reservations"]) == [mine]
    assert str(foreign.maison) not in text(page)
    assert reverse("admin:index") not in text(page)
    assert reverse("admin:index") in text(client.get(space))
    assert "no-store" in page["Cache-Control"]


def test_a_stranger_is_asked_to_sign_in(client):
    for page in [reverse("portail:mon_espace"), reverse("comptes:nom_change")]:
        assert client.get(page).url == f"{url('login')}?next={page}"


@pytest.mark.parametrize("name", ENTRANCE)
def test_entrance_pages_are_ours_and_set_no_session(client, name):
    VilleFactory()

    page = client.get(f"{url(name)}?next={NEXT}")

    assert 'class="marque"' in text(page)
    assert text(page).count("<h1") == 1
    assert "Fil d’Ariane" in text(page)
    assert 'name="next"' in text(page)
    assert set(client.cookies) == {settings.CSRF_COOKIE_NAME}


def test_every_mail_is_short_and_signed(client, resident):
    Ville.objects.update(telephone="04 65 71 00 00")
    client.post(url("request_login_code"), {"email": resident.courriel})
    client.post(url("login"), {"login": resident.courriel, "par": "code"})
    client.post(url("reset_password"), {"email": resident.courriel})

    for message in received():
        assert message.body.startswith("Bonjour,\n\n")
        assert "Les maisons de quartier, ville de Rivemont" in message.body
        assert "04 65 71 00 00" in message.body
        assert "http" not in message.body
        assert not re.search(r"[{}<>]|&#", message.body)


def test_too_many_sign_ups_are_told_beside_the_address(client):
    VilleFactory(telephone="04 65 71 00 00")
    for _ in range(7):
        page = sign_up(Client())

    assert page.status_code == 429
    assert "beaucoup de demandes à votre nom. Attendez" in text(page)
    assert 'value="Zoe@Rivemont.Example"' in text(page)
    assert "04 65 71 00 00" in text(page)
