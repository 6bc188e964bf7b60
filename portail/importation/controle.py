"""Reads and checks an import profile before any file is opened; mistakes are told together."""

import tomllib
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from portail.importation.clauses import SCALAR, Clauses, sentences
from portail.importation.profil import COLUMNS, DAYS, OTHERS, REQUIRED, Fichier, Profil
from portail.importation.rapport import Refus
from quartiers.models import Ville

VILLE = [column.name for column in Ville._meta.fields if column.editable and column.name != "id"]
PROFIL = {"prefixe": str, "ville": dict, "fichier": list}
FICHIER = {
    **{"contient": str, "chemin": str, "lignes": list, "source": str, "publier": bool},
    **{"champs": dict, "filtre": dict, "exclure": dict, "vides": dict, "jointures": dict},
    **{"valeurs": dict, "ecriture": dict, "defauts": dict, "garder": list, "repetitions": bool},
    **{"salles": list, "horaires": dict},
}


def read_profile(path):
    """The profile at `path`; Refus tells every mistake at once."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError:
        raise Refus(f"Le profil {path} n’existe pas ou ne se lit pas.") from None
    except UnicodeDecodeError:
        raise Refus(f"Le profil {path} n’est pas écrit en UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise Refus(f"Le profil {path} n’est pas du TOML : {error}.") from None
    check = Controle()
    profil = check.profile(content)
    if check.errors:
        raise Refus(f"Le profil {path.name} ne va pas :\n- " + "\n- ".join(check.errors))
    return profil


class Controle(Clauses):
    """Reads a whole profile."""

    def profile(self, content):
        content = self.table(content, PROFIL, "en tête")
        prefixe = slugify(content.get("prefixe", ""))[:20]
        if not prefixe:
            self.error("en tête", "« prefixe » manque : le nom court de la ville")
        if not content.get("fichier"):
            self.error("en tête", "aucun [[fichier]]")
        files = enumerate(content.get("fichier", []), start=1)
        fichiers = [self.file(table, rank) for rank, table in files]
        fichiers = [fichier for fichier in fichiers if fichier]
        seen = set()
        for fichier in fichiers:
            if (fichier.contient, fichier.source) in seen:
                where = f"[[fichier]] n° {fichier.rang}"
                self.error(where, f"donnez une autre « source » que « {fichier.source} »")
            seen.add((fichier.contient, fichier.source))
        return Profil(prefixe, self.city(content.get("ville", {})), fichiers)

    def city(self, content):
        ville = self.table(content, dict.fromkeys(VILLE, SCALAR), "[ville]")
        row = Ville(**ville)
        try:
            row.clean_fields(exclude=["nom"] * ("nom" not in ville))
        except ValidationError as error:
            self.error("[ville]", sentences(error))
        return {name: getattr(row, name) for name in ville}

    def file(self, content, rank):
        where = f"[[fichier]] n° {rank}"
        content = self.table(content, FICHIER, where)
        kind = content.get("contient")
        if kind not in COLUMNS:
            self.error(where, f"« contient » doit être l’un de : {', '.join(COLUMNS)}")
            return None
        where = f"{where} ({kind})"
        if bool(content.get("chemin")) == bool(content.get("lignes")):
            self.error(where, "donnez « chemin » ou « lignes », l’un des deux")
            return None
        source = slugify(content.get("source") or PurePath(content.get("chemin", "profil")).stem)
        fichier = Fichier(rank, kind, source)
        for name in ("chemin", "lignes", "garder", "repetitions", "publier"):
            setattr(fichier, name, content.get(name, getattr(fichier, name)))
        names = [*COLUMNS[kind][1], *sorted(OTHERS[kind])]
        for name in ("filtre", "exclure", "vides"):
            setattr(fichier, name, self.conditions(content.get(name, {}), f"{where}, {name}"))
        fichier.champs = self.fields(content, names, where)
        joins = content.get("jointures", {})
        fichier.jointures = {alias: self.join(joins[alias], f"{where}, {alias}") for alias in joins}
        fichier.valeurs = self.values(content.get("valeurs", {}), names, where)
        fichier.ecriture = self.writing(content.get("ecriture", {}), names, where)
        fichier.defauts = self.defaults(content.get("defauts", {}), kind, names, where)
        self.extras(fichier, content, names, where)
        return fichier

    def extras(self, fichier, content, names, where):
        for name in fichier.garder:
            if name not in names:
                self.error(where, f"« garder » : le champ « {name} » est inconnu")
        if "position" in fichier.garder:
            fichier.garder = [*fichier.garder, "longitude", "latitude"]
        for name in REQUIRED[fichier.contient]:
            if not (fichier.champs.get(name) or fichier.defauts.get(name) or fichier.lignes):
                self.error(where, f"dites dans « champs » quelle colonne est « {name} »")
        if fichier.contient != "maisons" and {"salles", "horaires"} & set(content):
            self.error(where, "« salles » et « horaires » vont avec des maisons")
            return
        hours = self.table(
            content.get("horaires", {}), dict.fromkeys(DAYS, (str, list)), f"{where}, horaires"
        )
        fichier.horaires = {day: self.hours(hours[day], f"{where}, {day}") for day in hours}
        fichier.salles = [
            self.room(room, f"{where}, salle n° {rank}")
            for rank, room in enumerate(content.get("salles", []), start=1)
        ]
        rooms = [room.get("nom") for room in fichier.salles]
        for rank, room in enumerate(fichier.salles):
            if room.get("partie_de") not in [None, *rooms[:rank]]:
                self.error(where, f"la salle « {room['partie_de']} » doit être donnée avant")
        if len(set(rooms)) < len(rooms):
            self.error(where, "deux salles ont le même nom")
