"""The end of what is known of who came: its place and how it went stay, for figures."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.functions import RandomUUID
from django.db import transaction

from notifications.models import Message
from permanences import courriers
from permanences.models import RendezVous

BATCH = 200
NOBODY = {
    "compte": None,
    "nom": "",
    "courriel": "",
    "telephone": "",
    "motif": None,
    "saisi_par": None,
    "note_par": None,
    "plus_tot": False,
    "empreinte": None,
    "graine": RandomUUID(),
    "jeton": RandomUUID(),
}


def forget_outdated(now):
    """Forget who came, in the time of each service; returns of how many appointments."""
    forgotten = 0
    while keys := list(RendezVous.objects.outdated(now).values_list("pk", flat=True)[:BATCH]):
        forgotten += forget(keys, now)
    return forgotten


@transaction.atomic
def forget(keys, now):
    """With the messages about them and what the staff's own log says of them."""
    Message.objects.filter(courriers.about(keys)).delete()
    kind = ContentType.objects.get_for_model(RendezVous)
    LogEntry.objects.filter(content_type=kind, object_id__in=map(str, keys)).delete()
    rows = RendezVous.objects.filter(pk__in=keys, anonymise_le=None)
    return rows.update(**NOBODY, anonymise_le=now)
