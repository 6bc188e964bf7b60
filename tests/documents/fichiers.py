"""Files that people send, sound and hostile, made here: none is kept in the repository."""

import zipfile
from io import BytesIO

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.formats import TYPES

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
RELS = '<Relationships><Relationship Id="1" Type="x/{}" Target="http://a/" TargetMode="External"/>'


def sent(content, name="avis.pdf", kind="application/octet-stream"):
    return SimpleUploadedFile(name, content, kind)


def pdf(*extra, root="", tail=b"", page="/Resources << /Font << /F 4 0 R >> >>", version=b"1.7"):
    """A PDF of one page, its objects written by hand; `extra` ones are numbered from 5."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {page} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *extra,
    ]
    data, places = b"%PDF-" + version + b"\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = len(data)
    lines = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    data += f"xref\n0 {size}\n0000000000 65535 f \n{lines}".encode()
    data += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return data + tail


def pdf_with_packed(stream):
    """The same with object 6 inside a stream of objects, 5, as since PDF 1.5."""
    whole = pdf(stream)
    body = whole[: whole.index(b"xref\n")]
    places = [body.index(f"{number} 0 obj".encode()) for number in range(1, 6)]
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (2, 5, 0), (1, len(body), 0)]
    table = b"".join(bytes([kind]) + a.to_bytes(4) + b.to_bytes(2) for kind, a, b in rows)
    known = f"<< /Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R /Length {len(table)} >>"
    index = f"7 0 obj\n{known}\nstream\n".encode() + table + b"\nendstream\nendobj\n"
    return body + index + f"startxref\n{len(body)}\n%%EOF\n".encode()


def tagged_pdf(text="= Bilan du quartier\n\nDix bancs, deux fontaines."):
    """As the portal writes them: tagged, with its language and its title."""
    source = '#set document(title: "Bilan")\n#set text(lang: "fr")\n' + text
    return typst.compile(source.encode(), pdf_standards="ua-1")


def image(kind="JPEG", size=(900, 600), mode="RGB", **options):
    drawn = BytesIO()
    Image.new(mode, size, "teal" if mode != "1" else 1).save(drawn, kind, **options)
    return drawn.getvalue()


def photo_with_a_place():
    """Turned by a quarter, with where it was taken, by what and a word of its owner."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "Appareil de Zoé", "chez Zoé"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 36.0, 30.0), 3: "E", 4: (3.0, 52.0, 10.0)})
    return image(exif=exif, comment=b"chez Zoe")


def archive(*entries, first=None):
    """A ZIP of (name, content); `first` is stored as it is, before the others."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        if first:
            target.writestr(*first, compress_type=zipfile.ZIP_STORED)
        for name, content in entries:
            target.writestr(name, content)
    return made.getvalue()


def microsoft(*entries, kind=WORD):
    types = f'<Types><Override PartName="/d.xml" ContentType="{kind}"/></Types>'
    text = ("word/document.xml", "<w:document>Bonjour</w:document>")
    return archive(("[Content_Types].xml", types), text, *entries)


def opendocument(extension="ods", *entries):
    first = ("mimetype", TYPES[extension])
    return archive(("content.xml", "<office>Bonjour</office>"), *entries, first=first)


def remote(kind):
    return ("word/_rels/settings.xml.rels", RELS.format(kind) + "</Relationships>")
