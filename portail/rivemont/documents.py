"""Documents of the next meetings, made here: a note, a budget, a plan, a scanned letter."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

import typst
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from conseils import pieces
from conseils.models import Piece, Point
from documents import depot, reception
from documents.formats import TYPES

COUNCILS = {"conseil-des-rives", "conseil-des-hauts"}  # others have none: the page shows both
NOTE = """#set document(title: "Note de présentation")
#set text(lang: "fr", size: 12pt)
= Note de présentation : {titre}

== Ce que le conseil doit dire
Il donne son avis sur les deux scénarios. La ville décide ensuite, et répond par écrit.

== Ce que l’on sait déjà
- Cent vingt personnes ont répondu au questionnaire.
- Une marche dans le quartier a réuni vingt-deux personnes.
- Les travaux dureraient cinq mois.

== Calendrier
#table(columns: 2, table.header[Étape][Date], [Avis du conseil], [cette réunion],
  [Décision de la ville], [deux mois après], [Début des travaux], [au printemps])
"""
SUMMARY = (
    "La ville présente deux scénarios et demande l’avis du conseil. Les travaux dureraient cinq "
    "mois, à partir du printemps."
)
BUDGET = [
    ("Poste", "Montant en euros"),
    ("Fête du quartier", "1 800"),
    ("Bancs et plantations", "4 200"),
    ("Impression et affichage", "350"),
]
PLAN = "Le projet vu d’en haut : deux rangs d’arbres, une fontaine au centre, six bancs autour."
ODF = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'


def add_documents(conseil, now, public):
    """To the next meeting that this run makes public (others are `public`), and the next draft."""
    if conseil.slug not in COUNCILS:
        return
    coming = conseil.reunions.holding().filter(fin__gt=now).order_by("debut")
    if reunion := coming.public().exclude(pk__in=public).first():
        points = list(reunion.points.exclude(type=Point.Type.APPROBATION))
        keep(reunion, "Note de présentation", note(points[0]), points[0], resume=SUMMARY)
        keep(reunion, "Plan du projet", plan(), points[0], alternative=PLAN)
        keep(reunion, "Budget du conseil", sheet(BUDGET))
    draft = coming.filter(publie_le=None).first()
    if draft and not draft.pieces.exists():
        keep(draft, "Lettre des riverains, numérisée", scan())


def keep(reunion, titre, content, point=None, **words):
    received = reception.receive(ContentFile(content, name=titre))
    piece = Piece(reunion=reunion, titre=titre, point=point, **words)
    with depot.kept(received) as name:
        pieces.save(piece, received, name, by=None)


def note(point):
    titre = point.titre.replace("#", "")
    return typst.compile(NOTE.format(titre=titre).encode(), pdf_standards="ua-1")


def sheet(rows):
    """An OpenDocument spreadsheet."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell.format(escape(text)) for text in row)}</table:table-row>"
        for row in rows
    )
    spaces = " ".join(ODF.format(name) for name in ("office", "table", "text"))
    table = f'<table:table table:name="Budget">{lines}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f'<office:document-content {spaces} office:version="1.3">{body}'
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    parts = entry.format("/", TYPES["ods"]) + entry.format("content.xml", "text/xml")
    manifest = f'<manifest:manifest {ODF.format("manifest")} manifest:version="1.3">{parts}'
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("mimetype", TYPES["ods"])
        target.writestr("content.xml", f"{content}</office:document-content>")
        target.writestr("META-INF/manifest.xml", f"{manifest}</manifest:manifest>")
    return made.getvalue()


def plan():
    """A square seen from above."""
    drawing = Image.new("RGB", (1400, 900), "#e9e2d2")
    pen = ImageDraw.Draw(drawing)
    pen.rectangle((150, 150, 1250, 750), fill="#f7f3ea", outline="#8a8371", width=6)
    for rank in range(7):
        for top in (190, 640):
            left = 210 + rank * 145
            pen.ellipse((left, top, left + 70, top + 70), fill="#5f9468")
    pen.ellipse((600, 350, 800, 550), fill="#a9d3e4", outline="#2c5a72", width=8)
    for left, top in [(480, 330), (480, 545), (850, 330), (850, 545), (660, 290), (660, 590)]:
        pen.rectangle((left, top, left + 80, top + 24), fill="#8b5a2b")
    return saved(drawing, "PNG")


def scan():
    """A letter as a copier gives it: a picture in a PDF."""
    page = Image.new("L", (827, 1169), 250)
    pen = ImageDraw.Draw(page)
    for line in range(24):
        pen.line((110, 180 + line * 34, 700 - line % 5 * 40, 180 + line * 34), fill=70, width=6)
    return saved(page, "PDF")


def saved(image, kind):
    made = BytesIO()
    image.save(made, kind)
    return made.getvalue()
