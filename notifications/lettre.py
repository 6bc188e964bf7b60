"""The letter that leaves: from a row of the outbox to an e-mail."""

import re
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives


def compose(message, server):
    """The same each time that it is composed for one row, so that a double shows as such."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    letter = EmailMultiAlternatives(
        message.objet,
        re.sub(r"\n{3,}", "\n\n", message.texte).strip() + "\n",  # what templates leave empty
        to=[message.destinataire],
        reply_to=[message.repondre_a] if message.repondre_a else None,
        headers={
            "Message-ID": f"<{message.identifiant}@{domain}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no « absent du bureau » in return
            **unsubscribing(message.desabonnement),
        },
        connection=server,
    )
    if message.html:
        letter.attach_alternative(dressed(message.html), "text/html")
    for part in message.pieces:
        letter.attach(part["nom"], part["texte"], part["type"])
    return letter


def unsubscribing(address):
    """What lets a mail program end these letters in one touch (RFC 8058)."""
    if not address:
        return {}
    click = "List-Unsubscribe=One-Click"
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": click}


def dressed(html):
    """With its sheet inside: mail programs read no other."""
    return html.replace("</head>", f"<style>{sheet()}</style></head>", 1)


@cache
def sheet():
    return (settings.BASE_DIR / "static" / "courriel.css").read_text()
