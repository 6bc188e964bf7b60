"""Files joined to another: their rows, found by a shared key, and the text of any cell."""

import json
from functools import cached_property, partial

from portail.importation.lecture import read
from portail.importation.texte import key, loose


def written(value):
    """A JSON value as somebody would have typed it in a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(map(written, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).strip()


def is_wanted(file, read_text):
    """Whether a row answers every `filtre` and no `exclure`; `read_text` reads a column of it."""
    kept = all(loose(read_text(name)) in values for name, values in file.filtre.items())
    return kept and not any(
        loose(read_text(name)) in values for name, values in file.exclure.items()
    )


def is_blank(vides, name, text):
    blanks = vides.get("*", set()) | next(
        (values for column, values in vides.items() if loose(column) == loose(name)), set()
    )
    return not text or loose(text) in blanks


class Jonction:
    """Another file, whose rows are found by what they share with ours."""

    def __init__(self, jointure, folder):
        self.jointure = jointure
        self.table = read(folder / jointure.chemin, jointure.chemin)

    def wanted(self):
        """The columns that the join itself needs."""
        return [*self.jointure.avec, *self.jointure.filtre, *self.jointure.exclure]

    def value(self, row, name):
        value = row.values.get(loose(name))
        return "" if is_blank(self.jointure.vides, name, written(value)) else value

    def text(self, row, name):
        return written(self.value(row, name))

    def same(self, texts):
        """What is compared; None when nothing is left to compare."""
        sans = self.jointure.sans
        keys = tuple(key(sans.sub("", text) if sans else text) for text in texts)
        return keys if all(keys) else None

    @cached_property
    def found(self):
        """{key: first row}, of the rows that the join's own filter keeps."""
        rows = {}
        for row in self.table.rows:
            read_text = partial(self.text, row)
            same = self.same(map(read_text, self.jointure.avec))
            if same and is_wanted(self.jointure, read_text):
                rows.setdefault(same, row)
        return rows
