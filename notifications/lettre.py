"""The letter that leaves: from a row of the outbox to an e-mail."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def compose(message, server):
    """The same each time that it is composed for one row, so that a double shows as such."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    letter = EmailMultiAlternatives(
        message.objet,
        message.texte,
        to=[message.destinataire],
        reply_to=[message.repondre_a] if message.repondre_a else None,
        headers={
            "Message-ID": f"<{message.identifiant}@{domain}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no « absent du bureau » in return
        },
        connection=server,
    )
    if message.html:
        letter.attach_alternative(dressed(message.html), "text/html")
    for part in message.pieces:
        letter.attach(part["nom"], part["texte"], part["type"])
    return letter


def dressed(html):
    """With its sheet inside: mail programs read no other."""
    sheet = render_to_string("notifications/courriel.css")
    return html.replace("</head>", f"<style>\n{sheet}</style>\n</head>", 1)
