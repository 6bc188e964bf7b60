"""Who follows an event is reminded the day before, told once of a change; nobody else (21)."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from maisons import fermetures, planning, series
from maisons.heures import starts_at
from maisons.models import Creneau
from maisons.suivre import subject
from notifications import suivi
from notifications.balayage import sweep
from notifications.models import Abonnement, Message
from notifications.tasks import drain
from tests.factories import (
    CompteFactory,
    EvenementFactory,
    FermetureFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
    SerieFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    """Followed by two people, one of them twice; three look-alikes must get nothing."""
    VilleFactory()
    event, now = EvenementFactory(titre="Bal d’hiver"), timezone.now()
    day = timezone.localdate() + timedelta(days=100)
    OccurrenceFactory(evenement=event, debut=starts_at(day, time(14)))
    planning.publish(event)
    event.refresh_from_db()
    sujet = subject(event.pk)
    with_account = CompteFactory(courriel="camille@exemple.fr")
    suivi.follow(sujet, with_account)
    for courriel in ("camille@exemple.fr", "linh@exemple.fr"):
        Abonnement.objects.create(sujet=sujet, courriel=courriel, confirme_le=now)
    other = EvenementFactory(publie=True, titre="Bal d’hiver", maison=event.maison)
    unconfirmed = Abonnement.objects.create(sujet=sujet, courriel="linh2@exemple.fr")
    assert unconfirmed.confirme_le is None
    suivi.follow(subject(other.pk), CompteFactory(courriel=LOOKALIKE))
    suivi.follow(sujet, CompteFactory(courriel="fermee@exemple.fr", is_active=False))
    ReservationFactory(maison=event.maison)
    return event


FOLLOWERS, LOOKALIKE = ["camille@exemple.fr", "linh@exemple.fr"], "camille2@exemple.fr"


def told(event):
    """Whom a message about its dates is for."""
    messages = Message.objects.about(event.occurrences.values("pk"))
    return sorted(messages.values_list("destinataire", flat=True))


def test_followers_are_reminded_the_day_before_once(event, time_machine):
    date = event.occurrences.get()
    time_machine.move_to(date.debut - timedelta(days=1, minutes=10))
    sweep()
    assert told(event) == []
    time_machine.move_to(date.debut - timedelta(hours=23, minutes=50))

    sweep()
    sweep()
    drain()

    assert told(event) == FOLLOWERS
    [letter, _] = [sent for sent in mail.outbox if sent.to != [LOOKALIKE]]
    assert "Bal d’hiver" in letter.subject
    assert {m.destinataire for m in Message.objects.exclude(creneau=date.pk)} <= {LOOKALIKE}
    assert letter.extra_headers["List-Unsubscribe"].startswith("<http")
    token = letter.extra_headers["List-Unsubscribe"].rstrip("/>").rpartition("/")[2]
    assert token in letter.body
    assert token not in str(list(Message.objects.values()))


def test_who_follows_it_since_the_last_hours_is_not_reminded(event, time_machine):
    date = event.occurrences.get()
    time_machine.move_to(date.debut - timedelta(hours=3))
    Abonnement.objects.update(confirme_le=timezone.now() - timedelta(hours=1))

    sweep()

    assert told(event) == []


def test_each_letter_ends_its_own_subscription(event):
    planning.cancel(event.occurrences.get(), Creneau.Motif.ORGANISATION, by=None)

    for message in Message.objects.all():
        token = message.desabonnement.rstrip("/").rpartition("/")[2]
        ours, row = suivi.stopped(token)
        assert ours
        assert suivi.address(row) == message.destinataire
        assert message.texte.count(token) == message.html.count(token) == 1


@pytest.mark.parametrize("what", ["annulee", "deplacee"])
def test_a_date_that_changes_is_told_once(event, what):
    date = event.occurrences.get()

    if what == "annulee":
        planning.cancel(date, Creneau.Motif.ORGANISATION, by=None)
    else:
        later = {"debut": date.debut + timedelta(days=1), "fin": date.fin + timedelta(days=1)}
        planning.move(date, **later)

    assert told(event) == FOLLOWERS
    assert {m.cle.split(":")[2] for m in Message.objects.all()} == {what}


def test_a_draft_and_a_booking_tell_no_follower(event):
    draft = EvenementFactory()
    date = OccurrenceFactory(evenement=draft)
    Abonnement.objects.create(
        sujet=subject(draft.pk), courriel="linh@exemple.fr", confirme_le=timezone.now()
    )

    planning.cancel(date, Creneau.Motif.ORGANISATION, by=None)

    assert not Message.objects.exists()


def test_a_series_cancelled_is_one_letter(event):
    serie = SerieFactory(evenement=event, maison=event.maison)
    planning.describe(event)

    series.cancel_from(serie, serie.premier, Creneau.Motif.ORGANISATION)

    assert told(event) == FOLLOWERS
    assert Message.objects.first().texte.count("\n- ") == 10


@pytest.mark.parametrize("choice", [fermetures.ANNULER, "room"])
def test_a_closure_tells_followers_once_for_each_event(event, choice):
    date = event.occurrences.get()
    room = SalleFactory(maison=event.maison)
    closure = FermetureFactory(
        maison=event.maison, salle=date.salle, debut=date.debut, fin=date.fin
    )

    fermetures.settle(
        closure,
        {date.pk: choice if choice != "room" else room.pk},
        by=CompteFactory(is_superuser=True),
    )

    assert told(event) == FOLLOWERS


@pytest.mark.parametrize("count", [1, 3])
def test_the_sweep_asks_the_same_whatever_the_number_of_followers(
    event, time_machine, django_assert_num_queries, count
):
    date = event.occurrences.get()
    for _ in range(count):
        suivi.follow(subject(event.pk), CompteFactory())
    time_machine.move_to(date.debut - timedelta(hours=10))
    sweep()

    with django_assert_num_queries(23):
        sweep()
