"""A file of an office suite: a ZIP that holds texts and pictures, no program, and no bomb."""

import re
import zipfile

from documents import formats
from documents.examen import Refused

ENTRIES, INSIDE, RATIO = 3_000, 200_000_000, 200  # entries, bytes unpacked, times smaller
SMALL = 10_000_000  # unpacked: below it, no ratio is a bomb
CHUNK, OVERLAP = 1 << 20, 4096
MACROS = "Ce fichier contient des macros : enregistrez-le sans macros, ou en PDF."
LINKED = "Ce fichier va chercher un modèle ou un objet ailleurs : enregistrez-le en PDF."
BOMB = "Ce fichier se déplie en un volume démesuré : enregistrez-le en PDF."
OTHER = "Ce fichier est une archive : envoyez plutôt le document qu’elle contient."
LOCKED = "Ce fichier est protégé par un mot de passe : enregistrez-le sans protection."
CUT = "Ce fichier est abîmé ou incomplet : enregistrez-le de nouveau, puis renvoyez-le."
OPEN = {formats.TYPES[name]: name for name in ("odt", "ods", "odp")}  # by their first entry
MICROSOFT = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
PROGRAMS = re.compile(
    r"(^|/)(basic|scripts)/.|vbaproject|vbadata|activex|macrosheets"
    r"|\.(class|jar|exe|dll|com|scr|js|vbs|bat|cmd|ps1|lnk|hta|msi|swf|html?|php|sh|py)$",
    re.IGNORECASE,
)
# Templates and objects that a reader would fetch; a link that somebody follows is none.
FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)"
    rb"(?=[^>]*Type\s*=\s*[\"'][^\"']*/"
    rb"(attachedTemplate|oleObject|frame|subDocument|image|audio|video|media)[\"'])"
    # The same in OpenDocument: an image, an object or a section of another server.
    rb"|<(draw:(image|object|plugin|applet)|text:section-source|table:table-source)\b"
    rb"[^>]*xlink:href\s*=\s*[\"'](https?:|ftp:|file:|smb:|[\\/]{2})",
    re.IGNORECASE,
)
RUNS = re.compile(rb"href\s*=\s*[\"'](vnd\.sun\.star\.script|macro):", re.IGNORECASE)  # at an event
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def read(path):
    if not zipfile.is_zipfile(path):
        raise Refused(CUT)
    with zipfile.ZipFile(path) as archive:
        check_entries(archive.infolist(), path.stat().st_size)
        kind = known(archive)
        check_contents(archive)
    return {"format": kind, "accessibilite": formats.UNKNOWN}


def check_entries(entries, packed):
    names = [entry.filename for entry in entries]
    inside = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or inside > INSIDE or inside > max(SMALL, RATIO * packed):
        raise Refused(BOMB)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(LOCKED)
    if len({name.lower() for name in names}) < len(names) or any(map(strays, names)):
        raise Refused(CUT)
    if any(PROGRAMS.search(name) for name in names):
        raise Refused(MACROS)


def strays(name):
    """Whether an entry would be written elsewhere than where it is unpacked."""
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def known(archive):
    """Its extension, by what it says inside."""
    first = archive.infolist()[0]
    if first.filename == "mimetype":
        told = archive.read(first)[:200].decode("ascii", "replace").strip()
        if first.compress_type == zipfile.ZIP_STORED and told in OPEN:
            return OPEN[told]
    elif "[Content_Types].xml" in archive.namelist():
        types = archive.read("[Content_Types].xml")
        if b"macroEnabled" in types:
            raise Refused(MACROS)
        for mark, extension in MICROSOFT.items():
            if mark in types:
                return extension
    raise Refused(OTHER)


def check_contents(archive):
    """Unpack all of it, to nowhere: a size that lies, a cut entry or a bad sum raises."""
    total = 0
    for entry in archive.infolist():
        text, end = entry.filename.lower().endswith((".xml", ".rels")), b""
        with archive.open(entry) as content:
            while chunk := content.read(CHUNK):
                total += len(chunk)
                if total > INSIDE:
                    raise Refused(BOMB)
                if text:
                    check_text(end + chunk)
                end = chunk[-OVERLAP:]


def check_text(told):
    """XML that fetches or runs; in an alphabet of two bytes it would hide from these searches."""
    if b"\0" in told:
        raise Refused(CUT)
    if ENTITY.search(told) or FETCHED.search(told):
        raise Refused(LINKED)
    if RUNS.search(told):
        raise Refused(MACROS)
