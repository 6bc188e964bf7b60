"""Gunicorn's settings: what a worker reads at its first visits is read before it is forked."""

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver


def when_ready(server):
    get_resolver().url_patterns  # noqa: B018
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        get_template(str(path.relative_to(folder)))
