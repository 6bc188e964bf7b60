"""A meeting as an entry of somebody's calendar: what is on its agenda, and how to join."""

from django.utils import timezone

from conseils.models import Reunion
from maisons import export_ics, partage
from quartiers.models import Ville


def ics(reunion, ville) -> bytes:
    """A file of one meeting, whose SEQUENCE grows with each change (RFC 5545)."""
    file = export_ics.calendar([reunion])
    file.add("method", "PUBLISH")
    file.add_component(entry(reunion, timezone.now(), ville))
    return file.to_ical()


def attached(reunion):
    """The same, as an attachment of a message."""
    file = ics(reunion, Ville.current()).decode()
    return {"nom": "reunion.ics", "type": "text/calendar", "texte": file}


def entry(reunion, stamp, ville):
    """Its items come with `reunion.points`, read before when there are several meetings."""
    event = export_ics.entry(reunion, stamp, ville)
    event.pop("description", None)
    event.add("description", partage.plain(description(reunion, ville)))
    if link := join_link(reunion):
        label = {"value": "URI", "feature": "VIDEO", "label": "Se connecter à la réunion"}
        event.add("conference", link, parameters=label)  # RFC 7986
    return event


def meetings(creneaux):
    """{key: the meeting}, of those among some créneaux; two statements, none without a meeting."""
    keys = [creneau.pk for creneau in creneaux if creneau.nature == Reunion.NATURE]
    rows = Reunion.objects.filter(pk__in=keys).select_related("conseil", "maison", "salle")
    return {row.pk: row for row in rows.prefetch_related("points")}


def google(reunion, ville):
    """What opens a calendar of Google with the meeting written, and how to join."""
    link = join_link(reunion)
    return partage.google(reunion, ville, f"Se connecter : {link}" if link else "")


def join_link(reunion):
    """Where one connects, once it is public; nothing on the spot, or when it is cancelled."""
    there = reunion.online and reunion.publie_le and not reunion.annule_le
    return reunion.lien_visio if there else ""


def description(reunion, ville):
    """The join link first: some calendars cut what is long."""
    link = join_link(reunion)
    told = [f"Se connecter : {link}" if link else ""]
    told += [f"{rank}. {point}" for rank, point in enumerate(reunion.points.all(), 1)]
    if phone := export_ics.telephone(reunion, ville):
        told.append(f"Une question ? {reunion.maison or ville}, {phone}")
    return "\n".join(filter(None, told))
