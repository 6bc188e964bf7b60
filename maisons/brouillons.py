"""Requests that an agent puts aside for the day, in their own session: the queue goes on."""

from django.utils import timezone

KEY = "guichet"
MOST = 5


def kept(session, maison):
    """{token: answers} of this house put aside today, the latest last."""
    today = timezone.localdate().isoformat()
    return {
        token: draft["answers"]
        for token, draft in session.get(KEY, {}).items()
        if draft["day"] == today and draft["maison"] == maison.pk
    }


def keep(session, maison, token, answers):
    draft = {"day": timezone.localdate().isoformat(), "maison": maison.pk, "answers": answers}
    others = {t: d for t, d in session.get(KEY, {}).items() if t != token}
    session[KEY] = dict([*others.items(), (token, draft)][-MOST:])


def discard(session, token):
    if token in session.get(KEY, {}):
        session[KEY] = {t: d for t, d in session[KEY].items() if t != token}
