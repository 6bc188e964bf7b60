"""What is received is what it holds; what is refused gets a sentence and leaves nothing behind."""

import socket
import sys
import tempfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from documents import reception
from documents.formats import TYPES, WIDTHS
from tests.documents import fichiers
from tests.documents.fichiers import archive, image, microsoft, opendocument, pdf, remote, sent

SCAN = "/Resources << /XObject << /I 5 0 R >> >>"
PIXEL = (
    "<< /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 "
    ">>\nstream\n0\nendstream"
)
ACTION = "<< /S /{} {} >>"
ELSEWHERE = "<< /F (//a/b) /Length 1 >>\nstream\n0\nendstream"


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Where files wait while they are looked into."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


SOUND = {
    "a tagged PDF": (fichiers.tagged_pdf, ("pdf", "oui", "fr", 1)),
    "a PDF without tags": (lambda: pdf(root="/Lang (fr)"), ("pdf", "non_balise", "fr", 1)),
    "a PDF without language": (
        lambda: pdf(
            "<< /Type /StructTreeRoot >>", root="/MarkInfo << /Marked true >> /StructTreeRoot 5 0 R"
        ),
        ("pdf", "sans_langue", "", 1),
    ),
    "a scan": (lambda: pdf(PIXEL, page=SCAN), ("pdf", "image_seule", "", 1)),
    "a JPEG": (image, ("jpg", "oui", "", None)),
    "a PNG": (lambda: image("PNG", mode="RGBA"), ("jpg", "oui", "", None)),
    "a drawing of few colours": (lambda: image("PNG", mode="P"), ("jpg", "oui", "", None)),
    "a black and white PNG": (lambda: image("PNG", mode="1"), ("jpg", "oui", "", None)),
    "a WebP": (lambda: image("WEBP"), ("jpg", "oui", "", None)),
    "Word": (microsoft, ("docx", "inconnu", "", None)),
    "Excel": (lambda: microsoft(kind=fichiers.SHEET), ("xlsx", "inconnu", "", None)),
    "PowerPoint": (lambda: microsoft(kind=fichiers.SLIDES), ("pptx", "inconnu", "", None)),
    "a drawing in OpenDocument": (
        lambda: drawing("Pictures/a.png"),
        ("odt", "inconnu", "", None),
    ),
    "a word of macros": (
        lambda: opendocument("odt", ("a.xml", "<p>En vision macro: 3 bancs</p>")),
        ("odt", "inconnu", "", None),
    ),
    "a link in Word": (lambda: microsoft(remote("hyperlink")), ("docx", "inconnu", "", None)),
    **{
        f"OpenDocument {name}": (
            lambda name=name: opendocument(name),
            (name, "inconnu", "", None),
        )
        for name in ("odt", "ods", "odp")
    },
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_received_as_what_it_holds(name, place):
    make, (extension, aloud, langue, pages) = SOUND[name]

    # Its name and the type that the browser says are wrong: neither is believed.
    received = reception.receive(sent(make(), "../photo.exe", "text/html"))

    assert (received.format, received.accessibilite) == (extension, aloud)
    assert (received.langue, received.pages) == (langue, pages)
    assert received.nom_fichier == f"photo.{extension}"
    assert received.taille == received.files[""].size > 0
    assert list(place.iterdir()) == []


def drawing(address):
    frame = f'<draw:frame><draw:image xlink:type="simple" xlink:href="{address}"/></draw:frame>'
    return opendocument("odt", ("styles.xml", frame))


HOSTILE = {
    "nothing": (b"", "vide"),
    "text": (b"Bonjour, ceci est un texte. " * 99, "n’est pas reçu"),
    "a page": (b"<html><script>alert(1)</script>", "n’est pas reçu"),
    "a program": (b"MZ\x90\0" + b"\0" * 2000, "n’est pas reçu"),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "a photo of an iPhone": (b"\0\0\0\x18ftypheic" + b"\0" * 99, "HEIC"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 999, "ancien format"),
    "GIF": (image("GIF", mode="P"), "n’est pas reçu"),
    "a PDF that is not first": (b"GIF89a" + pdf(), "passer pour un autre"),
    "a cut PDF": (pdf()[:-60], "abîmé"),
    "half a PDF": (fichiers.tagged_pdf()[:3000], "abîmé"),
    "only the first line of a PDF": (b"%PDF-1.7\n%%EOF", "abîmé"),
    "a PDF without pages": (pdf().replace(b"/Kids [3 0 R]", b"/Kids []     "), "abîmé"),
    "a PDF that runs": (pdf(ACTION.format("JavaScript", "/JS (app.alert(1))")), "programme"),
    "at the opening": (pdf(root="/OpenAction << /S /JavaScript /JS (x) >>"), "programme"),
    "in a name that hides": (pdf(root="/OpenAction << /S /J#61vaScript >>"), "programme"),
    "a script beside": (pdf(tail=b"6 0 obj << /S /JavaScript >> endobj\n%%EOF"), "programme"),
    "names of scripts": (pdf(root="/Names << /JavaScript << /Names [] >> >>"), "programme"),
    "a PDF that launches": (pdf(ACTION.format("Launch", "/F (cmd.exe)")), "programme"),
    "a PDF that opens another": (pdf(ACTION.format("GoToR", "/F (//a/b)")), "programme"),
    "a stream that is elsewhere": (pdf(ELSEWHERE), "autres fichiers"),
    "a form that sends": (pdf(ACTION.format("SubmitForm", "/F (http://a/)")), "programme"),
    "an XFA form": (pdf(root="/AcroForm << /XFA [] >>"), "programme"),
    "a film": (pdf("<< /Type /Annot /Subtype /Screen >>"), "programme"),
    "a file in a PDF": (pdf("<< /Type /Filespec /EF << /F 6 0 R >> >>"), "autres fichiers"),
    "names of files": (pdf(root="/Names << /EmbeddedFiles << >> >>"), "autres fichiers"),
    "a ZIP after a PDF": (pdf(tail=archive(("a.class", b"x"))), "cache un autre"),
    "much after a PDF": (pdf(tail=b"x" * 5000), "cache un autre"),
    "a cut photo": (image(size=(1800, 1200))[:9000], "abîmé"),
    "a false JPEG": (b"\xff\xd8\xff\xe0" + b"x" * 999, "abîmé"),
    "a hundred megapixels": (image("PNG", (10_000, 10_000), "1"), "trop grande"),
    "a ribbon": (image("PNG", (40_000, 2), "1"), "trop grande"),
    "macros": (microsoft(("word/vbaProject.bin", b"x")), "macros"),
    "macros by their type": (microsoft(kind="a/b.macroEnabled.main+xml"), "macros"),
    "macros of LibreOffice": (opendocument("odt", ("Basic/Standard/M.xml", "x")), "macros"),
    "a program inside": (microsoft(("word/media/jeu.exe", b"MZ")), "macros"),
    "a model from elsewhere": (microsoft(remote("attachedTemplate")), "ailleurs"),
    "an object from elsewhere": (microsoft(remote("oleObject")), "ailleurs"),
    "an image from elsewhere": (microsoft(remote("image")), "ailleurs"),
    "an OpenDocument with an image from elsewhere": (drawing("https://a/b.png"), "ailleurs"),
    "one of a network": (drawing("//a/b.png"), "ailleurs"),
    "an OpenDocument that runs": (
        opendocument("odt", ("a.xml", '<e xlink:href="vnd.sun.star.script:a$b"/>')),
        "macros",
    ),
    "an entity of two bytes": (
        opendocument("odt", ("a.xml", '<!ENTITY x "y">'.encode("utf-16"))),
        "abîmé",
    ),
    "an entity": (opendocument("odt", ("a.xml", '<!ENTITY x "y">')), "ailleurs"),
    "an archive": (archive(("liste.txt", "bonjour")), "archive"),
    "an odd OpenDocument": (archive(first=("mimetype", "application/zip")), "archive"),
    "a book": (archive(first=("mimetype", "application/epub+zip")), "archive"),
    "a bomb": (microsoft(("word/a.xml", b"0" * 50_000_000)), "démesuré"),
    "many entries": (archive(*((f"{n}.xml", b"") for n in range(3_001))), "démesuré"),
    "a name that climbs": (microsoft(("../../etc/x.xml", b"x")), "abîmé"),
    "a name of Windows": (microsoft(("C:\\x.xml", b"x")), "abîmé"),
    "two of one name": (microsoft(("word/Document.xml", b"x")), "abîmé"),
    "a cut Word": (microsoft()[:-30], "abîmé"),
    "a Word with a hole": (microsoft().replace(b"<w:document", b"<w:docu", 1)[:-4], "abîmé"),
    "a PDF in a Word": (archive(first=("%PDF-1.7", "x")), "passer pour un autre"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_and_leaves_nothing(name, place, settings):
    content, told = HOSTILE[name]

    with pytest.raises(ValidationError) as refused:
        reception.receive(sent(content))

    [sentence] = refused.value.messages
    assert told in sentence
    assert list(place.iterdir()) == []
    assert list(settings.MEDIA_ROOT.iterdir()) == []


@pytest.mark.parametrize("name", ["/JavaScript", "/EmbeddedFiles", "/Launch"])
def test_a_packed_object_hides_nothing(name, place):
    """Since PDF 1.5, objects are compressed together: no byte of them is seen as such."""
    packed = f"6 0 << /S {name} {name} << >> >>".encode().hex()
    stream = (
        f"<< /Type /ObjStm /N 1 /First 4 /Filter /ASCIIHexDecode /Length {len(packed) + 1} >>\n"
        f"stream\n{packed}>\nendstream"
    )
    with pytest.raises(ValidationError, match="PDF contient"):
        reception.receive(sent(fichiers.pdf_with_packed(stream)))


def test_a_pdf_that_never_ends_is_given_up(place):
    """A page tree in a ring; whatever a library does of it, somebody gets an answer."""
    ring = pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")

    with pytest.raises(ValidationError, match=r"abîmé|compliqué"):
        reception.receive(sent(ring))

    assert list(place.iterdir()) == []


def test_what_takes_too_long_is_given_up(place, settings):
    settings.DOCUMENT_PATIENCE = 0.01

    with pytest.raises(ValidationError, match="n’a pas pu être lu"):
        reception.receive(sent(fichiers.tagged_pdf()))

    assert list(place.iterdir()) == []


def test_a_photo_loses_where_it_was_taken_and_stands_upright():
    received = reception.receive(sent(fichiers.photo_with_a_place(), "IMG_0042.JPG"))

    assert (received.largeur, received.hauteur) == (600, 900)
    assert set(received.files) == {"", "-480"}
    for content in received.files.values():
        copy = content.read()
        assert b"Zo" not in copy
        with Image.open(BytesIO(copy)) as shown:
            assert dict(shown.getexif()) == {}
            assert shown.info.keys() <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }


def test_a_large_image_is_written_in_each_width():
    received = reception.receive(sent(image(size=(4000, 2000))))

    sizes = {}
    for suffix, content in received.files.items():
        with Image.open(content) as copy:
            sizes[suffix] = copy.size
    assert sizes == {"": (1600, 800), "-960": (960, 480), "-480": (480, 240)}
    assert WIDTHS == [480, 960, 1600]


def test_what_follows_an_image_is_not_kept():
    """A picture that is an archive too (GIFAR) is a picture once written again."""
    received = reception.receive(sent(image() + archive(("a.class", b"\xca\xfe\xba\xbe"))))

    assert b"PK\x03\x04" not in received.files[""].read()


@pytest.mark.parametrize(("size", "told"), [(0, "vide"), (200_000_000, "lourd : 200")])
def test_a_size_is_told_before_anything_is_read(size, told):
    heavy = sent(b"%PDF-1.7")
    heavy.size = size

    with pytest.raises(ValidationError, match=told):
        reception.receive(heavy)


def test_each_kind_has_its_own_size(settings):
    settings.DOCUMENT_SIZES = settings.DOCUMENT_SIZES | {"image": 1000}

    assert reception.receive(sent(fichiers.tagged_pdf())).taille > 1000
    with pytest.raises(ValidationError, match="trop lourd"):
        reception.receive(sent(image()))


def test_no_address_in_a_file_is_called():
    """Fault 13: a link, a file elsewhere, an image elsewhere; somebody listens, nobody comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        rels = {kind: remote(kind)[1].replace("http://a/", address) for kind in ("image", "a")}
        files = [
            pdf(f"<< /S /URI /URI ({address}) >>", root=f"/URI << /Base ({address}) >>"),
            pdf(f"<< /S /GoToR /F << /FS /URL /F ({address}) >> >>"),
            microsoft(("word/_rels/document.xml.rels", rels["a"])),
            microsoft(("word/_rels/document.xml.rels", rels["image"])),
            opendocument("odt", ("styles.xml", f'<a xlink:href="{address}"/>')),
            drawing(address),
        ]

        received = [format_of(content) for content in files]

        assert received == ["pdf", "", "docx", "", "odt", ""]
        with pytest.raises(TimeoutError):
            server.accept()


def format_of(content):
    """Nothing, when it is refused."""
    try:
        return reception.receive(sent(content)).format
    except ValidationError:
        return ""


ANSWERS = {
    "a virus": ("import sys; assert sys.stdin.buffer.read(); sys.exit(1)", "contient un virus"),
    "out of order": ("import sys; sys.exit(2)", "Réessayez"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "Réessayez"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_the_antivirus_does_not_clear_is_not_kept(settings, answer):
    program, told = ANSWERS[answer]
    settings.ANTIVIRUS = [sys.executable, "-c", program]

    with pytest.raises(ValidationError, match=told):
        reception.receive(sent(image()))


def test_an_antivirus_that_is_not_there_is_not_skipped(settings):
    settings.ANTIVIRUS = ["/nulle/part"]

    with pytest.raises(ValidationError, match="Réessayez"):
        reception.receive(sent(image()))


def test_what_the_antivirus_clears_is_received(settings):
    settings.ANTIVIRUS = [sys.executable, "-c", "import sys; sys.exit(not sys.stdin.buffer.read())"]

    assert reception.receive(sent(image())).format == "jpg"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Compte rendu du 3 mars.pdf", "compte-rendu-du-3-mars.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\zoe\\avis.pdf", "avis.pdf"),
        ("facture.pdf.exe", "facturepdf.pdf"),
        ("CON.pdf", "document-con.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("议程.pdf", "document.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "document.pdf"),
    ],
)
def test_a_name_says_no_more_than_it_should(name, clean):
    assert reception.clean_name(name, "pdf") == clean


@given(st.text(max_size=300), st.sampled_from(sorted(TYPES)))
def test_any_name_is_safe_on_every_system(name, extension):
    clean = reception.clean_name(name, extension)

    stem, point, end = clean.partition(".")
    assert (point, end) == (".", extension)
    assert 0 < len(stem) <= 90
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert stem[0] not in "-_"
    assert not reception.RESERVED.fullmatch(stem)
