from celery import shared_task
from django.utils import timezone

from permanences import effacement, feuille, questions, rendez_vous
from permanences.models import Lecture


@shared_task
def release_expired():
    """Free the places that nobody confirmed in time; each writer does it for its own date."""
    rendez_vous.release_expired()


@shared_task
def send_day_sheets():
    """To who holds a permanence today; beat may run twice, or late."""
    feuille.send_all(timezone.now())


@shared_task
def erase_outdated():
    """Keep the promises of the privacy page: who came, who asked, and who read it."""
    effacement.forget_outdated(timezone.now())
    questions.forget_outdated(timezone.now())
    Lecture.objects.outdated(timezone.now()).delete()
