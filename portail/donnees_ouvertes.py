"""
The councils as open data: who sits there, when they meet, about what.

Names of OParl 1.1 (bodies, meetings, items, files) and of Popolo (organizations, posts, persons,
memberships). What has a page is known by its address, which stays.
"""

from collections import defaultdict
from itertools import groupby

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from conseils.models import Conseil, Conseiller, Piece, Point, Presence, Rectificatif, Reunion
from documents import formats
from maisons import heures, partage
from quartiers.models import Ville

ROWS = 100  # meetings of a page
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
LICENCE_NAME = "Licence Ouverte 2.0 (Etalab)"
OPARL = "https://schema.oparl.org/1.1/"
STATES = {
    "present": "present",
    "represente": "represented",
    "excuse": "excused",
    "absent": "absent",
}


class Conseils:
    """One page: the hundred meetings after a key; the first one tells the councils too."""

    def __init__(self, after=0):
        self.after, self.ville = after, Ville.current()

    def content(self):
        meetings = self.meetings()
        shown, more = meetings[:ROWS], meetings[ROWS:]
        told = {
            "license": LICENCE,
            "licenseName": LICENCE_NAME,
            "attribution": f"Ville de {self.ville}, maisons de quartier",
            "modified": iso(max(map(changed, shown))) if shown else None,
            "links": links(shown[-1].pk if more else None),
        }
        if not self.after:
            told |= {"body": body(self.ville)} | organizations()
        return told | {"meeting": list(self.told(shown))}

    def meetings(self):
        """In the order in which they were made: a page once whole keeps its meetings."""
        rows = Reunion.objects.public().filter(pk__gt=self.after).order_by("pk")
        rows = rows.select_related("conseil", "maison", "salle", "compte_rendu__approuve_a")
        return list(rows[: ROWS + 1])

    def told(self, meetings):
        rows = Point.objects.filter(reunion__in=[meeting.pk for meeting in meetings])
        rows = rows.order_by("reunion_id", "rang", "numero")
        items = {pk: list(points) for pk, points in groupby(rows, key=lambda p: p.reunion_id)}
        files, corrections = (by_meeting(model, meetings) for model in (Piece, Rectificatif))
        there = attendances(meetings)
        for meeting in meetings:
            told = meeting_of(meeting, items.get(meeting.pk, []), files[meeting.pk], self.ville)
            told["corrections"] = [correction(meeting, row) for row in corrections[meeting.pk]]
            yield told | results(meeting, there[meeting.pk])


def by_meeting(model, meetings):
    """{key: its rows in order}; the two versions that a correction holds are read on its page."""
    rows = defaultdict(list)
    for row in model.objects.filter(reunion__in=[meeting.pk for meeting in meetings]):
        rows[row.reunion_id].append(row)
    return rows


def absolute(path):
    return settings.SITE_URL + path


def address(row):
    return absolute(row.get_absolute_url())


def iso(moment):
    return heures.local(moment).isoformat(timespec="seconds")


def links(last):
    first = absolute(reverse("portail:donnees_conseils"))
    return {"first": first} | ({"next": f"{first}?apres={last}"} if last else {})


def body(ville):
    found = {
        "id": absolute(reverse("conseils:conseil_list")),
        "type": f"{OPARL}Body",
        "name": f"Ville de {ville}",
        "license": LICENCE,
        "contactEmail": ville.courriel,
        "inseeCode": ville.code_insee,
    }
    return {name: value for name, value in found.items() if value}


def organizations():
    """The councils, and who sits there today in a public capacity: no way to reach them."""
    members = defaultdict(list)
    for member in Conseiller.objects.in_office(timezone.localdate()):
        members[member.conseil_id].append(member)
    conseils = list(Conseil.objects.select_related("quartier").defer("quartier__contour"))
    seats = [(conseil, member) for conseil in conseils for member in members[conseil.pk]]
    return {
        "organization": [organization(conseil) for conseil in conseils],
        "person": [person(conseil, member) for conseil, member in seats],
        "membership": [membership(conseil, member) for conseil, member in seats],
    }


def organization(conseil):
    return {
        "id": address(conseil),
        "type": f"{OPARL}Organization",
        "name": conseil.nom,
        "classification": "conseil de quartier",
        "body": absolute(reverse("conseils:conseil_list")),
        "area": {"id": address(conseil.quartier), "name": conseil.quartier.nom},
        "posts": [
            {
                "id": post(conseil, college),
                "label": f"Membre, collège {college}",
                "organization_id": address(conseil),
            }
            for college in conseil.colleges
        ],
        "web": address(conseil),
    }


def post(conseil, college):
    return f"{address(conseil)}#college-{slugify(college)}"


