"""What a meeting reminds of: its date to those who read it, its agenda to who prepares it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, Prefetch, Value
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from conseils import convocations, envois
from conseils.models import Conseil, Conseiller, Reunion, Secretariat
from maisons import heures
from notifications import nuit, rappels
from notifications.envoi import post
from notifications.lecteurs import FollowedReminder, Reader
from quartiers.models import Ville

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)  # that a local day may lack


class MeetingReminder(FollowedReminder):
    """To the members and to who follows the council, so many days before as it says."""

    name = "reunion"
    locked = ["self", "creneau"]
    sujet, column = "conseil", "conseil_id"

    def dates(self):
        meetings = Reunion.objects.public().holding().exclude(conseil__rappels=[])
        related = meetings.select_related("conseil", "maison", "salle")
        return related.prefetch_related("points")

    def with_readers(self, dates, some):
        """Of the members those of today; one address is as short to read as all of them."""
        members = Conseiller.objects.in_office(timezone.localdate()).exclude(courriel="")
        members = members.filter(conseil=OuterRef("conseil_id")).order_by("pk")
        members = ArraySubquery(members.values("courriel"))
        return super().with_readers(dates, some).annotate(membres=members)

    def readers(self, reunion):
        return {address: Reader() for address in reunion.membres} | {
            address: reader
            for address, reader in super().readers(reunion).items()
            if address not in reunion.membres
        }

    def longest_delay(self):
        days = Conseil.objects.values_list("rappels", flat=True)
        return max((max(some) for some in days if some), default=0) * DAY

    def delays_of(self, reunion):
        return [days * DAY for days in sorted({*reunion.conseil.rappels}, reverse=True)]

    def told_at(self, reunion):
        """The end of the day of its announcement, or of its last change: that was a reminder."""
        moved = reunion.modifie_le if reunion.sequence else reunion.publie_le
        return heures.starts_at(heures.local(max(reunion.publie_le, moved)).date() + DAY)

    def letter(self, reunion, follows):
        return envois.compose(reunion, "rappel", member=not follows)

    def token(self, reunion, address, reader):
        if reader.abonnement:
            return super().token(reunion, address, reader)
        return convocations.sign(reunion.conseil_id, address)


def outlook(reunion):
    """Of a draft, if it were published now: how many are written to, and when they are again."""
    members, followers = envois.recipients(reunion.conseil)
    days = {days * DAY for days in reunion.conseil.rappels}
    leaves = sorted(rappels.departure(reunion.debut, delay) for delay in days)
    tomorrow = heures.starts_at(timezone.localdate() + DAY)
    return {
        "membres": len(members),
        "abonnes": len(followers),
        "rappels": [moment for moment in leaves if moment >= tomorrow],
    }


class AgendaDue(rappels.Reminder):
    """To the secretaries: an agenda is neither public nor planned, before it is due, once after."""

    name = "ordre_du_jour"
    delays = [3 * DAY, DAY, -DAY]
    nearest = True
    locked = ["self", "creneau"]

    def rows(self):
        drafts = Reunion.objects.holding().filter(
            publie_le=None, publier_le=None, conseil__convocation__isnull=False
        )
        mandates = Secretariat.objects.in_force().select_related("compte")
        mandates = Prefetch("conseil__secretariats", mandates, to_attr="secretaires")
        return drafts.select_related("conseil").prefetch_related(mandates)

    def coming(self, now):
        notice = F("conseil__convocation") * Value(DAY, DurationField())
        notice = ExpressionWrapper(notice, DurationField())
        until = now + nuit.ADVANCE + max(self.delays) + notice + HOUR
        return self.rows().filter(debut__gt=now, debut__lte=until).order_by("debut", "pk")

    def start(self, reunion):
        return reunion.deadline

    def useful_until(self, reunion):
        return reunion.debut

    def told_at(self, reunion):
        """When it was prepared or moved: its page said when it was due."""
        return reunion.modifie_le

    def recipients(self, reunion):
        people = [one.compte for one in reunion.conseil.secretaires]
        return [(person.courriel, "") for person in people if person.is_active]

    def write(self, reunion, **fields):
        page = reverse("admin:conseils_reunion_change", args=[reunion.pk])
        late = reunion.deadline <= timezone.now()
        context = {
            "titre": "Le délai est passé" if late else "Un ordre du jour est à publier",
            "reunion": reunion,
            "late": late,
            "maison": None,
            "lien": f"{settings.SITE_URL}{page}",
            "ville": Ville.current(),
        }
        objet = f"Ordre du jour {'en retard' if late else 'à publier'} : {reunion.conseil}"
        post(
            **fields,
            objet=f"{objet}, {heures.day(reunion.debut)}",
            texte=render_to_string("conseils/courriels/a_publier.txt", context),
            html=render_to_string("conseils/courriels/a_publier.html", context),
        )
