"""The day of who is on duty, on a phone (issue 7, point 7; parcours A6, A7; epreuves G18)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from permanences import direct
from permanences.models import Lecture, Passage, RendezVous
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    IntervenantFactory,
    MotifFactory,
    PermanenceFactory,
    RendezVousFactory,
    VacationFactory,
)
from tests.permanences.conftest import TODAY, at

pytestmark = pytest.mark.django_db
DAY = "/gestion/permanences/jour/"


def place(vacation, nom, hour, minute=0, **fields):
    service = vacation.permanence.service
    motif = service.motifs.first() or MotifFactory(service=service, libelle="Un litige de loyer")
    values = {"nom": nom, "debut": at(hour, minute), "motif": motif}
    return RendezVousFactory(vacation=vacation, **values | fields)


@pytest.fixture
def people(vacation):
    return [place(vacation, "Camille", 10, 30), place(vacation, "Yacine", 11)]


def read(client, user, path=DAY):
    client.force_login(user)
    response = client.get(path)
    return response.content.decode() if response.status_code == 200 else response.status_code


def note(client, user, row, venue):
    client.force_login(user)
    path = reverse("admin:permanences_rendezvous_note", args=[row.pk])
    return client.post(path, {"venue": venue})


def noted(row):
    row.refresh_from_db()
    return row.etat, row.arrive_le


def readings():
    return list(Lecture.objects.order_by("rendez_vous").values_list("rendez_vous", flat=True))


def test_who_noted_it_last_is_kept_and_when(client, people, holder, desk):
    note(client, desk, people[0], "arrive")
    people[0].refresh_from_db()
    assert (people[0].note_par, people[0].note_le) == (desk, timezone.now())

    note(client, holder, people[0], "recu")
    note(client, desk, people[0], "recu")  # nothing new

    people[0].refresh_from_db()
    assert people[0].note_par == holder


# Who reads what.


def test_who_holds_it_reads_who_comes_and_why(client, vacation, holder, people):
    page = read(client, holder)

    assert all(word in page for word in ("Camille", "Yacine", "Un litige de loyer"))
    assert readings() == [row.pk for row in people]


def test_the_desk_reads_the_hours_without_the_names(client, desk, people):
    page = read(client, desk)

    assert "10 h 30".replace(" ", "\u00a0") in page
    assert not any(word in page for word in ("Camille", "Yacine", "litige"))
    assert readings() == []


def test_the_desk_reads_the_name_of_whom_it_serves(client, vacation, desk, people):
    page = read(client, desk, note(client, desk, people[1], "arrive").url)

    assert "Yacine" in page
    assert "Camille" not in page
    assert "litige" not in page
    assert readings() == [people[1].pk]


def test_the_desk_may_ask_for_the_names_and_never_the_reason(client, vacation, desk, people):
    page = read(client, desk, f"{DAY}?date={vacation.pk}&noms=1")

    assert "Camille" in page
    assert "litige" not in page
    assert readings() == [row.pk for row in people]


def test_the_desk_sees_today_alone(client, desk, vacation, people):
    tomorrow = TODAY + timedelta(days=1)
    later = VacationFactory(permanence=vacation.permanence, debut=at(10, on=tomorrow))
    RendezVousFactory(vacation=later, nom="Fatou")

    page = read(client, desk, f"{DAY}?jour={tomorrow}&date={later.pk}&noms=1")

    assert vacation.titre in page
    assert "Fatou" not in page
    assert readings() == []


@pytest.mark.parametrize("query", ["", "?date={pk}", "?date={pk}&noms=1", "?date={pk}&servi=1"])
def test_to_others_the_day_is_nowhere_or_empty(client, vacation, people, query):
    path = DAY + query.format(pk=vacation.pk)
    yesterday = {"debut": TODAY - timedelta(days=2), "fin": TODAY - timedelta(days=1)}
    nowhere = [
        CompteFactory(),
        CompteFactory(is_superuser=True),
        IntervenantFactory(permanence=vacation.permanence, **yesterday).compte,
    ]
    elsewhere = [IntervenantFactory().compte, AffectationFactory().compte]

    assert [read(client, user, path) for user in nowhere] == [404, 404, 404]
    for user in elsewhere:
        page = read(client, user, path)
        assert page == 404 if query else "Aucune permanence" in page
    assert readings() == []


def test_an_administrator_who_holds_a_permanence_reads_their_own_alone(client, vacation, people):
    ville = CompteFactory(is_superuser=True)
    own = PermanenceFactory()
    VacationFactory(permanence=own, debut=at(10))
    IntervenantFactory(permanence=own, compte=ville)

    assert "Camille" not in read(client, ville)
    assert read(client, ville, f"{DAY}?date={vacation.pk}") == 404


def test_the_next_person_is_the_first_who_was_not_received(client, holder, people):
    note(client, holder, people[0], "recu")

    page = read(client, holder)

    first = page.index("Prochaine personne")
    assert page[first : first + 200].count("Yacine") == 1


def test_arrived_at_the_desk_is_seen_on_the_phone_of_who_receives(client, desk, holder, people):
    note(client, desk, people[0], "arrive")

    assert "là depuis 10\u00a0h\u00a010" in read(client, holder)


@pytest.mark.parametrize("count", [1, 3])
def test_the_day_costs_constant_statements(
    client, django_assert_num_queries, vacation, holder, count
):
    for rank in range(count):
        place(vacation, f"Personne {rank}", 10, 30, debut=vacation.slots()[rank][0])
    VacationFactory.create_batch(count, permanence__maison=vacation.maison, debut=at(14))
    client.force_login(holder)

    with django_assert_num_queries(14):
        response = client.get(DAY)

    assert len(response.context["journee"].lines) == count
    assert Lecture.objects.count() == count


# What is noted, one tap each.


@pytest.mark.parametrize("who", ["holder", "desk"])
@pytest.mark.parametrize(
    ("venue", "etat", "there"),
    [("arrive", "pris", True), ("recu", "honore", True), ("absent", "manque", False)],
)
def test_one_tap_notes_who_came_and_another_undoes_it(
    client, request, people, who, venue, etat, there
):
    user, row = request.getfixturevalue(who), people[0]
    kept = (etat, at(10, 10) if there else None)

    note(client, user, row, venue)
    assert noted(row) == kept
    note(client, user, row, "attendu")

    assert noted(row) == ("pris", None)


def test_noted_again_nothing_changes(client, desk, people, time_machine):
    note(client, desk, people[0], "arrive")
    time_machine.move_to(at(10, 40))

    note(client, desk, people[0], "arrive")

    assert noted(people[0]) == ("pris", at(10, 10))


def test_received_keeps_the_hour_of_arrival(client, desk, holder, people, time_machine):
    note(client, desk, people[0], "arrive")
    time_machine.move_to(at(10, 40))

    note(client, holder, people[0], "recu")

    assert noted(people[0]) == ("honore", at(10, 10))


def test_what_is_cancelled_or_of_another_day_is_not_noted(client, vacation, holder, people):
    later = VacationFactory(permanence=vacation.permanence, debut=at(10, on=TODAY + timedelta(1)))
    coming, gone = RendezVousFactory(vacation=later), people[0]
    RendezVous.objects.filter(pk=gone.pk).update(etat="annule", annule_le=at(9))

    for row in (coming, gone):
        note(client, holder, row, "recu")

    assert [noted(coming)[0], noted(gone)[0]] == ["pris", "annule"]


def test_nobody_waits_again_for_what_is_called_off(client, vacation, holder, people):
    note(client, holder, people[0], "recu")
    direct.call_off(vacation)

    note(client, holder, people[0], "attendu")

    assert noted(people[0])[0] == "honore"
    assert noted(people[1])[0] == "annule"


@pytest.mark.parametrize("venue", ["", "annule", "pris", "honore"])
def test_nothing_else_is_noted(client, holder, people, venue):
    note(client, holder, people[0], venue)

    assert noted(people[0]) == ("pris", None)


def test_the_row_of_others_is_nowhere(client, vacation, people):
    others = [
        CompteFactory(is_superuser=True),
        IntervenantFactory().compte,
        AffectationFactory().compte,
    ]

    assert {note(client, user, people[0], "recu").status_code for user in others} == {404}
    for page in ("say", "move", "call_off", "count"):
        path = reverse(f"admin:permanences_vacation_{page}", args=[vacation.pk])
        for user in others:
            client.force_login(user)
            assert client.post(path, {"etat": "ouverte"}).status_code == 404
    assert noted(people[0]) == ("pris", None)


# Those without an appointment: ages, no names.


def count(client, user, vacation, passage):
    client.force_login(user)
    path = reverse("admin:permanences_vacation_count", args=[vacation.pk])
    return client.post(path, {"passage": passage})


def number(vacation, age="18_25"):
    row = Passage.objects.filter(vacation=vacation, tranche=age).first()
    return row.nombre if row else 0


@pytest.mark.parametrize(
    ("taps", "kept"),
    [
        (["18_25:0:1"], 1),
        (["18_25:0:1", "18_25:0:1"], 1),
        (["18_25:0:1", "18_25:1:2"], 2),
        (["18_25:0:1", "18_25:1:0"], 0),
        (["18_25:0:1", "18_25:1:2", "18_25:0:1"], 2),
        (["18_25:0:-1"], 0),
        (["18_25:0:1000"], 0),
        (["autre:0:1"], 0),
        (["18_25"], 0),
        (["18_25:0"], 0),
        (["18_25:x:y"], 0),
    ],
)
def test_walk_ins_are_counted_by_age_and_the_same_tap_counts_once(
    client, desk, vacation, taps, kept
):
    for tap in taps:
        count(client, desk, vacation, tap)

    assert number(vacation) == kept


def test_nobody_is_counted_before_the_day(client, holder, vacation):
    later = VacationFactory(permanence=vacation.permanence, debut=at(10, on=TODAY + timedelta(1)))

    count(client, holder, later, "18_25:0:1")

    assert number(later) == 0


def test_the_home_page_leads_to_the_day(client, holder, desk):
    for user in (holder, desk):
        client.force_login(user)
        assert f'href="{DAY}"' in client.get("/gestion/").content.decode()
    client.force_login(CompteFactory(is_superuser=True))
    assert f'href="{DAY}"' not in client.get("/gestion/").content.decode()
