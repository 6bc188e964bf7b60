from celery import shared_task

from portail.models import Remarque


@shared_task
def erase_outdated_remarks():
    Remarque.objects.outdated().delete()
