"""The portal's settings where it is noon now: reminders leave, whenever the bench runs."""

from datetime import UTC, datetime

from portail.settings import *  # noqa: F403


def noon_zone():
    """Its sign is that of POSIX: Etc/GMT-3 is three hours ahead."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


TIME_ZONE = noon_zone()
# A storm of minutes has as many sweeps as days of real life.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "notifications.tasks.sweep_reminders", "schedule": 5},
    "drain": {"task": "notifications.tasks.drain", "schedule": 1},
}
