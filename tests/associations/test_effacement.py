"""Who registered is forgotten in time, with all that names them; what is theirs is exported."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from associations import budget, inscriptions, prets
from associations.models import Activite, Dossier, Inscription, MiseADisposition
from associations.tasks import erase_outdated
from maisons.models import Serie
from notifications.models import Message
from tests.factories import (
    ActiviteFactory,
    AdhesionFactory,
    AffectationFactory,
    BudgetHeuresFactory,
    CompteFactory,
    InscriptionFactory,
    MembreFactory,
    SalleFactory,
    SerieFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
KNOWN = ["compte", "nom", "courriel", "telephone", "saisi_par", "empreinte"]


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def came(**who):
    activite = ActiviteFactory(publie=True, questions=["photo"])
    child = {"prenom": "Inès", "naissance": timezone.localdate().year - 8}
    row = InscriptionFactory(activite=activite, reponses=["photo"], **child, **who)
    return row


@pytest.mark.parametrize("account", [True, False])
def test_who_registered_is_forgotten_a_year_after_the_season(time_machine, account):
    row = came(**({"compte": CompteFactory()} if account else {}))
    seed, over = row.dossier.graine, row.activite.dernier
    assert Message.objects.exists()
    time_machine.move_to(timezone.now() + timedelta(days=(over - timezone.localdate()).days + 364))
    erase_outdated()
    assert not Dossier.objects.get().anonymise_le

    time_machine.shift(timedelta(days=2))
    erase_outdated()
    erase_outdated()

    dossier, line = Dossier.objects.get(), Inscription.objects.get()
    assert [name for name in KNOWN if getattr(dossier, name)] == []
    assert dossier.graine != seed
    assert (line.prenom, line.naissance, line.reponses) == ("", None, [])
    assert (line.etat, line.place) == ("inscrite", 1)
    assert not Message.objects.exists()


def test_a_pass_that_goes_on_elsewhere_is_kept(time_machine):
    row = came()
    longer = ActiviteFactory(publie=True)
    Activite.objects.filter(pk=longer.pk).update(dernier=longer.dernier + timedelta(days=300))
    second = Inscription(activite=longer, dossier=row.dossier)
    second.mark("inscrite", 1)
    second.save()
    time_machine.move_to(timezone.now() + timedelta(days=200 + 370))

    erase_outdated()

    assert Dossier.objects.get().nom


def test_an_address_that_nobody_proved_is_erased_the_next_day(time_machine):
    came(courriel="lea@ville.example")
    inscriptions.release_expired()
    time_machine.move_to(timezone.now() + timedelta(hours=23))
    inscriptions.release_expired()
    erase_outdated()
    assert Dossier.objects.exists()

    time_machine.shift(timedelta(hours=2))
    erase_outdated()

    assert not Dossier.objects.exists()
    assert not Message.objects.exists()


def test_my_data_holds_my_registrations_and_my_children_alone(client, django_assert_num_queries):
    me = CompteFactory()
    mine = came(compte=me)
    came(compte=CompteFactory())
    client.force_login(me)

    exported = client.post(reverse("comptes:donnees")).json()["inscriptions"]

    assert [(one["activite"], one["prenom"]) for one in exported] == [(str(mine.activite), "Inès")]
    assert exported[0]["reponses"] == [mine.answers[0][0]]


@pytest.fixture
def lent(client):
    """A season of loans, asked for by a member and granted, with a word, by the desk."""
    member, room = MembreFactory(), SalleFactory()
    AdhesionFactory(association=member.association)
    day = timezone.localdate()
    until = day + timedelta(days=60)
    BudgetHeuresFactory(association=member.association, premier=day, dernier=until, heures=20)
    pret = MiseADisposition(
        association=member.association, maison=room.maison, salle=room, usage="reunion"
    )
    first = day + timedelta(days=7)
    rule = {"premier": first, "dernier": first + timedelta(weeks=3)}
    serie = SerieFactory.build(maison=room.maison, salle=room, **rule)
    dates = prets.ask_serie(serie, pret, by=member.compte).booked
    client.force_login(AffectationFactory(maison=room.maison).compte)
    grant = reverse("admin:associations_miseadisposition_accorder", args=[dates[0].pk])
    client.post(grant, {"reponse": "Oui, Zoé."})
    return MiseADisposition.objects.order_by("debut")


def known_of(rows):
    """Who is known of some loans, by their rows and by all that tells of them."""
    named = [
        name for row in rows for name in (row.demande_par, row.decide_par, row.reponse) if name
    ]
    story = MiseADisposition.history.filter(id__in=[row.pk for row in rows])
    log = LogEntry.objects.filter(object_id__in=[str(row.pk) for row in rows])
    return [*named, *story, *log, *Message.objects.about([row.pk for row in rows])]


def test_who_asked_for_a_room_and_who_answered_are_forgotten_three_months_after(time_machine, lent):
    first, *others = lent
    counted = budget.Bilan(budget.counted().get()).used
    time_machine.move_to(first.fin + timedelta(days=92) - timedelta(hours=1))
    erase_outdated()
    assert known_of([first])
    time_machine.shift(timedelta(hours=2))

    erase_outdated()
    erase_outdated()

    first.refresh_from_db()
    assert known_of([first]) == []
    assert all(known_of([row]) for row in others)
    assert Serie.history.exists()
    assert budget.Bilan(budget.counted().get()).used == counted
    assert (first.etat, bool(first.decide_le)) == ("confirmee", True)


def test_the_story_of_a_series_ends_with_its_last_date(time_machine, lent):
    time_machine.move_to(lent.last().fin + timedelta(days=93))

    erase_outdated()

    assert known_of(list(lent)) == []
    assert not Serie.history.exists()


def test_the_second_night_finds_no_loan_to_forget(time_machine, lent):
    time_machine.move_to(lent.last().fin + timedelta(days=93))
    erase_outdated()
    before = list(MiseADisposition.objects.order_by("pk").values())

    assert not MiseADisposition.objects.outdated().exists()
    erase_outdated()
    assert list(MiseADisposition.objects.order_by("pk").values()) == before
