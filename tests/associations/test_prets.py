"""Rooms lent to associations: asked for, granted, refused, moved, cancelled, told once."""

from copy import copy
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from associations import prets
from associations.models import MiseADisposition
from associations.nature import PretNature
from associations.tasks import release_expired
from maisons import fermetures, planning
from maisons.models import Creneau
from notifications.models import Message
from tests.factories import (
    AdhesionFactory,
    AffectationFactory,
    CompteFactory,
    FermetureFactory,
    MembreFactory,
    MiseADispositionFactory,
    ReservationFactory,
    SalleFactory,
    SerieFactory,
)

pytestmark = pytest.mark.django_db
Etat = MiseADisposition.Etat
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def told(what):
    """Whom the letters of one thing that happened reach."""
    letters = Message.objects.filter(cle__startswith="pret:", cle__contains=f":{what}:")
    return sorted(letters.values_list("destinataire", flat=True))


@pytest.fixture
def desk():
    """The front desk of the house of a loan."""
    return lambda pret: AffectationFactory(maison=pret.maison).compte


@pytest.fixture
def season():
    """(the association, the dates asked for, the days left out) of six weeks in a row."""
    room, member = SalleFactory(), MembreFactory()
    AdhesionFactory(association=member.association)
    ReservationFactory(salle=room, debut=serie_of(room).span(serie_of(room).days()[2])[0])
    pret = MiseADisposition(
        association=member.association, maison=room.maison, salle=room, usage="repetition"
    )
    return pret, prets.ask_serie(serie_of(room), pret, by=member.compte)


def serie_of(room):
    first = timezone.localdate() + WEEK
    return SerieFactory.build(
        maison=room.maison, salle=room, premier=first, dernier=first + 5 * WEEK
    )


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        ("pret_jamais_public", "UPDATE maisons_creneau SET publie_le = now()"),
        (
            "pret_repondre_tant_que_demande",
            "UPDATE associations_miseadisposition SET repondre_avant = NULL",
        ),
        ("pret_refus_motive", "UPDATE associations_miseadisposition SET etat = 'refusee'"),
        ("creneau_a_son_enfant", "DELETE FROM associations_miseadisposition"),
        ("creneau_titre", "UPDATE maisons_creneau SET titre = ''"),
    ],
)
def test_the_database_refuses_what_must_never_be(constraint, sql):
    MiseADispositionFactory()

    with pytest.raises(IntegrityError, match=constraint):
        execute(sql)


def test_a_room_is_held_while_it_is_asked_for_and_until_it_is_answered():
    pret = MiseADispositionFactory()

    with pytest.raises(ValidationError, match="déjà prise"):
        ReservationFactory(salle=pret.salle, debut=pret.debut, fin=pret.fin)

    assert (pret.etat, pret.publie_le) == (Etat.DEMANDEE, None)
    assert timezone.now() < pret.repondre_avant <= pret.debut


def test_what_the_city_grants_is_granted_at_once_and_told():
    city, member = CompteFactory(is_superuser=True), MembreFactory()

    pret = MiseADispositionFactory(association=member.association, by=city)

    assert (pret.etat, pret.decide_par, pret.repondre_avant) == (Etat.CONFIRMEE, city, None)
    assert told("confirmee") == [member.compte.courriel]


@pytest.mark.parametrize(
    ("adhesion", "sentence"),
    [
        (None, "n’a pas signé la charte"),
        ({"finie": True}, "de la renouveler"),
        ({"assurance_jusqu_au": None}, "assurance"),
    ],
)
def test_without_a_charter_on_its_day_no_room_is_lent(adhesion, sentence):
    association = MembreFactory().association
    if adhesion is not None:
        AdhesionFactory(association=association, **adhesion)

    with pytest.raises(ValidationError, match=sentence):
        MiseADispositionFactory(association=association, charte=False)

    assert not MiseADisposition.objects.exists()


