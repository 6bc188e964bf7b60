"""
What the portal keeps of somebody who has an account: why, until when, and all of it on demand.

An app registers its own by dotted path in `AppConfig.ready()`; imported at first use. Nothing asks
whose data is wanted but the session: no address leads to those of somebody else.
"""

from functools import cache

from django.utils.module_loading import import_string

paths = []


class Kept:
    """One kind of data, as the table of the page tells it."""

    key = None  # in the file
    what = why = until = None  # in French, short

    def rows(self, compte) -> list[dict]:
        """All that is kept of this account, in a fixed number of statements."""
        raise NotImplementedError


def register(path):
    """A Kept, in the order of the page."""
    paths.append(path)


@cache
def registry():
    return [import_string(path)() for path in paths]


def export(compte):
    """{key: rows} of all kinds."""
    return {kept.key: kept.rows(compte) for kept in registry()}
