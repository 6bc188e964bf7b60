"""From the rows of a file to fields of the portal: joins, filters, empty values, rewriting."""

import re
from dataclasses import dataclass
from functools import partial

from portail.importation.jonctions import Jonction, is_blank, is_wanted, written
from portail.importation.lecture import GEOMETRIE, Row, Table, read
from portail.importation.rapport import Refus
from portail.importation.texte import clean, key, loose, one_line, proper_case

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
GEOMETRIES = {"contour", "position"}  # read as they are, never as text


@dataclass
class Fiche:
    """One row as fields of the portal, as text; what the profile gives by default apart."""

    rang: int
    champs: dict
    defauts: dict

    def text(self, name):
        return written(self.raw(name))

    def raw(self, name):
        value = self.champs.get(name)
        return self.defauts.get(name, "") if value in (None, "", []) else value

    def is_given(self, name):
        """Whether the file itself says it."""
        return self.champs.get(name) not in (None, "", [])


class Lot:
    """One file of a profile, read with those it joins."""

    def __init__(self, fichier, folder):
        self.fichier = fichier
        if fichier.lignes:
            rows = [
                Row(rank, {loose(name): value for name, value in row.items()})
                for rank, row in enumerate(fichier.lignes, start=1)
            ]
            self.table = Table("profil", "ligne", "dans le profil", list(fichier.champs), rows)
        else:
            self.table = read(folder / fichier.chemin, fichier.chemin)
        self.jonctions = {
            alias: Jonction(jointure, folder) for alias, jointure in fichier.jointures.items()
        }
        for name in GEOMETRIES & self.implied():
            fichier.champs[name] = [GEOMETRIE]

    def implied(self):
        """A file with a geometry gives the outline or the position, unless told otherwise."""
        if loose(GEOMETRIE) not in self.table.keys:
            return set()
        if "quartiers" in self.fichier.contient:
            return {"contour"} - set(self.fichier.champs)
        return set() if {"position", "longitude"} & set(self.fichier.champs) else {"position"}

    def check(self):
        """A sentence for each file that lacks columns named by the profile."""
        wanted = [name for specs in self.fichier.champs.values() for name in columns_of(specs)]
        wanted += [*self.fichier.filtre, *self.fichier.exclure]
        pairs = [self.owner(name) for name in wanted]
        for join in self.jonctions.values():
            pairs += [(self.table, name) for name in join.jointure.cle]
            pairs += [(join.table, name) for name in join.wanted()]
        missing = {}
        for table, name in pairs:
            if loose(name) not in table.keys:
                missing.setdefault(table.nom, (table, {}))[1][name] = True
        return [complaint(table, list(names)) for table, names in missing.values()]

    def owner(self, name):
        """(table, column) of a name as the profile writes it: its own, else `alias.colonne`."""
        alias, _, column = name.partition(".")
        if loose(name) not in self.table.keys and alias in self.jonctions:
            return self.jonctions[alias].table, column
        return self.table, name

    def value(self, row, name):
        """The raw value of a column of this file, or of a joined one (`alias.colonne`)."""
        if loose(name) in self.table.keys:
            value = row.values.get(loose(name))
            return "" if is_blank(self.fichier.vides, name, written(value)) else value
        alias, _, column = name.partition(".")
        jonction = self.jonctions[alias]
        same = jonction.same(self.text(row, name) for name in jonction.jointure.cle)
        joined = jonction.found.get(same)
        return jonction.value(joined, column) if joined else ""

    def text(self, row, name):
        return written(self.value(row, name))

    def fiches(self, bilan):
        """The rows that the filter keeps, as fields."""
        for rank in self.table.blanks:
            bilan.laisses["vide"].append(rank)
        for rank in self.table.ragged:
            bilan.remarques["plus de cases que d’en-têtes : la fin est ignorée"].append(rank)
        bilan.lus = len(self.table.rows) + len(self.table.blanks)
        for row in self.table.rows:
            if not is_wanted(self.fichier, partial(self.text, row)):
                bilan.hors_filtre += 1
                continue
            champs = {name: self.field(row, name) for name in self.fichier.champs}
            yield Fiche(row.rank, champs, self.fichier.defauts)

    def field(self, row, name):
        """The first of its columns or templates that says something, then rewritten."""
        for spec in self.fichier.champs[name]:
            if PLACEHOLDER.search(spec):
                parts = {part: self.text(row, part) for part in columns_of([spec])}
                value = PLACEHOLDER.sub(lambda match, parts=parts: parts[match[1]], spec)
                value = value if all(parts.values()) else ""
            else:
                value = self.value(row, spec)
            if name in GEOMETRIES and value not in (None, "", []):
                return value
            if text := self.rewritten(name, written(value)):
                return text
        return ""

    def rewritten(self, name, text):
        """Correspondences of values first, then capitals, patterns and whole corrections."""
        values = self.fichier.valeurs.get(name, {})
        text = values.get(loose(text), values.get("*", text)) if text else ""
        rules = self.fichier.ecriture.get(name)
        if rules and text:
            text = one_line(clean(text))
            text = proper_case(text) if rules.casse else text
            for pattern, replacement in rules.remplacer:
                text = pattern.sub(replacement, text)
            text = rules.corrections.get(key(text), text).strip()
        return text


def columns_of(specs):
    """The columns that a list of columns and templates reads."""
    names = (PLACEHOLDER.findall(spec) or [spec] for spec in specs)
    return [name for several in names for name in several]


def complaint(table, missing):
    quoted = ", ".join(f"« {name} »" for name in missing)
    plural = len(missing) > 1
    return (
        f"{table.nom} : {'les colonnes' if plural else 'la colonne'} {quoted} "
        f"{'manquent' if plural else 'manque'}. "
        f"Colonnes du fichier : {', '.join(table.columns)}."
    )


def read_all(fichiers, folder):
    """Every file with its joins, checked against the profile; Refus tells all that is missing."""
    lots, problems = [], []
    for fichier in fichiers:
        try:
            lot = Lot(fichier, folder)
        except Refus as refus:
            problems.append(str(refus))
        else:
            problems += lot.check()
            lots.append(lot)
    if problems:
        problems = list(dict.fromkeys(problems))
        raise Refus("Rien n’est importé.\n- " + "\n- ".join(problems))
    return lots
