"""An appointment as an entry of somebody's calendar: when, where, whom to call; never what for."""

from django.utils import timezone
from icalendar import Event

from maisons import export_ics, partage
from quartiers.models import Ville


def ics(rendez_vous) -> bytes:
    """A file of one appointment, whose SEQUENCE grows with each change (RFC 5545)."""
    file = export_ics.calendar([rendez_vous])
    file.add("method", "PUBLISH")
    file.add_component(entry(rendez_vous, Ville.current(), timezone.now()))
    return file.to_ical()


def attached(rendez_vous):
    """The same, as an attachment of a message."""
    file = ics(rendez_vous).decode()
    return {"nom": "rendez-vous.ics", "type": "text/calendar", "texte": file}


def entry(rendez_vous, ville, stamp):
    """Neither service, reason nor name: others read a calendar, and a locked screen shows it."""
    house = rendez_vous.vacation.maison
    event = Event()
    event.add("uid", f"rendez-vous-{rendez_vous.pk}@{partage.host()}")
    event.add("sequence", rendez_vous.sequence)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("dtstart", rendez_vous.debut.astimezone(export_ics.PARIS))
    event.add("dtend", rendez_vous.fin.astimezone(export_ics.PARIS))
    event.add("summary", partage.plain(f"Rendez-vous, {house}"))
    event.add("location", partage.plain(", ".join(filter(None, [str(house), house.adresse]))))
    event.add("class", "PRIVATE")
    phone = house.telephone or getattr(ville, "telephone", "")
    if phone:
        event.add("description", partage.plain(f"Une question ? {house}, {phone}"))
        event.add("contact", partage.plain(phone))
    event.add("status", "CONFIRMED" if rendez_vous.alive else "CANCELLED")
    return event
