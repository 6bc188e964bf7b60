"""A role counts in its own house: who directs one and works at the desk of another has two."""

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons.models import Affectation, InvitationAffectation
from tests.factories import (
    AffectationFactory,
    ConseilFactory,
    EvenementFactory,
    InvitationFactory,
    ReunionFactory,
    SalleFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
DIRECTED, DESK = 0, 1


@pytest.fixture
def houses(client):
    """The house that whoever is signed in directs, and that where they work at the desk."""
    VilleFactory()
    mine = AffectationFactory(role=Affectation.Role.DIRECTION)
    desk = AffectationFactory(role=Affectation.Role.ACCUEIL, compte=mine.compte)
    client.force_login(mine.compte)
    return mine.maison, desk.maison


def page(verb, row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{verb}", args=[row.pk])


@pytest.mark.parametrize("factory", [EvenementFactory, SalleFactory])
def test_a_desk_changes_what_only_the_direction_deletes(client, houses, factory):
    mine, theirs = (factory(maison=house) for house in houses)
    assert client.get(page("change", mine)).status_code == 200
    assert client.get(page("change", theirs)).status_code == 200
    assert client.get(page("delete", mine)).status_code == 200
    assert client.get(page("delete", theirs)).status_code == 403
    assert client.post(page("delete", theirs), {"post": "yes"}).status_code == 403
    assert type(theirs).objects.filter(pk=theirs.pk).exists()


def test_who_works_in_a_house_is_shown_to_its_direction_alone(client, houses):
    mine, theirs = (AffectationFactory(maison=house) for house in houses)
    listed = client.get(reverse("admin:maisons_affectation_changelist")).content.decode()
    assert mine.compte.courriel in listed
    assert theirs.compte.courriel not in listed
    assert client.get(page("change", mine)).status_code == 200
    assert client.get(page("change", theirs)).status_code == 404


def test_one_invites_where_one_directs(client, houses):
    add = reverse("admin:maisons_invitationaffectation_add")
    offered = client.get(add).context["adminform"].form.fields["maison"].queryset
    assert list(offered) == [houses[DIRECTED]]
    typed = {"courriel": "nour@rivemont.example", "role": "direction"}
    typed |= {"debut": timezone.localdate().isoformat()}
    assert client.post(add, typed | {"maison": houses[DESK].pk}).status_code == 200
    assert not InvitationAffectation.objects.exists()
    assert client.post(add, typed | {"maison": houses[DIRECTED].pk}).status_code == 302
    assert InvitationAffectation.objects.get().maison == houses[DIRECTED]


def test_what_was_offered_by_a_direction_ends_with_it(houses):
    by = Affectation.objects.get(maison=houses[DESK]).compte
    kept, ended = (InvitationFactory(maison=house, invite_par=by) for house in houses)
    assert kept.still_offered
    assert not ended.still_offered


def test_nobody_moves_a_colleague_to_a_house_where_they_work_at_the_desk(client, houses):
    colleague = AffectationFactory(maison=houses[DIRECTED], role=Affectation.Role.ACCUEIL)
    typed = {"maison": houses[DESK].pk, "role": "direction", "debut": colleague.debut.isoformat()}
    assert client.post(page("change", colleague), typed).status_code == 302
    colleague.refresh_from_db()
    assert (colleague.maison, colleague.role) == (houses[DIRECTED], "direction")


def test_a_secretary_at_a_desk_keeps_the_verbs_of_both(client, houses):
    conseil = ConseilFactory()
    SecretariatFactory(conseil=conseil, compte=Affectation.objects.first().compte)
    reunion = ReunionFactory(conseil=conseil, publie_le=None)
    assert client.get(page("change", reunion)).status_code == 200
    assert client.get(page("delete", reunion)).status_code == 200
    assert client.get(page("delete", EvenementFactory(maison=houses[DESK]))).status_code == 403
