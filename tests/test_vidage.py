import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from comptes.models import Compte
from comptes.roles import ROLES
from tests.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = pytest.mark.parametrize("turn", [1, 2])  # the second finds what the first left


@TURNS
def test_what_a_test_commits_is_gone_and_what_is_declared_is_there(turn):
    assert not Compte.objects.exists()
    assert {group.name for group in Group.objects.all()} == set(ROLES)
    assert Permission.objects.filter(content_type__app_label="maisons").exists()

    CompteFactory().groups.set(Group.objects.all())


@TURNS
def test_a_group_that_a_test_changed_is_declared_anew(turn):
    assert {group.name for group in Group.objects.all()} == set(ROLES)
    assert Group.objects.filter(permissions__isnull=False).distinct().count() == len(ROLES)

    Group.objects.first().delete()
    Group.objects.create(name="De trop")
    ContentType.objects.filter(app_label="conseils").delete()
