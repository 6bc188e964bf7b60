"""What is told to who registers: once, short by SMS, and no child’s name on a locked screen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from phonenumber_field.phonenumber import to_python

from associations import activites, courriers, inscriptions
from associations.models import Dossier, Inscription
from maisons import heures
from maisons.heures import starts_at
from notifications import sms
from notifications.balayage import sweep
from notifications.models import Message
from tests.factories import (
    ActiviteFactory,
    AssociationFactory,
    CompteFactory,
    FermetureFactory,
    InscriptionFactory,
    MaisonFactory,
    ReservationFactory,
    SeanceFactory,
    SerieFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
CHILD = {"prenom": "Inès-Canari", "naissance": timezone.localdate().year - 8}


@pytest.fixture(autouse=True)
def ville(settings):
    settings.SMS_URL = "console:"
    return VilleFactory()


def written():
    return Message.objects.latest("pk")


@pytest.fixture
def longest():
    maison = MaisonFactory(nom="Maison " + "é" * 60, telephone="04 65 71 00 00")
    association = AssociationFactory(nom="A" * 100)
    return ActiviteFactory(
        publie=True, maison=maison, association=association, titre="Ç" * 100, inscription="seance"
    )


@pytest.mark.parametrize("what", courriers.TEXTOS)
def test_an_sms_is_one_part_without_a_name(longest, what):
    seance = longest.seances.get()
    row = InscriptionFactory(activite=longest, seance=seance, **CHILD)
    row.expire_le = timezone.now() + timedelta(hours=48)
    dates = [seance] if what in ("annulee", "deplacee", "ajoutee") else []

    text = courriers.compose(row.dossier, what, "", [] if dates else [row], dates=dates)["sms"]

    assert len(text) <= sms.LONGEST
    assert set(text) <= sms.GSM7
    assert "Canari" not in text
    assert row.dossier.code in text


@pytest.mark.parametrize("what", courriers.OBJETS)
def test_a_letter_says_who_and_its_subject_does_not(longest, what):
    seance = longest.seances.get()
    row = InscriptionFactory(activite=longest, seance=seance, courriel="a@b.fr", **CHILD)
    row.expire_le = timezone.now() + timedelta(hours=48)
    dates = [seance] if what in ("annulee", "deplacee", "ajoutee") else []

    letter = courriers.compose(row.dossier, what, "a@b.fr", [] if dates else [row], dates=dates)

    assert "Canari" not in letter["objet"]
    assert ("Canari" in letter["texte"]) is not bool(dates)
    assert row.dossier.code in letter["texte"]
    assert row.dossier.code in letter["html"]
    assert not letter["sms"]


def test_a_letter_says_when_the_next_session_of_the_season_is():
    activite = ActiviteFactory(publie=True, places=1)
    first, _ = (InscriptionFactory(activite=activite, courriel=f"{n}@b.fr") for n in "ab")
    when = heures.span(activite.seances.get().debut, activite.seances.get().fin)

    inscriptions.leave(first)

    offered = Message.objects.get(objet__startswith="Une place")
    assert f"Toute la saison. Prochaine séance\u00a0: {when}" in offered.texte
    assert when in offered.html


def test_a_run_of_dates_moved_is_one_letter_with_its_file():
    activite = ActiviteFactory(publie=True)
    SeanceFactory(activite=activite)
    InscriptionFactory(activite=activite, compte=None, courriel="a@b.fr")
    inscriptions.confirm(Dossier.objects.get())
    before = Message.objects.count()

    activites.stop(activite)

    letter = written()
    assert Message.objects.count() == before + 1
    assert letter.objet.startswith("Des séances sont annulées")
    assert letter.pieces[0]["texte"].count("STATUS:CANCELLED") == 2


def test_each_activity_of_a_pass_is_in_one_letter_with_its_rank():
    full, free = ActiviteFactory(publie=True, places=1), ActiviteFactory(publie=True)
    InscriptionFactory(activite=full)
    rows = [Inscription(activite=one, **CHILD) for one in (full, free)]

    inscriptions.register(Dossier(nom="Zoé", telephone="+33465710000"), rows)

    told = written()
    assert told.etat == "a_appeler"
    assert told.erreur == sms.LANDLINE
    assert "liste d’attente, 1er" in told.texte
    assert told.creneau in {seance.pk for seance in full.seances.all()}


@pytest.mark.parametrize("contact", [{"compte": None}, {"telephone": "+33612345678"}])
def test_who_only_waits_is_told_so_from_the_first_words(contact):
    activite = ActiviteFactory(publie=True, places=1, titre="Judo")
    InscriptionFactory(activite=activite)
    who = {"compte": CompteFactory()} if "compte" in contact else contact

    InscriptionFactory(activite=activite, **who)

    told = Message.objects.latest("pk")
    assert told.objet == "Vous êtes sur liste d’attente : Judo"
    if told.canal == "sms":
        assert told.sms.startswith("Liste d'attente : Judo, rang 1. http")


@pytest.mark.parametrize("number", ["+33612345678", "+212612345678", "+32470123456"])
def test_a_number_from_elsewhere_stays_the_same_number(number):
    """« 0612-345678 » is a mobile of Morocco, and reads like one of ours."""
    row = InscriptionFactory(telephone=number)
    booked = ReservationFactory(demandeur=None, nom="Zoé", telephone=number)

    for one in (row.dossier, booked):
        assert to_python(one.reached_at[1]).as_e164 == number
    told = Message.objects.latest("pk")
    assert to_python(told.destinataire).as_e164 == number


def test_what_waits_behind_a_departure_is_not_written_to():
    activite = ActiviteFactory(publie=True, places=1)
    first, second, third = (InscriptionFactory(activite=activite) for _ in range(3))
    before = Message.objects.count()

    inscriptions.leave(first, quiet=True)

    assert Message.objects.count() == before + 1
    assert written().nom == second.dossier.nom
    third.refresh_from_db()
    assert third.rang == 1


def test_a_single_session_is_reminded_once_two_days_before(time_machine):
    activite = ActiviteFactory(publie=True, inscription="seance")
    debut = timezone.now().replace(hour=13, minute=0) + timedelta(days=6)
    seance = SeanceFactory(activite=activite, debut=debut, fin=debut + timedelta(hours=1))
    row = InscriptionFactory(activite=activite, seance=seance)
    gone = InscriptionFactory(activite=activite, seance=seance)
    InscriptionFactory()  # for a season
    inscriptions.leave(gone)

    time_machine.move_to(debut - timedelta(hours=47))
    sweep()
    sweep()

    reminded = Message.objects.filter(cle__startswith="rappel:inscription:")
    assert [message.nom for message in reminded] == [row.dossier.nom]


def at_a_single_session():
    """(a session in six days, the pass of two children at it)."""
    activite = ActiviteFactory(publie=True, inscription="seance")
    debut = timezone.now().replace(hour=13, minute=0) + timedelta(days=6)
    seance = SeanceFactory(activite=activite, debut=debut, fin=debut + timedelta(hours=1))
    children = [CHILD, CHILD | {"prenom": "Zoé"}]
    rows = [Inscription(activite=activite, seance=seance, **child) for child in children]
    return seance, inscriptions.register(Dossier(nom="A", telephone="+33465710000"), rows)


def test_two_children_of_a_pass_are_reminded_of_in_one_letter(time_machine):
    seance, _ = at_a_single_session()

    time_machine.move_to(seance.debut - timedelta(hours=47))
    sweep()
    sweep()

    [reminded] = Message.objects.filter(cle__startswith="rappel:inscription:")
    assert "Inès-Canari" in reminded.texte
    assert "Zoé" in reminded.texte


@pytest.mark.parametrize("rank", [0, 1])
def test_a_child_who_left_is_not_reminded_of_and_the_other_is_once(time_machine, rank):
    seance, dossier = at_a_single_session()
    gone, stays = sorted(dossier.inscriptions.all(), key=lambda row: row.pk, reverse=bool(rank))
    inscriptions.leave(gone)

    time_machine.move_to(seance.debut - timedelta(hours=47))
    sweep()
    [reminded] = Message.objects.filter(cle__startswith="rappel:inscription:")
    inscriptions.leave(stays)
    sweep()

    assert stays.prenom in reminded.texte
    assert gone.prenom not in reminded.texte
    assert Message.objects.filter(cle__startswith="rappel:inscription:").count() == 1


def test_new_dates_say_which_days_are_left_out_and_why():
    activite = ActiviteFactory(publie=True)
    InscriptionFactory(activite=activite, compte=None, courriel="a@b.fr")
    InscriptionFactory(activite=activite, nom="Ali", telephone="+33465710000")
    inscriptions.confirm(Dossier.objects.get(courriel="a@b.fr"))
    rule = SerieFactory.build(maison=activite.maison, salle=None, portee="sans_salle")
    away = starts_at(rule.premier + timedelta(weeks=2))
    FermetureFactory(maison=rule.maison, motif="fête", debut=away, fin=away + timedelta(days=1))

    activites.plan(activite, rule)

    call, letter = Message.objects.order_by("-pk")[:2]
    for words in (letter.texte, letter.html, call.texte):
        assert "Pas de séance" in words
        assert heures.day(away).casefold() in words.casefold()
        assert "fête" in words


def test_an_offer_is_reminded_a_day_before_it_goes_on(time_machine):
    activite = ActiviteFactory(publie=True, places=1)
    SeanceFactory(activite=activite, debut=timezone.now() + timedelta(days=60))
    first, second = (InscriptionFactory(activite=activite) for _ in range(2))
    inscriptions.leave(first)

    time_machine.move_to(timezone.now() + timedelta(hours=38))  # not by night
    sweep()

    reminded = Message.objects.filter(cle__startswith="rappel:inscription_proposee:")
    assert [message.nom for message in reminded] == [second.dossier.nom]
