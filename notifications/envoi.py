"""The outbox: what a domain calls to tell somebody something, once."""

import logging
from functools import cache, partial

from django.db import connection, transaction
from kombu.exceptions import OperationalError
from kombu.pools import producers

from notifications import sms as messenger
from notifications.coursier import courier
from notifications.models import Message
from notifications.tasks import drain, drain_sms

TOGETHER = 250  # letters written by one statement
MOST_SMS = 3  # to a number within an hour: the others are told by voice
# A silent broker holds the courier so long, and no page: the worker's own are more patient.
IMPATIENT = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 0}

logger = logging.getLogger(__name__)


def post(cle, *, objet, texte, expire_le, nom="", courriel="", telephone="", sms="", **fields):
    """
    Write a message once (`cle` is unique) in the transaction that causes it.

    To the e-mail address, else by SMS to a mobile number, else to the list of those to call, where
    `texte` is read aloud; with neither nothing is written. `fields` are those of Message: creneau,
    rappel, html, pieces (a list of {"nom", "type", "texte"}), secrets, repondre_a, desabonnement,
    confidentiel.
    Returns the message, or None.
    """
    if not (courriel or telephone):
        return None
    if not courriel and sms and may_text(telephone):
        fields |= {"canal": Message.Canal.SMS, "sms": messenger.plain(sms)[: messenger.LONGEST]}
    elif not courriel:
        fields |= {"canal": Message.Canal.TELEPHONE, "etat": Message.Etat.A_APPELER}
    fields |= cut(objet, nom)
    fields |= {"destinataire": courriel or telephone, "texte": texte, "expire_le": expire_le}
    message, created = Message.objects.get_or_create(cle=cle, defaults=fields)
    if created and message.etat == Message.Etat.ATTENTE:
        publish_after_commit(message.canal)
    return message


def post_all(letters):
    """
    Write letters to many people, each once, as `post` does: its fields for each of them.

    A few statements, however many they are: what the transaction holds, it holds for less.
    """
    rows = [written(**letter) for letter in letters]
    Message.objects.bulk_create(rows, batch_size=TOGETHER, ignore_conflicts=True)
    if rows:
        publish_after_commit(Message.Canal.COURRIEL)


def written(courriel, objet, nom="", **fields):
    return Message(destinataire=courriel, **cut(objet, nom), **fields)


def cut(objet, nom):
    """What is too long is cut: a letter never stops what it tells of."""
    return {"objet": " ".join(objet.split())[:200], "nom": nom[:100]}


def may_text(number):
    reached = messenger.reaches(number)
    return reached and Message.objects.recent_sms(number)[:MOST_SMS].count() < MOST_SMS


def resend(message):
    """A refused message once more, on demand; raises ValidationError when it is too late."""
    message.resend()
    publish_after_commit(message.canal)


def publish_after_commit(canal):
    """Each message asks: those left when savepoints are undone share one call, cached."""
    leave = LEAVE[canal]
    asked = [func for _, func, _ in connection.run_on_commit]
    shared = [func for func in asked if getattr(func, "__wrapped__", None) is leave]
    transaction.on_commit(shared[0] if shared else cache(leave), robust=True)


def publish(task):
    """Hint to the workers that something is due; without it, the sweep finds it."""
    try:
        broker = task.app.connection_for_write(transport_options=IMPATIENT)
        with producers[broker].acquire() as producer:  # of those that stay connected
            task.apply_async(producer=producer, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("No broker, messages wait for the next sweep: %s", error)


# One conversation for each way out: the one that hangs does not hold the other.
LEAVE = {
    Message.Canal.COURRIEL: partial(courier.leave, partial(publish, drain)),
    Message.Canal.SMS: partial(courier.leave, partial(publish, drain_sms)),
}
