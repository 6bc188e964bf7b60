from celery import shared_task

from documents import depot


@shared_task
def erase_orphans():
    depot.erase_orphans()