def person(conseil, member):
    return {"id": f"{address(conseil)}#membre-{member.pk}", "name": member.nom}


def membership(conseil, member):
    return {
        "id": f"{address(conseil)}#siege-{member.pk}",
        "person_id": f"{address(conseil)}#membre-{member.pk}",
        "organization_id": address(conseil),
        "post_id": post(conseil, member.college) if member.college else None,
        "role": member.qualite or "membre",
        "start_date": member.debut.isoformat(),
        "end_date": member.fin and member.fin.isoformat(),
    }


def meeting_of(meeting, points, pieces, ville):
    files = defaultdict(list)
    for piece in pieces:
        piece.reunion = meeting  # its address is that of the meeting
        files[piece.point_id].append(document(piece))
    return {
        "id": address(meeting),
        "type": f"{OPARL}Meeting",
        "name": meeting.titre,
        "meetingState": meeting.called_off.lower() or state(meeting),
        "cancelled": bool(meeting.annule_le),
        "cancelledReason": meeting.explication or None,
        "start": iso(meeting.debut),
        "end": iso(meeting.fin),
        "location": location(meeting, ville),
        "organization": [address(meeting.conseil)],
        "invitation": agenda_file(meeting),
        "agendaItem": [
            item(meeting, order, point, files[point.pk]) for order, point in enumerate(points)
        ],
        "auxiliaryFile": files[None],
        "created": iso(meeting.publie_le),
        "modified": iso(changed(meeting)),
        "web": address(meeting),
    }


def attendances(meetings):
    """{key: {"present": how many}}, of the meetings where it was noted."""
    counts = Presence.objects.filter(reunion__in=[meeting.pk for meeting in meetings])
    counts = counts.values_list("reunion", "etat").annotate(Count("pk")).order_by()
    found = defaultdict(dict)
    for key, etat, number in counts:
        found[key][STATES[etat]] = number
    return found


def changed(meeting):
    """When something that is told of it last changed."""
    kept = minutes(meeting)
    moments = [meeting.modifie_le, kept and kept.publie_le, kept and kept.approuve_le]
    return max(filter(None, moments))


def minutes(meeting):
    """Once they are public, else None."""
    kept = getattr(meeting, "compte_rendu", None)
    return kept if kept and kept.public else None


def correction(meeting, row):
    """What changed since the agenda is public; both versions are at its address."""
    row.reunion = meeting
    return {
        "id": address(row),
        "number": row.numero,
        "date": iso(row.quand),
        "reason": row.motif,
        "web": address(row),
    }


def results(meeting, there):
    """The minutes once they are public, as those to approve or approved; how many were there."""
    kept = minutes(meeting)
    if kept is None:
        return {}
    path = f"{address(meeting)}#compte-rendu"
    protocol = {
        "id": path,
        "type": f"{OPARL}File",
        "name": f"Compte rendu, {kept.get_etat_display()}",
        "mimeType": "text/markdown",
        "date": iso(kept.approuve_le or kept.publie_le),
        "approved": kept.approved,
        "text": kept.texte,
        "accessUrl": path,
        "license": LICENCE,
    }
    told = {"attendance": there | {"quorum": kept.quorum}} if there else {}
    return {"resultsProtocol": protocol} | told


def state(meeting):
    return "tenue" if meeting.fin <= timezone.now() else "annoncée"


def location(meeting, ville):
    told = [partage.location(meeting, ville)] if meeting.on_site else []
    if meeting.online:
        told.append(meeting.lien_visio)
    return {"type": f"{OPARL}Location", "description": ", ".join(told)}


def agenda_file(meeting):
    path = reverse("conseils:ordre_du_jour", args=[meeting.conseil.slug, meeting.numero])
    return {
        "id": absolute(path),
        "type": f"{OPARL}File",
        "name": "Convocation et ordre du jour",
        "mimeType": "application/pdf",
        "accessUrl": absolute(path),
        "license": LICENCE,
    }


def document(piece):
    return {
        "id": address(piece),
        "type": f"{OPARL}File",
        "name": piece.titre,
        "fileName": piece.nom_fichier,
        "mimeType": formats.TYPES[piece.format],
        "size": piece.taille,
        "accessUrl": address(piece),
        "text": piece.resume or piece.alternative,
        "accessibility": piece.get_accessibilite_display(),
        "license": LICENCE,
    }


def item(meeting, order, point, files):
    return {
        "id": f"{address(meeting)}#point-{point.numero}",
        "type": f"{OPARL}AgendaItem",
        "meeting": address(meeting),
        "number": str(order + 1),
        "order": order,
        "name": point.titre,
        "public": True,
        "kind": point.get_type_display(),
        "presenter": point.rapporteur,
        "minutes": point.minutes,
        "text": point.texte,
        "auxiliaryFile": files,
    }
