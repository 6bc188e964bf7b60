"""What a permanence, its dates and its appointments may hold, whoever writes; who sees them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from permanences import lectures, rendez_vous, vacations
from permanences.models import Lecture, Permanence, RendezVous, Vacation
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    IntervenantFactory,
    MotifFactory,
    PermanenceFactory,
    RendezVousFactory,
    SerieFactory,
    VacationFactory,
)
from tests.maisons.test_planning import deadlocks

pytestmark = pytest.mark.django_db


def execute(sql, *args):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, args)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        (
            "rendezvous_un_par_guichet",
            "UPDATE permanences_rendezvous SET debut = (SELECT min(debut) FROM"
            " permanences_rendezvous)",
        ),
        ("rendezvous_fin_apres_debut", "UPDATE permanences_rendezvous SET fin = debut"),
        ("rendezvous_annule", "UPDATE permanences_rendezvous SET etat = 'annule'"),
        ("rendezvous_annule", "UPDATE permanences_rendezvous SET annule_le = now()"),
        ("rendezvous_de_quelqu_un", "UPDATE permanences_rendezvous SET nom = ''"),
        ("rendezvous_anonyme", "UPDATE permanences_rendezvous SET anonymise_le = now()"),
        (
            "rendezvous_expire_tant_qu_a_confirmer",
            "UPDATE permanences_rendezvous SET etat = 'a_confirmer'",
        ),
        ("vacation_retard", "UPDATE permanences_vacation SET direct = 'retard'"),
        ("vacation_guichets", "UPDATE permanences_vacation SET guichets = 21"),
        ("permanence_guichets", "UPDATE permanences_permanence SET guichets = 0"),
        ("permanence_adresse_libre", "UPDATE permanences_permanence SET slug = 'fiches'"),
        ("permanence_duree", "UPDATE permanences_permanence SET duree = 1"),
        ("service_rappels", "UPDATE permanences_service SET rappels = '{0}'"),
        ("service_conservation", "UPDATE permanences_service SET conservation = 0"),
        ("intervenant_fin_apres_debut", "UPDATE permanences_intervenant SET fin = '1999-01-01'"),
        ("creneau_a_son_enfant", "DELETE FROM permanences_vacation"),
        ("lecture_reste", "UPDATE permanences_lecture SET page = 'autre'"),
        ("lecture_reste", "DELETE FROM permanences_lecture"),
    ],
)
def test_the_database_refuses_what_must_never_be(rf, constraint, sql):
    permanence = IntervenantFactory().permanence
    vacation = VacationFactory(permanence=permanence)
    first, second = vacation.slots()[:2]
    rows = [RendezVousFactory(vacation=vacation, debut=debut) for debut, _ in (first, second)]
    request = rf.get("/")
    request.user = CompteFactory()
    lectures.note(request, rows, "journee")
    if "DELETE FROM permanences_vacation" in sql:
        RendezVous.objects.all().delete()

    with pytest.raises(IntegrityError, match=constraint):
        execute(sql)


def test_a_log_of_readings_is_emptied_after_its_time(rf):
    request = rf.get("/")
    request.user = CompteFactory()
    lectures.note(request, [RendezVousFactory()], "journee")
    Lecture.objects.bulk_create(
        [Lecture(rendez_vous_id=1, le=timezone.now() - timedelta(days=days)) for days in (184, 366)]
    )

    Lecture.objects.outdated(timezone.now()).delete()

    assert Lecture.objects.count() == 2


def test_slots_leave_the_breaks_out_and_begin_again_after_them():
    permanence = PermanenceFactory()
    permanence.pauses.create(debut=time(15, 10), fin=time(15, 25))
    day = timezone.localdate() + timedelta(days=2)
    vacation = VacationFactory(
        permanence=permanence, debut=starts_at(day, time(14)), fin=starts_at(day, time(17))
    )

    starts = [f"{timezone.localtime(debut):%H:%M}" for debut, _ in vacation.slots()]

    assert starts == ["14:00", "14:30", "15:25", "15:55", "16:25"]


def test_a_drop_in_has_no_slots():
    assert VacationFactory(permanence__mode="sans_rdv").slots() == []


def test_each_desk_takes_one_person_and_the_next_is_told():
    vacation = VacationFactory(permanence=PermanenceFactory(guichets=2))

    taken = [RendezVousFactory(vacation=vacation).guichet for _ in range(2)]

    assert taken == [1, 2]
    with pytest.raises(ValidationError, match="vient d’être pris"):
        RendezVousFactory(vacation=vacation)


@pytest.mark.parametrize("shift", [timedelta(minutes=10), timedelta(hours=2), timedelta(days=1)])
def test_only_its_own_slots_are_taken(shift):
    vacation = VacationFactory()

    with pytest.raises(ValidationError, match="n’est pas proposé"):
        RendezVousFactory(vacation=vacation, debut=vacation.debut + shift)


def test_a_reason_is_one_of_its_service():
    with pytest.raises(ValidationError, match="dans la liste"):
        RendezVousFactory(motif=MotifFactory())


def test_what_is_cancelled_frees_its_place_once():
    taken = RendezVousFactory()
    rendez_vous.cancel(taken)

    assert RendezVousFactory(vacation=taken.vacation).guichet == 1
    with pytest.raises(ValidationError, match="déjà annulé"):
        rendez_vous.cancel(taken)


def test_a_cancelled_date_takes_nobody():
    vacation = VacationFactory()
    planning.cancel(vacation, Vacation.Motif.ORGANISATION, by=None)

    with pytest.raises(ValidationError, match="annulée"):
        RendezVousFactory(vacation=vacation)


@pytest.mark.django_db(transaction=True)
def test_eight_rivals_want_the_last_place_and_one_has_it():
    vacation, before = VacationFactory(), deadlocks()

    def wins(rank):
        try:
            return bool(RendezVousFactory(vacation=vacation, courriel=f"{rank}@ville.example"))
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(wins, range(8)))

    assert sum(won) == 1
    assert deadlocks() == before


def test_a_series_makes_its_dates_and_publishing_them_shows_them():
    permanence = PermanenceFactory(mode="mixte")
    serie = SerieFactory.build(maison=permanence.maison, salle=permanence.salle)

    plan = vacations.plan(permanence, serie)
    vacations.publish(permanence)

    assert len(plan.booked) == 10
    dates = Vacation.objects.filter(permanence=permanence)
    assert {date.mention for date in dates} == {"avec ou sans rendez-vous"}
    assert all(date.publie_le for date in dates)


class TestWhoComes:
    """Who comes is for whoever holds the permanence and, that day, for the desk of its house."""

    @pytest.fixture
    def row(self, time_machine):
        starts = starts_at(timezone.localdate(), time(9))
        time_machine.move_to(starts - timedelta(hours=1))
        permanence = PermanenceFactory()
        vacation = VacationFactory(permanence=permanence, debut=starts)
        return RendezVousFactory(vacation=vacation, debut=starts)

    @staticmethod
    def seen(user):
        return RendezVous.objects.managed_by(user).exists()

    def test_whoever_holds_it_reads_why(self, row):
        holder = IntervenantFactory(permanence=row.vacation.permanence).compte

        assert self.seen(holder)
        assert RendezVous.objects.with_reason_for(holder).get() == row

    @pytest.mark.parametrize("role", ["accueil", "direction"])
    def test_the_desk_sees_that_day_without_the_reason(self, row, role):
        desk = AffectationFactory(maison=row.vacation.maison, role=role).compte

        assert self.seen(desk)
        assert not RendezVous.objects.with_reason_for(desk).exists()

    def test_the_desk_does_not_see_another_day(self, row):
        date, day = row.vacation, timedelta(days=1)
        planning.move(date, by=None, debut=date.debut + day, fin=date.fin + day)

        assert not self.seen(AffectationFactory(maison=row.vacation.maison).compte)

    def test_nobody_else_does(self, row):
        yesterday = timezone.localdate() - timedelta(days=1)
        over = {"debut": yesterday, "fin": yesterday}
        others = [
            CompteFactory(),
            CompteFactory(is_superuser=True),
            AffectationFactory().compte,
            IntervenantFactory().compte,
            IntervenantFactory(permanence=row.vacation.permanence, **over).compte,
            AffectationFactory(maison=row.vacation.maison, **over).compte,
        ]

        assert not any(self.seen(other) for other in others)

    def test_a_permanence_is_managed_where_one_works_or_holds(self, row):
        permanence = row.vacation.permanence
        PermanenceFactory()
        staff = [
            IntervenantFactory(permanence=permanence).compte,
            AffectationFactory(maison=permanence.maison).compte,
        ]

        for one in staff:
            assert Permanence.objects.managed_by(one).get() == permanence
            assert Vacation.objects.managed_by(one).get() == row.vacation
        assert not Permanence.objects.managed_by(CompteFactory()).exists()
