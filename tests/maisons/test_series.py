"""Series in the database: every date is tried, none fails the others, nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maisons import heures, planning, series
from maisons.models import Creneau, DateEcartee, Occurrence, Serie
from maisons.rythmes import Cadence, Rythme
from notifications.models import Message
from tests.factories import (
    CompteFactory,
    EvenementFactory,
    FermetureFactory,
    MaisonFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
    SerieFactory,
    VilleFactory,
    dates_of,
)
from tests.maisons.test_planning import deadlocks, race

WEEK = timedelta(weeks=1)
Cause = DateEcartee.Cause


def build(**fields):
    """A series that is not planned, with what makes its dates."""
    maison = fields.pop("maison", None) or MaisonFactory()
    fields.setdefault("salle", SalleFactory(maison=maison))
    serie = SerieFactory.build(maison=maison, **fields)
    return serie, dates_of(EvenementFactory(maison=maison), serie)


def causes(serie):
    return {each.jour: (each.cause, str(each)) for each in serie.ecartees.all()}


def held(serie):
    return list(series.dates(serie).holding())


@pytest.mark.django_db
class TestPlan:
    def test_every_day_of_the_rule_has_its_date(self):
        serie, make = build()

        booked, left_out = series.plan(serie, make, by=CompteFactory())

        assert [each.jour_serie for each in booked] == serie.days()
        assert [(each.debut, each.fin) for each in booked] == list(map(serie.span, serie.days()))
        assert (left_out, len(held(serie))) == ([], 10)
        assert booked[0].history.get().history_user == serie.history.get().history_user

    @pytest.mark.parametrize(
        ("publie", "told"), [(True, "salle prise : Atelier"), (False, "salle déjà réservée")]
    )
    def test_a_taken_room_leaves_one_day_out(self, publie, told):
        serie, make = build()
        other = EvenementFactory(titre="Atelier", maison=serie.maison)
        debut, fin = serie.span(serie.days()[3])
        OccurrenceFactory(evenement=other, salle=serie.salle, debut=debut + WEEK / 168, fin=fin)
        if publie:
            planning.publish(other)

        booked, left_out = series.plan(serie, make)

        assert len(booked) == 9
        assert causes(serie) == {serie.days()[3]: (Cause.SALLE, told)}
        assert left_out == list(serie.ecartees.all())

    def test_the_name_of_a_person_is_never_told(self):
        serie, make = build()
        ReservationFactory(salle=serie.salle, debut=serie.span(serie.premier)[0])

        series.plan(serie, make)

        assert causes(serie) == {serie.premier: (Cause.SALLE, "salle déjà réservée")}

    def test_a_closure_leaves_its_days_out_with_its_motive(self):
        serie, make = build()
        first, second = (serie.span(day)[0] for day in serie.days()[:2])
        FermetureFactory(maison=serie.maison, debut=first, fin=second + WEEK / 84)
        FermetureFactory(maison=serie.maison, salle=SalleFactory(maison=serie.maison), debut=first)

        series.plan(serie, make)

        told = (Cause.FERMETURE, "fermeture : travaux")
        assert causes(serie) == dict.fromkeys(serie.days()[:2], told)

    def test_a_rule_of_the_room_leaves_a_day_out_with_its_sentence(self):
        hall = SalleFactory(partagee=True, capacite=20)
        serie, make = build(maison=hall.maison, salle=hall)
        busy = {"salle": hall, "personnes": 15, "debut": serie.span(serie.premier)[0]}
        OccurrenceFactory(evenement=EvenementFactory(maison=hall.maison), **busy)

        series.plan(serie, lambda *span: make(*span).again(debut=span[0], fin=span[1], personnes=9))

        told = f"{hall} : il reste 5 places sur 20 à cette heure."
        assert causes(serie) == {serie.premier: (Cause.REGLE, told)}

    def test_the_school_year_of_the_city_leaves_days_out(self):
        VilleFactory(zone_scolaire="")
        serie, make = build(regime=Serie.Regime.HORS_VACANCES)

        booked, left_out = series.plan(serie, make)

        assert (booked, {each.cause for each in left_out}) == ([], {Cause.CALENDRIER})

    def test_the_dates_of_a_published_event_are_public(self):
        event = EvenementFactory(publie=True)

        serie = SerieFactory(evenement=event, maison=event.maison)

        assert {each.publie_le for each in held(serie)} == {event.publie_le}

    def test_planned_again_it_adds_nothing(self):
        serie = SerieFactory()
        ReservationFactory(salle=serie.salle, debut=held(serie)[-1].debut + WEEK)
        series.extend(serie, serie.dernier + 2 * WEEK)
        serie.refresh_from_db()
        planning.cancel(held(serie)[0], Creneau.Motif.ORGANISATION, by=None)
        moved = held(serie)[1]
        planning.move(moved, debut=moved.debut + WEEK / 7, fin=moved.fin + WEEK / 7)

        again = series.plan(serie, series.like(serie))

        assert again == ([], [])
        assert (Occurrence.objects.count(), serie.ecartees.count()) == (11, 1)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"premier": date(2001, 1, 2)}, "Ce jour est passé"),
            ({"dernier": date(2090, 1, 1)}, "trois ans au plus"),
            ({"regle": Rythme(Cadence.SEMAINE, tuple(range(7))).rule}, "400 dates au plus"),
            ({"dernier": date(2001, 1, 2)}, "dernier jour doit suivre"),
            ({"salle": "of another house"}, "n’est pas dans cette maison"),
        ],
    )
    def test_a_series_out_of_bounds_is_refused_in_a_sentence(self, fields, sentence):
        if "regle" in fields:
            fields["dernier"] = SerieFactory.build().premier + timedelta(days=420)
        if "salle" in fields:
            fields["salle"] = SalleFactory()
        serie, make = build(**fields)

        with pytest.raises(ValidationError, match=sentence):
            series.plan(serie, make)

        assert not Serie.objects.exists()

    def test_a_rehearsal_leaves_nothing_behind(self):
        serie, make = build()

        booked, _ = series.rehearse(series.plan, serie, make)
        nothing = Serie.objects.count() + Creneau.objects.count()
        after, _ = series.plan(serie, make)

        assert (len(booked), nothing, len(after)) == (10, 0, 10)


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cadence=st.sampled_from(Cadence),
    jours=st.sets(st.integers(0, 6), min_size=1, max_size=3).map(sorted),
    weeks=st.integers(1, 12),
    regime=st.sampled_from(Serie.Regime),
    taken=st.integers(0, 40),
)
def test_each_day_is_a_date_or_left_out_and_never_both(cadence, jours, weeks, regime, taken):
    rule, length = Rythme(cadence, tuple(jours)).rule, timedelta(weeks=weeks + 5)
    serie, make = build(regle=rule, regime=regime, jours_feries=False)
    VilleFactory._meta.model.objects.get_or_create(pk=1, defaults={"zone_scolaire": "B"})
    serie.dernier = serie.premier + length
    day = serie.premier + timedelta(days=taken)
    ReservationFactory(salle=serie.salle, debut=serie.span(day)[0])

    booked, left_out = series.plan(serie, make)
    again = series.plan(serie, make)

    days = [each.jour_serie for each in booked] + [each.jour for each in left_out]
    assert sorted(days) == serie.days()
    assert all(each.detail and each.cause for each in left_out)
    assert again == ([], [])


@pytest.mark.django_db
class TestChange:
    def test_the_dates_from_a_day_on_take_the_new_hour_and_are_a_series(self):
        serie = SerieFactory()
        day = serie.days()[4]

        change = series.change_from(serie, day, heure=time(19), by=CompteFactory())

        serie.refresh_from_db()
        assert [len(held(each)) for each in (serie, change.serie)] == [4, 6]
        assert (serie.dernier, change.serie.premier) == (day - timedelta(days=1), day)
        assert {each.sequence for each in held(change.serie)} == {1}
        assert all(series.follows(each, change.serie) for each in held(change.serie))
        assert (change.stayed, change.untouched, change.plan) == ([], [], ([], []))

    def test_from_the_first_day_it_stays_one_series(self):
        serie = SerieFactory()
        room = SalleFactory(maison=serie.maison)

        change = series.change_from(serie, serie.premier, salle=room)

        assert change.serie.pk == Serie.objects.get().pk
        assert {each.salle for each in held(serie)} == {room}

    def test_what_cannot_move_stays_and_says_why(self):
        serie = SerieFactory()
        last = held(serie)[-1]
        ReservationFactory(salle=serie.salle, debut=last.fin)

        change = series.change_from(serie, serie.premier, heure=time(19))

        assert change.stayed == [(last, "salle déjà réservée")]
        assert (change.stayed[0][0].debut, len(change.moved)) == (last.debut, 9)

    def test_cancelled_and_moved_dates_are_left_alone(self):
        serie = SerieFactory()
        gone, moved, *_ = held(serie)
        planning.cancel(gone, Creneau.Motif.ORGANISATION, by=None)
        planning.move(moved, debut=moved.debut + WEEK / 7, fin=moved.fin + WEEK / 7)

        change = series.change_from(serie, serie.premier, duree=timedelta(hours=3))

        assert (change.untouched, len(change.moved)) == ([moved], 8)
        kept = [Occurrence.objects.get(pk=each.pk) for each in (gone, moved)]
        assert [each.fin for each in kept] == [gone.fin, moved.fin]

    def test_a_day_that_the_room_had_refused_comes_back_in_another(self):
        serie, make = build()
        ReservationFactory(salle=serie.salle, debut=serie.span(serie.days()[5])[0])
        series.plan(serie, make)

        change = series.change_from(serie, serie.premier, salle=SalleFactory(maison=serie.maison))

        assert [each.jour_serie for each in change.plan.booked] == [serie.days()[5]]
        assert (causes(serie), len(held(serie))) == ({}, 10)

    def test_a_change_that_no_date_can_take_is_refused(self):
        serie = SerieFactory()
        FermetureFactory(
            maison=serie.maison, salle=(room := SalleFactory(maison=serie.maison)),
            debut=serie.span(serie.premier)[0], fin=serie.span(serie.dernier)[1],
        )  # fmt: skip

        with pytest.raises(ValidationError, match="Aucune date ne peut changer : .*travaux"):
            series.change_from(serie, serie.premier, salle=room)

        assert {each.salle for each in held(serie)} == {serie.salle}

    def test_a_series_that_changed_in_between_is_not_written_over(self):
        serie = SerieFactory()
        stale = Serie.objects.get(pk=serie.pk)
        series.change_from(serie, serie.premier, heure=time(10))

        with pytest.raises(ValidationError, match="rechargez la page"):
            series.cancel_from(stale, stale.premier, Creneau.Motif.ORGANISATION)


@pytest.mark.django_db
class TestCancel:
    def test_the_dates_of_a_public_event_stay_cancelled(self):
        event = EvenementFactory(publie=True)
        serie = SerieFactory(evenement=event, maison=event.maison)
        day = serie.days()[3]

        gone = series.cancel_from(serie, day, Creneau.Motif.ORGANISATION, by=CompteFactory())

        serie.refresh_from_db()
        assert (len(gone), len(held(serie)), series.dates(serie).count()) == (7, 3, 10)
        assert serie.dernier == day - timedelta(days=1)

    def test_the_dates_of_a_draft_go(self):
        serie = SerieFactory()

        series.cancel_from(serie, serie.days()[3], Creneau.Motif.ORGANISATION)

        assert series.dates(serie).count() == 3

    def test_nothing_to_cancel_is_told(self):
        serie = SerieFactory()

        with pytest.raises(ValidationError, match="plus de date à venir"):
            series.cancel_from(serie, serie.dernier + timedelta(days=1), Creneau.Motif.ORGANISATION)


@pytest.mark.django_db
class TestPutBack:
    def test_a_day_comes_back_when_its_cause_has_gone(self):
        serie, make = build()
        taken = ReservationFactory(salle=serie.salle, debut=serie.span(serie.premier)[0])
        series.plan(serie, make)
        planning.cancel(taken, Creneau.Motif.DEMANDE, by=None)

        date = series.put_back(serie.ecartees.get())

        assert (date.jour_serie, date.titre) == (serie.premier, held(serie)[1].titre)
        assert (causes(serie), len(held(serie))) == ({}, 10)

    def test_a_day_whose_cause_is_still_there_does_not(self):
        serie, make = build()
        ReservationFactory(salle=serie.salle, debut=serie.span(serie.premier)[0])
        series.plan(serie, make)

        with pytest.raises(ValidationError, match="ne peut pas revenir : salle déjà réservée"):
            series.put_back(serie.ecartees.get())

        assert len(causes(serie)) == 1

    def test_a_person_may_pass_over_the_calendar(self):
        VilleFactory(zone_scolaire="C")
        serie = SerieFactory()
        left = DateEcartee.objects.create(
            serie=serie, jour=serie.premier + timedelta(days=1), cause=Cause.FERIE
        )

        series.put_back(left)

        assert len(held(serie)) == 11

    def test_a_date_taken_out_of_a_draft_is_kept_in_mind(self):
        serie = SerieFactory()

        series.take_out(held(serie)[0])

        assert causes(serie) == {serie.premier: (Cause.RETIREE, "retirée")}
        assert series.plan(serie, series.like(serie)) == ([], [])


@pytest.mark.django_db
def test_a_season_goes_on_until_a_later_day():
    serie = SerieFactory()

    booked, _ = series.extend(serie, serie.dernier + 3 * WEEK, by=CompteFactory())

    assert len(booked) == 3
    assert len(held(serie)) == 13
    serie.refresh_from_db()
    with pytest.raises(ValidationError, match="après le dernier jour"):
        series.extend(serie, serie.dernier)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["plan", "change", "cancel", "extend"])
def test_each_date_costs_a_constant_number_of_statements(act):
    counts = {}
    for weeks in (4, 14):
        serie, make = build()
        serie.dernier = serie.premier + (weeks - 1) * WEEK
        if act != "plan":
            series.plan(serie, make)
            planning.publish(series.dates(serie).first().evenement)
        acts = {
            "plan": lambda serie=serie, make=make: series.plan(serie, make),
            "change": lambda serie=serie: series.change_from(serie, serie.premier, heure=time(9)),
            "cancel": lambda serie=serie: series.cancel_from(serie, serie.premier, "organisation"),
            "extend": lambda serie=serie, w=weeks: series.extend(serie, serie.dernier + w * WEEK),
        }
        with CaptureQueriesContext(
            connection,
        ) as told:
            acts[act]()
        counts[weeks] = len(told)

    most = {"plan": 8, "change": 9, "cancel": 11, "extend": 8}[act]
    assert (counts[14] - counts[4]) / 10 <= most


def apart(act, *args, **kwargs):
    """On a connection of its own, in a thread."""
    try:
        return act(*args, **kwargs)
    finally:
        connection.close()


def waiting(count):
    """Whether so many connections come to wait for a lock."""
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] >= count:
                return True
            sleep(0.1)
    return False


@pytest.mark.django_db(transaction=True)
def test_a_series_queues_behind_who_holds_its_room():
    serie, make = build()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        planning.lock_rooms(Occurrence(salle=serie.salle))
        late = pool.submit(apart, series.plan, serie, make)
        assert waiting(1)
        ReservationFactory(salle=serie.salle, debut=serie.span(serie.premier)[0])

    assert [len(told) for told in late.result()] == [9, 1]


@pytest.mark.django_db(transaction=True)
def test_two_series_in_opposite_order_queue_and_do_not_deadlock():
    maison, before = MaisonFactory(), deadlocks()
    one, other = SalleFactory(maison=maison), SalleFactory(maison=maison)
    swaps = [(SerieFactory(maison=maison, salle=one), other, time(9))]
    swaps.append((SerieFactory(maison=maison, salle=other), one, time(14)))

    with ThreadPoolExecutor(2) as pool, transaction.atomic():
        planning.lock_rooms(Occurrence(salle=one), Occurrence(salle=other))
        late = [
            pool.submit(apart, series.change_from, serie, serie.premier, salle=room, heure=hour)
            for serie, room, hour in swaps
        ]
        assert waiting(2)

    assert [len(change.result().moved) for change in late] == [10, 10]
    assert deadlocks() == before


@pytest.mark.django_db(transaction=True)
def test_two_series_of_one_room_share_its_days():
    maison, before = MaisonFactory(), deadlocks()
    salle = SalleFactory(maison=maison)
    plans = [build(maison=maison, salle=salle) for _ in range(3)]

    told = race(*[lambda plan=plan: series.plan(*plan) for plan in plans])

    assert sorted(len(booked) for booked, _ in told) == [0, 0, 10]
    assert Creneau.objects.count() == 10
    assert DateEcartee.objects.filter(cause=Cause.SALLE).count() == 20
    assert deadlocks() == before


@pytest.mark.django_db(transaction=True)
def test_a_series_waits_for_a_closure_and_the_other_way_round():
    serie, make = build()
    first, last = serie.span(serie.days()[2])[0], serie.span(serie.days()[4])[1]
    closure = FermetureFactory.build(maison=serie.maison, debut=first, fin=last)

    (booked, left_out), _ = race(
        lambda: series.plan(serie, make), lambda: planning.close(closure) and None
    )

    hit = Creneau.objects.holding().during(first, last).count()
    assert (len(booked), len(left_out), hit) in [(7, 3, 0), (10, 0, 3)]


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["cancel", "change"])
def test_a_season_of_bookings_is_told_in_one_message(act):
    serie = SerieFactory.build(maison=MaisonFactory(), salle=None)
    serie.salle = SalleFactory(maison=serie.maison)
    serie.maison.reservations_max = 0
    serie.maison.save()
    before = serie.span(serie.premier)[0] - WEEK / 7
    booking = ReservationFactory(salle=serie.salle, maison=serie.maison, debut=before)
    series.plan(serie, lambda debut, fin: booking.again(debut=debut, fin=fin))

    if act == "cancel":
        series.cancel_from(serie, serie.premier, Creneau.Motif.ORGANISATION)
    else:
        series.change_from(serie, serie.premier, heure=time(15))

    message = Message.objects.get()
    assert message.destinataire == booking.demandeur.courriel
    for text in (message.texte, message.html):
        assert all(heures.short_day(day) in text for day in serie.days())
