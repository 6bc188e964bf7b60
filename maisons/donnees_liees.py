"""Events and houses as data that other sites read (schema.org, in JSON-LD)."""

import json
from datetime import time, timedelta
from itertools import groupby, pairwise
from operator import itemgetter

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import mark_safe

from maisons import partage
from maisons.models import Occurrence
from maisons.ouverture import spans_on

# Inside a <script>, nothing may end it, nor open a comment.
ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SCHEMA = "https://schema.org"


def script(data):
    """One thing as the text of a <script type="application/ld+json">, without what is empty."""
    told = {"@context": SCHEMA} | data
    told = {name: value for name, value in told.items() if value not in (None, "", [])}
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(ESCAPED))


def events(evenement, dates, ville):
    """One Event for each date of a public event: the address of a date is its identity."""
    if not evenement.publie_le:
        return []
    before, by = former_starts(dates, evenement.publie_le), organizer(evenement, ville)
    return [script(event(evenement, date, before.get(date.pk), ville, by)) for date in dates]


def event(evenement, date, before, ville, by):
    """One date of a thing that has a `resume` and a `description`, organised `by`."""
    return {
        "@type": "Event",
        "@id": partage.url(date),
        "url": partage.url(date),
        "name": date.titre,
        "description": evenement.resume or evenement.description,
        "startDate": moment(date, date.debut),
        "endDate": moment(date, date.fin - timedelta(seconds=0 if date.heure_connue else 1)),
        "eventStatus": f"{SCHEMA}/Event{status(date, before)}",
        "previousStartDate": moment(date, before) if before and not date.annule_le else None,
        "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
        "location": location(date, ville),
        "organizer": by,
        "offers": offer(date),
        "isAccessibleForFree": date.gratuit,
    }


def moment(date, instant):
    """« 2026-11-24T14:30:00+01:00 »; the day alone when the hours are not known."""
    local = timezone.localtime(instant)
    return local.isoformat(timespec="seconds") if date.heure_connue else local.date().isoformat()


def status(date, before):
    if date.annule_le:
        return "Cancelled"
    return "Rescheduled" if before else "Scheduled"


def former_starts(dates, since):
    """{pk: start} of those moved since they are public: when each was before its last move."""
    keys = [date.pk for date in dates]
    rows = Occurrence.history.filter(creneau__in=keys).order_by("creneau", "history_date", "pk")
    rows = rows.values_list("creneau", "history_date", "debut")
    found = {}
    for pk, records in groupby(rows, key=itemgetter(0)):
        for (_, _, before), (_, moved_le, debut) in pairwise(records):
            if before != debut and moved_le > since:
                found[pk] = before
    return found


def location(date, ville):
    if partage.outside(date):
        address = postal(partage.street(date), ville)
        return {"@type": "Place", "name": date.adresse_libre, "address": address}
    return named(date.maison) | {"@type": "Place", "address": postal(date.maison.adresse, ville)}


def postal(street, ville):
    address = {"@type": "PostalAddress", "addressLocality": str(ville), "addressCountry": "FR"}
    return address | ({"streetAddress": street} if street else {})


def named(maison):
    return {"name": str(maison), "url": settings.SITE_URL + maison.get_absolute_url()}


def organizer(evenement, ville):
    """Whoever is named, else the house, else the city."""
    if evenement.organisateur or not evenement.maison:
        return {"@type": "Organization", "name": evenement.organisateur or f"Ville de {ville}"}
    return {"@type": "Organization"} | named(evenement.maison)


def offer(date):
    """A price in words is told as such: no number is made out of it."""
    told = {"price": 0, "priceCurrency": "EUR"} if date.gratuit else {"description": date.tarif}
    if date.gratuit or date.tarif:
        return {"@type": "Offer", "url": partage.url(date)} | told


def place(maison, closures, ville):
    """A house with its opening hours and, as exceptions, the closures of the whole house."""
    hours = [
        opening(horaire.ouvre, horaire.ferme, dayOfWeek=f"{SCHEMA}/{DAYS[horaire.jour]}")
        for horaire in maison.horaires.all()
    ]
    told = {
        "@type": "Place",
        "@id": settings.SITE_URL + maison.get_absolute_url(),
        "description": maison.chapeau,
        "address": postal(maison.adresse, ville),
        "telephone": maison.telephone,
        "openingHoursSpecification": hours,
        "specialOpeningHoursSpecification": exceptions(maison, closures),
    }
    if maison.longitude is not None:
        point = {"latitude": maison.latitude, "longitude": maison.longitude}
        told["geo"] = {"@type": "GeoCoordinates"} | point
    return script(named(maison) | told)


def opening(opens, closes, **when):
    span = {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
    return {"@type": "OpeningHoursSpecification"} | when | span


def dated(first, last, opens=time.min, closes=time.min):
    """On these days; from midnight to midnight is how schema.org says closed."""
    valid = {"validFrom": first.isoformat(), "validThrough": last.isoformat()}
    return opening(opens, closes, **valid)


def exceptions(maison, closures):
    """Whole days closed, and what is left of the days on which a closure begins or ends."""
    whole, told, cut = [c for c in closures if c.salle_id is None], [], set()
    for closure in whole:
        debut, fin = timezone.localtime(closure.debut), timezone.localtime(closure.fin)
        first = debut.date() + timedelta(days=debut.time() > time.min)
        last = fin.date() - timedelta(days=1)
        if first <= last:
            told.append(dated(first, last))
        if debut.date() < first:
            cut.add(debut.date())
        if fin.date() >= first and fin.time() > time.min:
            cut.add(fin.date())
    hours = list(maison.horaires.all())
    for day in cut:
        left = [map(timezone.localtime, span) for span in spans_on(day, hours, whole)]
        told += [dated(day, day, *span) for span in left] or [dated(day, day)]
    return sorted(told, key=lambda spec: (spec["validFrom"], spec["opens"]))
