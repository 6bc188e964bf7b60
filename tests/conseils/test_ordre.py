"""Buttons put items in order: each saves the page, comes back to the item, keeps the focus."""

import re

import pytest
from django.urls import reverse

from conseils import ordre
from tests.conseils.test_admin import kept, page
from tests.factories import (
    ConseillerFactory,
    EluFactory,
    MaisonFactory,
    PointFactory,
    ReunionFactory,
    SalleFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(client):
    """A draft of the secretary who is signed in, with the items A, B and C."""
    VilleFactory()
    mandate = SecretariatFactory()
    client.force_login(mandate.compte)
    room = SalleFactory(maison=MaisonFactory(quartier=mandate.conseil.quartier))
    draft = ReunionFactory(conseil=mandate.conseil, salle=room)
    for titre in "ABC":
        PointFactory(reunion=draft, titre=titre)
    return draft


def press(client, meeting, name, point, **changed):
    rows = kept(meeting, **changed)
    form = page(*rows, initial=len(rows), salle=meeting.salle_id) | {
        name: getattr(point, "pk", point)
    }
    return client.post(reverse("admin:conseils_reunion_change", args=[meeting.pk]), form)


def order(meeting):
    return "".join(meeting.points.values_list("titre", flat=True))


@pytest.mark.parametrize(
    ("name", "moved", "expected"),
    [
        ("_monter", "B", "BAC"),
        ("_monter", "C", "ACB"),
        ("_descendre", "A", "BAC"),
        ("_descendre", "B", "ACB"),
        ("_monter", "A", "ABC"),
        ("_descendre", "C", "ABC"),
    ],
)
def test_a_button_moves_an_item_by_one_place(client, meeting, name, moved, expected):
    """S2"""
    press(client, meeting, name, meeting.points.get(titre=moved))

    assert order(meeting) == expected
    assert list(meeting.points.values_list("rang", flat=True)) == [1, 2, 3]


def test_what_was_typed_is_saved_with_it(client, meeting):
    point = meeting.points.get(titre="B")

    press(client, meeting, "_monter", point, changed="C", minutes="25", texte="Bonjour.")

    assert order(meeting) == "BAC"
    last = meeting.points.get(titre="C")
    assert (last.minutes, last.texte) == (25, "Bonjour.")


@pytest.mark.parametrize(
    ("name", "moved", "focus"),
    [
        ("_monter", "C", "_monter"),
        ("_monter", "B", "_descendre"),  # now the first: it goes up no further
        ("_descendre", "A", "_descendre"),
        ("_descendre", "B", "_monter"),
    ],
)
def test_the_page_comes_back_to_the_item_and_says_where_it_is(client, meeting, name, moved, focus):
    point = meeting.points.get(titre=moved)

    html = client.get(press(client, meeting, name, point).url).content.decode()

    point.refresh_from_db()
    assert f"« {moved} » est maintenant en position {point.rang} sur 3." in html
    [button] = re.findall(r"<button[^>]*autofocus[^>]*>", html)
    assert f'name="{focus}" value="{point.pk}"' in button
    assert f'aria-describedby="place-{point.pk}"' in button


def test_the_first_goes_no_higher_and_the_last_no_lower(client, meeting):
    html = client.get(reverse("admin:conseils_reunion_change", args=[meeting.pk])).content.decode()
    a, _, c = (point.pk for point in meeting.points.all())

    assert f'name="_monter" value="{a}"' not in html
    assert f'name="_descendre" value="{c}"' not in html
    assert html.count('name="_monter"') == html.count('name="_descendre"') == 2


def test_enter_in_a_field_saves_and_moves_nothing(client, meeting):
    """The first button of a form is the one that Enter presses."""
    html = client.get(reverse("admin:conseils_reunion_change", args=[meeting.pk])).content.decode()

    form = html[html.index('id="reunion_form"') :]
    assert "name=" not in re.search(r"<button[^>]*>", form)[0]


@pytest.mark.parametrize("key", ["foreign", "0", "x", "-1", "9" * 30])
def test_an_item_of_another_meeting_does_not_move(client, meeting, key):
    other = PointFactory()
    PointFactory(reunion=other.reunion)

    answer = press(client, meeting, "_descendre", other if key == "foreign" else key)

    assert answer.status_code == 302
    assert order(meeting) == "ABC"
    other.refresh_from_db()
    assert other.rang == 1


def test_a_fault_on_the_page_moves_nothing(client, meeting):
    press(client, meeting, "_monter", meeting.points.get(titre="C"), changed="B", titre="")

    assert order(meeting) == "ABC"


def test_the_page_of_eight_items_stays_light(client, meeting):
    """Promise 5: at most 580 nodes, what the script copies left out."""
    PointFactory.create_batch(5, reunion=meeting)
    ConseillerFactory.create_batch(8, conseil=meeting.conseil)
    EluFactory.create_batch(12)

    html = client.get(reverse("admin:conseils_reunion_change", args=[meeting.pk])).content.decode()

    shown = re.sub(r"<template>.*?</template>|<svg.*?</svg>", "", html, flags=re.DOTALL)
    assert len(re.findall(r"<[a-z]", shown)) <= 580


def test_only_the_items_that_move_are_written(meeting):
    first, second, third = meeting.points.all()

    ordre.shift(meeting, str(third.pk), -1)

    assert [point.history.count() for point in (first, second, third)] == [1, 2, 2]
