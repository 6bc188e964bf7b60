"""The picture of an activity: its file and its row together."""

from contextlib import nullcontext

from django.core.exceptions import ValidationError
from django.db import transaction

from associations import activites
from associations.models import ImageActivite
from documents import depot, formats
from documents.models import FACTS

PAS_UNE_IMAGE = "Choisissez une image : JPG, PNG ou WebP."


def keep(image, received, by=None):
    """Keep a new picture, or its words; raises ValidationError. The file before goes, once sure."""
    if received and received.format != formats.IMAGE:
        raise ValidationError({"fichier": PAS_UNE_IMAGE})
    files = depot.kept(received) if received else nullcontext()
    with files as name, transaction.atomic():
        activites.hold(image.activite)
        before = ImageActivite.objects.filter(activite=image.activite_id).first()
        image.pk, image._state.adding = (before.pk, False) if before else (None, True)
        image.titre = image.activite.titre
        if received:
            image.describe(received)
            image.fichier = name
        else:  # as it is now: another person may have replaced it
            for field in [*FACTS, "fichier"]:
                setattr(image, field, getattr(before, field))
        image.full_clean()
        image._history_user = by
        image.save()
        if received and before:
            depot.remove_later(before.fichier.name)
    return image


@transaction.atomic
def remove(image, by=None):
    """Take it away, and its file once that is sure."""
    activites.hold(image.activite)
    image._history_user = by
    depot.remove_later(image.fichier.name)
    image.delete()
