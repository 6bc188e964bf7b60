"""Who presents an item: a member of the council, somebody elected, or a name that is typed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from conseils.models import Point, Reunion
from tests.conseils.test_admin import conseil, kept, page, room, send, url
from tests.factories import ConseillerFactory, EluFactory, PointFactory, ReunionFactory

pytestmark = pytest.mark.django_db
__all__ = ["conseil", "room"]
YESTERDAY = timezone.localdate() - timedelta(days=1)


def draft(conseil, room, **fields):
    meeting = ReunionFactory(conseil=conseil, salle=room)
    return meeting, PointFactory(reunion=meeting, titre="Bancs", **fields)


@pytest.mark.parametrize("kind", ["membre", "elu"])
def test_somebody_of_the_list_is_linked(client, conseil, room, kind):
    person = ConseillerFactory(conseil=conseil) if kind == "membre" else EluFactory()
    meeting, point = draft(conseil, room)

    send(client, meeting, *kept(meeting, "Bancs", rapporteur=f" {person} "))

    point.refresh_from_db()
    assert (getattr(point, kind), point.rapporteur) == (person, str(person))
    page = client.get(url("reunion_change", meeting.pk)).content.decode()
    assert f'<option value="{person}"></option>' in page
    assert page.count("<datalist") == 1


def test_a_member_who_is_elected_too_is_told_as_elected(client, conseil, room):
    person = EluFactory(nom="Ada Martin", fonction="adjointe")
    ConseillerFactory(conseil=conseil, nom="Ada Martin", qualite="adjointe")
    meeting, point = draft(conseil, room)

    send(client, meeting, *kept(meeting, "Bancs", rapporteur="Ada Martin, adjointe"))

    point.refresh_from_db()
    assert (point.elu, point.membre) == (person, None)


def test_a_name_is_typed_and_replaces_who_was_linked(client, conseil, room):
    person = EluFactory()
    meeting, point = draft(conseil, room, elu=person, rapporteur=str(person))

    send(client, meeting, *kept(meeting, "Bancs", rapporteur="Ada Martin, voisine"))

    point.refresh_from_db()
    assert (point.rapporteur, point.elu) == ("Ada Martin, voisine", None)


@pytest.mark.parametrize("who", ["of another council", "out of office", "no longer elected"])
def test_only_those_in_office_here_are_linked(client, conseil, room, who):
    over = {"debut": YESTERDAY, "fin": YESTERDAY}
    match who:
        case "of another council":
            person = ConseillerFactory()
        case "out of office":
            person = ConseillerFactory(conseil=conseil, **over)
        case _:
            person = EluFactory(**over)
    meeting, point = draft(conseil, room)

    send(client, meeting, *kept(meeting, "Bancs", rapporteur=str(person)))

    point.refresh_from_db()
    assert (point.rapporteur, point.membre, point.elu) == (str(person), None, None)
    assert (
        "<option value"
        not in client.get(url("reunion_change", meeting.pk)).content.decode().split("<datalist")[1]
    )


def test_who_presents_already_stays_linked_out_of_office(client, conseil, room):
    person = EluFactory(debut=YESTERDAY, fin=YESTERDAY)
    meeting, point = draft(conseil, room, elu=person, rapporteur=str(person))

    rows = kept(meeting, "Bancs", rapporteur=str(person), minutes="5")
    send(client, meeting, *rows)

    point.refresh_from_db()
    assert (point.elu, point.minutes) == (person, 5)


def test_a_new_meeting_offers_those_of_the_secretarys_council(client, conseil, room):
    person = ConseillerFactory(conseil=conseil)
    ConseillerFactory()
    form = page({"titre": "Bancs", "rapporteur": str(person)}, conseil=conseil.pk, salle=room.pk)

    shown = client.get(url("reunion_add")).context["inline_admin_formsets"][0].formset
    client.post(url("reunion_add"), form)

    assert list(shown.people) == [str(person)]
    assert Reunion.objects.get().points.get().membre == person


def test_what_is_read_stays_when_the_person_is_taken_away():
    person = EluFactory()
    point = PointFactory(elu=person, rapporteur=str(person))

    person.delete()

    point.refresh_from_db()
    assert (point.elu, point.rapporteur) == (None, str(person))


def test_one_person_presents_an_item():
    point = PointFactory()

    with pytest.raises(IntegrityError, match="point_un_rapporteur"):
        Point.objects.filter(pk=point.pk).update(membre=ConseillerFactory(), elu=EluFactory())
