"""What an activity, its sessions and its registrations may hold, whoever writes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from time_machine import travel

from associations import activites, inscriptions
from associations.models import Dossier, Inscription, Seance
from associations.nature import SeanceNature
from maisons import planning
from maisons.heures import starts_at
from notifications.models import Message
from tests.factories import (
    ActiviteFactory,
    CompteFactory,
    InscriptionFactory,
    SeanceFactory,
    SerieFactory,
)
from tests.maisons.test_planning import deadlocks

pytestmark = pytest.mark.django_db
Etat, WEEK = Inscription.Etat, timedelta(days=7)


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def states(activite, seance=None):
    """[(state, place, rank)] of those alive, in the order in which they came."""
    rows = Inscription.objects.of_list(activite, seance).alive().order_by("pk")
    return [(row.etat, row.place, row.rang) for row in rows]


@pytest.fixture
def full():
    """Two places held and two people who wait, a week before the session."""
    activite = ActiviteFactory(places=2)
    SeanceFactory(activite=activite, debut=starts_at(timezone.localdate() + WEEK, time(14)))
    activites.publish(activite)
    return activite, [InscriptionFactory(activite=activite) for _ in range(4)]


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        ("inscription_place_unique", "UPDATE associations_inscription SET place = 1 WHERE place=2"),
        ("inscription_rang_unique", "UPDATE associations_inscription SET rang = 1 WHERE rang = 2"),
        ("inscription_place_existe", "UPDATE associations_inscription SET place = 3 WHERE place=2"),
        ("activite_places_tenues", "UPDATE associations_activite SET places = 1"),
        ("inscription_place", "UPDATE associations_inscription SET place = NULL"),
        ("inscription_rang", "UPDATE associations_inscription SET rang = NULL"),
        ("inscription_annulee", "UPDATE associations_inscription SET annule_le = now()"),
        ("inscription_delai", "UPDATE associations_inscription SET etat='proposee' WHERE place=1"),
        ("inscription_enfant", "UPDATE associations_inscription SET naissance = 19"),
        ("dossier_de_quelqu_un", "UPDATE associations_dossier SET nom = ''"),
        ("dossier_anonyme", "UPDATE associations_dossier SET anonymise_le = now()"),
        ("activite_prix", "UPDATE associations_activite SET tarif = '3 €'"),
        ("activite_places", "UPDATE associations_activite SET inscription = 'seance', places = 0"),
        ("activite_places", "UPDATE associations_activite SET inscription='seance', places=NULL"),
        ("activite_saison", "UPDATE associations_activite SET dernier = '1999-01-01'"),
        ("creneau_a_son_enfant", "DELETE FROM associations_seance"),
    ],
)
def test_the_database_refuses_what_must_never_be(full, constraint, sql):
    with pytest.raises(IntegrityError, match=constraint):
        execute(sql)


def test_places_then_ranks_are_given_in_the_order_of_arrival(full):
    activite, _ = full

    assert states(activite) == [
        ("inscrite", 1, None),
        ("inscrite", 2, None),
        ("attente", None, 1),
        ("attente", None, 2),
    ]
    assert activite.seances.get().mention == "complet, liste d’attente ouverte"


def test_a_place_given_up_is_offered_to_the_first_who_then_takes_it(full):
    activite, (first, _, third, _) = full

    inscriptions.leave(first)

    assert states(activite) == [
        ("inscrite", 2, None),
        ("proposee", 1, None),
        ("attente", None, 1),
    ]
    third.refresh_from_db()
    assert third.expire_le - timezone.now() > timedelta(hours=47)
    assert Message.objects.filter(cle__contains=f"inscription:{third.pk}:proposee").count() == 1
    inscriptions.accept(third)
    assert states(activite)[1] == ("inscrite", 1, None)
    with pytest.raises(ValidationError, match="n’est plus proposée"):
        inscriptions.accept(third)


def test_an_offer_without_an_answer_is_handed_on_once():
    activite = ActiviteFactory(publie=True, places=1)
    SeanceFactory(activite=activite, debut=timezone.now() + timedelta(days=60))
    first, second, third = (InscriptionFactory(activite=activite) for _ in range(3))
    inscriptions.leave(first)

    with travel(timezone.now() + timedelta(hours=49)):
        inscriptions.release_expired()
        inscriptions.release_expired()
        with pytest.raises(ValidationError, match="n’est plus proposée"):
            inscriptions.accept(second)

    assert states(activite) == [("proposee", 1, None)]
    third.refresh_from_db()
    assert third.place == 1
    assert Message.objects.filter(cle__contains=f"inscription:{second.pk}:expiree").count() == 1


def test_who_left_the_list_is_never_offered_a_place(full):
    activite, (first, _, third, fourth) = full
    inscriptions.leave(third)

    inscriptions.leave(first)

    fourth.refresh_from_db()
    assert (fourth.etat, fourth.place) == (Etat.PROPOSEE, 1)
    assert len(states(activite)) == 2


def test_nothing_is_offered_after_the_last_session(full):
    activite, (first, *_) = full

    with travel(activite.seances.get().debut + timedelta(minutes=1)):
        inscriptions.leave(first)

        assert [state for state, *_ in states(activite)] == ["inscrite", "attente", "attente"]
        with pytest.raises(ValidationError, match="déjà commencé"):
            InscriptionFactory(activite=activite)


def test_whoever_accepts_before_confirming_has_confirmed_all_of_their_pass():
    full, free = (ActiviteFactory(publie=True, places=1) for _ in range(2))
    held = InscriptionFactory(activite=full)
    asked = [Inscription(activite=one) for one in (full, free)]
    dossier = Dossier(nom="Zoé", courriel="zoe@ville.example")
    inscriptions.register(dossier, asked)
    inscriptions.leave(held)

    inscriptions.accept(Inscription.objects.get(activite=full, etat=Etat.PROPOSEE))
    with travel(timezone.now() + timedelta(hours=3)):
        inscriptions.release_expired()

    assert states(free) == states(full) == [("inscrite", 1, None)]
    letter = Message.objects.get(cle__contains=":inscrit:", nom="Zoé")
    assert all(str(one) in letter.texte for one in (full, free))


def test_an_address_not_proved_keeps_its_place_two_hours_then_gives_it_back():
    activite = ActiviteFactory(publie=True, places=1)
    row = InscriptionFactory(activite=activite, courriel="lea@ville.example")
    waiting = InscriptionFactory(activite=activite)
    assert states(activite) == [("a_confirmer", 1, None), ("attente", None, 1)]

    with travel(timezone.now() + timedelta(hours=3)):
        inscriptions.confirm(row.dossier)

        assert states(activite) == [("attente", None, 1), ("proposee", 1, None)]
        row.refresh_from_db()
        assert row.dossier.prouve_le
        with pytest.raises(ValidationError, match="n’attend plus"):
            inscriptions.confirm(row.dossier)
    waiting.refresh_from_db()
    assert waiting.etat == Etat.PROPOSEE


def test_one_pass_registers_two_children_for_three_activities_or_nobody():
    three = [ActiviteFactory(publie=True, age_min=6, age_max=10) for _ in range(3)]
    year = timezone.localdate().year - 8

    def rows(*kept):
        return [
            Inscription(activite=activite, prenom=prenom, naissance=year)
            for activite in kept
            for prenom in ("Inès", "Noé")
        ]

    dossier = Dossier(nom="Mme Nguyễn", courriel="n@ville.example")
    inscriptions.register(dossier, rows(*three))

    assert Inscription.objects.filter(dossier=dossier, etat=Etat.A_CONFIRMER).count() == 6
    assert Message.objects.filter(destinataire="n@ville.example").count() == 1
    full = ActiviteFactory(publie=True, places=1, liste_attente=False)
    again = Dossier(nom="Mme Nguyễn", telephone="+33612345678")
    with pytest.raises(ValidationError, match="pas de liste d’attente"):
        inscriptions.register(again, rows(full))
    assert not Dossier.objects.filter(nom="Mme Nguyễn", courriel="").exists()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"prenom": "Inès"}, "année de naissance"),
        ({"prenom": "Inès", "naissance": 1950}, "nées? de|nés de"),
        ({"prenom": "Inès", "naissance": 2199}, "pas encore venue"),
        ({}, "est pour les enfants"),
        ({"prenom": "Inès", "naissance": 2018, "reponses": ["photo"]}, "n’est pas posée"),
    ],
)
def test_what_an_activity_does_not_accept_is_told(values, told):
    activite = ActiviteFactory(publie=True, age_min=6, age_max=10)

    with pytest.raises(ValidationError, match=told):
        InscriptionFactory(activite=activite, **values)


def test_the_same_person_registers_once(full):
    activite, _ = full
    InscriptionFactory(activite=activite, telephone="+33612345678")

    with pytest.raises(ValidationError, match="déjà inscrite"):
        InscriptionFactory(activite=activite, telephone="+33612345678")


def test_a_draft_and_a_closed_one_take_nobody():
    for activite in (ActiviteFactory(), ActiviteFactory(publie=True, ouverte=False)):
        with pytest.raises(ValidationError, match="fermées"):
            InscriptionFactory(activite=activite)


def test_more_places_go_to_who_waits_and_fewer_never_put_anybody_out(full):
    activite, (first, *_) = full

    activites.inscriptions.change_places(activite, 3)
    assert states(activite)[2] == ("proposee", 3, None)
    with pytest.raises(ValidationError, match="3 personnes sont inscrites"):
        inscriptions.change_places(activite, 2)
    inscriptions.leave(first, quiet=True)  # the fourth is offered its place
    inscriptions.leave(Inscription.objects.get(etat=Etat.PROPOSEE, place=1), quiet=True)
    inscriptions.change_places(activite, 2)
    assert sorted(place for _, place, _ in states(activite)) == [1, 2]


def test_a_form_left_open_takes_no_place_away(full):
    activite, _ = full
    activite.places = 1

    with pytest.raises(ValidationError, match="sont inscrites"):
        activite.full_clean()


def test_a_single_session_has_its_own_list_and_ends_with_it():
    activite = ActiviteFactory(publie=True, inscription="seance", places=1)
    one, other = activite.seances.get(), SeanceFactory(activite=activite)
    rows = [InscriptionFactory(activite=activite, seance=seance) for seance in (one, other, one)]

    activites.cancel(one)

    assert states(activite, one) == []
    assert states(activite, other) == [("inscrite", 1, None)]
    told = Message.objects.filter(cle__contains=":annulee:")
    assert {message.nom for message in told} == {rows[0].dossier.nom, rows[2].dossier.nom}


def test_a_session_moved_tells_who_is_registered_for_the_season_once(full):
    activite, rows = full
    seance = activite.seances.get()

    activites.move(seance, debut=seance.debut + timedelta(hours=2), fin=seance.fin + timedelta(2))

    told = Message.objects.filter(cle__contains=":deplacee:").values_list("nom", flat=True)
    assert sorted(told) == sorted(row.dossier.nom for row in rows[:2])


def test_a_closure_knows_how_many_it_would_tell_and_asks_nothing_more(
    full, django_assert_num_queries
):
    activite, _ = full
    [seance] = activite.seances.all()
    InscriptionFactory(activite=ActiviteFactory(publie=True))
    kind = SeanceNature()
    [row] = kind.children([seance.pk])

    with django_assert_num_queries(0):
        assert kind.counted(row) == (0, 2)  # landlines
        assert kind.admin_url(row) == activite.get_absolute_url()


def test_an_activity_that_stops_tells_each_person_once(full):
    activite, rows = full
    SeanceFactory(activite=activite)

    activites.stop(activite)

    assert states(activite) == []
    assert Message.objects.filter(cle__contains=":annulee:").count() == 4  # who waited too
    assert not Seance.objects.holding().filter(activite=activite).exists()


def test_a_season_is_planned_published_and_begun_again_without_anybody():
    activite = ActiviteFactory()
    serie = SerieFactory.build(maison=activite.maison, salle=activite.salle)
    plan = activites.plan(activite, serie)
    activites.publish(activite)
    InscriptionFactory(activite=activite)

    again = activites.new_season(activite)
    again.slug, again.premier, again.dernier = "encore", activite.premier, activite.dernier
    again.full_clean()
    again.save()

    assert len(plan.booked) == 10
    assert {date.mention for date in activite.seances.all()} == {"2 places restantes"}
    assert not again.publie_le
    assert not again.inscriptions.exists()


def test_a_price_or_free_is_said_before_publishing():
    activite = ActiviteFactory(gratuit=False)
    SeanceFactory(activite=activite)

    with pytest.raises(ValidationError, match="Dites le prix"):
        activites.publish(activite)


def test_several_who_wait_and_end_together_leave_no_hole_nor_double():
    activite = ActiviteFactory(publie=True, places=1)
    SeanceFactory(activite=activite, debut=timezone.now() + timedelta(days=30))
    for number in range(9):
        lapses = {"courriel": f"p{number}@ville.example"} if number % 3 == 1 else {}
        InscriptionFactory(activite=activite, **lapses)

    with travel(timezone.now() + timedelta(hours=3)):
        inscriptions.release_expired()
        ranks = [rank for *_, rank in states(activite) if rank]
        activites.stop(activite)

    assert ranks == [1, 2, 3, 4, 5]
    assert states(activite) == []


@pytest.mark.django_db(transaction=True)
def test_sixteen_rivals_and_four_who_leave_make_no_place_nor_rank_twice():
    activite = ActiviteFactory(publie=True, places=4)
    held, before = [InscriptionFactory(activite=activite) for _ in range(4)], deadlocks()

    def act(number):
        try:
            if number < 4:
                inscriptions.leave(held[number])
            else:
                InscriptionFactory(activite=activite, telephone=f"+3361234{number:04}")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(act, range(20)))

    places = [place for _, place, _ in states(activite) if place]
    ranks = [rank for *_, rank in states(activite) if rank]
    assert sorted(places) == [1, 2, 3, 4]
    assert sorted(ranks) == list(range(1, 13))
    assert deadlocks() == before


def test_a_session_moved_by_its_room_alone_keeps_everybody():
    account = CompteFactory()
    activite = ActiviteFactory(publie=True)
    InscriptionFactory(activite=activite, compte=account)
    seance = activite.seances.get()

    planning.cancel(seance, Seance.Motif.FERMETURE, by=None)

    assert states(activite) == [("inscrite", 1, None)]
    assert Inscription.objects.owned_by(account).exists()
