"""A meeting as data that other sites read (schema.org, in JSON-LD)."""

from django.conf import settings

from conseils.models import Reunion
from maisons import partage
from maisons.donnees_liees import SCHEMA, location, moment, script, status

MODES = {
    Reunion.Mode.SUR_PLACE: "Offline",
    Reunion.Mode.EN_LIGNE: "Online",
    Reunion.Mode.MIXTE: "Mixed",
}


def meeting(reunion, ville, corrections=()):
    """The text of a script, for a public meeting; nothing for a draft."""
    if not reunion.publie_le:
        return ""
    conseil = reunion.conseil
    before = next((each.before.debut for each in corrections[::-1] if each.moved), None)
    return script(
        {
            "@type": "Event",
            "@id": partage.url(reunion),
            "url": settings.SITE_URL + reunion.get_absolute_url(),
            "name": reunion.titre,
            "description": reunion.resume,
            "startDate": moment(reunion, reunion.debut),
            "endDate": moment(reunion, reunion.fin),
            "eventStatus": f"{SCHEMA}/Event{fate(reunion, before)}",
            "previousStartDate": moment(reunion, before)
            if before and not reunion.annule_le
            else None,
            "eventAttendanceMode": f"{SCHEMA}/{MODES[reunion.mode]}EventAttendanceMode",
            "location": places(reunion, ville),
            "organizer": {
                "@type": "Organization",
                "name": conseil.nom,
                "url": settings.SITE_URL + conseil.get_absolute_url(),
            },
            "isAccessibleForFree": True,
        }
    )


def fate(reunion, before):
    return "Postponed" if reunion.reportee else status(reunion, before)


def places(reunion, ville):
    found = [location(reunion, ville)] if reunion.on_site else []
    if reunion.online:
        found.append({"@type": "VirtualLocation", "url": reunion.lien_visio})
    return found
