"""
Pages that are the same for every visitor, kept until what they say changes.

`VersionAgenda` changes with each public créneau, when its transaction commits; it is read before
the data, so that a page kept under a version is never older than it.
"""

import hashlib
from contextlib import suppress
from functools import cache, wraps
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.core.cache import cache as kept
from django.db import connection
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags
from redis.exceptions import RedisError

from portail.models import VersionAgenda

KEPT = 3600  # seconds
SOURCES = {".py", ".html", ".atom", ".css", ".js"}
LARGEST = 400_000  # bytes: a week of the whole city as a feed; what is larger is made each time


def same_for_all(*names):
    """
    Answer a visitor from what was made for another; `names` are the parameters that count.

    The page depends on them, on its path, on the local day and on `VersionAgenda` alone: nothing
    of the hour, nothing of the person.
    """

    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            # What a transaction has changed is not for others before it commits.
            request.version = None if connection.in_atomic_block else VersionAgenda.current()
            if request.version is None:
                return view(request, *args, **kwargs)
            tag = f'"{fingerprint(request, names)}"'
            if tag in parse_etags(request.headers.get("If-None-Match", "")):
                return told(HttpResponseNotModified(), tag)
            return told(remembered(tag, lambda: view(request, *args, **kwargs)), tag)

        return wrapper

    return decorator


def fingerprint(request, names):
    asked = [(name, request.GET.getlist(name)) for name in names]
    facts = [request.path, urlencode(asked, doseq=True), timezone.localdate(), release()]
    facts.append(request.version)
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:32]


def remembered(tag, make):
    """The page kept under a tag, else a new one; without the cache, a new one each time."""
    with suppress(RedisError):
        if found := kept.get(tag):
            return HttpResponse(*found)
    page = make()
    if page.status_code == 200 and len(page.content) <= LARGEST:
        with suppress(RedisError):
            kept.set(tag, (page.content, page["Content-Type"]), KEPT)
    return page


def told(page, tag):
    page["ETag"] = tag
    page["Cache-Control"] = "public, no-cache"  # may be kept, after asking each time
    return page


def release():
    """What the pages are made with: another after each change of the code or of a template."""
    return read_sources() if settings.DEBUG else read_sources_once()


def read_sources():
    ours = [Path(app.path) for app in apps.get_app_configs()]
    folders = [path for path in ours if path.parent == settings.BASE_DIR]
    folders += [settings.BASE_DIR / "templates", settings.BASE_DIR / "static"]
    files = chain.from_iterable(folder.rglob("*.*") for folder in folders)
    return max(path.stat().st_mtime_ns for path in files if path.suffix in SOURCES)


read_sources_once = cache(read_sources)
