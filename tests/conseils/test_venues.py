"""« Je viens »: counted about, once for each browser, without a name (C3, faults 10, 15)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes.limites import LIMITES
from conseils import rectifier, seances, venues
from conseils.models import Venue
from conseils.tasks import erase_outdated
from maisons import planning
from maisons.models import Creneau
from tests.factories import PointFactory, ReunionFactory, SecretariatFactory, VilleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    VilleFactory()
    return ReunionFactory(publie=True, debut=timezone.now() + timedelta(days=9))


def at(meeting):
    return reverse("conseils:venir", args=[meeting.conseil.slug, meeting.numero])


def read(client, path):
    return client.get(path).content.decode().replace("\xa0", " ")


def test_a_browser_counts_once_and_takes_it_back(client, meeting):
    answers = [client.post(at(meeting)) for _ in range(3)]
    said, page = Venue.objects.count(), read(client, at(meeting))
    client.post(at(meeting), {"faire": "retirer"})

    assert {answer.status_code for answer in answers} == {302}
    assert said == 1
    assert "C’est noté" in page
    assert not Venue.objects.exists()
    assert "Dire que vous venez" in read(client, at(meeting))


def test_the_page_says_about_how_many_and_is_the_same_for_all(client, meeting):
    assert "viendr" not in read(client, meeting.get_absolute_url())
    client.post(at(meeting))
    assert "Une personne a dit qu’elle viendrait." in read(client, meeting.get_absolute_url())
    for _ in range(2):
        Client().post(at(meeting))

    mine, theirs = client.get(meeting.get_absolute_url()), Client().get(meeting.get_absolute_url())

    assert "Environ 3 personnes ont dit qu’elles viendraient." in read(
        client, meeting.get_absolute_url()
    )
    assert mine.content == theirs.content
    assert not mine.cookies
    assert not theirs.cookies


def test_only_the_button_sets_a_cookie_that_no_script_reads(client, meeting):
    client.get(at(meeting))
    assert not client.cookies

    client.post(at(meeting))

    [cookie] = client.cookies.values()
    assert cookie.key == venues.COOKIE
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "no-store" in client.get(at(meeting))["Cache-Control"]


def test_a_forged_cookie_is_none(client, meeting):
    client.cookies[venues.COOKIE] = "abc:def:ghi"

    client.post(at(meeting))

    assert Venue.objects.count() == 1
    assert client.cookies[venues.COOKIE].value != "abc:def:ghi"


def test_what_is_kept_says_nothing_of_the_browser_nor_of_its_other_meetings(client, meeting):
    other = ReunionFactory(publie=True)
    for one in (meeting, other):
        client.post(at(one))

    first, second = (bytes(row.empreinte) for row in Venue.objects.all())

    assert first != second
    assert client.cookies[venues.COOKIE].value.encode() not in (first, second)


@pytest.mark.parametrize("case", ["begun", "cancelled", "draft"])
def test_it_is_not_said_of(client, meeting, case, time_machine):
    if case == "begun":
        time_machine.move_to(meeting.debut + timedelta(minutes=1))
    elif case == "cancelled":
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
    else:
        meeting = PointFactory().reunion

    answer = client.post(at(meeting))

    assert answer.status_code == (404 if case == "draft" else 302)
    assert not Venue.objects.exists()
    assert "Je viens</button>" not in read(client, meeting.get_absolute_url())


def test_a_meeting_that_was_postponed_is_not_said_to_be_cancelled(client, meeting):
    rectifier.call_off(meeting, "La salle est prise.", postponed=True)

    page = read(client, at(meeting))

    assert "Cette réunion est reportée." in page
    assert "nnulée" not in page


def test_another_site_says_nothing_for_a_visitor(client, meeting):
    foreign = client.post(at(meeting), headers={"origin": "https://ailleurs.example"})
    ours = client.post(at(meeting), headers={"origin": "http://testserver"})

    assert (foreign.status_code, ours.status_code) == (403, 302)
    assert Venue.objects.count() == 1


def test_a_network_says_it_so_often_and_no_more(meeting):
    most = LIMITES["venir"].reseau

    answers = [Client().post(at(meeting)).status_code for _ in range(most + 1)]

    assert answers == [302] * most + [429]
    assert Venue.objects.count() == most


def test_they_are_erased_after_the_meeting(client, meeting, time_machine):
    client.post(at(meeting))
    time_machine.move_to(meeting.fin + timedelta(hours=23))
    erase_outdated()
    assert Venue.objects.exists()

    time_machine.move_to(meeting.fin + timedelta(hours=25))
    erase_outdated()

    assert not Venue.objects.exists()


def test_the_secretary_reads_how_many(client, meeting):
    for _ in range(2):
        Client().post(at(meeting))
    client.force_login(SecretariatFactory(conseil=meeting.conseil).compte)

    page = read(client, reverse("admin:conseils_reunion_change", args=[meeting.pk]))

    assert "Environ 2 personnes ont dit qu’elles viendraient." in page


@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_from_one_browser_are_one():
    meeting = PointFactory().reunion
    seances.publish(meeting)

    def say(_):
        try:
            return venues.say(meeting, "un-seul-navigateur")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(say, range(30)))

    assert set(said) == {"un-seul-navigateur"}
    assert Venue.objects.count() == 1
