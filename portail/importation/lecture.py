"""Files of open data as tables of rows; encoding, separator and shape are found by themselves."""

import csv
import io
import json
import re
from dataclasses import dataclass, field

from portail.importation.rapport import Refus
from portail.importation.texte import loose

ENCODINGS = {"cp1252": "Windows-1252", "cp850": "DOS (850)", "mac_roman": "Mac"}
FRENCH = frozenset("àâäæçéèêëîïôöœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛ’«»°–…€")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = {";": "« ; »", ",": "« , »", "\t": "tabulation", "|": "« | »"}
DBF_HEADER = re.compile(r"(.+?),[A-Z](?:,\d+){1,2}")  # LIBQUART,C,32
GEOMETRIE = "geometrie"
csv.field_size_limit(10_000_000)  # an outline in a cell


@dataclass
class Row:
    rank: int  # line of a CSV file, rank of a JSON record
    values: dict  # by loose


@dataclass
class Table:
    nom: str
    unite: str
    forme: str  # how it was read, for the report
    columns: list = field(default_factory=list)  # as written
    rows: list = field(default_factory=list)
    blanks: list = field(default_factory=list)  # ranks of empty rows
    ragged: list = field(default_factory=list)  # ranks of rows with too many cells

    def __post_init__(self):
        self.keys = {loose(name) for name in self.columns}


def read(path, nom):
    """A CSV, JSON or GeoJSON file as a Table; Refus when it is none of these."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise Refus(f"Le fichier {nom} n’est pas dans le dossier {path.parent}.") from None
    except OSError:
        raise Refus(f"Le fichier {nom} ne se lit pas : droits, ou dossier ?") from None
    if (
        data[:2] in (b"PK", b"%P")
        or b"\0" in data[:1000]
        and data[:2] not in (b"\xff\xfe", b"\xfe\xff")
    ):
        raise Refus(f"Le fichier {nom} n’est ni CSV, ni JSON, ni GeoJSON : enregistrez-le en CSV.")
    text, encoding = decode(data)
    if not text.strip():
        raise Refus(f"Le fichier {nom} est vide.")
    if text.lstrip()[0] in "[{":
        return read_json(text, nom)
    try:
        return read_csv(text, nom, encoding)
    except csv.Error as error:
        raise Refus(f"Le fichier {nom} ne se lit pas comme du CSV ({error}).") from None


def decode(data):
    """The text and the name of its encoding."""
    if data[:2] in UTF_16:
        return data.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        texts = {name: data.decode(name, errors="replace") for name in ENCODINGS}
        best = max(texts, key=lambda name: frenchness(texts[name]))
        return texts[best], ENCODINGS[best]


def frenchness(text):
    """Letters of French against signs that it does not use: a wrong encoding makes those."""
    return sum(1 if sign in FRENCH else -1 for sign in text if not sign.isascii())


def read_csv(text, nom, encoding):
    separator = find_separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    table, line, rows = None, 1, []
    for cells in reader:
        first, line = line, reader.line_num + 1
        if table is None:
            if any(map(str.strip, cells)):
                columns = [header(cell, n) for n, cell in enumerate(cells, start=1)]
                forme = f"{encoding}, séparateur {SEPARATORS[separator]}"
                table = Table(nom, "ligne", forme, columns)
                keys = [loose(name) for name in columns]
        elif not any(map(str.strip, cells)):
            table.blanks.append(first)
        else:
            # Backwards, so that the first of two columns of one name counts.
            rows.append(Row(first, dict(reversed(list(zip(keys, cells, strict=False))))))
            table.ragged += [first] * (len(cells) > len(keys))
    table.rows = rows
    return table


def header(cell, rank):
    name = cell.strip().lstrip("\ufeff")
    if dbf := DBF_HEADER.fullmatch(name):
        name = dbf.group(1)
    return name or f"colonne {rank}"


def find_separator(text):
    """The sign by which the first rows have as many cells as the header, and most of them."""

    def score(separator):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        widths = [len(cells) for _, cells in zip(range(100), reader, strict=False) if cells]
        alike = sum(width == widths[0] for width in widths) / len(widths)
        return widths[0] > 1, round(alike, 1), widths[0]

    return max(SEPARATORS, key=score)


def read_json(text, nom):
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refus(f"Le fichier {nom} n’est pas du JSON : ligne {error.lineno}.") from None
    records = [flatten(record) for record in find_records(content, nom)]
    columns = list(dict.fromkeys(name for record in records for name in record))
    table = Table(nom, "enregistrement", "JSON", columns)
    for rank, record in enumerate(records, start=1):
        values = {loose(name): value for name, value in reversed(record.items())}
        if any(value not in (None, "", [], {}) for value in values.values()):
            table.rows.append(Row(rank, values))
        else:
            table.blanks.append(rank)
    return table


def find_records(content, nom):
    """The list of records: the whole, `features`, `records`, `results`, or the only list inside."""
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        known = (content.get(name) for name in ("features", "records", "results"))
        content = next((value for value in known if isinstance(value, list)), None)
        content = content if content is not None else max(lists, key=len, default=None)
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise Refus(f"Le fichier {nom} ne contient pas de liste d’enregistrements.")
    return content


def flatten(record):
    """One level of names: what GeoJSON and Opendatasoft wrap, and `lieu.nom` for the rest."""
    inner = record.get("properties", record.get("fields"))
    if not isinstance(inner, dict):
        return dict(unfold(record))
    flat = dict(unfold(inner))
    outer = {name: record.get(name) for name in ("id", "recordid") if name in record}
    return outer | flat | {GEOMETRIE: record.get("geometry")}


def unfold(record, prefix=""):
    for name, value in record.items():
        nested = isinstance(value, dict) and "coordinates" not in value
        if nested and "fr" in value:
            yield prefix + name, value["fr"]
        elif nested:
            yield from unfold(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
