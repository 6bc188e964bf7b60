"""A booking without an account: what it waits for, until when, and what becomes of it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from maisons import attente, planning
from maisons.disponibilites import Disponibilites
from maisons.models import Creneau, Horaire, Reservation
from notifications.models import Message
from tests.factories import (
    AttenteFactory,
    CompteFactory,
    FermetureFactory,
    MaisonFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)
from tests.maisons.test_planning import race

pytestmark = pytest.mark.django_db
CAMILLE = "camille@rivemont.example"
MONDAY = date(2026, 11, 23)


def at(days, hour, minute=0):
    day = MONDAY + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


@pytest.fixture
def desk():
    """A house open from Monday to Friday, 9 to 12 h and 14 to 18 h."""
    maison = MaisonFactory(horaires=False)
    Horaire.objects.bulk_create(
        Horaire(maison=maison, jour=jour, ouvre=time(ouvre), ferme=time(ferme))
        for jour in range(5)
        for ouvre, ferme in [(9, 12), (14, 18)]
    )
    return maison


# (what one is in, when one books, when the desk has called)
CALLS = [
    ("open, with time", at(0, 10), at(0, 12)),
    ("open, an hour left to the minute", at(0, 11), at(0, 12)),
    ("open, less than an hour left", at(0, 11, 1), at(0, 18)),
    ("lunch", at(0, 12, 30), at(0, 18)),
    ("early", at(0, 7), at(0, 12)),
    ("evening", at(0, 19), at(1, 12)),
    ("Friday evening", at(4, 17, 30), at(7, 12)),
    ("Sunday", at(6, 15), at(7, 12)),
]


@pytest.mark.parametrize(("case", "now", "until"), CALLS, ids=[case for case, *_ in CALLS])
def test_the_desk_calls_within_its_next_opening(desk, ville, case, now, until):
    assert attente.next_opening(desk, now, ville)[1] == until


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (at(0, 10, 5), "lundi 23 novembre, jusqu’à 12\u00a0h"),
        (at(0, 12, 30), "lundi 23 novembre, de 14\u00a0h à 18\u00a0h"),
        (at(6, 15), "lundi 30 novembre, de 9\u00a0h à 12\u00a0h"),
    ],
)
def test_the_desk_is_told_with_its_day(desk, ville, now, told):
    assert attente.desk_in_words(desk, now, ville) == told


@pytest.mark.parametrize(
    ("debut", "fin", "until"),
    [
        (at(1, 0), at(2, 0), at(2, 12)),  # Tuesday
        (at(1, 8), at(1, 13), at(1, 18)),  # its morning
        (at(1, 10), at(1, 11), at(1, 10)),  # leaves an hour before
        (at(1, 9, 30), at(1, 11), at(1, 12)),  # leaves an hour after
        (at(-30, 0), at(8, 0), at(8, 12)),  # begun long ago, over midnights
    ],
)
def test_a_closure_is_cut_out_of_the_opening(desk, ville, debut, fin, until):
    FermetureFactory(maison=desk, debut=debut, fin=fin)

    assert attente.next_opening(desk, at(0, 19), ville)[1] == until


@pytest.mark.parametrize("days", [1, 20])
def test_hours_and_closures_are_read_once_however_far_it_opens(
    desk, ville, django_assert_num_queries, days
):
    FermetureFactory(maison=desk, debut=at(0, 0), fin=at(days, 0))

    with django_assert_num_queries(2):
        assert attente.next_opening(desk, at(0, 10), ville)[0] >= at(days, 9)


def test_a_room_closed_does_not_close_the_desk(desk, ville):
    salle = SalleFactory(maison=desk)
    FermetureFactory(maison=desk, salle=salle, debut=at(1, 0), fin=at(2, 0))

    assert attente.next_opening(desk, at(0, 19), ville)[1] == at(1, 12)


@pytest.mark.parametrize(
    ("debut", "until"), [(at(5, 10), at(3, 10)), (at(2, 10), at(2, 10))], ids=["later", "sooner"]
)
def test_without_hours_a_call_has_the_time_of_an_answer(ville, debut, until):
    maison = MaisonFactory(horaires=False)
    held = Reservation(maison=maison, debut=debut, telephone="+33465710000")

    assert attente.next_opening(maison, at(0, 10), ville) is None
    assert attente.deadline(held, at(0, 10)) == until


@pytest.mark.parametrize(
    ("courriel", "debut", "until"),
    [
        (CAMILLE, at(5, 10), at(0, 12)),
        (CAMILLE, at(0, 11), at(0, 11)),
        ("", at(5, 10), at(0, 12)),
        ("", at(0, 11), at(0, 11)),
    ],
)
def test_nothing_is_held_after_it_begins(desk, courriel, debut, until):
    held = Reservation(maison=desk, debut=debut, courriel=courriel)

    assert attente.deadline(held, at(0, 10)) == until


def past_its_time(held):
    past = timezone.now() - timedelta(minutes=1)
    Reservation.objects.filter(pk=held.pk).update(expire_le=past)
    held.refresh_from_db()
    return held


def test_a_hold_takes_the_room_and_writes_to_its_person():
    held = AttenteFactory()

    assert held.etat == "a_confirmer"
    assert timezone.now() < held.expire_le <= timezone.now() + timedelta(hours=2)
    assert Message.objects.get().destinataire == CAMILLE
    with pytest.raises(ValidationError, match="déjà prise"):
        ReservationFactory(salle=held.salle, debut=held.debut)


def test_by_phone_nothing_is_sent_and_the_desk_calls():
    held = AttenteFactory(courriel="", telephone="+33465710000")

    assert held.to_call
    assert not Message.objects.exists()


@pytest.mark.parametrize(("avec_accord", "etat"), [(True, "demandee"), (False, "confirmee")])
def test_confirming_settles_and_tells(avec_accord, etat):
    held = AttenteFactory(salle=SalleFactory(avec_accord=avec_accord))

    planning.confirm_contact(held)

    held.refresh_from_db()
    assert held.etat == etat
    assert Message.objects.filter(cle__contains=f":{etat}:").count() == 1
    with pytest.raises(ValidationError, match="déjà"):
        planning.confirm_contact(held)


def test_a_hold_cancelled_meanwhile_is_not_confirmed():
    held = AttenteFactory()
    planning.cancel(Reservation.objects.get(pk=held.pk), Creneau.Motif.DEMANDE, by=None)

    with pytest.raises(ValidationError, match="déjà annulée"):
        planning.confirm_contact(held)


def test_a_request_that_lapsed_is_not_brought_back():
    held = AttenteFactory()
    planning.confirm_contact(held)
    planning.cancel(held, Creneau.Motif.DELAI, by=None)

    with pytest.raises(ValidationError, match="déjà expirée"):
        planning.confirm_contact(held)


def test_after_its_time_a_room_still_free_is_taken_again():
    held = past_its_time(AttenteFactory())

    planning.confirm_contact(held)

    held.refresh_from_db()
    assert (held.etat, held.alive) == ("demandee", True)


def test_after_its_time_a_room_taken_is_lost():
    held = past_its_time(AttenteFactory())
    ReservationFactory(salle=held.salle, debut=held.debut)

    with pytest.raises(ValidationError, match="déjà prise"):
        planning.confirm_contact(held)

    held.refresh_from_db()
    assert (held.etat, held.alive) == ("expiree", False)


@pytest.mark.django_db(transaction=True)
def test_a_late_confirmation_and_a_booking_race_and_one_wins():
    held = past_its_time(AttenteFactory())
    demandeur = CompteFactory()

    told = race(
        lambda: planning.confirm_contact(held),
        lambda: ReservationFactory(salle=held.salle, debut=held.debut, demandeur=demandeur),
    )

    assert sum(isinstance(answer, ValidationError) for answer in told) == 1
    assert Creneau.objects.holding().count() == 1


def test_a_confirmation_in_time_does_not_fear_the_notice(time_machine):
    salle = SalleFactory(preavis=timedelta(hours=2))
    debut = ReservationFactory.build().debut
    time_machine.move_to(debut - timedelta(hours=2, minutes=1))
    held = AttenteFactory(salle=salle, debut=debut, fin=debut + timedelta(hours=1))
    time_machine.move_to(debut - timedelta(hours=1))

    planning.confirm_contact(held)

    assert held.etat == "demandee"


def test_another_address_gets_another_code():
    held = AttenteFactory()
    before = held.code

    planning.send_again(held, "camille@exemple.fr")

    held.refresh_from_db()
    last = Message.objects.first()
    assert (last.destinataire, held.courriel) == ("camille@exemple.fr", "camille@exemple.fr")
    assert held.code != before
    assert held.code in last.texte


def test_the_same_address_is_written_to_again_with_the_same_code():
    held = AttenteFactory()
    before = held.code

    planning.send_again(held, CAMILLE)

    assert held.code == before
    assert Message.objects.count() == 2


def test_a_shared_hall_counts_no_hold_past_its_time():
    hall = SalleFactory(partagee=True, capacite=4)
    held = past_its_time(AttenteFactory(salle=hall))

    assert ReservationFactory(salle=hall, debut=held.debut, personnes=4)


def test_a_hold_past_its_time_is_shown_free_before_anybody_releases_it():
    held = past_its_time(AttenteFactory())
    day = timezone.localdate(held.debut)

    spans = Disponibilites(held.maison, day).free(held.salle, day)

    assert any(span.debut <= held.debut and held.fin <= span.fin for span in spans)


class TestQuota:
    @pytest.fixture
    def maison(self):
        return MaisonFactory(reservations_max=1)

    def test_an_unproved_address_counts_for_nobody(self, maison):
        ReservationFactory(maison=maison, demandeur=CompteFactory(courriel=CAMILLE))

        assert AttenteFactory(salle=SalleFactory(maison=maison))
        assert AttenteFactory(salle=SalleFactory(maison=maison))

    @pytest.mark.parametrize("known", [True, False], ids=["with an account", "without"])
    def test_the_same_address_counts_once(self, maison, known):
        if known:
            ReservationFactory(maison=maison, demandeur=CompteFactory(courriel=CAMILLE))
        else:
            planning.confirm_contact(AttenteFactory(salle=SalleFactory(maison=maison)))
        held = AttenteFactory(salle=SalleFactory(maison=maison))

        with pytest.raises(ValidationError, match="déjà 1 réservation à venir"):
            planning.confirm_contact(held)

        held.refresh_from_db()
        assert held.etat == "a_confirmer"

    def test_a_number_counts_once(self, maison):
        number = {"courriel": "", "telephone": "+33465710000"}
        planning.confirm_contact(AttenteFactory(salle=SalleFactory(maison=maison), **number))

        with pytest.raises(ValidationError, match="maximum"):
            planning.confirm_contact(AttenteFactory(salle=SalleFactory(maison=maison), **number))

    def test_somebody_else_is_not_counted(self, maison):
        planning.confirm_contact(AttenteFactory(salle=SalleFactory(maison=maison)))

        planning.confirm_contact(
            AttenteFactory(salle=SalleFactory(maison=maison), courriel="d@exemple.fr")
        )

    @pytest.mark.django_db(transaction=True)
    def test_two_confirmations_at_once_pass_one(self, maison):
        holds = [AttenteFactory(salle=SalleFactory(maison=maison)) for _ in range(2)]

        told = race(*[lambda held=held: planning.confirm_contact(held) for held in holds])

        assert sorted(isinstance(answer, ValidationError) for answer in told) == [False, True]


class TestSixDigits:
    def wrong(self, held):
        return f"{(int(held.six_digits) + 1) % 10**6:06}"

    def test_the_right_ones_match(self):
        held = AttenteFactory()

        assert attente.matches(held, held.six_digits)
        assert attente.left(held) == 5

    def test_after_five_wrong_tries_only_the_link_is_left(self):
        held = AttenteFactory()

        tried = [attente.matches(held, self.wrong(held)) for _ in range(5)]

        assert not any(tried)
        assert attente.left(held) == 0
        assert not attente.matches(held, held.six_digits)

    def test_a_new_code_has_its_own_tries(self):
        held = AttenteFactory()
        attente.matches(held, self.wrong(held))

        planning.send_again(held, "autre@exemple.fr")

        assert attente.left(held) == 5

    @pytest.mark.django_db(transaction=True)
    def test_tries_at_once_are_all_counted(self):
        held = AttenteFactory()

        def guess():
            try:
                return attente.matches(held, self.wrong(held))
            finally:
                connection.close()

        race(*[guess] * 8)

        assert attente.left(held) == 0
