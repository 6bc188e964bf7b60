"""Certificates of insurance: sent by an association, checked by the city, read by nobody else."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from associations.models import Adhesion, Attestation
from documents import depot

TITLE = "Attestation d’assurance"


def prepare(adhesion):
    """One that is not sent yet; an image of it is told by its title."""
    return Attestation(adhesion=adhesion, titre=TITLE, alternative=TITLE)


def keep(attestation, received, by):
    """Keep what was `received`; when anything fails, nothing of it stays."""
    with depot.kept(received) as name, transaction.atomic():
        attestation.describe(received)
        attestation.fichier, attestation.depose_par = name, by
        attestation.full_clean()
        attestation.save()


@transaction.atomic
def confirm(attestation, by):
    """The insurance holds until the day that it says; raises ValidationError when done already."""
    adhesion = Adhesion.objects.select_for_update().get(pk=attestation.adhesion_id)
    attestation.refresh_from_db()
    if attestation.verifie_le:
        raise ValidationError("Cette attestation est déjà vérifiée.")
    attestation.verifie_le = timezone.now()
    attestation.save(update_fields=["verifie_le"])
    adhesion.assurance_jusqu_au = attestation.jusqu_au
    adhesion._history_user = by
    adhesion.save(update_fields=["assurance_jusqu_au"])
