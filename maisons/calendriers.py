"""A créneau as an entry of somebody's calendar (RFC 5545)."""

from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone

PARIS = ZoneInfo(settings.TIME_ZONE)


def ics(creneau, url="") -> bytes:
    """
    A calendar of one entry: the same UID for good, and a SEQUENCE that grows with each change.

    A cancelled one is told as cancelled, so that a calendar which holds it crosses it out.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Maisons de quartier//Portail//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if creneau.annule_le else "PUBLISH")
    calendar.add_component(zone(creneau))
    calendar.add_component(entry(creneau, url))
    return calendar.to_ical()


def zone(creneau):
    """The rules of the year of the créneau, and of the next."""
    year = timezone.localdate(creneau.debut).year
    return Timezone.from_tzinfo(PARIS, first_date=date(year, 1, 1), last_date=date(year + 2, 1, 1))


def entry(creneau, url):
    maison = creneau.maison
    host = urlsplit(settings.SITE_URL).hostname
    event = Event()
    event.add("uid", f"creneau-{creneau.pk}@{host}")
    event.add("sequence", creneau.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", creneau.debut.astimezone(PARIS))
    event.add("dtend", creneau.fin.astimezone(PARIS))
    event.add("summary", f"{creneau.salle or creneau.titre}, {maison}")
    event.add("location", ", ".join(filter(None, [str(maison), maison.adresse])))
    if maison.telephone:
        event.add("description", f"Une question ? {maison}, {maison.telephone}")
        event.add("contact", maison.telephone)
    if url:
        event.add("url", url)
    event.add("status", "CANCELLED" if creneau.annule_le else "CONFIRMED")
    return event
