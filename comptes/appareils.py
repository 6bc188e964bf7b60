"""The devices on which somebody is signed in: one row for each session, in plain words."""

import time
from dataclasses import dataclass

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

SEEN, HOUR = "vu", 60 * 60
# The first that is found in what a browser says of itself: most say that they are others too.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "un iPhone",
    "iPad": "un iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "un Mac",
    "CrOS": "un Chromebook",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Appareil:
    pk: int
    nom: str  # « Firefox sur Windows »
    depuis: timezone.datetime
    vu_le: timezone.datetime
    ici: bool  # the one that asks


def in_words(user_agent):
    browser = first(BROWSERS, user_agent) or "Un navigateur"
    system = first(SYSTEMS, user_agent)
    return f"{browser} sur {system}" if system else browser


def first(words, user_agent):
    return next((word for sign, word in words.items() if sign in user_agent), "")


def of(request):
    """Those of whoever asks, this one first: two statements, however many they are."""
    rows = UserSession.objects.filter(user=request.user).order_by("-last_seen_at", "-pk")
    open_keys = opened(request, [row.session_key for row in rows])
    found = [
        Appareil(
            row.pk,
            in_words(row.user_agent),
            row.created_at,
            row.last_seen_at,
            row.session_key == request.session.session_key,
        )
        for row in rows
        if row.session_key in open_keys
    ]
    return sorted(found, key=lambda device: not device.ici)


def opened(request, keys):
    """The sessions among these that still open something: a new password has ended the others."""
    sessions = request.session.model.objects.filter(
        session_key__in=keys, expire_date__gt=timezone.now()
    )
    now = request.user.get_session_auth_hash()
    return {
        session.session_key
        for session in sessions
        if constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), now)
    }


def end_all(compte):
    """Whatever is open anywhere asks to sign in again, at its next request."""
    for row in UserSession.objects.filter(user=compte):
        row.end()


def note_seen(session):
    """When a session was last used, to the hour: more would cost a write for each page."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY)
    if not records or time.time() - session.get(SEEN, records[-1]["at"]) < HOUR:
        return
    session[SEEN] = time.time()
    rows = UserSession.objects.filter(session_key=session.session_key)
    rows.update(last_seen_at=timezone.now())
