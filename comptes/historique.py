"""What changed between two records of a history, in words."""

from datetime import datetime

from django.contrib.admin.utils import display_for_field
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.formats import date_format

# What follows from the rest says nothing in a history.
COMPUTED = {"emprise", "libere_a", "nature", "jeton"}


def in_words(record, field):
    """The value of a field in a record of the history, as people read it."""
    try:
        value = getattr(record, field.name)
    except ObjectDoesNotExist:
        return "supprimé depuis"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), r"j F Y \à G \h i")
    if value and field.is_relation:
        return str(value)
    return display_for_field(value, field, "–") or "–"


def changes(after, before):
    """As simple-history shows them."""
    return [
        {"field": field.verbose_name, "old": in_words(before, field), "new": told}
        for field in after.tracked_fields
        if field.name not in COMPUTED
        and (told := in_words(after, field)) != in_words(before, field)
    ]
