"""Every letter leaves once, whatever the mail server does; nobody waits for it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import DELAYS, ERASED, KEPT, LEASE, TOO_LATE, Message
from notifications.tasks import drain, erase_outdated_messages, next_due
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db
Etat = Message.Etat


def test_a_letter_leaves_once(bureau):
    message = MessageFactory()

    drain()
    drain()

    [letter] = bureau.received
    message.refresh_from_db()
    assert letter["To"] == message.destinataire
    assert (message.etat, message.essais, message.erreur) == (Etat.ENVOYE, 1, "")


def test_codes_are_erased_from_what_is_kept_of_a_letter_sent(bureau):
    code, texte = "K7M3-TPXQ-9WQF", "Code K7M3-TPXQ-9WQF, http://ville.example/code/K7M3TPXQ9WQF/"
    pieces = [{"nom": "salle.ics", "type": "text/calendar", "texte": "URL:K7M3TP\r\n XQ9WQF"}]
    message = MessageFactory(texte=texte, html=texte.lower(), pieces=pieces, secrets=[code])

    drain()

    message.refresh_from_db()
    assert code in bureau.received[0].get_body(["plain"]).get_content()
    assert message.texte == f"Code {ERASED}, http://ville.example/code/{ERASED}/"
    assert message.html == message.texte.lower()
    assert message.pieces == [pieces[0] | {"texte": f"URL:{ERASED}"}]
    assert message.secrets == []


@pytest.mark.parametrize("answers", [{"to_address": "550 No such user"}, {"to_letter": "554 No"}])
def test_an_address_refused_for_good_is_a_failure_at_once(bureau, answers):
    refused = MessageFactory(secrets=["123456"], texte="123456")
    vars(bureau).update(answers)

    drain()
    drain()

    refused.refresh_from_db()
    assert (refused.etat, refused.essais, refused.texte) == (Etat.ECHEC, 1, "123456")
    assert refused.erreur in {"550 No such user", "554 No"}


def test_a_refused_letter_forgets_its_code_when_it_may_not_leave_any_more(bureau, time_machine):
    bureau.to_address = "550 No such user"
    refused = MessageFactory(secrets=["123456"], texte="123456")
    drain()

    time_machine.move_to(refused.expire_le + timedelta(hours=1))
    drain()

    refused.refresh_from_db()
    assert (refused.etat, refused.texte, refused.secrets) == (Etat.ECHEC, ERASED, [])
    assert refused.erreur == f"{TOO_LATE} 550 No such user"


def test_what_is_refused_for_now_is_tried_later_and_later(bureau, time_machine):
    message = MessageFactory()
    bureau.to_address = "451 Try again later"
    tries, begun = [], timezone.now()

    for minutes in range(60):
        time_machine.move_to(begun + timedelta(minutes=minutes, seconds=minutes))
        drain()
        message.refresh_from_db()
        tries.append(message.essais)

    assert [tries.index(n) for n in range(1, max(tries) + 1)] == [0, 1, 3, 8, 23, 53]
    assert sum(DELAYS[:5], timedelta()) == timedelta(minutes=53)
    assert (message.etat, message.erreur) == (Etat.ATTENTE, "451 Try again later")


def test_an_address_that_no_letter_may_hold_keeps_no_other_letter(bureau):
    impossible = MessageFactory(destinataire="é" * 70 + "@rivemont.example")
    kept = MessageFactory()

    drain()

    impossible.refresh_from_db()
    assert impossible.etat == Etat.ECHEC
    assert [letter["To"] for letter in bureau.received] == [kept.destinataire]


def test_what_waited_too_long_is_a_failure_and_never_leaves(bureau, time_machine):
    message = MessageFactory(secrets=["123456"], texte="Code 123456")
    to_call = MessageFactory(etat=Etat.A_APPELER)
    time_machine.move_to(message.expire_le + timedelta(minutes=1))

    drain()

    message.refresh_from_db()
    to_call.refresh_from_db()
    assert bureau.received == []
    assert (message.etat, message.erreur, message.texte) == (Etat.ECHEC, TOO_LATE, f"Code {ERASED}")
    assert to_call.etat == Etat.ECHEC


@pytest.mark.parametrize("server", ["closed", "silent"])
def test_a_server_that_cannot_be_reached_is_asked_once_and_letters_keep_their_place(
    request, by_smtp, bureau, server
):
    first, second = MessageFactory.create_batch(2)
    by_smtp(request.getfixturevalue(server), timeout=0.2)
    drain()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.etat, first.essais, second.essais) == (Etat.ATTENTE, 1, 0)
    assert re.search("refused|timed out", first.erreur)

    by_smtp(bureau.port)
    drain()

    assert len(bureau.received) == 2


def test_a_server_that_hangs_or_hangs_up_ends_the_drain(bureau, by_smtp, time_machine):
    by_smtp(bureau.port, timeout=0.2)
    for manner in ("hangs", "drops"):
        MessageFactory.create_batch(2)
        vars(bureau).update({"hangs": False, "drops": False, manner: True})
        drain()
    waiting = Message.objects.waiting()
    assert sorted(waiting.values_list("essais", flat=True)) == [0, 0, 1, 1]
    assert all("SMTPServerDisconnected" in m.erreur for m in waiting.filter(essais=1))

    bureau.hangs = bureau.drops = False
    time_machine.move_to(timezone.now() + DELAYS[0])
    drain()

    assert len(bureau.received) == 4


def test_without_the_encryption_asked_for_nothing_leaves_and_the_error_says_why(bureau, settings):
    settings.EMAIL_USE_TLS = True
    message = MessageFactory()

    drain()

    message.refresh_from_db()
    assert not bureau.reached.is_set()
    assert message.etat == Etat.ATTENTE
    assert "STARTTLS" in message.erreur


def test_a_dead_worker_s_letter_leaves_when_its_lease_runs_out(bureau, time_machine):
    message = MessageFactory()
    next_due(Message.Canal.COURRIEL)  # and dies

    drain()
    assert bureau.received == []
    time_machine.move_to(timezone.now() + LEASE)
    drain()

    assert [letter["To"] for letter in bureau.received] == [message.destinataire]


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(bureau, time_machine):
    MessageFactory()
    late = next_due(Message.Canal.COURRIEL)
    time_machine.move_to(timezone.now() + LEASE)
    drain()

    late.mark_refused("Too late.")

    assert Message.objects.get().etat == Etat.ENVOYE


def test_letters_are_erased_after_three_months(time_machine):
    old, kept = MessageFactory.create_batch(2)
    Message.objects.filter(pk=old.pk).update(cree_le=timezone.now() - KEPT - timedelta(days=1))

    erase_outdated_messages()

    assert Message.objects.get() == kept


def test_the_log_names_nobody(bureau, by_smtp, closed, caplog):
    MessageFactory(destinataire="personne@rivemont.example", texte="123456", secrets=["123456"])
    bureau.to_address = "550 personne@rivemont.example: no such user"
    drain()
    MessageFactory(destinataire="personne@rivemont.example", texte="123456", secrets=["123456"])
    by_smtp(closed)
    drain()

    told = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert re.search("letters wait", str(told))
    assert not re.search("personne@|123456", str(told))
