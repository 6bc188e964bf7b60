"""The only writer: changes, moves and cancellations under the lock; style A2."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau, Reservation, Salle
from tests.factories import CompteFactory, OccurrenceFactory, ReservationFactory, SalleFactory


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def race(*acts):
    """Run the acts at once, each on its own connection; what each returned, or its refusal."""

    def run(act):
        try:
            return act()
        except ValidationError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_eight_rivals_queue_and_one_wins():
    salle, demandeur = SalleFactory(), CompteFactory()
    first, before = ReservationFactory.build().debut, deadlocks()

    def wins(rank):
        debut = first + timedelta(minutes=5 * rank)
        try:
            return bool(ReservationFactory(salle=salle, demandeur=demandeur, debut=debut))
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool, transaction.atomic():
        planning.lock_rooms(Reservation(salle=salle))  # we head the queue: nobody may pass
        rivals = [pool.submit(wins, rank) for rank in range(8)]
        assert not wait(rivals, timeout=0.3).done

    assert sum(rival.result() for rival in rivals) == 1
    assert deadlocks() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["a part", "the whole"])
def test_a_part_and_its_whole_race_and_one_wins(place):
    whole = SalleFactory()
    half = SalleFactory(maison=whole.maison, partie_de=whole)
    debut = ReservationFactory.build().debut
    rooms = [half, whole] if place == "a part" else [whole, half]

    told = race(*[lambda room=room: ReservationFactory(salle=room, debut=debut) for room in rooms])

    assert sorted(isinstance(answer, ValidationError) for answer in told) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_a_move_and_a_booking_race_for_one_room():
    taken, wanted = ReservationFactory(), SalleFactory()
    salle = SalleFactory(maison=taken.maison)
    before = deadlocks()

    told = race(
        lambda: planning.move(taken, salle=salle),
        lambda: ReservationFactory(salle=salle, debut=taken.debut),
        lambda: ReservationFactory(salle=wanted, debut=taken.debut),
    )

    assert isinstance(told[2], Reservation)
    assert Creneau.objects.filter(salle=salle).count() == 1
    assert deadlocks() == before


@pytest.mark.django_db(transaction=True)
def test_two_crossing_moves_do_not_deadlock():
    one = ReservationFactory()
    other = ReservationFactory(salle=SalleFactory(maison=one.maison))
    before = deadlocks()
    later = timedelta(hours=3)

    told = race(
        lambda: planning.move(one, salle=other.salle, debut=other.debut, fin=other.fin),
        lambda: planning.move(other, salle=one.salle, debut=one.debut + later, fin=one.fin + later),
    )

    assert deadlocks() == before
    assert not isinstance(told[1], ValidationError)


@pytest.mark.django_db(transaction=True)
def test_a_change_does_not_undo_a_cancellation_in_between():
    held = ReservationFactory()
    stale = Reservation.objects.get(pk=held.pk)
    planning.cancel(held, Creneau.Motif.DEMANDE, by=held.demandeur)

    with pytest.raises(ValidationError, match="déjà annulée"):
        planning.change(stale, personnes=4)

    stale.refresh_from_db()
    assert (stale.annule_le is None, stale.personnes) == (False, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"demandeur": None, "nom": ""}, "Dites le nom de la personne."),
        ({"age_min": 12, "age_max": 6}, "L’âge le plus haut doit suivre le plus bas."),
    ],
)
def test_what_postgresql_refuses_is_said_in_its_sentence(wrong, told):
    with pytest.raises(ValidationError) as refused:
        ReservationFactory(**wrong)

    assert refused.value.messages == [told]
    assert not Creneau.objects.exists()


@pytest.mark.django_db
def test_moving_frees_the_old_room_and_holds_the_new():
    held = ReservationFactory()
    salle = SalleFactory(maison=held.maison)

    planning.move(held, salle=salle)

    assert ReservationFactory(salle=held.history.last().salle, debut=held.debut)
    with pytest.raises(ValidationError, match="déjà prise"):
        ReservationFactory(salle=salle, debut=held.debut)


@pytest.mark.django_db
def test_a_refused_move_leaves_the_row_as_it_was():
    held, other = ReservationFactory(), ReservationFactory()

    with pytest.raises(ValidationError, match="déjà prise"):
        planning.move(
            held, maison=other.maison, salle=other.salle, debut=other.debut, fin=other.fin
        )

    kept = Reservation.objects.get(pk=held.pk)
    assert (kept.salle_id, kept.history.count()) == (held.history.get().salle_id, 1)


@pytest.mark.django_db
def test_cancelling_frees_the_room_once():
    held = ReservationFactory()
    agent = CompteFactory()

    planning.cancel(held, Creneau.Motif.DEMANDE, by=agent)

    assert held.etat == Reservation.Etat.ANNULEE
    assert held.history.first().history_user == agent
    assert ReservationFactory(salle=held.salle, debut=held.debut)
    with pytest.raises(ValidationError, match="déjà annulée"):
        planning.cancel(held, Creneau.Motif.DEMANDE, by=agent)


@pytest.mark.django_db
def test_an_expired_hold_is_released_by_the_next_writer():
    past = timezone.now() - timedelta(minutes=1)
    held = ReservationFactory(etat=Reservation.Etat.A_CONFIRMER, expire_le=past)

    ReservationFactory(salle=held.salle, debut=held.debut)

    held.refresh_from_db()
    assert held.etat == Reservation.Etat.EXPIREE


@pytest.mark.django_db
def test_a_request_is_answered_once():
    held, agent = ReservationFactory(), CompteFactory()

    planning.confirm(held, by=agent)

    assert (held.etat, held.decide_par) == (Reservation.Etat.CONFIRMEE, agent)
    with pytest.raises(ValidationError, match="déjà confirmée"):
        planning.refuse(held, agent, Reservation.MotifRefus.BESOIN)
    with pytest.raises(ValidationError, match="déjà confirmée"):
        planning.confirm(held, by=agent)


@pytest.mark.django_db
def test_a_refusal_keeps_its_motive_and_frees_the_room():
    held, agent = ReservationFactory(), CompteFactory()

    planning.refuse(held, agent, Reservation.MotifRefus.SERVICE, "La salle est repeinte.")

    held.refresh_from_db()
    assert (held.etat, held.motif_refus, held.decide_par) == ("refusee", "service", agent)
    assert ReservationFactory(salle=held.salle, debut=held.debut)


class TestRoomChange:
    """A new buffer or new parts reach the créneaux to come, or are refused with the clashes."""

    @pytest.mark.django_db
    def test_a_longer_buffer_reaches_what_is_to_come(self):
        held = ReservationFactory()
        held.salle.battement = timedelta(minutes=30)

        planning.save_room(held.salle)

        held.refresh_from_db()
        assert held.libere_a == held.fin + timedelta(minutes=30)

    @pytest.mark.django_db
    def test_a_buffer_that_no_longer_fits_is_refused_with_the_clash(self):
        held = ReservationFactory()
        ReservationFactory(salle=held.salle, debut=held.fin)
        held.salle.battement = timedelta(minutes=30)

        with pytest.raises(ValidationError, match="gênerait"):
            planning.save_room(held.salle)

        assert Salle.objects.get(pk=held.salle_id).battement == timedelta()

    @pytest.mark.django_db
    def test_a_room_that_becomes_a_part_is_held_with_its_whole(self):
        held = ReservationFactory()
        half = SalleFactory(maison=held.maison)
        half.partie_de = held.salle

        planning.save_room(half)

        held.refresh_from_db()
        assert held.emprise == sorted([held.salle_id, half.pk])

    @pytest.mark.django_db
    def test_parts_that_clash_are_refused(self):
        held = ReservationFactory()
        other = ReservationFactory(salle=SalleFactory(maison=held.maison), debut=held.debut)
        other.salle.partie_de = held.salle

        with pytest.raises(ValidationError, match="gênerait"):
            planning.save_room(other.salle)

    @pytest.mark.django_db
    def test_a_part_goes_from_one_busy_whole_to_another(self):
        one = ReservationFactory()
        other = ReservationFactory(salle=SalleFactory(maison=one.maison), debut=one.debut)
        half = SalleFactory(maison=one.maison)
        for whole in (one.salle, other.salle):
            half.partie_de = whole
            planning.save_room(half)

        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.emprise, other.emprise) == ([one.salle_id], sorted([other.salle_id, half.pk]))

    @pytest.mark.django_db
    def test_a_new_room_is_held_by_what_takes_the_whole_house(self):
        salle = SalleFactory()
        whole = OccurrenceFactory(maison=salle.maison, salle=None, portee="maison")
        new = SalleFactory.build(maison=salle.maison)

        planning.save_room(new)

        whole.refresh_from_db()
        assert whole.emprise == sorted([salle.pk, new.pk])
