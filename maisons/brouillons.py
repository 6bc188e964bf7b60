"""Requests that an agent puts aside for the day, in their own session: the queue goes on."""

from django.utils import timezone

KEY = "guichet"  # of bookings; an app above has its own
MOST = 5


def kept(session, place, key=KEY):
    """{token: answers} of this house, or other place, put aside today, the latest last."""
    today = timezone.localdate().isoformat()
    return {
        token: draft["answers"]
        for token, draft in session.get(key, {}).items()
        if draft["day"] == today and draft["maison"] == place.pk
    }


def keep(session, place, token, answers, key=KEY):
    draft = {"day": timezone.localdate().isoformat(), "maison": place.pk, "answers": answers}
    others = {t: d for t, d in session.get(key, {}).items() if t != token}
    session[key] = dict([*others.items(), (token, draft)][-MOST:])


def discard(session, token, key=KEY):
    if token in session.get(key, {}):
        session[key] = {t: d for t, d in session[key].items() if t != token}
