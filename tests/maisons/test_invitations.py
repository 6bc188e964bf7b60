"""A role is offered to an address; its owner alone accepts it, once, in time, by one button."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes.models import Compte
from maisons import invitations
from maisons.models import Affectation, InvitationAffectation
from maisons.tasks import erase_outdated_reservations
from notifications.models import Message
from tests.comptes.test_parcours_compte import code_received
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    InvitationFactory,
    MaisonFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS, PASSWORD = "nour@rivemont.example", "trois mots sans rapport"
ADD = reverse("admin:maisons_invitationaffectation_add")


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def director(client):
    """Somebody who runs a house, signed in."""
    mandate = AffectationFactory(role=Affectation.Role.DIRECTION)
    client.force_login(mandate.compte)
    return mandate


def person(courriel=ADDRESS, verified=True, **fields):
    compte = CompteFactory(courriel=courriel, password=PASSWORD, **fields)
    EmailAddress.objects.create(user=compte, email=courriel, verified=verified, primary=True)
    return compte


def page_of(invitation):
    return reverse("comptes:code_open", args=[invitation.code])


def accept(client, invitation):
    return client.post(f"{page_of(invitation)}accepter/")


def typed(house, **fields):
    return {"courriel": ADDRESS, "maison": house.pk, "role": "accueil"} | {
        "debut": timezone.localdate().isoformat(),
        **fields,
    }


def act(invitation, name):
    return reverse(f"admin:maisons_invitationaffectation_{name}", args=[invitation.pk])


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_whoever_runs_a_house_invites_and_learns_nothing(client, director, known):
    if known:
        person()

    done = client.post(ADD, typed(director.maison, courriel=ADDRESS.upper()), follow=True)

    invitation, letter = InvitationAffectation.objects.get(), Message.objects.get()
    assert (invitation.courriel, invitation.invite_par) == (ADDRESS, director.compte)
    assert letter.destinataire == ADDRESS
    assert f"/code/{invitation.code}/" in letter.texte
    assert letter.secrets == [invitation.code]
    assert Affectation.objects.count() == 1  # the director's
    assert "Nour" not in text(done)


def test_adding_an_affectation_leads_to_an_invitation(client, director):
    assert client.get(reverse("admin:maisons_affectation_add")).url == ADD


def test_its_person_accepts_by_one_button_and_nothing_happens_before(client):
    invitation = InvitationFactory(courriel=ADDRESS, fin=timezone.localdate() + timedelta(90))
    nour = person()
    client.force_login(nour)

    shown = client.get(page_of(invitation))
    [client.get(f"{page_of(invitation)}accepter/") for _ in range(3)]
    assert not Affectation.objects.exists()
    done = accept(client, invitation)

    assert "Accepter l’invitation" in text(shown)
    assert done.url == reverse("admin:index")
    given = Affectation.objects.get()
    assert (given.compte, given.maison, given.role) == (nour, invitation.maison, invitation.role)
    assert (given.fin, given.invite_par) == (invitation.fin, invitation.invite_par)


def test_who_has_no_account_makes_one_and_comes_back(client):
    invitation = InvitationFactory(courriel=ADDRESS)
    link = re.search(r'href="(/compte/signup/[^"]+)"', text(client.get(page_of(invitation))))
    form = client.get(link[1].replace("&amp;", "&"))
    assert form.context["form"]["email"].value() == ADDRESS

    sent = {"nom": "Nour", "email": ADDRESS, "next": form.context["redirect_field_value"]}
    waiting = client.get(client.post(reverse("account_signup"), sent).url)
    done = client.post(waiting.request["PATH_INFO"], {"code": code_received()})

    assert done.url == page_of(invitation)
    assert not Affectation.objects.exists()
    accept(client, invitation)
    assert Affectation.objects.get().compte.courriel == ADDRESS


# Side ways.


def other_address(client):
    client.force_login(person("quelqu-un@rivemont.example"))


def unproved_address(client):
    client.force_login(person(verified=False))


def longer_address(client):
    client.force_login(person("nour+1@rivemont.example"))


def address_given_up(client):
    nour = person()
    nour.courriel = "ailleurs@rivemont.example"
    nour.save()
    client.force_login(nour)


def nobody(client):
    person()


@pytest.mark.parametrize(
    "comes", [other_address, unproved_address, longer_address, address_given_up, nobody]
)
def test_nobody_else_accepts(client, comes):
    invitation = InvitationFactory(courriel=ADDRESS)
    comes(client)

    accept(client, invitation)

    assert not Affectation.objects.exists()
    assert "Accepter l’invitation" not in text(client.get(page_of(invitation)))


def by_password(client, after):
    person()
    client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD, "next": after})


def by_code(client, after):
    person()
    client.post(reverse("account_request_login_code"), {"email": ADDRESS, "next": after})
    type_code(client, "account_confirm_login_code", after)


def by_new_password(client, after):
    person()
    client.post(reverse("account_reset_password"), {"email": ADDRESS, "next": after})
    type_code(client, "account_confirm_password_reset_code", after)
    chosen = {"password1": "quatre autres mots neufs", "next": after}
    client.post(reverse("account_complete_password_reset"), chosen)


def by_sign_up(client, after):
    client.post(reverse("account_signup"), {"nom": "Nour", "email": ADDRESS, "next": after})
    type_code(client, "account_email_verification_sent", after)


def by_any_other_way(client, after):
    """A passkey too: whatever signs in, the session is the same."""
    client.force_login(person())


def type_code(client, name, after):
    client.post(reverse(name), {"code": code_received(), "next": after})


def expired(invitation):
    invitation.expire_le = timezone.now()
    invitation.save()


def ended(invitation):
    invitation.fin = timezone.localdate() - timedelta(1)
    invitation.save()


def used(invitation):
    other = person("autre@rivemont.example")
    InvitationAffectation.objects.filter(pk=invitation.pk).update(courriel=other.courriel)
    invitation.accept(other)
    other.affectations.all().delete()
    InvitationAffectation.objects.filter(pk=invitation.pk).update(courriel=ADDRESS)


def revoked(invitation):
    invitations.revoke(invitation)


def inviter_without_rights(invitation):
    Compte.objects.filter(pk=invitation.invite_par.pk).update(is_superuser=False)


WAYS = [by_password, by_code, by_new_password, by_sign_up, by_any_other_way]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", [expired, ended, used, revoked, inviter_without_rights])
def test_what_is_over_gives_nothing_by_any_way_in(client, state, way):
    """Decidim CVE-2023-48220: an expired invitation accepted through a new password."""
    invitation = InvitationFactory(courriel=ADDRESS)
    state(invitation)

    way(client, f"{page_of(invitation)}accepter/")
    client.get(f"{page_of(invitation)}accepter/")
    answered = accept(client, invitation)

    assert Compte.objects.get(pk=client.session["_auth_user_id"]).courriel == ADDRESS
    assert not Affectation.objects.exists()
    assert client.get("/gestion/").status_code == 404
    assert "Accepter l’invitation" not in text(answered)


@pytest.mark.parametrize("way", WAYS)
def test_a_good_one_gives_nothing_before_its_button_by_any_way_in(client, way):
    invitation = InvitationFactory(courriel=ADDRESS)

    way(client, f"{page_of(invitation)}accepter/")
    client.get(f"{page_of(invitation)}accepter/")

    assert not Affectation.objects.exists()
    accept(client, invitation)
    assert Affectation.objects.count() == 1


def test_a_new_letter_ends_the_code_of_the_first(client, director):
    invitation = InvitationFactory(courriel=ADDRESS, maison=director.maison)
    before = page_of(invitation)
    expired(invitation)

    client.post(act(invitation, "resend"))

    invitation.refresh_from_db()
    assert client.get(before).status_code == 404
    assert client.get(page_of(invitation)).status_code == 200
    assert Message.objects.filter(destinataire=ADDRESS).count() == 2
    assert invitation.invite_par == director.compte
    assert not invitation.over


def test_letters_to_one_address_are_limited(client, director):
    invitation = InvitationFactory(courriel=ADDRESS, maison=director.maison)

    pages = [client.post(act(invitation, "resend"), follow=True) for _ in range(5)]

    told = ["beaucoup d’invitations" in text(page) for page in pages]
    assert told == [False] * 3 + [True] * 2
    assert Message.objects.filter(destinataire=ADDRESS).count() == 1 + 3
    assert client.post(ADD, typed(director.maison, role="direction")).status_code == 429


@pytest.mark.parametrize("name", ["resend", "revoke"])
@pytest.mark.parametrize("settle", [used, revoked])
def test_what_is_settled_stays_so(client, director, name, settle):
    invitation = InvitationFactory(courriel=ADDRESS, maison=director.maison)
    settle(invitation)
    before = InvitationAffectation.objects.values().get()

    page = client.post(act(invitation, name), follow=True)

    assert InvitationAffectation.objects.values().get() == before
    assert "Cette invitation est" in text(page)
    assert "Renvoyer l’invitation" not in text(page)


def test_a_second_invitation_is_refused_beside_the_first(client, director):
    InvitationFactory(courriel=ADDRESS, maison=director.maison)

    page = client.post(ADD, typed(director.maison))

    assert "attend déjà cette personne" in text(page)
    assert InvitationAffectation.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"fin": "2020-01-01"}, "fin"), ({"courriel": "nour@"}, "courriel"), ({"role": ""}, "role")],
)
def test_what_is_typed_wrong_is_told_beside_its_field(client, director, wrong, field):
    page = client.post(ADD, typed(director.maison, **wrong))

    assert field in page.context["adminform"].form.errors
    assert not InvitationAffectation.objects.exists()


def test_a_forged_house_or_a_colleague_is_refused(client, director):
    foreign = client.post(ADD, typed(MaisonFactory()))
    own = typed(director.maison, courriel=director.compte.courriel, role="direction")
    twice = client.post(ADD, own)

    assert "maison" in foreign.context["adminform"].form.errors
    assert "a déjà ce rôle" in text(twice)
    assert not InvitationAffectation.objects.exists()


def test_the_desk_invites_nobody(client):
    client.force_login(AffectationFactory().compte)

    assert client.post(ADD, typed(MaisonFactory())).status_code == 403
    assert not InvitationAffectation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_eight_acceptances_at_once_one_gives_the_role():
    invitation, nour = InvitationFactory(courriel=ADDRESS), person()
    gate = Barrier(8)

    def accepts(_):
        mine = InvitationAffectation.objects.get(pk=invitation.pk)
        gate.wait()
        try:
            return bool(mine.accept(nour))
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(accepts, range(8))) == 1
    assert Affectation.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_its_page_costs_constant_queries(client, django_assert_num_queries, count):
    invitation = InvitationFactory.create_batch(count)[0]

    with django_assert_num_queries(15):
        client.get(page_of(invitation))


def test_old_ones_are_erased_in_the_night():
    gone, kept = InvitationFactory.create_batch(2)
    InvitationAffectation.objects.filter(pk=gone.pk).update(
        expire_le=timezone.now() - timedelta(days=93)
    )

    erase_outdated_reservations()

    assert list(InvitationAffectation.objects.all()) == [kept]


def test_within_a_week_then_no_more(client):
    invitation = InvitationFactory(courriel=ADDRESS)
    client.force_login(person())

    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        page = Client().get(page_of(invitation))
        answered = accept(client, invitation)

    assert "ne sert plus" in text(page)
    assert not Affectation.objects.exists()
    assert answered.status_code in (200, 302)
