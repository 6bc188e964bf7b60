from celery import shared_task

from comptes import limites
from comptes.models import Compteur


@shared_task
def erase_old_counts():
    """Counts of hours that are over limit nobody any more."""
    Compteur.objects.filter(heure__lt=limites.this_hour() - limites.KEPT).delete()
