"""Who acts for an association: invited, told before the end, over at once; one of several."""

from datetime import time, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from associations import activites, au_travail
from associations.models import Association, InvitationMembre, MembreAssociation
from maisons import invitations
from maisons.heures import starts_at
from notifications.models import Message
from tests.factories import (
    ActiviteFactory,
    AdhesionFactory,
    AssociationFactory,
    CompteFactory,
    InvitationMembreFactory,
    MembreFactory,
    VilleFactory,
)
from tests.notifications.pense_betes import sweep_again

pytestmark = pytest.mark.django_db
ADDRESS = "nour@rivemont.example"
ADD = reverse("admin:associations_invitationmembre_add")
AT_WORK = reverse("admin:au_travail")
LIST = reverse("admin:associations_association_changelist")
RESPONSABLE, ANIMATEUR = MembreAssociation.Role
LAST = 40  # days from the first noon


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def member(client):
    """Somebody who answers for an association, signed in."""
    mandate = MembreFactory()
    client.force_login(mandate.compte)
    return mandate


def person(courriel=ADDRESS, verified=True):
    compte = CompteFactory(courriel=courriel)
    EmailAddress.objects.create(user=compte, email=courriel, verified=verified, primary=True)
    return compte


def accept(client, invitation):
    page = reverse("comptes:code_open", args=[invitation.code])
    return client.post(f"{page}accepter/")


def typed(association, **fields):
    asked = {"courriel": ADDRESS, "association": association.pk, "role": RESPONSABLE, "fin": ""}
    return asked | {"debut": f"{timezone.localdate()}"} | fields


def change(association):
    return reverse("admin:associations_association_change", args=[association.pk])


def names(response):
    return {row.nom for row in response.context["cl"].result_list}


@pytest.mark.parametrize("by", ["city", "member"])
def test_an_invitation_accepted_by_one_button_gives_the_role(client, by):
    mandate = MembreFactory()
    giver = mandate.compte if by == "member" else CompteFactory(is_superuser=True)
    client.force_login(giver)
    fin = timezone.localdate() + timedelta(days=90)

    client.post(ADD, typed(mandate.association, role=ANIMATEUR, fin=f"{fin}"))

    invitation, letter = InvitationMembre.objects.get(), Message.objects.get()
    assert f"/code/{invitation.code}/" in letter.texte
    assert str(mandate.association) in letter.texte
    assert letter.secrets == [invitation.code]
    nour = person()
    client.force_login(nour)
    assert not Association.objects.managed_by(nour).exists()
    assert accept(client, invitation).url == reverse("admin:index")
    given = MembreAssociation.objects.get(compte=nour)
    assert (given.role, given.fin, given.invite_par) == (ANIMATEUR, fin, giver)
    assert list(Association.objects.managed_by(nour)) == [mandate.association]


@pytest.mark.parametrize("case", ["revoked", "expired", "giver gone", "other", "unproved", "twice"])
def test_what_is_over_or_for_somebody_else_gives_nothing(client, case, time_machine):
    giver = MembreFactory()
    invitation = InvitationMembreFactory(
        courriel=ADDRESS, association=giver.association, invite_par=giver.compte
    )
    reader = person("autre@rivemont.example" if case == "other" else ADDRESS, case != "unproved")
    client.force_login(reader)
    match case:
        case "revoked":
            invitations.revoke(invitation)
        case "giver gone":
            giver.delete()
        case "twice":
            accept(client, invitation)
        case "expired":
            time_machine.move_to(timezone.now() + timedelta(days=8))
            client.force_login(reader)

    answer = accept(client, invitation)

    assert answer.status_code == 200
    assert reader.membreassociations.count() == (1 if case == "twice" else 0)


def test_nobody_is_invited_to_an_association_of_others(client, member):
    page = client.post(ADD, typed(AssociationFactory()))

    assert "Sélectionnez un choix valide" in page.content.decode()
    assert not InvitationMembre.objects.exists()


def test_who_leads_activities_invites_nobody_and_sees_no_members(client, member):
    MembreAssociation.objects.update(role=ANIMATEUR)
    pages = ["membreassociation_changelist", "invitationmembre_add", "adhesion_changelist"]

    answered = {client.get(reverse(f"admin:associations_{page}")).status_code for page in pages}

    assert answered == {403}
    assert client.post(ADD, typed(member.association)).status_code == 403
    assert client.get(change(member.association)).status_code == 200


def test_who_answers_for_one_and_leads_in_another_has_there_the_verbs_of_each(client, member):
    other = MembreFactory(compte=member.compte, role=ANIMATEUR)

    client.post(ADD, typed(other.association))
    saved = client.post(change(other.association), {"objet": "Détourné"})

    assert not InvitationMembre.objects.exists()
    assert saved.status_code == 403


def test_with_many_associations_the_city_begins_from_the_page_of_one(client):
    client.force_login(CompteFactory(is_superuser=True))
    row, *_ = AssociationFactory.create_batch(101)

    led = client.get(ADD)
    page = client.get(f"{ADD}?association={row.pk}").content.decode()
    client.post(f"{ADD}?association={row.pk}", typed(row))

    assert led.url == LIST
    assert page.count("<option") < 10
    assert InvitationMembre.objects.get().association == row


