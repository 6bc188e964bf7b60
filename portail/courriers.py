"""What really left, in the demonstration: Django writes each e-mail into a file of a folder."""

import re
from dataclasses import dataclass
from datetime import UTC
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone

RULE = b"-" * 79 + b"\n"  # under each e-mail of a file (django.core.mail.backends.console)
SHEET = re.compile("<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True)
class Letter:
    """An e-mail as its page shows it."""

    raw: bytes

    @property
    def key(self):
        """What tells it from the others, whichever left since."""
        return sha256(self.raw).hexdigest()[:16]

    @cached_property
    def email(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    @property
    def subject(self):
        return self.email["Subject"]

    @property
    def to(self):
        return self.email["To"]

    @property
    def sent_at(self):
        return timezone.localtime(self.email["Date"].datetime.replace(tzinfo=UTC))

    @property
    def text(self):
        return self.email.get_body(["plain"]).get_content()

    @property
    def html(self):
        """As it left, but for its sheet, which our own pages may only link."""
        body = self.email.get_body(["html"])
        link = f'<link rel="stylesheet" href="{static("courriel.css")}">'
        return SHEET.sub(link, body.get_content(), count=1) if body else ""

    @property
    def attachments(self):
        """[(name of the file, part)]: a template would take a method of a part for a header."""
        return [(part.get_filename(), part) for part in self.email.iter_attachments()]


def letters_sent(most=1000):
    """The newest first; one that is being written is left out."""
    if not settings.EMAIL_BACKEND.endswith(".filebased.EmailBackend"):
        return []
    return read_letters(settings.EMAIL_FILE_PATH, most)


def read_letters(folder, most):
    files = sorted(Path(folder).glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
    letters = []
    for file in reversed(files[-most:]):
        *whole, _ = file.read_bytes().split(RULE)
        letters += reversed(whole)
    return [Letter(raw) for raw in letters[:most]]
