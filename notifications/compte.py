"""What allauth writes to people passes by the outbox as all else: sent once, its codes erased."""

from datetime import timedelta
from uuid import uuid4

from allauth.core import context as current
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from comptes import connexion
from notifications.envoi import post

USEFUL = timedelta(days=2)  # for what holds no code


class AccountAdapter(connexion.AccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """Nobody waits for the mail server: an unknown address answers as fast as a known one."""
        context = {"request": current.request, "email": email} | context
        mail, code = self.render_mail(template_prefix, email, context), context.get("code", "")
        life = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) if code else USEFUL
        dressed = {"titre": mail.subject, "parts": parts(mail.body, code)}
        post(
            f"compte:{uuid4()}",
            courriel=email,
            objet=mail.subject,
            texte=mail.body,
            html=render_to_string("notifications/compte.html", dressed, current.request),
            secrets=[code] if code else [],
            expire_le=timezone.now() + life,
        )


def parts(text, code):
    """What stands between greeting and signature: [{"texte", "code", "lien"}], a paragraph each."""
    found = []
    for paragraph in text.split("\n\n")[1:-1]:
        *lines, last = paragraph.split("\n")
        link = last if last.startswith(settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL) else ""
        words = "\n".join(lines if link else [*lines, last])
        found.append({"texte": words, "code": bool(code) and words == code, "lien": link})
    return found
