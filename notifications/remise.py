"""How fast messages are handed over: the shares of each day, and the longest wait of all."""

from datetime import datetime, time, timedelta

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce, Now, TruncDate
from django.utils import timezone

from notifications import nuit
from notifications.models import Message

DAYS = 7
SOON, IN_TIME = timedelta(seconds=10), timedelta(seconds=60)
BY_MACHINE = [Message.Canal.COURRIEL, Message.Canal.SMS]
DUE = Coalesce("partir_le", "essayer_le")  # when it was to leave, the night of reminders over


def shares(days=DAYS):
    """
    [{"jour", "total", "en_10_s", "en_60_s"}], the newest day first, in whole percents.

    From when a message was to leave until the server's answer. One that has waited for more than a
    minute is late already; one that is leaving counts in no share yet.
    """
    first = timezone.localdate() - timedelta(days=days - 1)
    since = timezone.make_aware(datetime.combine(first, time()))
    now = timezone.now()
    begun = Q(partir_le__gte=since)
    forgotten = Q(partir_le=None, etat=Message.Etat.ATTENTE, essayer_le__gte=since)
    over = Q(fini_le__isnull=False) | Q(due__lt=now - IN_TIME)
    rows = Message.objects.filter(begun | forgotten, canal__in=BY_MACHINE)
    rows = rows.exclude(etat=Message.Etat.ECARTE).annotate(
        due=DUE, waited=Coalesce("fini_le", Now()) - F("due")
    )
    counts = rows.filter(over).values(jour=TruncDate("due")).order_by("-jour")
    counts = counts.annotate(
        total=Count("pk"),
        soon=Count("pk", filter=Q(waited__lte=SOON)),
        in_time=Count("pk", filter=Q(waited__lte=IN_TIME)),
    )
    return [
        {
            "jour": day["jour"],
            "total": day["total"],
            "en_10_s": 100 * day["soon"] // day["total"],
            "en_60_s": 100 * day["in_time"] // day["total"],
        }
        for day in counts
    ]


def longest_wait():
    """Seconds for which the oldest message that should have left waits; 0 when none does."""
    now = timezone.now()
    waiting = Message.objects.waiting().filter(expire_le__gt=now, canal__in=BY_MACHINE)
    if nuit.is_quiet(now):
        waiting = waiting.filter(rappel=False)
    oldest = waiting.annotate(due=DUE).filter(due__lte=now).aggregate(first=Min("due"))["first"]
    return int((now - oldest).total_seconds()) if oldest else 0
