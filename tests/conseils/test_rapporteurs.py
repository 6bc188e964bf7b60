"""Who presents an item: a member of the council, somebody elected, or a name that is typed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from conseils.models import Point, Reunion
from tests.conseils.test_admin import conseil, kept, page, room, send, told, url
from tests.factories import ConseillerFactory, EluFactory, PointFactory, ReunionFactory

pytestmark = pytest.mark.django_db
__all__ = ["conseil", "room"]
YESTERDAY = timezone.localdate() - timedelta(days=1)


def draft(conseil, room, **fields):
    meeting = ReunionFactory(conseil=conseil, salle=room)
    return meeting, PointFactory(reunion=meeting, titre="Bancs", **fields)


@pytest.mark.parametrize("kind", ["membre", "elu"])
def test_one_is_chosen_in_the_list(client, conseil, room, kind):
    person = ConseillerFactory(conseil=conseil) if kind == "membre" else EluFactory()
    meeting, point = draft(conseil, room)

    send(client, meeting, *kept(meeting, "Bancs", presente=f"{kind}-{person.pk}"))

    point.refresh_from_db()
    assert (getattr(point, kind), point.rapporteur) == (person, str(person))
    shown = client.get(url("reunion_change", meeting.pk)).context["inline_admin_formsets"][0]
    form = shown.formset.forms[0]
    assert (form["presente"].value(), form["rapporteur"].value()) == (f"{kind}-{person.pk}", "")


def test_a_name_is_typed_and_replaces_who_was_chosen(client, conseil, room):
    person = EluFactory()
    meeting, point = draft(conseil, room, elu=person, rapporteur=str(person))

    send(client, meeting, *kept(meeting, "Bancs", presente="", rapporteur="Ada Martin, voisine"))

    point.refresh_from_db()
    assert (point.rapporteur, point.elu) == ("Ada Martin, voisine", None)


def test_both_are_refused(client, conseil, room):
    person = EluFactory()
    meeting, point = draft(conseil, room)

    answer = send(
        client, meeting, *kept(meeting, "Bancs", presente=f"elu-{person.pk}", rapporteur="Ada")
    )

    assert "pas les deux" in told(answer)
    point.refresh_from_db()
    assert (point.rapporteur, point.elu) == ("", None)


@pytest.mark.parametrize("who", ["of another council", "out of office", "no longer elected"])
def test_only_those_in_office_here_are_offered(client, conseil, room, who):
    person = {
        "of another council": lambda: ConseillerFactory(),
        "out of office": lambda: ConseillerFactory(conseil=conseil, debut=YESTERDAY, fin=YESTERDAY),
        "no longer elected": lambda: EluFactory(debut=YESTERDAY, fin=YESTERDAY),
    }[who]()
    kind = "elu" if who == "no longer elected" else "membre"
    meeting, point = draft(conseil, room)

    answer = send(client, meeting, *kept(meeting, "Bancs", presente=f"{kind}-{person.pk}"))

    assert "choix" in told(answer)
    point.refresh_from_db()
    assert point.rapporteur == ""


def test_who_presents_already_stays_in_the_list_out_of_office(client, conseil, room):
    person = EluFactory(debut=YESTERDAY, fin=YESTERDAY)
    meeting, point = draft(conseil, room, elu=person, rapporteur=str(person))

    send(client, meeting, *kept(meeting, "Bancs", presente=f"elu-{person.pk}", minutes="5"))

    point.refresh_from_db()
    assert (point.elu, point.minutes) == (person, 5)


def test_a_new_meeting_offers_those_of_the_secretarys_council(client, conseil, room):
    person = ConseillerFactory(conseil=conseil)
    ConseillerFactory()
    form = page(
        {"titre": "Bancs", "presente": f"membre-{person.pk}"}, conseil=conseil.pk, salle=room.pk
    )

    shown = client.get(url("reunion_add")).context["inline_admin_formsets"][0].formset
    client.post(url("reunion_add"), form)

    groups = [group for group, _ in shown.empty_form.fields["presente"].choices]
    assert groups == ["", "Membres du conseil"]
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
