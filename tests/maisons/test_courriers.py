"""What a booking tells: one message for each thing that happens, with it or not at all."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from maisons import planning
from maisons.courriers import OBJETS, tell
from maisons.models import Creneau, Reservation
from notifications.models import Message
from tests.factories import (
    CompteFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    VilleFactory()
    return CompteFactory()


def asked(avec_accord=True, **fields):
    """A request as a person makes it."""
    salle = SalleFactory(avec_accord=avec_accord)
    wanted = ReservationFactory.build(
        salle=salle, maison=salle.maison, demandeur=CompteFactory(), **fields
    )
    return planning.ask(wanted, by=wanted.demandeur)


def what(message):
    return message.cle.split(":")[2]


@pytest.mark.parametrize(("avec_accord", "told"), [(True, "demandee"), (False, "confirmee")])
def test_asking_tells_what_became_of_it(agent, avec_accord, told):
    reservation = asked(avec_accord)

    message = Message.objects.get()
    assert what(message) == told == reservation.etat
    assert message.destinataire == reservation.demandeur.courriel
    assert message.creneau == reservation.pk


ACTS = {
    "confirmee": lambda r, by: planning.confirm(r, by=by),
    "refusee": lambda r, by: planning.refuse(r, by, Reservation.MotifRefus.BESOIN, "Désolés."),
    "annulee": lambda r, by: planning.cancel(r, Creneau.Motif.DEMANDE, by=by),
    "deplacee": lambda r, by: planning.move(
        r, by=by, debut=r.debut + timedelta(hours=1), fin=r.fin + timedelta(hours=1)
    ),
}


@pytest.mark.parametrize("told", ACTS)
def test_each_thing_that_happens_is_told_once(agent, told):
    reservation = asked()

    ACTS[told](reservation, agent)

    message = Message.objects.exclude(cle__contains=":demandee:").get()
    assert what(message) == told
    assert OBJETS[told] in message.objet


@pytest.mark.parametrize("act", ["confirmee", "refusee", "annulee"])
def test_what_is_refused_tells_nothing(agent, act):
    reservation = asked()
    planning.cancel(reservation, Creneau.Motif.DEMANDE, by=agent)
    before = Message.objects.count()

    with pytest.raises(ValidationError):
        ACTS[act](reservation, agent)

    assert Message.objects.count() == before


def test_a_message_goes_with_the_transaction_that_causes_it(agent):
    reservation = asked()

    with transaction.atomic():
        planning.confirm(reservation, by=agent)
        transaction.set_rollback(True)

    assert [what(message) for message in Message.objects.all()] == ["demandee"]


def test_a_quiet_move_and_a_quiet_cancellation_leave_the_telling_to_the_caller(agent):
    reservation = asked()

    planning.move(reservation, quiet=True, fin=reservation.fin + timedelta(hours=1))
    planning.cancel(reservation, Creneau.Motif.FERMETURE, by=agent, quiet=True)

    assert Message.objects.count() == 1


def test_two_moves_are_two_messages(agent):
    reservation = asked()

    for _ in range(2):
        planning.move(reservation, fin=reservation.fin + timedelta(minutes=30))

    assert Message.objects.filter(cle__contains=":deplacee:").count() == 2


def test_the_date_of_an_event_tells_nobody_by_message(agent):
    date = OccurrenceFactory()

    planning.cancel(date, Creneau.Motif.ORGANISATION, by=agent)

    assert not Message.objects.exists()


@pytest.mark.parametrize("told", OBJETS)
def test_every_letter_says_where_when_and_whom_to_call(agent, told):
    reservation = asked()
    maison = reservation.maison
    maison.telephone, maison.adresse = "04 65 71 00 99", "3 place de l’Horloge"
    reservation.expire_le = reservation.repondre_avant
    reservation.motif_refus = Reservation.MotifRefus.BESOIN
    Message.objects.all().delete()

    message = tell(reservation, told, avant="hier")

    for fact in (reservation.salle.nom, maison.nom, maison.telephone, reservation.person):
        assert fact in message.texte
    assert "3 place de l’Horloge" in message.texte


@pytest.mark.parametrize("told", OBJETS)
def test_codes_and_links_are_named_to_be_erased(agent, told):
    reservation = asked()
    reservation.expire_le = reservation.repondre_avant

    message = tell(reservation, told)

    kept = message.texte + message.html
    for secret in message.secrets:
        kept = kept.replace(secret, "")
    assert "/code/" not in kept or "/code//" in kept
    assert reservation.code not in kept
    assert reservation.six_digits not in kept


def test_somebody_with_a_phone_alone_is_to_be_called(agent):
    salle = SalleFactory()
    wanted = ReservationFactory.build(
        salle=salle, maison=salle.maison, demandeur=None, nom="d’Ângelo", telephone="06 12 34 56 78"
    )
    planning.ask(wanted)

    planning.confirm(wanted, by=agent)

    message = Message.objects.to_phone().first()
    assert (message.canal, message.destinataire) == ("telephone", "06 12 34 56 78")
    assert message.texte.startswith("Bonjour d’Ângelo, ici Maison")


def test_somebody_who_cannot_be_reached_gets_nothing(agent):
    salle = SalleFactory()
    wanted = ReservationFactory.build(
        salle=salle, maison=salle.maison, demandeur=None, nom="Ada", saisie_par=agent
    )

    planning.ask(wanted)

    assert not Message.objects.exists()


def test_a_name_is_never_read_as_a_template_or_html(agent):
    reservation = asked()
    reservation.demandeur.nom = "<b>{{ ville }}</b> & O’Neill"

    message = tell(reservation, "annulee")

    assert "<b>{{ ville }}</b> & O’Neill" in message.texte
    assert "<b>{{" not in message.html


def test_a_booking_by_phone_is_told_by_sms_and_its_words_stay_for_the_voice(settings):
    settings.SMS_URL = "console:"
    booking = ReservationFactory(
        demandeur=None, nom="Linh", telephone="+33612345678", etat=Reservation.Etat.CONFIRMEE
    )

    planning.cancel(booking, Creneau.Motif.ORGANISATION, by=None)

    message = Message.objects.get()
    assert message.canal == Message.Canal.SMS
    assert message.sms.startswith("Réservation annulée : ")
    assert message.texte.startswith("Bonjour Linh")
