"""A meeting is reminded of at the days its council chose; an agenda is asked for in time."""

from datetime import time, timedelta
from itertools import product

import pytest
from django.core import mail
from django.utils import timezone

from conseils import seances
from conseils.models import Conseil
from conseils.suivre import subject
from maisons import planning
from maisons.heures import local, starts_at
from maisons.models import Creneau
from notifications import rappels, suivi
from notifications.balayage import sweep
from notifications.models import UNTRUE, Abonnement, Message
from notifications.tasks import drain
from tests.factories import (
    CompteFactory,
    ConseilFactory,
    ConseillerFactory,
    PointFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MEMBER, FOLLOWER, OTHER = "ada@exemple.fr", "linh@exemple.fr", "linh2@exemple.fr"


@pytest.fixture
def conseil():
    VilleFactory()
    conseil, other = ConseilFactory(nom="Conseil des Rives"), ConseilFactory()
    long_ago = timezone.localdate() - 30 * DAY
    ConseillerFactory(conseil=conseil, courriel=MEMBER, debut=long_ago)
    for followed, courriel in ((conseil, FOLLOWER), (conseil, MEMBER), (other, OTHER)):
        Abonnement.objects.create(
            sujet=subject(followed.pk), courriel=courriel, confirme_le=timezone.now()
        )
    return conseil


def prepared(conseil, days=40, hour=18, **fields):
    """A draft so many days from now, half past."""
    debut = starts_at(timezone.localdate() + days * DAY, time(hour, 30))
    return PointFactory(reunion__conseil=conseil, reunion__debut=debut, **fields).reunion


@pytest.fixture
def meeting(conseil):
    """In forty days, its agenda published today."""
    meeting = prepared(conseil, titre="Bancs et ombre")
    seances.publish(meeting)
    Message.objects.all().delete()
    return meeting


def reminded():
    rows = Message.objects.filter(rappel=True).order_by("cle")
    return sorted(rows.values_list("destinataire", flat=True))


def at(time_machine, meeting, **before):
    time_machine.move_to(meeting.debut - timedelta(**before), tick=False)
    sweep()


@pytest.mark.parametrize("days", [7, 1])
def test_readers_are_reminded_seven_days_and_a_day_before_once(time_machine, meeting, days):
    at(time_machine, meeting, days=days, minutes=10)
    assert len(reminded()) in (0, 2)  # those of seven days before, late
    Message.objects.all().delete()
    time_machine.move_to(meeting.debut - days * DAY + timedelta(minutes=10))
    sweep()
    sweep()
    drain()

    latest = [m for m in Message.objects.all() if f":{days * 1440}:" in m.cle]
    assert sorted(m.destinataire for m in latest) == [MEMBER, FOLLOWER]
    letter = next(sent for sent in mail.outbox if sent.to == [FOLLOWER])
    assert letter.subject.startswith("C’est bientôt : Conseil des Rives")
    assert "1. Bancs et ombre" in letter.body
    assert letter.attachments[0].filename == "reunion.ics"
    assert "List-Unsubscribe" in letter.extra_headers
    assert OTHER not in reminded()


def test_the_days_are_those_of_the_council(time_machine, meeting):
    Conseil.objects.update(rappels=[2])

    at(time_machine, meeting, days=6)
    early = reminded()
    at(time_machine, meeting, days=1, hours=23)

    assert (early, reminded()) == ([], [MEMBER, FOLLOWER])
    Message.objects.all().delete()
    Conseil.objects.update(rappels=[])
    sweep()
    assert reminded() == []


@pytest.mark.parametrize("case", ["draft", "cancelled", "begun"])
def test_nobody_is_reminded_of(time_machine, conseil, case):
    meeting = prepared(conseil)
    if case != "draft":
        seances.publish(meeting)
    if case == "cancelled":
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)

    at(time_machine, meeting, minutes=-1 if case == "begun" else 60)

    assert reminded() == []


def test_a_meeting_that_moves_is_reminded_of_at_its_new_date(time_machine, meeting):
    at(time_machine, meeting, days=6)
    drain()
    later = {"debut": meeting.debut + 10 * DAY, "fin": meeting.fin + 10 * DAY}
    planning.move(meeting, **later)
    Message.objects.filter(rappel=False).delete()

    at(time_machine, meeting, days=7)

    starts = {m.cle.split(":")[3] for m in Message.objects.filter(rappel=True)}
    assert len(starts) == 2
    assert reminded() == [MEMBER, MEMBER, FOLLOWER, FOLLOWER]


def test_what_waits_is_not_sent_once_the_meeting_has_changed(time_machine, meeting):
    at(time_machine, meeting, days=7)
    planning.move(meeting, debut=meeting.debut + DAY, fin=meeting.fin + DAY)

    drain()

    untrue = Message.objects.filter(erreur=UNTRUE)
    assert sorted(m.destinataire for m in untrue) == [MEMBER, FOLLOWER]
    assert {sent.subject.split(" :")[0] for sent in mail.outbox} == {"La réunion change"}


