"""The quiet hours, 21:00 to 8:00 in the city's time: no reminder leaves, everything else does."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

EVENING, MORNING = time(21), time(8)
LAST = time(20, 30)  # of the evening, for what the morning would tell too late
SOON = time(10)  # of the morning
# How much earlier than asked a reminder may leave: from 7:59 to the evening before, and the hour
# that a local day may lack.
ADVANCE = timedelta(hours=13)


def at(day, hour):
    """An instant of the city's clock, told in UTC: those of a zone compare by their wall clock."""
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def local(moment):
    return timezone.localtime(moment, timezone.get_default_timezone())


def is_quiet(moment) -> bool:
    return not MORNING <= local(moment).time() < EVENING


def before(moment, delay):
    """So long before: whole days keep the hour of the clock, the rest is real time."""
    there = local(moment)
    days = timedelta(days=delay.days)
    return at((there - days).date(), there.time()) - (delay - days)


def departure(moment, start):
    """
    When a reminder asked for `moment` leaves, about what begins at `start`.

    Inside the quiet hours: at their end, or in the evening before them when `start` comes too soon
    after.
    """
    if not is_quiet(moment):
        return moment
    there = local(moment)
    morning = there.date() + timedelta(days=there.time() >= EVENING)
    if start < at(morning, SOON):
        return at(morning - timedelta(days=1), LAST)
    return at(morning, MORNING)
