"""
The registry of natures: how each kind of créneau is shown, and where it leads.

An app above registers its own by dotted path in `AppConfig.ready()`; imported at first use.
"""

from functools import cache

from django.utils.module_loading import import_string

paths = []


class Nature:
    """What the agenda, the planning and a closure need to know of one kind of créneau."""

    key = None  # Creneau.nature; also the class of its label in the style sheet
    label = None  # in the singular, as on a label
    plural = None
    public = True  # offered as a filter of the agenda

    def url(self, creneau):
        """The page of the thing of which `creneau` is a date."""
        raise NotImplementedError

    def tell(self, creneau, what, **context):
        """
        Say to whoever is concerned that a date was moved ("deplacee") or cancelled ("annulee").

        Called by `planning` in the transaction that does it; by default the pages say it.
        """


def register(path):
    paths.append(path)


@cache
def registry():
    """{key: nature}, in the order of registration."""
    natures = [import_string(path)() for path in paths]
    return {nature.key: nature for nature in natures}
