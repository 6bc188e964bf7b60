"""
Look into a file, in a process of its own: what hangs, swells or crashes is this one alone.

`python -m documents.examen FILE FOLDER` writes one line of JSON: what is known of the file, or
`refus`, a sentence. The copies of an image come into FOLDER. No Django, no secret in sight.
"""

import json
import resource
import sys
from pathlib import Path

from documents import formats
from documents.examen import Refused, bureautique, image, pdf

MEMORY, SECONDS, WRITTEN = 1 << 30, 20, 1 << 26  # bytes, of the processor, bytes of one file
HEAD = 1024  # where readers look for what a file is
ENDS = "Envoyez un PDF, une image JPEG ou PNG, un fichier Word, Excel, PowerPoint ou OpenDocument."
DAMAGED = "Ce fichier est abîmé ou incomplet : enregistrez-le de nouveau, puis renvoyez-le."
HEIC = "Cette photo est au format HEIC : enregistrez-la en JPEG, puis renvoyez-la."
SVG = "Un dessin SVG peut contenir un programme : enregistrez-le en PNG ou en PDF."
OLD = "Ce fichier Office est d’un ancien format : enregistrez-le en DOCX, XLSX, PPTX ou en PDF."
DOUBLE = "Ce fichier se fait passer pour un autre : enregistrez-le de nouveau, puis renvoyez-le."
PHONE_PHOTOS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}
IMAGES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}


def limit():
    for what, most in {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: WRITTEN,
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(what, (most, most))


def look(path, folder):
    """What is known of a file, by its first bytes and never by its name; raises Refused."""
    with path.open("rb") as content:
        head = content.read(HEAD)
    if head.startswith(b"%PDF-"):
        return pdf.read(path)
    if b"%PDF-" in head:
        raise Refused(DOUBLE)
    if head.startswith(b"PK\x03\x04"):
        return bureautique.read(path)
    for mark, kind in IMAGES.items():
        if head.startswith(mark) and (kind != "WEBP" or head[8:12] == b"WEBP"):
            return image.read(path, folder, kind)
    raise Refused(unknown(head))


def unknown(head):
    if head[4:8] == b"ftyp" and head[8:12] in PHONE_PHOTOS:
        return HEIC
    if b"<svg" in head.lower():
        return SVG
    return OLD if head.startswith(b"\xd0\xcf\x11\xe0") else f"{formats.NOT_RECEIVED} {ENDS}"


def main(path, folder):
    limit()
    try:
        told = look(path, folder)
    except Refused as refused:
        told = {"refus": str(refused)}
    except Exception as error:  # whatever a library stumbles over is a damaged file
        told = {"refus": DAMAGED, "cause": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
