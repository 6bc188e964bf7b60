import logging
from contextlib import closing
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.core.mail import get_connection
from django.utils import timezone

from notifications import balayage, erreurs, rappels, retenue, sms
from notifications.lettre import compose
from notifications.models import Message

logger = logging.getLogger(__name__)


@shared_task
def drain():
    """
    Send what is due, one by one, over one conversation with the mail server.

    No transaction is open while a letter leaves. It leaves twice only when we die between the
    server's 250 and our mark, then with the same Message-ID.
    """
    for message in Message.objects.outdated(timezone.now()):
        message.mark_outdated()
    with closing(get_connection()) as server:
        while message := next_due(Message.Canal.COURRIEL):
            if not send(message, server):
                break  # the server, not the message: the next sweep goes on


@shared_task
def drain_sms():
    """Hand over the SMS that are due, until the provider takes no more."""
    while message := next_due(Message.Canal.SMS):
        try:
            sms.send(message.destinataire, message.sms, str(message.identifiant))
        except sms.Refused as error:
            message.mark_to_phone(erreurs.in_words(error))
        except OSError as error:
            message.postpone(erreurs.in_words(error))
            logger.warning("No SMS leaves, they wait: %s", erreurs.in_words(error))
            break
        else:
            message.mark_sent()


def next_due(canal):
    """The next row to send, claimed; reminders that are not true any more are left out."""
    while True:
        message = retenue.next_of(Message.objects.due(timezone.now()).filter(canal=canal))
        if message is None or not message.rappel or rappels.stands(message):
            return message
        message.mark_dropped()


def send(message, server):
    """Send one claimed row and write how it went; whether the server can take the next one."""
    try:
        server.open()
    except (SMTPException, OSError) as error:
        message.put_back(erreurs.in_words(error))
        logger.warning("The mail server takes nothing, letters wait: %s", erreurs.in_words(error))
        return False
    try:
        compose(message, server).send()
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        for_good, words = erreurs.answer(error)
        (message.mark_refused if for_good else message.postpone)(words)
    except ValueError as error:  # an address or a header that no e-mail may hold
        message.mark_refused(erreurs.in_words(error))
    except (SMTPException, OSError) as error:
        message.postpone(erreurs.in_words(error))
        logger.warning("The mail server stopped, letters wait: %s", erreurs.in_words(error))
        return False
    else:
        message.mark_sent()
    return True


@shared_task
def sweep_reminders():
    """Write the reminders that are due; beat may run twice, a worker may die anywhere."""
    balayage.sweep()


@shared_task
def erase_outdated_messages():
    """Keep the promise of the privacy page: what was written to people, three months."""
    Message.objects.old(timezone.now()).delete()
