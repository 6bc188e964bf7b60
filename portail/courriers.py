"""What really left, in the demonstration: Django writes each e-mail into a file of a folder."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

RULE = b"-" * 79 + b"\n"  # under each e-mail of a file (django.core.mail.backends.console)


def read_letters(folder, most=100):
    """The newest e-mails, as EmailMessage, newest first; one being written is left out."""
    files = sorted(Path(folder).glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
    letters = []
    for file in reversed(files[-most:]):
        *whole, _ = file.read_bytes().split(RULE)
        letters += [message_from_bytes(letter, policy=default) for letter in reversed(whole)]
    return letters[:most]
