"""Gunicorn's settings, which it finds by itself: what workers share is made before they fork."""

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

preload_app = True


def when_ready(server):
    get_resolver().url_patterns  # noqa: B018
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        get_template(str(path.relative_to(folder)))
    # All of it stays: the collector of a worker need not walk it at each round.
    gc.collect()
    gc.freeze()
