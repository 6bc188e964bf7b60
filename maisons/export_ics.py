"""A créneau as an entry of somebody's calendar (RFC 5545)."""

from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone

PARIS = ZoneInfo(settings.TIME_ZONE)


def ics(*creneaux) -> bytes:
    """
    A calendar of some dates: each keeps its UID for good, and its SEQUENCE grows with each change.

    A cancelled one is told as cancelled, so that a calendar which holds it crosses it out.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Maisons de quartier//Portail//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")  # told, not sent as an invitation to answer
    calendar.add_component(zone(creneaux))
    for creneau in creneaux:
        calendar.add_component(entry(creneau))
    return calendar.to_ical()


def attached(*creneaux):
    """The same, as an attachment of a message."""
    return {"nom": "reservation.ics", "type": "text/calendar", "texte": ics(*creneaux).decode()}


def zone(creneaux):
    """The rules of the years of these dates, and of the next."""
    years = [timezone.localdate(creneau.debut).year for creneau in creneaux]
    first, last = date(min(years), 1, 1), date(max(years) + 2, 1, 1)
    return Timezone.from_tzinfo(PARIS, first_date=first, last_date=last)


def entry(creneau):
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
    if creneau.salle:  # its public page: a calendar is shared more easily than a code
        event.add("url", settings.SITE_URL + creneau.salle.get_absolute_url())
    event.add("status", status(creneau))
    return event


def status(creneau):
    if creneau.annule_le:
        return "CANCELLED"
    return "TENTATIVE" if creneau.answerable else "CONFIRMED"
