"""The end of what is kept: rows, and what else tells of them."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType


def erase(rows):
    """Delete some rows with all that tells of them; their keys."""
    keys = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=keys).delete()
    erase_story(rows.model, keys)
    return keys


def erase_story(kind, keys):
    """The history of some rows, and what the staff's own log says of them: both name people."""
    kind.history.filter(id__in=keys).delete()
    lines = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(kind))
    lines.filter(object_id__in=map(str, keys)).delete()
