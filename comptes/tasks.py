from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from comptes import limites
from comptes.models import Compteur


@shared_task
def erase_old_counts():
    """Counts of hours that are over limit nobody any more."""
    Compteur.objects.filter(heure__lt=limites.this_hour() - limites.KEPT).delete()


@shared_task
def erase_ended_sessions():
    """Sessions that are over, then the devices that they were on."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
