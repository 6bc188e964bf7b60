"""A secretariat is given by an invitation, announced before it ends, over at the next request."""

from datetime import time, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from conseils.models import Conseil, InvitationSecretariat, Secretariat
from maisons import invitations
from maisons.heures import starts_at
from maisons.tasks import erase_outdated_reservations
from notifications.balayage import sweep
from notifications.models import Message
from tests.factories import (
    CompteFactory,
    ConseilFactory,
    InvitationSecretariatFactory,
    PointFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = "nour@rivemont.example"
ADD = reverse("admin:conseils_invitationsecretariat_add")
LAST = 40  # days from the first noon


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def city(client):
    compte = CompteFactory(is_superuser=True)
    client.force_login(compte)
    return compte


def person(courriel=ADDRESS, verified=True):
    compte = CompteFactory(courriel=courriel)
    EmailAddress.objects.create(user=compte, email=courriel, verified=verified, primary=True)
    return compte


def page_of(invitation):
    return reverse("comptes:code_open", args=[invitation.code])


def accept(client, invitation):
    return client.post(f"{page_of(invitation)}accepter/")


def typed(conseil, **fields):
    asked = {"courriel": ADDRESS, "conseil": conseil.pk, "debut": f"{timezone.localdate()}"}
    return asked | {"fin": ""} | fields


@pytest.mark.parametrize("known", [True, False])
def test_the_city_invites_by_an_address_and_learns_nothing(client, city, known):
    conseil = ConseilFactory()
    if known:
        person()

    done = client.post(ADD, typed(conseil, courriel=ADDRESS.upper()), follow=True)

    invitation, letter = InvitationSecretariat.objects.get(), Message.objects.get()
    assert (invitation.courriel, invitation.invite_par) == (ADDRESS, city)
    assert letter.destinataire == ADDRESS
    assert f"/code/{invitation.code}/" in letter.texte
    assert str(conseil) in letter.texte
    assert letter.secrets == [invitation.code]
    assert not Secretariat.objects.exists()
    assert "invitation" in done.content.decode()


def test_there_is_no_other_way_in(client, city):
    assert client.get(reverse("admin:conseils_secretariat_add")).url == ADD


def test_its_person_accepts_by_one_button_and_nothing_happens_before(client):
    fin = timezone.localdate() + timedelta(days=90)
    invitation, nour = InvitationSecretariatFactory(courriel=ADDRESS, fin=fin), person()
    client.force_login(nour)

    shown = client.get(page_of(invitation)).content.decode()
    client.get(f"{page_of(invitation)}accepter/")
    before = list(Conseil.objects.managed_by(nour))
    done = accept(client, invitation)

    assert "Accepter l’invitation" in shown
    assert "préparer les réunions d’un conseil" in shown
    assert before == []
    assert done.url == reverse("admin:index")
    given = Secretariat.objects.get()
    assert (given.compte, given.fin, given.invite_par) == (nour, fin, invitation.invite_par)
    assert list(Conseil.objects.managed_by(nour)) == [invitation.conseil]


@pytest.mark.parametrize("case", ["revoked", "expired", "giver gone", "other", "unproved", "twice"])
def test_what_is_over_or_for_somebody_else_gives_nothing(client, case, time_machine):
    invitation = InvitationSecretariatFactory(courriel=ADDRESS)
    reader = person("autre@rivemont.example" if case == "other" else ADDRESS, case != "unproved")
    client.force_login(reader)
    match case:
        case "revoked":
            invitations.revoke(invitation)
        case "giver gone":
            invitation.invite_par.is_superuser = False
            invitation.invite_par.save()
        case "twice":
            accept(client, invitation)
        case "expired":
            time_machine.move_to(timezone.now() + timedelta(days=8))
            client.force_login(reader)

    answer = accept(client, invitation)

    assert answer.status_code == 200
    assert Secretariat.objects.count() == (1 if case == "twice" else 0)


def test_an_invitation_sent_again_has_another_code(client, city):
    invitation = InvitationSecretariatFactory()
    before = invitation.code

    client.post(reverse("admin:conseils_invitationsecretariat_resend", args=[invitation.pk]))

    invitation.refresh_from_db()
    assert invitation.code != before
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"courriel": "nour"}, "adresse"),
        ({"conseil": ""}, "obligatoire"),
        ({"fin": "2020-01-01"}, "Choisissez un jour à venir"),
    ],
)
def test_bad_answers_get_a_sentence_and_invite_nobody(client, city, answers, sentence):
    page = client.post(ADD, typed(ConseilFactory()) | answers)

    assert sentence in page.content.decode()
    assert not InvitationSecretariat.objects.exists()


@pytest.mark.parametrize("case", ["waiting", "held"])
def test_nobody_is_invited_twice(client, city, case):
    conseil = ConseilFactory()
    if case == "waiting":
        InvitationSecretariatFactory(courriel=ADDRESS, conseil=conseil)
    else:
        SecretariatFactory(conseil=conseil, compte=person())
    before = InvitationSecretariat.objects.count()

    client.post(ADD, typed(conseil))

    assert InvitationSecretariat.objects.count() == before


def test_a_secretary_invites_nobody(client):
    mandate = SecretariatFactory()
    client.force_login(mandate.compte)

    answer = client.post(ADD, typed(mandate.conseil))

    assert answer.status_code == 403
    assert not InvitationSecretariat.objects.exists()


def test_three_months_after_it_is_erased(time_machine):
    InvitationSecretariatFactory()
    time_machine.move_to(timezone.now() + timedelta(days=7 + 91))
    erase_outdated_reservations()
    assert InvitationSecretariat.objects.exists()

    time_machine.shift(timedelta(days=2))
    erase_outdated_reservations()

    assert not InvitationSecretariat.objects.exists()


def test_its_end_is_told_thirty_and_seven_days_before_to_both_once(time_machine):
    first = timezone.localdate()

    def noon(days):
        time_machine.move_to(starts_at(first + timedelta(days=days), time(12, 15)))

    noon(0)
    span = {"debut": first - timedelta(days=90), "fin": first + timedelta(days=LAST)}
    mandate = SecretariatFactory(invite_par=CompteFactory(is_superuser=True), **span)
    written = {}
    for days in range(LAST + 3):
        noon(days)
        written[days] = sweep() + sweep()

    assert {days: count for days, count in written.items() if count} == {10: 2, 33: 2}
    mine = Message.objects.filter(destinataire=mandate.compte.courriel)
    giver = Message.objects.filter(destinataire=mandate.invite_par.courriel)
    page = f"/gestion/conseils/secretariat/{mandate.pk}/change/"
    assert [page in letter.texte for letter in mine] == [False, False]
    assert [page in letter.texte for letter in giver] == [True, True]
    assert str(mandate.conseil) in mine[0].objet


@pytest.mark.parametrize("page", ["change", "preview", "screens", "publish", "follow"])
def test_the_request_after_the_last_day_is_refused(client, page, time_machine):
    mandate = SecretariatFactory(fin=timezone.localdate())
    draft = PointFactory(reunion__conseil=mandate.conseil).reunion
    client.force_login(mandate.compte)
    address = reverse(f"admin:conseils_reunion_{page}", args=[draft.pk])
    before = client.get(address).status_code

    Secretariat.objects.update(debut=timezone.localdate() - timedelta(days=9))
    Secretariat.objects.update(fin=timezone.localdate() - timedelta(days=1))

    assert before == 200
    assert client.get(address).status_code == 404
    assert client.post(address, {"programmer": "1"}).status_code in (404, 405)