def test_a_role_is_ended_by_those_who_answer_for_the_association(client, member):
    other = MembreFactory(association=member.association, role=ANIMATEUR)
    page = reverse("admin:associations_membreassociation_change", args=[other.pk])
    yesterday = timezone.localdate() - timedelta(days=1)

    client.post(page, {"role": ANIMATEUR, "debut": f"{yesterday}", "fin": f"{yesterday}"})

    other.refresh_from_db()
    assert other.fin == yesterday
    assert not Association.objects.managed_by(other.compte).exists()


@pytest.mark.parametrize("page", ["association_change", "adhesion_change", "attestation_list"])
def test_the_request_after_the_last_day_is_refused(client, member, page):
    signed = AdhesionFactory(association=member.association)
    pk = member.association.pk if page == "association_change" else signed.pk
    address = reverse(f"admin:associations_{page}", args=[pk])
    before = client.get(address).status_code
    yesterday = timezone.localdate() - timedelta(days=1)

    MembreAssociation.objects.update(debut=yesterday, fin=yesterday)

    assert before == 200
    assert client.get(address).status_code == 404
    assert client.post(address, {}).status_code == 404


def test_its_end_is_told_thirty_and_seven_days_before_once(time_machine):
    first = timezone.localdate()

    def noon(days):
        time_machine.move_to(starts_at(first + timedelta(days=days), time(12, 15)))

    noon(0)
    span = {"debut": first - timedelta(days=90), "fin": first + timedelta(days=LAST)}
    ending = MembreFactory(role=ANIMATEUR, **span)
    answering = MembreFactory(association=ending.association, debut=first - timedelta(days=90))
    written = {}
    for days in range(LAST + 3):
        noon(days)
        written[days] = sweep_again()

    assert {days: count for days, count in written.items() if count} == {10: 2, 33: 2}
    page = f"/gestion/associations/membreassociation/{ending.pk}/change/"
    mine = Message.objects.filter(destinataire=ending.compte.courriel)
    theirs = Message.objects.filter(destinataire=answering.compte.courriel)
    assert [page in letter.texte for letter in mine] == [False, False]
    assert [page in letter.texte for letter in theirs] == [True, True]


def test_one_of_several_associations_is_chosen_and_the_rest_is_out_of_sight(client, member):
    other = MembreFactory(compte=member.compte)
    AssociationFactory()
    both = names(client.get(LIST))

    client.post(AT_WORK, {"association": other.association.pk})

    assert both == {member.association.nom, other.association.nom}
    assert names(client.get(LIST)) == {other.association.nom}
    assert client.get(change(member.association)).status_code == 404
    assert f"Pour {other.association}" in client.get(LIST).content.decode()
    client.post(AT_WORK, {"association": 0})
    assert names(client.get(LIST)) == both


def test_an_association_of_others_is_not_chosen(client, member):
    page = client.post(AT_WORK, {"association": AssociationFactory().pk})

    assert "Choisissez une association de la liste" in page.content.decode()
    assert au_travail.KEY not in client.session


def test_the_choice_ends_with_the_role(client, member):
    other = MembreFactory(compte=member.compte)
    client.post(AT_WORK, {"association": other.association.pk})

    other.delete()

    assert names(client.get(LIST)) == {member.association.nom}
    assert au_travail.KEY not in client.session


@pytest.mark.parametrize("count", [0, 1])
def test_the_header_says_nothing_to_who_has_one_or_none(client, count):
    compte = MembreFactory().compte if count else CompteFactory(is_superuser=True)
    client.force_login(compte)

    assert "changer" not in client.get(LIST).content.decode()
    assert client.get(AT_WORK).status_code == (200 if count else 404)


def test_a_member_writes_what_the_public_reads_and_neither_name_nor_numbers(client, member):
    row = member.association
    wanted = {"objet": "Planter ensemble", "presentation": "Venez.", "benevoles": "Arroser."}
    wanted |= {"adresse": "1 quai", "telephone": "01", "courriel": "a@b.fr"}
    forged = {"nom": "Autre", "slug": "autre", "rna": "W123456789", "visible": ""}

    answer = client.post(change(row), wanted | forged | {"themes": ["nature"], "site": ""})

    before, after = row, Association.objects.get()
    assert answer.status_code == 302
    assert {name: getattr(after, name) for name in wanted} == wanted
    assert after.themes == ["nature"]
    assert (after.nom, after.slug, after.rna) == (before.nom, before.slug, "")
    assert after.visible


def test_one_whose_sessions_are_to_come_does_not_leave_the_directory(client):
    client.force_login(CompteFactory(is_superuser=True))
    activite = ActiviteFactory(publie=True)
    row = activite.association
    form = {"nom": row.nom, "slug": row.slug, "themes": row.themes}

    told = client.post(change(row), form).content.decode()
    kept = Association.objects.get(pk=row.pk).visible
    activites.stop(activite)
    client.post(change(row), form)

    assert "Des séances sont à venir" in told
    assert kept
    assert not Association.objects.get(pk=row.pk).visible


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_association_of_others_is_404(client, member, page, method):
    foreign = AssociationFactory()
    address = reverse(f"admin:associations_association_{page}", args=[foreign.pk])

    assert getattr(client, method)(address, {"post": "yes"}).status_code == 404


@pytest.mark.parametrize("query", ["", "?q=voisine", "?visible__exact=1", "?quartier=1"])
def test_no_query_shows_the_association_of_others(client, member, query):
    AssociationFactory(nom="La voisine", benevoles="voisine")

    page = client.get(LIST + query).content.decode()

    assert "La voisine" not in page
