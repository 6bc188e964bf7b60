"""How a permanence goes, said in two taps by who is on duty, and told once (issue 7, point 2)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from maisons.models import Creneau
from notifications.models import Message
from notifications.tasks import drain
from permanences import direct, rendez_vous, vacations
from permanences.models import Vacation
from tests.factories import PermanenceFactory, RendezVousFactory, SalleFactory, VacationFactory
from tests.permanences.conftest import at

pytestmark = pytest.mark.django_db


def post(client, user, vacation, page, **answers):
    client.force_login(user)
    url = reverse(f"admin:permanences_vacation_{page}", args=[vacation.pk])
    return client.post(url, answers)


def mentions(vacation):
    return Creneau.objects.get(pk=vacation.pk).mention


@pytest.mark.parametrize("who", ["holder", "desk"])
@pytest.mark.parametrize(
    ("etat", "mention"),
    [
        ("ouverte", "ouvert"),
        ("complete", "complet pour aujourd’hui"),
        ("retard:20", "retard 20 min"),
    ],
)
def test_what_is_said_is_what_the_agenda_reads(client, request, vacation, who, etat, mention):
    response = post(client, request.getfixturevalue(who), vacation, "say", etat=etat)

    assert response.url == f"/gestion/permanences/jour/?date={vacation.pk}"
    assert mentions(vacation) == mention
    vacation.refresh_from_db()
    assert vacation.dit_le == at(10, 10)
    assert vacation.history.first().history_user is not None


def test_the_public_reads_it_on_the_next_request(client, vacation, holder):
    vacations.publish(vacation.permanence)
    public = Client()
    pages = ["/agenda/", f"/maisons/{vacation.maison.slug}/"]
    before = [public.get(page).content.decode() for page in pages]

    post(client, holder, vacation, "say", etat="retard:20")

    after = [public.get(page).content.decode() for page in pages]
    assert ["retard 20 min" in page for page in before + after] == [False, False, True, True]


@pytest.mark.parametrize(
    "etat", ["", "retard", "retard:0", "retard:21", "retard:x", "fermee", "ouverte:20"]
)
def test_nothing_else_can_be_said(client, vacation, holder, etat):
    post(client, holder, vacation, "say", etat=etat)

    assert mentions(vacation) == "avec ou sans rendez-vous"


def test_those_who_are_still_to_come_hear_of_a_delay_once(client, vacation, holder):
    waiting = RendezVousFactory(vacation=vacation, debut=at(11))
    arrived, gone, cancelled = (
        RendezVousFactory(vacation=vacation, debut=at(hour, minute))
        for hour, minute in ((11, 0), (10, 30), (10, 30))
    )
    type(arrived).objects.filter(pk=arrived.pk).update(arrive_le=at(10))
    type(gone).objects.filter(pk=gone.pk).update(etat="manque")
    rendez_vous.cancel(cancelled)
    Message.objects.all().delete()

    for _ in range(2):
        post(client, holder, vacation, "say", etat="retard:20")

    assert Message.objects.get().destinataire == waiting.courriel


def test_a_longer_delay_is_news(client, vacation, holder):
    RendezVousFactory(vacation=vacation, debut=at(11))
    Message.objects.all().delete()

    for etat in ("retard:20", "ouverte", "retard:45", "retard:45"):
        post(client, holder, vacation, "say", etat=etat)

    assert Message.objects.count() == 2


@pytest.mark.parametrize("etat", ["ouverte", "complete"])
def test_who_has_an_appointment_is_not_told_of_what_changes_nothing(client, vacation, desk, etat):
    RendezVousFactory(vacation=vacation, debut=at(11))
    Message.objects.all().delete()

    post(client, desk, vacation, "say", etat=etat)

    assert not Message.objects.exists()


def test_it_goes_to_another_room_and_its_people_hear_of_it_once(client, vacation, holder):
    salle = SalleFactory(maison=vacation.maison, nom="Salle B")
    RendezVousFactory(vacation=vacation, debut=at(11))
    Message.objects.all().delete()

    for _ in range(2):
        post(client, holder, vacation, "move", salle=salle.pk)

    assert mentions(vacation) == "Salle B : avec ou sans rendez-vous"
    assert Creneau.objects.get(pk=vacation.pk).emprise == [salle.pk]
    assert Message.objects.count() == 1


def test_called_off_its_appointments_are_cancelled_and_told_once(client, vacation, holder):
    row = RendezVousFactory(vacation=vacation, debut=at(11))
    Message.objects.all().delete()

    for _ in range(2):
        post(client, holder, vacation, "call_off")

    row.refresh_from_db()
    assert (row.etat, Message.objects.count()) == ("annule", 1)
    assert Vacation.objects.get(pk=vacation.pk).annule_le == at(10, 10)


def test_a_delay_leaves_once_however_often_the_task_runs(client, vacation, holder, mailoutbox):
    row = RendezVousFactory(vacation=vacation, debut=at(11))

    for _ in range(2):
        post(client, holder, vacation, "say", etat="retard:20")
        drain()

    [letter] = mailoutbox
    assert letter.to == [row.courriel]
    assert vacation.titre not in letter.subject


def test_only_the_free_rooms_of_the_house_are_offered(vacation):
    free, taken = SalleFactory.create_batch(2, maison=vacation.maison)
    other = PermanenceFactory(maison=vacation.maison, salle=taken)
    VacationFactory(permanence=other, debut=at(11), fin=at(13))
    SalleFactory()

    assert direct.free_rooms(vacation) == [free]


def test_a_room_of_another_house_is_refused(client, vacation, holder):
    post(client, holder, vacation, "move", salle=SalleFactory().pk)

    assert Creneau.objects.get(pk=vacation.pk).salle == vacation.salle


def test_a_room_that_is_taken_is_refused_in_words(client, vacation, holder):
    taken = SalleFactory(maison=vacation.maison)
    other = PermanenceFactory(maison=vacation.maison, salle=taken)
    VacationFactory(permanence=other, debut=at(11), fin=at(13))

    response = post(client, holder, vacation, "move", salle=taken.pk)

    assert "déjà prise" in client.get(response.url).content.decode()


@pytest.mark.parametrize(("hour", "day"), [(12, 15), (10, 14), (10, 16)])
def test_it_is_said_on_the_day_and_before_the_end(vacation, time_machine, hour, day):
    time_machine.move_to(at(hour, on=at(0).date().replace(day=day)))

    for act in (
        lambda: direct.say(vacation, "ouverte"),
        lambda: direct.move(vacation, SalleFactory(maison=vacation.maison)),
        lambda: direct.call_off(vacation),
    ):
        with pytest.raises(ValidationError, match="le jour même"):
            act()


@pytest.mark.django_db(transaction=True)
def test_eight_phones_say_the_same_delay_and_people_hear_of_it_once(vacation):
    RendezVousFactory(vacation=vacation, debut=at(11))
    Message.objects.all().delete()

    def late(rank):
        try:
            return direct.say(Vacation.objects.get(pk=vacation.pk), "retard", 20)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        news = list(pool.map(late, range(8)))

    assert (sum(news), Message.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_who_takes_an_appointment_meanwhile_waits_and_is_told(vacation):
    def late():
        try:
            return direct.say(Vacation.objects.get(pk=vacation.pk), "retard", 20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            row = RendezVousFactory(vacation=vacation, debut=at(11))
            said = pool.submit(late)
        assert said.result(timeout=20)

    assert Message.objects.filter(destinataire=row.courriel, cle__contains="retard").exists()
