"""The sessions of somebody's registrations, for their calendar, which names nobody."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from associations.models import Agenda, Inscription, Seance
from maisons import export_ics, partage
from quartiers.models import Ville

KEPT = timedelta(days=30)  # a session that is over or off stays so long in a calendar


def sessions(rows):
    """The sessions of registrations: of one date, or all those of the season."""
    single = [row.seance_id for row in rows if row.seance_id]
    season = [row.activite_id for row in rows if not row.seance_id]
    found = Seance.objects.filter(nature=Seance.NATURE, publie_le__isnull=False)
    found = found.filter(Q(pk__in=single) | Q(activite__in=season))
    return found.select_related("maison", "salle", "activite").order_by("debut", "pk")


def first_dates(keys):
    """{activity: its next session that holds}."""
    rows = Seance.objects.upcoming(timezone.now()).holding().filter(activite__in=keys)
    rows = rows.order_by("activite_id", "debut", "pk").distinct("activite_id")
    return {row.activite_id: row for row in rows}


def set_first(rows):
    """Each registration with `first`, the next session of its season that holds, or None."""
    first = first_dates([row.activite_id for row in rows if not row.seance_id])
    for row in rows:
        row.first = first.get(row.activite_id)


def coming(rows):
    """Those of who is registered, not long over."""
    rows = [row for row in rows if row.etat == Inscription.Etat.INSCRITE]
    return sessions(rows).filter(fin__gt=timezone.now() - KEPT)


def ics(rows) -> bytes:
    """A file of them all."""
    return export_ics.ics(*coming(rows))


def attached(rows):
    """The same, as an attachment of a message; None when there is nothing to write."""
    dates = list(coming(rows))
    return export_ics.attached(*dates) | {"nom": "inscriptions.ics"} if dates else None


def followed(agenda) -> bytes:
    """What somebody's calendar reads at its secret address: the same file until a date changes."""
    rows = Inscription.objects.owned_by(agenda.compte).select_related("activite")
    dates, ville = list(coming(rows)), Ville.current()
    page = settings.SITE_URL + reverse("associations:dossier_list")
    file = export_ics.followed(dates, f"Mes activités, {ville}", page)
    for date in dates:
        file.add_component(export_ics.entry(date, date.modifie_le, ville))
    return file.to_ical()


def addresses(compte):
    """Where a calendar follows the registrations of an account; empty until they ask for it."""
    agenda = Agenda.objects.filter(compte=compte).first()
    if agenda is None:
        return {}
    path = reverse("associations:agenda_ics", args=[agenda.code])
    return {"ics": settings.SITE_URL + path} | partage.calendars(path)
