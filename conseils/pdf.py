"""
The convocation and agenda of a meeting as a PDF, for screen readers and for archives at once.

PDF/UA-1 and PDF/A-2a (ISO 14289-1, 19005-2). What people wrote goes in as data, never as source of
typst: it reads no file, calls no address. The same content makes the same bytes.
"""

import hashlib
import json
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path

import typst
from django.conf import settings
from django.core.cache import cache as kept
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from redis.exceptions import RedisError

from conseils.convocation import content
from documents import formats
from maisons import heures

FOLDER = Path(__file__).parent / "typst"
SOURCE = FOLDER / "ordre_du_jour.typ"
STANDARDS = ["a-2a", "ua-1"]
KEPT = 30 * 24 * 3600  # seconds


class OrdreDuJour:
    """One document, known by what it says; made when it is asked for, then kept."""

    def __init__(self, reunion, points, documents, ville, corrections=()):
        """The items know their own documents; the others are those of the whole meeting."""
        self.reunion, self.corrections = reunion, corrections
        told = content(reunion, points, documents, ville, corrections)
        self.data = json.dumps(told, ensure_ascii=False, sort_keys=True)

    @property
    def moment(self):
        """When it was published or last corrected; a draft, when it last changed."""
        if self.corrections:
            return self.corrections[-1].quand
        return self.reunion.publie_le or self.reunion.modifie_le

    @cached_property
    def key(self):
        told = [self.data, str(int(self.moment.timestamp())), *made_with()]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    @cached_property
    def file(self) -> bytes:
        with suppress(RedisError):
            if found := kept.get(self.key):
                return found
        made = self.make()
        with suppress(RedisError):
            kept.set(self.key, made, KEPT)
        return made

    def make(self) -> bytes:
        return typst.compile(
            SOURCE,
            root=FOLDER,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"donnees": self.data, "icone": icon()},
            pdf_standards=STANDARDS,
            package_path=FOLDER,
            package_cache_path=FOLDER,
            timestamp=int(self.moment.timestamp()),
        )

    @property
    def weight(self):
        """« 45 Ko »."""
        return formats.weight(len(self.file))

    @property
    def name(self):
        day = heures.local(self.reunion.debut).date()
        return f"{self.reunion.conseil.slug}-{day}-ordre-du-jour.pdf"

    def answer(self, request):
        tag = f'"{self.key[:32]}"'
        response = get_conditional_response(request, etag=tag)
        if response is None:
            response = HttpResponse(self.file, content_type="application/pdf")
            response["Content-Disposition"] = f'inline; filename="{self.name}"'
            response["ETag"] = tag
        response["Cache-Control"] = "public, no-cache"  # may be kept, after asking each time
        return response


@cache
def fonts():
    """Those of the wheel alone: the same bytes on every machine."""
    return typst.Fonts(include_system_fonts=False)


@cache
def made_with():
    """What the bytes depend on beside what is told; read once, every page of a meeting asks it."""
    return [SOURCE.read_text(), icon(), typst.__version__, *STANDARDS]


@cache
def icon():
    return (settings.BASE_DIR / "static" / "icone.svg").read_text()
