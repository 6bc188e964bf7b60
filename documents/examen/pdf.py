"""A PDF: nothing in it that acts or hides, then how it reads aloud."""

import re
import zipfile
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from documents import formats
from documents.examen import Refused

OBJECTS, PAGES, LOOKED_AT, DEPTH = 200_000, 3_000, 20, 4
TAIL = 1024  # bytes that may follow the last mark of its end: a line, not a second file
ACTS = "Ce PDF contient un programme ou une action : enregistrez-le de nouveau sans formulaire."
HOLDS = "Ce PDF contient d’autres fichiers : enregistrez-le de nouveau sans pièce jointe."
LOCKED = "Ce PDF est protégé par un mot de passe : enregistrez-le de nouveau sans protection."
LONG = "Ce PDF est trop long ou trop compliqué : envoyez-le en plusieurs parties."
CUT = "Ce PDF est abîmé ou incomplet : enregistrez-le de nouveau, puis renvoyez-le."
DOUBLE = "Ce PDF est incomplet, ou cache un autre fichier : enregistrez-le de nouveau."
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie"}
ACTIONS |= {"/Sound", "/GoToE", "/GoToR", "/RichMediaExecute"}  # R: a file of a network, opened
ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA"}
ATTACHED_KEYS = {"/EF", "/EmbeddedFiles"}
PLAYED = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/FileAttachment"}
# Also where the table of objects does not lead: another reader may find it.
HIDDEN = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)[^A-Za-z]")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


def read(path):
    data = path.read_bytes()
    check_frame(data, path)
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        raise Refused(LOCKED)
    for found in everything(reader):
        check(found)
    pages = len(reader.pages)
    if not pages:
        raise Refused(CUT)
    if pages > PAGES:
        raise Refused(LONG)
    langue = language(reader)
    return {
        "format": "pdf",
        "pages": pages,
        "langue": langue,
        "accessibilite": aloud(reader, langue),
    }


def check_frame(data, path):
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Refused(CUT)
    if len(data) - end > TAIL or zipfile.is_zipfile(path):
        raise Refused(DOUBLE)
    plain = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
    if HIDDEN.search(plain):
        raise Refused(HOLDS if b"/EmbeddedFile" in plain else ACTS)


def everything(reader):
    """Each dictionary of each object; one that cannot be read raises, and refuses the file."""
    keys = [(number, gen) for gen, known in reader.xref.items() for number in known]
    keys += [(number, 0) for number in reader.xref_objStm]
    if len(keys) > OBJECTS:
        raise Refused(LONG)
    for number, generation in keys:
        waiting = [reader.get_object(IndirectObject(number, generation, reader))]
        while waiting:
            found = waiting.pop()
            if isinstance(found, DictionaryObject):
                yield found
                waiting += found.values()
            elif isinstance(found, ArrayObject):
                waiting += found


def check(found):
    keys = found.keys()
    if keys & ACTIVE_KEYS or plain(found, "/S") in ACTIONS:
        raise Refused(ACTS)
    if keys & ATTACHED_KEYS or plain(found, "/Type") == "/EmbeddedFile":
        raise Refused(HOLDS)
    if plain(found, "/Subtype") in PLAYED:
        raise Refused(ACTS)
    if isinstance(found, StreamObject) and "/F" in found:  # what it holds is in a file elsewhere
        raise Refused(HOLDS)


def plain(found, key):
    value = at(found, key)
    return value if isinstance(value, str) else ""


def at(found, key):
    """What a key leads to, wherever it is written; None without one."""
    return found[key] if isinstance(found, DictionaryObject) and key in found else None


def language(reader):
    told = plain(reader.trailer["/Root"], "/Lang").strip()
    return told if LANGUAGE.fullmatch(told) else ""


def aloud(reader, langue):
    root = reader.trailer["/Root"]
    marked = at(at(root, "/MarkInfo"), "/Marked")
    first = [reader.pages[n] for n in range(min(len(reader.pages), LOOKED_AT))]
    if not any(has_text(at(page, "/Resources")) for page in first):
        return formats.IMAGE_ONLY
    if not (marked and marked.value and at(root, "/StructTreeRoot")):
        return formats.UNTAGGED
    return formats.READABLE if langue else formats.NO_LANGUAGE


def has_text(resources, depth=DEPTH):
    """Whether a page, or a drawing in it, has a font: a scan has none."""
    if at(resources, "/Font"):
        return True
    drawings = at(resources, "/XObject")
    if depth == 0 or not isinstance(drawings, DictionaryObject):
        return False
    inner = (drawings[name] for name in drawings)
    return any(
        has_text(at(one, "/Resources"), depth - 1) for one in inner if isinstance(one, StreamObject)
    )