@pytest.mark.parametrize(("days", "left"), [(8, 2), (7, 1), (6, 1), (2, 1), (1, 0)])
def test_the_announcement_stands_for_the_reminders_of_its_day_and_before(
    time_machine, conseil, days, left
):
    """Published at noon so many days before; those that are over by then are not sent late."""
    noon = starts_at(timezone.localdate() - DAY, time(12))
    time_machine.move_to(noon - DAY)
    Abonnement.objects.update(confirme_le=timezone.now())
    meeting = prepared(conseil, days + 1)
    time_machine.move_to(noon)
    seances.publish(meeting)

    for _ in range(9 * 4):
        sweep()
        time_machine.shift(timedelta(hours=6))

    assert reminded() == sorted([MEMBER, FOLLOWER] * left)


def test_who_follows_since_then_is_not_reminded_of_what_they_have_just_read(time_machine, meeting):
    time_machine.move_to(meeting.debut - 6 * DAY)
    suivi.follow(subject(meeting.conseil_id), CompteFactory(courriel="zoe@exemple.fr"))

    sweep()

    assert "zoe@exemple.fr" not in reminded()
    at(time_machine, meeting, hours=20)
    assert reminded().count("zoe@exemple.fr") == 1


@pytest.mark.parametrize("begins", [6, 9])
def test_none_leaves_by_night(time_machine, conseil, mailoutbox, begins):
    """At 6:30, they leave at 8:00, or the evening before when the meeting is too soon after."""
    meeting = prepared(conseil, reunion__salle=None, reunion__portee="sans_salle", hour=begins)
    seances.publish(meeting)
    drain()
    mailoutbox.clear()
    left = []
    for days, hour in product((8, 7, 2, 1), (5, 7, 8, 10, 20, 21, 23)):
        day = local(meeting.debut).date() - days * DAY
        time_machine.move_to(starts_at(day, time(hour, 45)), tick=False)
        sweep()
        drain()
        left += [hour for _ in mailoutbox]
        mailoutbox.clear()

    assert len(left) == 4
    assert set(left) == {8 if begins < 8 else 10}


@pytest.mark.parametrize("count", [1, 200])
def test_the_sweep_asks_the_same_whatever_the_number_of_followers(
    time_machine, meeting, django_assert_num_queries, count
):
    Abonnement.objects.bulk_create(
        Abonnement(
            sujet=subject(meeting.conseil_id),
            courriel=f"abonne{rank}@exemple.fr",
            empreinte=bytes([rank]),
            confirme_le=timezone.now(),
        )
        for rank in range(count)
    )
    time_machine.move_to(meeting.debut - 7 * DAY + timedelta(minutes=5))
    reminder = rappels.registry()["reunion"]
    assert list(reminder.coming(timezone.now())) == [meeting]

    with django_assert_num_queries(SWEPT):
        sweep()

    assert Message.objects.count() == count + 2


SWEPT = 36  # all kinds; those of a meeting in one statement


@pytest.fixture
def draft(conseil):
    """Due ten days before its date: on the thirtieth day from now, at 18:30."""
    for courriel in ("secretaire@exemple.fr", "autre@exemple.fr"):
        SecretariatFactory(conseil=conseil, compte=CompteFactory(courriel=courriel))
    SecretariatFactory(compte=CompteFactory(courriel="secretaire2@exemple.fr"))
    return prepared(conseil)


def live(time_machine, meeting):
    """Twice a day from a fortnight before its date."""
    time_machine.move_to(meeting.debut - 14 * DAY, tick=False)
    while timezone.now() < meeting.fin:
        sweep()
        time_machine.shift(timedelta(hours=12))


def test_secretaries_are_asked_for_an_agenda_before_its_deadline_and_once_after(
    time_machine, draft
):
    live(time_machine, draft)

    asked = Message.objects.filter(destinataire="secretaire@exemple.fr").order_by("cree_le")
    assert [m.cle.split(":")[4] for m in asked] == ["4320", "1440", "-1440"]
    assert ["retard" in m.objet for m in asked] == [False, False, True]
    assert reminded() == ["autre@exemple.fr"] * 3 + ["secretaire@exemple.fr"] * 3


def test_an_agenda_published_in_time_is_not_asked_for_again(time_machine, conseil):
    """Prepared four days ago, due in two."""
    Conseil.objects.update(convocation=14)
    conseil.refresh_from_db()
    now = starts_at(timezone.localdate() - DAY, time(12))  # past: PostgreSQL has its own clock
    time_machine.move_to(now - 4 * DAY)
    SecretariatFactory(conseil=conseil, compte=CompteFactory(courriel="secretaire@exemple.fr"))
    draft = prepared(conseil, 20)
    time_machine.move_to(now)
    sweep()
    seances.publish(draft)
    drain()

    time_machine.move_to(draft.deadline + 2 * DAY)
    sweep()

    rows = Message.objects.filter(destinataire="secretaire@exemple.fr")
    assert [m.etat for m in rows] == [Message.Etat.ECARTE]


def test_a_council_without_a_deadline_and_an_ended_mandate_ask_nothing(time_machine, draft):
    draft.conseil.secretariats.filter(compte__courriel="autre@exemple.fr").update(
        debut=timezone.localdate() - 9 * DAY, fin=timezone.localdate() - DAY
    )
    live(time_machine, draft)
    assert set(reminded()) == {"secretaire@exemple.fr"}
    Message.objects.all().delete()

    Conseil.objects.update(convocation=None)
    live(time_machine, draft)

    assert reminded() == []
