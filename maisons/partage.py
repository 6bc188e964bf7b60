"""A date told outside the portal: to a calendar, in a feed, to somebody by message."""

import re
from datetime import UTC
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from maisons import heures

GOOGLE = "https://calendar.google.com/calendar/r?cid="
# No file or feed has a way to write them (RFC 5545, XML 1.0); some end a line.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


def calendars(path):
    """What opens a calendar of ours, by its path, in other programs, which keep it up to date."""
    webcal = urlsplit(settings.SITE_URL)._replace(scheme="webcal").geturl() + path
    return {"webcal": webcal, "google": GOOGLE + quote(webcal, safe="")}


def google(creneau, ville, told=""):
    """What opens a calendar of Google with one date already written: nothing leaves before."""
    span = [t.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for t in (creneau.debut, creneau.fin)]
    written = {"action": "TEMPLATE", "text": plain(title(creneau)), "dates": "/".join(span)}
    details = "\n".join(filter(None, [plain(told), url(creneau)]))
    written |= {"location": plain(location(creneau, ville)), "details": details}
    return "https://calendar.google.com/calendar/render?" + urlencode(written)


def plain(text):
    return UNWRITABLE.sub(" ", text)


def name(creneau):
    """Its identity outside, the same for good: a part of a UID, of an Atom id."""
    return f"creneau-{creneau.pk}"


def host():
    return urlsplit(settings.SITE_URL).hostname


def url(creneau):
    """The address of one public date, which leads to the page of its thing."""
    return settings.SITE_URL + reverse("portail:agenda_entry", args=[creneau.pk])


def when(creneau):
    words = heures.span if creneau.heure_connue else heures.days
    return words(creneau.debut, creneau.fin)


def outside(creneau):
    return creneau.portee == creneau.Portee.HORS_LES_MURS


def street(creneau):
    """The address as it was written, where one goes; empty when the house has none yet."""
    return creneau.adresse_libre if outside(creneau) else creneau.maison.adresse


def location(creneau, ville=""):
    """« Grande salle, Maison des Lavoirs, 12 quai des Lavandières, Rivemont »."""
    house = [] if outside(creneau) else [creneau.salle, creneau.maison]
    parts = [str(part) for part in (*house, street(creneau)) if part]
    city = str(ville) if str(ville) not in ", ".join(parts) else ""
    return ", ".join(filter(None, [*parts, city]))


def price(creneau):
    return "Gratuit" if creneau.gratuit else creneau.tarif


def title(creneau):
    return f"{'Annulé : ' if creneau.annule_le else ''}{creneau.titre}"


def message(creneau, ville):
    """What one sends to a friend: title, date, place, page."""
    lines = [title(creneau), when(creneau), location(creneau, ville), url(creneau)]
    return "\n".join(map(plain, lines))


def links(creneau, ville):
    """What opens a message to nobody yet, already written; an SMS in signs that fit more to it."""
    text = message(creneau, ville)
    short = text.replace(heures.NBSP, " ").replace("’", "'")
    written = {"subject": plain(title(creneau)), "body": text.replace("\n", "\r\n")}
    return {
        "sms": f"sms:?&body={quote(short, safe='')}",
        "courriel": "mailto:?" + urlencode(written, quote_via=quote),  # RFC 6068
    }
