"""What is sent becomes something that may be kept, or a sentence: nothing of it stays behind."""

import json
import logging
import re
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.text import slugify

from documents import formats

logger = logging.getLogger(__name__)

NAME, SHORTEST = 80, "document"
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")  # names of devices of Windows
SCAN_PATIENCE = 120  # seconds
EMPTY = "Ce fichier est vide."
TOO_BIG = "Ce fichier est trop lourd : {}. Il peut faire {} au plus."
UNREADABLE = "Ce fichier n’a pas pu être lu : il est abîmé, trop lourd ou trop compliqué."
INFECTED = "Ce fichier contient un virus : il n’est pas gardé."
UNCHECKED = "Ce fichier n’a pas pu être vérifié. Réessayez dans quelques minutes."


@dataclass
class Received:
    """What may be kept of a file: what is known of it, and its files by suffix."""

    nom_fichier: str
    format: str
    taille: int
    empreinte: str
    accessibilite: str
    langue: str = ""
    pages: int | None = None
    largeur: int | None = None
    hauteur: int | None = None
    files: dict = field(default_factory=dict, repr=False)


def receive(sent):
    """
    Look into a file that somebody sent (a django File); raises ValidationError, in a sentence.

    Its type is what it holds: neither its name nor what the browser says of it is believed.
    """
    check_size(sent.size, max(settings.DOCUMENT_SIZES.values()))
    if not sent.size:
        raise ValidationError(EMPTY)
    with TemporaryDirectory(prefix="reception-") as place:
        path, copies = Path(place) / "recu", Path(place) / "copies"
        copies.mkdir()
        digest = copy(sent, path)
        scan(path)
        told = examine(path, copies)
        check_size(sent.size, settings.DOCUMENT_SIZES[kind(told["format"])])
        files = read_copies(copies, told["largeur"]) if "largeur" in told else {"": sent}
    if "largeur" in told:
        digest = sha256(files[""].read()).hexdigest()
        files[""].seek(0)
    size = files[""].size
    return Received(
        clean_name(sent.name, told["format"]), taille=size, empreinte=digest, files=files, **told
    )


def check_size(size, most):
    if size > most:
        raise ValidationError(TOO_BIG.format(formats.weight(size), formats.weight(most)))


def kind(extension):
    return {"pdf": "pdf", formats.IMAGE: "image"}.get(extension, "bureautique")


def copy(sent, path):
    """Into a place of our own, by chunks; its SHA-256."""
    digest = sha256()
    sent.seek(0)
    with path.open("wb") as target:
        for chunk in sent.chunks():
            digest.update(chunk)
            target.write(chunk)
    sent.seek(0)
    return digest.hexdigest()


def scan(path):
    """Ask the city's antivirus, if it has one; no answer is no leave (README, ANTIVIRUS)."""
    if not settings.ANTIVIRUS:
        return
    try:
        with path.open("rb") as content:
            done = subprocess.run(
                settings.ANTIVIRUS, stdin=content, capture_output=True, timeout=SCAN_PATIENCE
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("The antivirus does not answer: %s", error)
        raise ValidationError(UNCHECKED) from error
    if done.returncode == 1:  # as clamdscan says it
        raise ValidationError(INFECTED)
    if done.returncode:
        logger.error("The antivirus ends with %s: %s", done.returncode, done.stderr[:200])
        raise ValidationError(UNCHECKED)


def examine(path, copies):
    """What `documents.examen` says of a file, in a process that knows none of our secrets."""
    command = [sys.executable, "-m", "documents.examen", path, copies]
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=settings.DOCUMENT_PATIENCE,
        )
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        logger.warning("A file sent could not be read: %s", type(error).__name__)
        raise ValidationError(UNREADABLE) from error
    if cause := told.get("cause"):
        logger.info("A file sent is damaged: %s", cause)
    if "refus" in told:
        raise ValidationError(told["refus"])
    return told


def read_copies(folder, width):
    """{suffix: content} of the copies of an image; the widest has none."""
    found = {path.stem: ContentFile(path.read_bytes()) for path in folder.iterdir()}
    return {"" if size == str(width) else f"-{size}": content for size, content in found.items()}


def clean_name(sent, extension):
    """Safe on every system and in every address, of the extension that it is: « avis.pdf »."""
    base = PurePosixPath((sent or "").replace("\\", "/")).name
    stem = base.rpartition(".")[0] or base
    plain = slugify(stem)[:NAME].strip("-_") or SHORTEST
    if RESERVED.fullmatch(plain):
        plain = f"{SHORTEST}-{plain}"
    return f"{plain}.{extension}"