def test_a_charter_that_ends_before_the_day_is_told_and_what_is_granted_stays(desk):
    adhesion = AdhesionFactory()
    pret = MiseADispositionFactory(association=adhesion.association)
    planning.confirm(pret, by=desk(pret))
    adhesion.jusqu_au = timezone.localdate(pret.debut) - DAY
    adhesion.save()

    with pytest.raises(ValidationError, match="de la renouveler"):
        planning.move(copy(pret), debut=pret.debut + DAY, fin=pret.fin + DAY)
    shorter = planning.move(pret, fin=pret.fin - timedelta(hours=1))

    assert shorter.etat == Etat.CONFIRMEE


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"debut": timezone.now() - DAY, "fin": timezone.now()}, "passé"),
        ({"debut": timezone.now() + 800 * DAY, "fin": timezone.now() + 801 * DAY}, "deux ans"),
        ({"personnes": 5000}, "personnes au plus"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        MiseADispositionFactory(**fields)


def test_an_answer_is_given_once_with_its_words(desk):
    pret = MiseADispositionFactory()
    agent = desk(pret)

    prets.answer(pret, by=agent, reponse="Les clés sont à l’accueil.")

    with pytest.raises(ValidationError, match="déjà accordée"):
        prets.answer(pret, by=agent, motif_refus="besoin", reponse="Non.")
    pret.refresh_from_db()
    assert (pret.etat, pret.decide_par) == (Etat.CONFIRMEE, agent)
    assert len(told("confirmee")) == 1
    assert "Les clés sont à l’accueil." in Message.objects.get(cle__contains="confirmee").texte


def test_a_refusal_says_why_and_frees_the_room(desk):
    pret = MiseADispositionFactory()

    prets.answer(pret, by=desk(pret), motif_refus="budget", reponse="Voyons-nous.")

    letter = Message.objects.get(cle__contains=":refusee:")
    assert "le budget d’heures de la saison est dépassé" in letter.texte
    assert "Voyons-nous." in letter.html
    assert ReservationFactory(salle=pret.salle, debut=pret.debut, fin=pret.fin)


def test_it_lapses_when_nobody_answers_and_says_so_once(time_machine):
    pret = MiseADispositionFactory()
    time_machine.move_to(pret.repondre_avant)

    release_expired()
    release_expired()

    pret.refresh_from_db()
    assert (pret.etat, pret.alive) == (Etat.EXPIREE, False)
    assert len(told("expiree")) == 1


def test_who_answers_for_the_association_and_who_asked_are_told(desk):
    leader = MembreFactory(role="animateur")
    chief = MembreFactory(association=leader.association)
    MembreFactory(association=leader.association, role="animateur")  # did not ask
    pret = MiseADispositionFactory(association=leader.association, by=leader.compte)

    planning.confirm(pret, by=desk(pret))

    assert told("confirmee") == sorted([leader.compte.courriel, chief.compte.courriel])


@pytest.mark.parametrize(
    ("mover", "etat"), [("the desk", Etat.CONFIRMEE), ("the association", Etat.DEMANDEE)]
)
def test_a_move_by_the_association_is_asked_for_again(desk, mover, etat):
    pret = MiseADispositionFactory()
    agent = desk(pret)
    planning.confirm(pret, by=agent)
    by = agent if mover == "the desk" else pret.demande_par

    planning.move(pret, by=by, debut=pret.debut + DAY, fin=pret.fin + DAY)

    pret.refresh_from_db()
    assert pret.etat == etat
    assert (pret.decide_par is None) == (etat == Etat.DEMANDEE)
    assert len(told("deplacee")) == 1


def test_a_series_is_one_request_and_one_answer(season, desk):
    pret, found = season
    dates = MiseADisposition.objects.order_by("debut")

    settled = prets.answer(dates[0], by=desk(dates[0]), reponse="Oui.")

    assert [len(found.booked), len(found.left_out), len(settled)] == [5, 1, 5]
    assert {date.etat for date in dates} == {Etat.CONFIRMEE}
    assert {date.titre for date in dates} == {f"Prêt : {pret.association}"}
    assert len(told("demandee")) == len(told("confirmee")) == 1
    letter = Message.objects.get(cle__contains=":confirmee:")
    assert letter.html.count("<li>") == 5


def test_days_beyond_the_charter_are_left_out_with_the_sentence():
    room, member = SalleFactory(), MembreFactory()
    until = timezone.localdate() + 3 * WEEK
    AdhesionFactory(association=member.association, jusqu_au=until)
    pret = MiseADisposition(association=member.association, maison=room.maison, salle=room)
    pret.usage = "reunion"

    found = prets.ask_serie(serie_of(room), pret, by=member.compte)

    assert all(timezone.localdate(date.debut) <= until for date in found.booked)
    assert found.booked
    assert {day.cause for day in found.left_out} == {"regle"}
    assert "de la renouveler" in found.left_out[0].detail


def test_from_a_date_on_a_series_is_cancelled_and_told_once(season):
    dates = list(MiseADisposition.objects.order_by("debut"))

    gone = prets.cancel(dates[2], by=dates[2].demande_par, following=True)

    assert len(gone) == 3
    assert MiseADisposition.objects.holding().count() == 2
    assert {row.motif_annulation for row in gone} == {"demande"}
    assert len(told("annulee")) == 1


def test_a_closure_moves_what_was_granted_without_asking_again():
    pret, agent = MiseADispositionFactory(personnes=3), CompteFactory()
    planning.confirm(pret, by=agent)
    free = SalleFactory(maison=pret.maison)
    pret.association.adhesions.all().delete()  # what is confirmed is not touched
    closed = FermetureFactory(maison=pret.maison, salle=pret.salle, debut=pret.debut, fin=pret.fin)

    outcome = fermetures.settle(closed, {pret.pk: free.pk}, by=CompteFactory(is_superuser=True))

    pret.refresh_from_db()
    assert (pret.salle, pret.etat, pret.decide_par) == (free, Etat.CONFIRMEE, agent)
    assert [message.destinataire for message in outcome.messages] == [pret.demande_par.courriel]


def test_a_closure_cancels_it_and_writes_one_letter(desk):
    pret = MiseADispositionFactory()
    closed = FermetureFactory(maison=pret.maison, debut=pret.debut, fin=pret.fin)

    outcome = fermetures.settle(closed, {pret.pk: fermetures.ANNULER}, by=desk(pret))

    pret.refresh_from_db()
    assert (pret.etat, pret.motif_annulation) == (Etat.ANNULEE, Creneau.Motif.FERMETURE)
    assert len(outcome.messages) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_closure_reads_them_in_two_statements(django_assert_num_queries, count):
    keys = [MiseADispositionFactory().pk for _ in range(count)]

    with django_assert_num_queries(2):  # loans, members with their accounts
        rows = list(PretNature().children(keys))
        told = [contact for row in rows for contact in PretNature().contacts(row)]

    assert len(told) == count
    assert "Réunion interne" in PretNature().describe(rows[0])
