from celery import shared_task

from conseils import publication


@shared_task
def publish_due_meetings():
    """Publish the agendas whose planned hour has come."""
    publication.publish_all_due()
