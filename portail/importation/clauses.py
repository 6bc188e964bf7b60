"""The parts of a [[fichier]] block of a profile, each checked; mistakes are gathered."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError

from maisons.models import Salle
from portail.importation.conversion import convert
from portail.importation.instants import opening_hours
from portail.importation.profil import COLUMNS, Ecriture, Jointure
from portail.importation.texte import key, loose

MINUTES = ["battement", "preavis", "duree_max"]
SALLE = [
    *["nom", "capacite", "surface", "equipements", "plain_pied", "partagee", "reservable"],
    *["avec_accord", "tarif", "partie_de", *MINUTES],
]
SCALAR = (str, int, float)  # bool is an int
JOINTURE = {
    **{"chemin": str, "cle": (str, list), "avec": (str, list), "sans": str},
    **{"vides": dict, "filtre": dict, "exclure": dict},
}
ECRITURE = {"casse": str, "remplacer": list, "corrections": dict}
TYPES = {
    **{SCALAR: "un texte, un nombre, true ou false"},
    **{
        str: "un texte entre guillemets",
        dict: "une table",
        list: "une liste",
        bool: "true ou false",
    },
    **{(str, list): "un texte ou une liste de textes"},
}


class Clauses:
    """Reads each part of a block; `errors` gathers what is wrong."""

    def __init__(self):
        self.errors = []

    def error(self, where, sentence):
        self.errors.append(f"{where} : {sentence}")

    def table(self, content, known, where):
        """`content` without what is unknown or of the wrong type."""
        if not isinstance(content, dict):
            self.error(where, "il faut une table")
            return {}
        good = {}
        for name, value in content.items():
            if name not in known:
                self.error(where, f"« {name} » est inconnu ; possibles : {', '.join(known)}")
            elif not isinstance(value, known[name]):
                self.error(where, f"« {name} » doit être {TYPES[known[name]]}")
            else:
                good[name] = value
        return good

    def conditions(self, content, where):
        """{column: {loose value, …}} of `colonne = "valeur"` or a list of values."""
        lists = {
            name: value if isinstance(value, list) else [value] for name, value in content.items()
        }
        for name, values in lists.items():
            if not all(isinstance(value, SCALAR) for value in values):
                self.error(where, f"« {name} » doit être un texte ou une liste de textes")
        return {name: {loose(text(value)) for value in values} for name, values in lists.items()}

    def fields(self, content, names, where):
        if "lignes" in content:  # written in the profile itself, each value under its field
            rows = [
                self.table(row, dict.fromkeys(names, SCALAR), f"{where}, ligne n° {rank}")
                for rank, row in enumerate(content["lignes"], start=1)
            ]
            return {name: [name] for row in rows for name in row}
        known = dict.fromkeys(names, (str, list))
        good = self.table(content.get("champs", {}), known, f"{where}, champs")
        for name, value in good.items():
            self.column_names(as_list(value), f"{where}, champ « {name} »")
        return {name: as_list(value) for name, value in good.items()}

    def column_names(self, names, where):
        if not all(isinstance(name, str) and name for name in names):
            self.error(where, "donnez des noms de colonnes, entre guillemets")

    def join(self, content, where):
        content = self.table(content, JOINTURE, where)
        if not content.get("chemin"):
            self.error(where, "« chemin » manque")
        cle = as_list(content.get("cle", ""))
        avec = as_list(content.get("avec", cle))
        self.column_names(cle + avec, where)
        if len(cle) != len(avec):
            self.error(where, "« cle » et « avec » doivent avoir autant de colonnes")
        sans = self.pattern(f"(?i){content['sans']}", where) if "sans" in content else None
        conditions = {
            name: self.conditions(content.get(name, {}), f"{where}, {name}")
            for name in ("vides", "filtre", "exclure")
        }
        return Jointure(content.get("chemin", ""), cle, avec, sans, **conditions)

    def pattern(self, text, where):
        try:
            return re.compile(text)
        except re.error as error:
            self.error(where, f"l’expression « {text} » ne va pas ({error})")

    def values(self, content, names, where):
        good = self.table(content, dict.fromkeys(names, dict), f"{where}, valeurs")
        for name, table in good.items():
            for value in table.values():
                if not isinstance(value, SCALAR):
                    self.error(where, f"valeurs de « {name} » : il faut des textes")
        return {
            name: {loose(old): text(new) for old, new in table.items()}
            for name, table in good.items()
        }

    def writing(self, content, names, where):
        good = self.table(content, dict.fromkeys(names, dict), f"{where}, ecriture")
        rules = {}
        for name, table in good.items():
            here = f"{where}, ecriture de {name}"
            table = self.table(table, ECRITURE, here)
            if table.get("casse", "titre") != "titre":
                self.error(here, "« casse » ne connaît que « titre »")
            rules[name] = Ecriture("casse" in table)
            for couple in table.get("remplacer", []):
                if not (isinstance(couple, list) and [type(t) for t in couple] == [str, str]):
                    self.error(here, "« remplacer » est une liste de [« motif », « texte »]")
                elif pattern := self.pattern(couple[0], here):
                    rules[name].remplacer.append((pattern, self.template(pattern, couple[1], here)))
            corrections = table.get("corrections", {})
            rules[name].corrections = {key(old): text(new) for old, new in corrections.items()}
        return rules

    def template(self, pattern, replacement, where):
        try:
            pattern.sub(replacement, "")  # a bad replacement fails without a match
        except (re.error, IndexError) as error:
            self.error(where, f"le texte « {replacement} » ne va pas ({error})")
        return replacement

    def defaults(self, content, kind, names, where):
        good = self.table(content, dict.fromkeys(names, SCALAR), f"{where}, defauts")
        model, columns = COLUMNS[kind]
        for name, value in good.items():
            if name in columns:
                try:
                    convert(model._meta.get_field(name), text(value))
                except ValueError as error:
                    self.error(where, f"defaut de « {name} » : {error}")
        return {name: text(value) for name, value in good.items()}

    def hours(self, content, where):
        try:
            return [span for part in as_list(content) for span in opening_hours(part)]
        except (ValueError, TypeError):
            self.error(where, 'écrivez les heures comme ["9:00-12:00", "14:00-18:00"]')
            return []

    def room(self, content, where):
        """The values of a Salle; `partie_de` stays the name of the whole."""
        room = self.table(content, dict.fromkeys(SALLE, SCALAR), where)
        for name in MINUTES:
            if isinstance(room.get(name), int):
                room[name] = timedelta(minutes=room[name])
        known = {name: value for name, value in room.items() if name != "partie_de"}
        try:
            Salle(**known).clean_fields(exclude=["maison", "slug", "partie_de"])
        except ValidationError as error:
            self.error(where, sentences(error))
        return room


def as_list(value):
    return value if isinstance(value, list) else [value]


def text(value):
    return ("oui" if value else "non") if isinstance(value, bool) else str(value)


def sentences(error):
    """« capacite : ce champ ne peut pas être vide »."""
    if not hasattr(error, "error_dict"):
        return " ; ".join(error.messages)
    return " ; ".join(
        " ".join(messages) if name == "__all__" else f"{name} : {' '.join(messages)}"
        for name, messages in error.message_dict.items()
    )
