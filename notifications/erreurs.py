"""What went wrong with a message, in words for the staff."""

from smtplib import SMTPRecipientsRefused


def answer(error):
    """(for good or not, words) of a server that took no letter for this person."""
    if isinstance(error, SMTPRecipientsRefused):
        [(code, words)] = error.recipients.values()
    else:
        code, words = error.args
    return code >= 500, f"{code} {words.decode(errors='replace')}"


def in_words(error):
    return f"{type(error).__name__}: {error}"
