"""The charter, frozen once published; who has signed it; what an association may still begin."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from associations import adhesions
from associations.models import Adhesion, Association, Charte
from tests.factories import AdhesionFactory, AssociationFactory, CharteFactory, CogestionFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refused(sql, constraint):
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_versions_are_numbered_in_the_order_in_which_they_are_published():
    first, second = CharteFactory.create_batch(2, brouillon=True)

    second.publish(by=None)
    first.publish(by=None)

    assert (second.version, first.version) == (1, 2)
    assert list(Charte.objects.public()) == [first, second]
    with pytest.raises(ValidationError, match="déjà publiée"):
        first.publish(by=None)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE associations_charte SET texte = 'Autre chose'",
        "UPDATE associations_charte SET version = 9",
        "UPDATE associations_charte SET version = NULL, publie_le = NULL",
        "DELETE FROM associations_charte",
    ],
)
def test_nothing_changes_of_a_published_version_whoever_writes(sql):
    CharteFactory()

    refused(sql, "charte_figee")


def test_a_draft_changes_and_goes():
    draft = CharteFactory(brouillon=True)

    draft.texte = "Mieux dit."
    draft.save()
    draft.delete()

    assert not Charte.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        ("charte_publiee_numerotee", "charte SET version = 3"),
        ("charte_publiee_numerotee", "charte SET publie_le = now()"),
        ("adhesion_fin_apres_signature", "adhesion SET jusqu_au = '2020-01-01'"),
        ("cogestion_fin_apres_debut", "cogestion SET jusqu_au = '2020-01-01'"),
        ("association_adresse_libre", "association SET slug = 'charte'"),
    ],
)
def test_the_database_refuses_what_must_never_be(constraint, sql):
    CharteFactory(brouillon=True)
    AdhesionFactory(association=CogestionFactory().association)
    where = " WHERE version IS NULL" if sql.startswith("charte") else ""

    refused(f"UPDATE associations_{sql}{where}", constraint)


def test_nobody_signs_a_draft():
    signed = AdhesionFactory.build(
        association=AssociationFactory(), charte=CharteFactory(brouillon=True)
    )

    with pytest.raises(ValidationError, match="pas publiée"):
        signed.full_clean()


@pytest.mark.parametrize(("shift", "holds"), [(-31, False), (-30, True), (335, True), (336, False)])
def test_an_adhesion_holds_from_its_first_to_its_last_day(shift, holds):
    signed = AdhesionFactory()
    on = timezone.localdate() + shift * DAY

    assert Adhesion.objects.in_force(on).exists() == holds
    assert Association.objects.under_charter(on).exists() == holds
    if holds:
        adhesions.check(signed.association, on)
    else:
        with pytest.raises(ValidationError):
            adhesions.check(signed.association, on)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (None, "n’a pas signé la charte"),
        ({"finie": True, "assurance_jusqu_au": date(2099, 1, 1)}, "à la charte vaut jusqu’au"),
        ({"assurance_jusqu_au": None}, "n’est pas connue"),
        (
            {"assurance_jusqu_au": date(2026, 1, 5)},
            "L’assurance de .* vaut jusqu’au lundi 5 janvier",
        ),
    ],
)
def test_without_charter_or_insurance_nothing_new_and_the_sentence_says_why(fields, sentence):
    association = AssociationFactory()
    if fields is not None:
        AdhesionFactory(association=association, **fields)
    AdhesionFactory()  # of another one: it could lend its rights

    with pytest.raises(ValidationError, match=sentence):
        adhesions.check(association, timezone.localdate())
    assert association not in Association.objects.under_charter()


def test_an_adhesion_that_begins_later_says_from_when():
    later = AdhesionFactory(signe_le=timezone.localdate() + DAY)

    with pytest.raises(ValidationError, match="à partir du"):
        adhesions.check(later.association, timezone.localdate())


def test_the_charter_of_one_year_and_the_insurance_of_another_do_not_add_up():
    association, today = AssociationFactory(), timezone.localdate()
    AdhesionFactory(association=association, finie=True, assurance_jusqu_au=today + 9 * DAY)
    AdhesionFactory(association=association, signe_le=today, assurance_jusqu_au=None)

    with pytest.raises(ValidationError, match="L’assurance"):
        adhesions.check(association, today)
