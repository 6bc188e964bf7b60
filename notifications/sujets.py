"""
What people may follow: an app registers a class by dotted path in `AppConfig.ready()`.

Its key begins the subject of each subscription, « evenement:12 »; imported at first use.
"""

from functools import cache

from django.utils.module_loading import import_string

paths = []


class Sujet:
    """One kind of thing that people follow."""

    key = None
    this = None  # « cet événement »
    promise = None  # what its letters say, and when

    def told(self, keys) -> dict:
        """{key: {"titre", "url", "ville", "maison"}} of those that still are, as pages tell it."""
        raise NotImplementedError

    def over(self, keys) -> set:
        """Those about which nothing will be told any more."""
        raise NotImplementedError


def register(path):
    paths.append(path)


@cache
def registry():
    subjects = [import_string(path)() for path in paths]
    return {subject.key: subject for subject in subjects}
