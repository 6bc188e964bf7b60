"""The hours of room of an association: what counts, what does not, what it is worth, who reads."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from associations import activites, budget, prets
from associations.models import BudgetHeures, EvenementOrganise
from maisons import planning
from maisons.models import Creneau
from tests.factories import (
    ActiviteFactory,
    AdhesionFactory,
    AffectationFactory,
    AssociationFactory,
    BudgetHeuresFactory,
    CompteFactory,
    EvenementFactory,
    EvenementOrganiseFactory,
    MembreFactory,
    MiseADispositionFactory,
    OccurrenceFactory,
    SalleFactory,
    SeanceFactory,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def read(row):
    return budget.Bilan(budget.counted().get(pk=row.pk))


def admin(name, *args):
    return reverse(f"admin:associations_{name}", args=args)


@pytest.fixture
def row():
    """A budget of ten hours, of an association that somebody answers for."""
    association = MembreFactory().association
    AdhesionFactory(association=association)
    return BudgetHeuresFactory(association=association)


def test_sessions_loans_and_events_count_and_nobody_elses(row):
    mine = {"association": row.association}
    SeanceFactory(activite=ActiviteFactory(**mine))
    loan = MiseADispositionFactory(**mine)
    planning.confirm(loan, by=None)
    MiseADispositionFactory(**mine)
    event = EvenementFactory()
    OccurrenceFactory(evenement=event, salle=SalleFactory(maison=event.maison))
    EvenementOrganiseFactory(evenement=event, **mine)
    for foreign in (SeanceFactory, MiseADispositionFactory, OccurrenceFactory):
        foreign()

    found = read(row)

    lasted = event.occurrences.get().fin - event.occurrences.get().debut
    assert found.budget.seances == found.budget.prets == found.asked == 2 * HOUR
    assert found.budget.evenements == lasted
    assert (found.used, found.left) == (4 * HOUR + lasted, 6 * HOUR - lasted)
    assert found.value(found.used) == Decimal("10") * int((4 * HOUR + lasted) / HOUR)


@pytest.mark.parametrize("case", ["cancelled", "refused", "no room", "before", "after"])
def test_what_takes_no_room_of_the_season_does_not_count(row, case):
    mine = {"association": row.association}
    match case:
        case "cancelled":
            seance = SeanceFactory(activite=ActiviteFactory(publie=True, **mine))
            for one in seance.activite.seances.all():
                activites.cancel(one)
        case "refused":
            prets.answer(MiseADispositionFactory(**mine), by=None, motif_refus="ordre", reponse="")
        case "no room":
            SeanceFactory(activite=ActiviteFactory(salle=None, **mine))
        case "before" | "after":
            pret = MiseADispositionFactory(**mine)
            day = timezone.localdate(pret.debut)
            shift = timedelta(days=1 if case == "before" else -1)
            row.premier, row.dernier = day + shift, day + shift
            row.save()

    found = read(row)

    assert (found.used, found.asked) == (timedelta(), timedelta())


@pytest.mark.parametrize("edge", ["premier", "dernier"])
def test_both_ends_of_the_season_count_by_the_local_day(row, edge):
    late = datetime(2027, 3, 10, 23, 30, tzinfo=timezone.get_default_timezone())
    span = {"debut": late, "fin": late + HOUR}  # in UTC it begins on the same day, ends on the next
    MiseADispositionFactory(association=row.association, **span)
    bounds = {"premier": date(2027, 1, 1), "dernier": date(2027, 12, 31)}
    row.premier, row.dernier = (bounds | {edge: date(2027, 3, 10)}).values()
    row.save()

    assert read(row).asked == HOUR


@pytest.mark.parametrize(
    ("day", "lasted"),
    [
        ((2027, 3, 27), 3 * HOUR),  # the clock goes forward in the night: 23:00 to 3:00
        ((2027, 10, 30), 5 * HOUR),  # and back: 23:00 to 3:00
        ((2027, 10, 23), 4 * HOUR),
    ],
)
def test_an_hour_is_one_that_passes_when_the_clock_changes(row, day, lasted):
    zone = timezone.get_default_timezone()
    starts = datetime(*day, 23, tzinfo=zone)
    ends = datetime(*day, 3, tzinfo=zone) + timedelta(days=1)
    MiseADispositionFactory(association=row.association, debut=starts, fin=ends)

    assert read(row).asked == lasted


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "0\u00a0h"),
        (1.5 * HOUR, "1\u00a0h\u00a030"),
        (-3 * HOUR, "−3\u00a0h"),
        (1234 * HOUR, "1234\u00a0h"),
    ],
)
def test_hours_in_words(length, words):
    assert budget.in_words(length) == words


def test_a_request_that_passes_the_budget_warns_and_is_still_made(client, row):
    BudgetHeures.objects.update(heures=3)
    MiseADispositionFactory(association=row.association)
    client.force_login(row.association.membres.earliest("pk").compte)
    room = SalleFactory()
    typed = {"association": row.association.pk, "usage": "reunion", "salle": room.pk}
    day = timezone.localdate() + timedelta(days=9)

    page = client.post(
        admin("miseadisposition_add"),
        typed | {"jour": f"{day}", "de": "18:00", "a": "20:00"},
        follow=True,
    ).content.decode()

    assert "serait dépassé : 0\u00a0h utilisées, 4\u00a0h demandées, sur 3\u00a0h." in page
    assert row.association.prets.count() == 2


def test_who_answers_reads_the_warning_and_decides(client, row):
    BudgetHeures.objects.update(heures=1)
    pret = MiseADispositionFactory(association=row.association)
    client.force_login(AffectationFactory(maison=pret.maison).compte)

    page = client.get(admin("miseadisposition_accorder", pret.pk)).content.decode()
    client.post(admin("miseadisposition_accorder", pret.pk), {"reponse": ""})

    pret.refresh_from_db()
    assert "À vous de décider." in page
    assert pret.etat == "confirmee"


def test_no_warning_within_the_budget_nor_without_one(row):
    inside = MiseADispositionFactory(association=row.association)
    without = MiseADispositionFactory()

    assert budget.warnings([inside]) == budget.warnings([without]) == []


@pytest.mark.parametrize("count", [1, 3])
def test_all_the_budgets_cost_one_statement(django_assert_num_queries, count):
    for pret in [MiseADispositionFactory() for _ in range(count)]:
        BudgetHeuresFactory(association=pret.association)

    with django_assert_num_queries(1):
        rows = [budget.Bilan(row).asked for row in budget.counted().select_related("association")]

    assert rows == [2 * HOUR] * count


@pytest.mark.parametrize("count", [1, 3])
def test_the_city_reads_them_all_at_constant_cost(client, count, django_assert_num_queries):
    client.force_login(CompteFactory(is_superuser=True))
    rows = BudgetHeuresFactory.create_batch(count)
    with django_assert_num_queries(7):
        page = client.get(admin("budgetheures_changelist"))

    assert set(page.context["cl"].result_list) == set(rows)
    assert "100,00\u00a0€" not in page.content.decode()  # nothing is used


def test_the_city_finds_those_that_are_passed(client, row):
    BudgetHeures.objects.update(heures=1)
    MiseADispositionFactory(association=row.association)
    BudgetHeuresFactory()
    client.force_login(CompteFactory(is_superuser=True))

    page = client.get(admin("budgetheures_changelist"), {"situation": "depasse"})

    assert list(page.context["cl"].result_list) == [row]


def test_an_association_reads_its_own_and_writes_nothing(client, row):
    foreign = BudgetHeuresFactory()
    client.force_login(row.association.membres.earliest("pk").compte)

    listed = client.get(admin("budgetheures_changelist"))
    shown = client.get(admin("budgetheures_change", row.pk)).content.decode()
    forged = client.post(admin("budgetheures_change", row.pk), {"heures": "9999"})

    assert list(listed.context["cl"].result_list) == [row]
    assert "100,00\u00a0€" in shown
    assert forged.status_code == 403
    assert client.get(admin("budgetheures_change", foreign.pk)).status_code == 404
    row.refresh_from_db()
    assert row.heures == 10


def test_seasons_of_one_association_do_not_overlap(row):
    again = BudgetHeures(association=row.association, heures=5)
    again.premier, again.dernier = row.dernier, row.dernier + timedelta(days=9)

    with pytest.raises(ValidationError, match="déjà un budget"):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


@pytest.mark.parametrize("role", ["accueil", "ville"])
def test_the_house_says_who_organises_an_event_by_name(client, role):
    event = EvenementFactory(titre="Loto du printemps")
    association = AssociationFactory(nom="Les Amis du loto")
    agent = AffectationFactory(maison=event.maison).compte
    client.force_login(agent if role == "accueil" else CompteFactory(is_superuser=True))

    client.post(admin("evenementorganise_add"), {"association": "du loto", "evenement": "Loto"})
    again = client.post(
        admin("evenementorganise_add"), {"association": "du loto", "evenement": "Loto"}
    )

    [link] = EvenementOrganise.objects.all()
    assert (link.association, link.evenement) == (association, event)
    assert "C’est déjà noté." in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("zzz", "Aucun nom de la liste"), ("fête", "Plusieurs noms"), ("ailleurs", "Aucun nom")],
)
def test_a_name_that_says_too_little_is_told(client, typed, sentence):
    maison = EvenementFactory(titre="Fête des Lavoirs").maison
    EvenementFactory(titre="Fête de la soupe", maison=maison)
    EvenementFactory(titre="Bal d’ailleurs")
    AssociationFactory(nom="Les Amis du loto")
    client.force_login(AffectationFactory(maison=maison).compte)

    page = client.post(admin("evenementorganise_add"), {"association": "loto", "evenement": typed})

    assert sentence in page.content.decode()
    assert not EvenementOrganise.objects.exists()


def test_a_loan_cancelled_by_a_closure_does_not_count(row):
    pret = MiseADispositionFactory(association=row.association)
    planning.confirm(pret, by=None)

    planning.cancel(pret, Creneau.Motif.FERMETURE, by=None)

    assert read(row).used == timedelta()


def test_days_in_the_wrong_order_are_told_beside_the_last(client):
    client.force_login(CompteFactory(is_superuser=True))
    ours = AssociationFactory()
    days = {"premier": "2026-09-01", "dernier": "2026-01-01"}

    page = client.post(
        admin("budgetheures_add"),
        {"association": ours.pk, "heures": "10", "valeur_heure": "0"} | days,
    )

    assert "doit suivre" in page.context["adminform"].form.errors["dernier"][0]
    assert not BudgetHeures.objects.exists()
