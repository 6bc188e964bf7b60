"""A date that moves takes its appointments with it; one that is cancelled keeps none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from maisons import fermetures, planning, series
from maisons.models import Creneau
from maisons.prevenir import channels
from notifications.models import Message
from permanences import presences, rendez_vous, vacations
from permanences.models import Permanence, RendezVous, Service, Vacation
from tests.factories import (
    CompteFactory,
    FermetureFactory,
    PermanenceFactory,
    RendezVousFactory,
    SalleFactory,
    SerieFactory,
    VacationFactory,
    VilleFactory,
)
from tests.permanences.test_noyau import execute

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ORGANISATION = Creneau.Motif.ORGANISATION


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def vacation():
    return VacationFactory(permanence=PermanenceFactory(guichets=2))


def taken(vacation, count=3, **fields):
    """So many appointments, one after the other at two desks."""
    starts = [debut for debut, _ in vacation.slots() for _ in range(vacation.guichets)]
    return [RendezVousFactory(vacation=vacation, debut=at, **fields) for at in starts[:count]]


def letters(what):
    return Message.objects.filter(cle__contains=f":{what}:")


def settled():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestCancelled:
    def test_nobody_keeps_an_appointment_and_each_is_told_once(self, vacation):
        rows = taken(vacation)

        planning.cancel(vacation, ORGANISATION, by=None)

        settled()
        assert {row.etat for row in RendezVous.objects.all()} == {"annule"}
        assert letters("absence").count() == len(rows)
        with pytest.raises(ValidationError, match="déjà annulée"):
            planning.cancel(vacation, ORGANISATION, by=None)
        assert letters("absence").count() == len(rows)

    def test_a_closure_gives_its_reason(self, vacation):
        taken(vacation, 1)
        span = {"debut": vacation.debut - HOUR, "fin": vacation.fin + HOUR}
        city = CompteFactory(is_superuser=True)
        closure = FermetureFactory(maison=vacation.maison, motif="travaux électriques", **span)

        fermetures.settle(closure, {vacation.pk: fermetures.ANNULER}, by=city)

        letter = letters("absence").get()
        told = f"{vacation.maison} ferme\u00a0: travaux électriques."
        assert told in letter.texte
        assert told in letter.html

    def test_who_came_before_keeps_theirs(self, vacation):
        came, honoured, coming = taken(vacation)
        RendezVous.objects.filter(pk=came.pk).update(arrive_le=timezone.now())
        RendezVous.objects.filter(pk=honoured.pk).update(etat="honore")

        planning.cancel(vacation, ORGANISATION, by=None)

        settled()
        states = dict(RendezVous.objects.values_list("pk", "etat"))
        assert states == {came.pk: "pris", honoured.pk: "honore", coming.pk: "annule"}
        assert letters("absence").count() == 1

    def test_a_place_kept_too_long_is_let_go_and_nobody_is_told(self, vacation):
        taken(vacation, 1)
        ago = timezone.now() - HOUR
        RendezVous.objects.update(etat="a_confirmer", expire_le=ago)

        planning.cancel(vacation, ORGANISATION, by=None)

        settled()
        assert RendezVous.objects.get().etat == "expire"
        assert not letters("absence").exists()

    def test_a_date_of_a_draft_is_taken_away(self, vacation):
        vacations.cancel(vacation)

        assert not Vacation.objects.exists()

    def test_a_public_one_stays_and_says_so(self):
        permanence = PermanenceFactory(publie=True)

        vacations.cancel(permanence.vacations.get())

        assert permanence.vacations.get().annule_le


class TestMoved:
    @pytest.mark.parametrize("shift", [HOUR / 2, -HOUR / 2, timedelta(days=3)])
    def test_appointments_keep_their_place_in_it(self, vacation, shift):
        rows = taken(vacation, 4)
        before = {row.pk: row.debut for row in rows}

        span = {"debut": vacation.debut + shift, "fin": vacation.fin + shift}
        planning.move(vacation, by=None, **span)

        settled()
        now = dict(RendezVous.objects.values_list("pk", "debut"))
        assert now == {key: debut + shift for key, debut in before.items()}
        assert letters("absence_deplace").count() == 4
        assert "Avant" in letters("absence_deplace").first().texte

    def test_another_room_is_told_too(self, vacation):
        (row,) = taken(vacation, 1)
        other = SalleFactory(maison=vacation.maison)

        planning.move(vacation, by=None, salle=other)

        settled()
        assert RendezVous.objects.get().debut == row.debut
        assert str(other) in letters("absence_deplace").get().texte

    def test_a_longer_one_tells_nobody(self, vacation):
        taken(vacation, 1)

        planning.move(vacation, by=None, fin=vacation.fin + HOUR)

        settled()
        assert not letters("absence_deplace").exists()

    def test_one_too_short_is_refused_and_nothing_changes(self, vacation):
        rows = taken(vacation, 7)
        before, fin = [row.debut for row in rows], vacation.fin

        with pytest.raises(ValidationError, match="hors de ces heures"):
            planning.move(vacation, by=None, fin=vacation.fin - HOUR)

        settled()
        assert list(RendezVous.objects.order_by("pk").values_list("debut", flat=True)) == before
        assert Vacation.objects.get().fin == fin

    def test_those_of_a_series_follow_it(self):
        permanence = PermanenceFactory()
        serie = SerieFactory.build(maison=permanence.maison, salle=permanence.salle)
        first, second, *_ = vacations.plan(permanence, serie).booked
        rows = taken(first, 1) + taken(second, 1)
        before = [row.debut for row in rows]
        later = (timezone.localtime(second.debut) + HOUR).time()

        series.change_from(second.serie, second.jour_serie, heure=later, duree=serie.duree)

        settled()
        now = list(RendezVous.objects.order_by("pk").values_list("debut", flat=True))
        assert now == [before[0], before[1] + HOUR]
        assert letters("absence_deplace").count() == 1


class TestMovedOnItsDay:
    """What was noted of it already stays true."""

    @pytest.fixture
    def received(self, vacation, time_machine):
        """Somebody came before their hour, and was received."""
        time_machine.move_to(vacation.debut - HOUR / 2)
        return taken(vacation, 3)[0]

    @staticmethod
    def move(vacation, shift):
        vacation = Vacation.objects.get(pk=vacation.pk)
        span = {"debut": vacation.debut + shift, "fin": vacation.fin + shift}
        planning.move(vacation, by=None, **span)

    @pytest.mark.parametrize("shift", [HOUR / 2, timedelta(days=1)])
    def test_who_is_there_must_be_noted_first(self, vacation, received, shift):
        RendezVous.objects.filter(pk=received.pk).update(arrive_le=timezone.now())

        with pytest.raises(ValidationError, match="Notez d’abord"):
            self.move(vacation, shift)

    def test_so_must_those_whose_hour_has_passed(self, vacation, received, time_machine):
        time_machine.move_to(received.fin)

        with pytest.raises(ValidationError, match="Notez d’abord"):
            self.move(vacation, timedelta(days=1))

    def test_nobody_takes_the_hour_of_who_was_received(self, vacation, received):
        RendezVous.objects.filter(pk=received.pk).update(etat="honore")

        with pytest.raises(ValidationError, match="déjà été reçu"):
            self.move(vacation, -HOUR / 3)
        self.move(vacation, HOUR)

        settled()
        received.refresh_from_db()
        assert received.debut == vacation.debut

    def test_their_place_may_be_gone_when_they_are_waited_for_again(self, vacation, received):
        RendezVous.objects.filter(pk=received.pk).update(etat="honore")
        self.move(vacation, HOUR)

        with pytest.raises(ValidationError, match="n’existe plus"):
            presences.note(received, "attendu")

        settled()

    def test_who_has_not_confirmed_may_not_after_it_begins(self, vacation, received):
        soon = received.debut - HOUR / 6
        RendezVous.objects.update(etat="a_confirmer", expire_le=soon)

        self.move(vacation, -HOUR / 3)

        first = RendezVous.objects.get(pk=received.pk)
        assert first.expire_le == first.debut


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE permanences_rendezvous SET debut = debut - interval '1 day',"
        " fin = fin - interval '1 day'",
        "UPDATE permanences_rendezvous SET fin = fin + interval '9 hours'",
        "UPDATE permanences_rendezvous SET guichet = 3",
        "UPDATE permanences_vacation SET guichets = 0",
        "UPDATE maisons_creneau SET fin = debut + interval '1 minute'",
        "UPDATE maisons_creneau SET debut = fin - interval '1 minute'",
        "UPDATE maisons_creneau SET annule_le = now(), motif_annulation = 'organisation'",
    ],
)
def test_the_database_refuses_an_appointment_outside_its_date(vacation, sql):
    taken(vacation, 1)
    settled()

    with pytest.raises(IntegrityError, match="dans sa permanence"):
        execute(sql)


def test_the_database_refuses_a_new_one_outside_its_date(vacation):
    (row,) = taken(vacation, 1)
    row.pk, row._state.adding, row.guichet = None, True, 3
    row.give_code()
    row.jeton = "00000000-0000-4000-8000-000000000000"

    with transaction.atomic():
        row.save()
        with pytest.raises(IntegrityError, match="dans sa permanence"):
            settled()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_taking_a_place_and_cancelling_the_date_wait_for_each_other():
    for rank in range(6):
        vacation = VacationFactory()

        def take(vacation=vacation):
            try:
                RendezVousFactory(vacation=vacation)
            except ValidationError as error:
                return error.messages[0]
            finally:
                connection.close()

        def cancel(vacation=vacation):
            try:
                planning.cancel(Vacation.objects.get(pk=vacation.pk), ORGANISATION, by=None)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            acts = [take, cancel] if rank % 2 else [cancel, take]
            for done in [pool.submit(act) for act in acts]:
                done.result()

    assert not RendezVous.objects.awaited().exists()


class TestClosure:
    """A closure of the house tells those with an appointment once, and names none of them."""

    @pytest.fixture
    def closure(self, vacation):
        taken(vacation, 3)
        span = {"debut": vacation.debut - HOUR, "fin": vacation.fin + HOUR}
        return FermetureFactory(maison=vacation.maison, **span)

    def test_people_are_counted_not_named(self, closure):
        rows = fermetures.proposals(closure, CompteFactory(is_superuser=True))

        told = channels(rows)
        assert [row.contacts for row in rows] == [[]]
        assert (told["written"], told["public"], told["nobody"]) == (3, 0, 0)

    def test_cancelled_they_are_told_once(self, closure, vacation):
        agent = CompteFactory(is_superuser=True)

        for _ in range(2):
            fermetures.settle(closure, {vacation.pk: fermetures.ANNULER}, by=agent)

        settled()
        assert letters("absence").count() == Message.objects.filter(cle__contains="absence").count()
        assert letters("absence").count() == 3
        assert not Message.objects.filter(cle__startswith="fermeture:").exists()

    def test_moved_they_are_told_the_room(self, closure, vacation):
        closure.salle = vacation.salle
        closure.save()
        other = SalleFactory(maison=vacation.maison)

        fermetures.settle(closure, {vacation.pk: other.pk}, by=CompteFactory(is_superuser=True))

        settled()
        assert letters("absence_deplace").count() == 3
        assert str(other) in letters("absence_deplace").first().texte


class TestDescribed:
    """What a permanence and its service say, its dates to come say too."""

    def test_a_service_that_changes_tells_its_dates(self):
        permanence = PermanenceFactory(publie=True)
        Service.objects.update(nom="Écrivain public", chapeau="On écrit avec vous.")

        vacations.describe_service(Service.objects.get())

        date = permanence.vacations.get()
        assert (date.titre, date.resume) == ("Écrivain public", "On écrit avec vous.")

    def test_how_one_comes_is_told_but_what_was_said_today_stays(self):
        permanence = PermanenceFactory()
        quiet, full = VacationFactory.create_batch(2, permanence=permanence)
        planning.change(full, direct=Vacation.Direct.COMPLETE)
        permanence.mode = Permanence.Mode.MIXTE
        permanence.save()

        vacations.describe(permanence)

        assert Vacation.objects.get(pk=quiet.pk).mention == "avec ou sans rendez-vous"
        assert Vacation.objects.get(pk=full.pk).mention == "complet pour aujourd’hui"

    def test_where_a_date_went_stays_told(self):
        permanence = PermanenceFactory()
        date, other = VacationFactory(permanence=permanence), SalleFactory(maison=permanence.maison)
        planning.move(date, by=None, salle=other)

        vacations.describe(permanence)

        assert Vacation.objects.get().mention == f"{other} : sur rendez-vous"

    @pytest.mark.parametrize(("mode", "guichets", "kept"), [("sans_rdv", 5, 2), ("rdv", 4, 4)])
    def test_desks_follow_but_none_that_somebody_has(self, vacation, mode, guichets, kept):
        taken(vacation, 2)
        permanence = vacation.permanence
        permanence.mode, permanence.guichets = mode, guichets

        vacations.describe(permanence)

        settled()
        assert Vacation.objects.get().guichets == kept

    def test_a_cancelled_draft_stays_private_when_the_rest_is_published(self):
        permanence = PermanenceFactory()
        gone, kept = VacationFactory.create_batch(2, permanence=permanence)
        planning.cancel(gone, ORGANISATION, by=None)

        vacations.publish(permanence)

        assert Vacation.objects.public().get() == kept

    def test_without_a_date_nothing_is_published(self):
        with pytest.raises(ValidationError, match="au moins une date"):
            vacations.publish(PermanenceFactory())


def test_a_replacement_is_read_by_the_public_and_moves_nobody(vacation):
    (row,) = taken(vacation, 1)

    vacations.replace(vacation, "Inès Martin")

    settled()
    assert Vacation.objects.get().remplacant == "Inès Martin"
    assert RendezVous.objects.get().sequence == row.sequence
    assert not letters("absence_deplace").exists()
    rendez_vous.cancel(row)
