"""What an appointment reminds of; the sweep writes it (notifications.rappels)."""

from datetime import timedelta

from notifications import rappels
from notifications.envoi import post
from permanences import courriers
from permanences.models import RendezVous, Service

Etat = RendezVous.Etat
HOUR = timedelta(hours=1)


class AppointmentReminder(rappels.Reminder):
    """To who comes, so many hours before as its service says."""

    name = "rendez_vous"
    nearest = True  # after a breakdown, two late ones would say the same

    def rows(self):
        taken = RendezVous.objects.held().filter(etat=Etat.PRIS, vacation__annule_le=None)
        taken = taken.exclude(vacation__permanence__service__rappels=[])
        return with_place(taken)

    def longest_delay(self):
        hours = Service.objects.values_list("rappels", flat=True)
        return max((max(some) for some in hours if some), default=0) * HOUR

    def delays_of(self, rendez_vous):
        hours = rendez_vous.vacation.permanence.service.rappels
        return [number * HOUR for number in sorted({*hours}, reverse=True)]

    def recipients(self, rendez_vous):
        return [rendez_vous.reached_at]

    def told_at(self, rendez_vous):
        """When it was taken, confirmed or moved: that message said all that this one would."""
        return rendez_vous.modifie_le

    def write(self, rendez_vous, **fields):
        post(**fields, **courriers.compose(rendez_vous, "rappel", fields["courriel"]))


class PlaceExpiring(rappels.Reminder):
    """To who took a place by e-mail without an account and has not confirmed yet."""

    name = "rendez_vous_a_confirmer"
    begins = "expire_le"
    delays = [timedelta(minutes=15)]

    def rows(self):
        waiting = RendezVous.objects.held().filter(etat=Etat.A_CONFIRMER).exclude(courriel="")
        return with_place(waiting.filter(vacation__annule_le=None))

    def recipients(self, rendez_vous):
        return [(rendez_vous.courriel, "")]

    def told_at(self, rendez_vous):
        return rendez_vous.modifie_le

    def write(self, rendez_vous, **fields):
        what = "rappel_a_confirmer"
        post(**fields, **courriers.compose(rendez_vous, what, rendez_vous.courriel))


def with_place(rows):
    return rows.select_related(
        "compte", "vacation__maison", "vacation__salle", "vacation__permanence__service"
    )
