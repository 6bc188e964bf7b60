"""A créneau as an entry of somebody's calendar (RFC 5545)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vDuration

from maisons import partage

PARIS = ZoneInfo(settings.TIME_ZONE)
REFRESH = timedelta(hours=4)  # how often a calendar is asked to look again


def ics(*creneaux) -> bytes:
    """
    A file of some dates: each keeps its UID for good, and its SEQUENCE grows with each change.

    A cancelled one is told as cancelled, so that a calendar which holds it crosses it out.
    """
    file = calendar(creneaux)
    file.add("method", "PUBLISH")  # told, not sent as an invitation to answer
    for creneau in creneaux:
        file.add_component(entry(creneau, timezone.now()))
    return file.to_ical()


def attached(*creneaux):
    """The same, as an attachment of a message."""
    return {"nom": "reservation.ics", "type": "text/calendar", "texte": ics(*creneaux).decode()}


def calendar(creneaux):
    """A calendar that knows the hours of these dates, and has none of them yet."""
    new = Calendar()
    new.add("prodid", "-//Maisons de quartier//Portail//FR")
    new.add("version", "2.0")
    new.add_component(zone(creneaux))
    return new


def followed(creneaux, title, page, told=""):
    """
    The same, as one follows it at its address, under a title; `told` is what it says of itself.

    Without METHOD: DTSTAMP is then the last change, and the same file has the same bytes.
    """
    file = calendar(creneaux)
    for name in ("name", "x-wr-calname"):  # RFC 7986, and what came before it
        file.add(name, title)
    if told:
        for name in ("description", "x-wr-caldesc"):
            file.add(name, told)
    file.add("x-wr-timezone", settings.TIME_ZONE)
    file.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    file.add("x-published-ttl", vDuration(REFRESH))
    file.add("url", page)
    return file


def zone(creneaux):
    """The rules of the years of these dates, and of the next."""
    years = [timezone.localdate(c.debut).year for c in creneaux] or [timezone.localdate().year]
    first, last = date(min(years), 1, 1), date(max(years) + 2, 1, 1)
    return Timezone.from_tzinfo(PARIS, first_date=first, last_date=last)


def entry(creneau, stamp, ville=""):
    """One date; `stamp` is when it is told or, in a file without METHOD, when it last changed."""
    event = Event()
    event.add("uid", f"{partage.name(creneau)}@{partage.host()}")
    event.add("sequence", creneau.sequence)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    add_span(event, creneau)
    event.add("summary", partage.plain(summary(creneau)))
    event.add("location", partage.plain(partage.location(creneau, ville)))
    if told := description(creneau, ville):
        event.add("description", partage.plain(told))
    if phone := telephone(creneau, ville):
        event.add("contact", partage.plain(phone))
    if address := page(creneau):
        event.add("url", address)
    event.add("status", status(creneau))
    return event


def add_span(event, creneau):
    """Whole days, the last one excluded, when the hours are not known."""
    debut, fin = creneau.debut.astimezone(PARIS), creneau.fin.astimezone(PARIS)
    if not creneau.heure_connue:
        debut, fin = debut.date(), creneau.last_day + timedelta(days=1)
    event.add("dtstart", debut)
    event.add("dtend", fin)


def summary(creneau):
    """A public date has a title; a booking is known by its room."""
    if creneau.publie_le:
        return creneau.titre
    return f"{creneau.salle or creneau.titre}, {creneau.maison}"


def description(creneau, ville):
    """What the public reads of it, and whom to call; of a booking, whom to call alone."""
    told = [creneau.resume, partage.price(creneau)] if creneau.publie_le else []
    if phone := telephone(creneau, ville):
        told.append(f"Une question ? {creneau.maison or ville}, {phone}")
    return "\n".join(filter(None, told))


def telephone(creneau, ville):
    """The number of the house, else of the city."""
    return getattr(creneau.maison or ville, "telephone", "")


def page(creneau):
    """Its public page, or that of its room: a calendar is shared more easily than a code."""
    if creneau.publie_le:
        return partage.url(creneau)
    return settings.SITE_URL + creneau.salle.get_absolute_url() if creneau.salle else ""


def status(creneau):
    if creneau.annule_le:
        return "CANCELLED"
    return "TENTATIVE" if creneau.answerable else "CONFIRMED"
