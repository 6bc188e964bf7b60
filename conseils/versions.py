"""What the public reads of a meeting, kept as it was; what changes from one version to the next."""

import json
import re
from datetime import UTC, datetime
from difflib import SequenceMatcher
from hashlib import sha256
from typing import NamedTuple

from conseils.models.point import Point
from conseils.models.reunion import Reunion
from maisons import heures, partage

ITEM = ["numero", "rang", "titre", "rapporteur", "minutes", "type", "texte"]
WORD = re.compile(r"^\s+|\S+\s*")  # each with what parts it from the next
MOST = 4_000_000  # pairs of words that are compared; beyond, one whole text replaces the other
KEPT, REMOVED, ADDED = "", "retire", "ajoute"


def snapshot(reunion):
    """The version that is read now, its items as the database has them."""
    return {
        "debut": instant(reunion.debut),
        "fin": instant(reunion.fin),
        "mode": reunion.mode,
        "lieu": partage.location(reunion) if reunion.on_site else "",
        "lien": reunion.lien_visio,
        "facile": as_typed(reunion.resume_facile),
        "points": [
            {name: as_typed(getattr(p, name)) for name in ITEM} for p in reunion.points.all()
        ],
        "documents": [document(piece) for piece in reunion.pieces.select_related("point")],
    }


def document(piece):
    """What is told of a file, and its digest: whether it is the same."""
    told = {name: getattr(piece, name) for name in ("titre", "resume", "alternative", "empreinte")}
    return told | {"cle": piece.pk, "point": piece.point.numero if piece.point else None}


def fingerprint(reunion):
    """The same as long as nothing that is read of it changes."""
    place = [reunion.portee, reunion.salle_id, reunion.adresse_libre, reunion.lien_visio]
    place.append(reunion.resume_facile)
    told = [instant(reunion.debut), instant(reunion.fin), reunion.mode, *place]
    told += reunion.points.values_list(*ITEM)
    return sha256(json.dumps(told).encode()).hexdigest()[:16]


def as_typed(value):
    """A browser sends the ends of lines in a way of its own: nothing that anybody reads."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def instant(moment):
    return moment.astimezone(UTC).isoformat()


class Version:
    """A version that was kept, as pages read a meeting."""

    def __init__(self, kept):
        self.debut, self.fin = map(datetime.fromisoformat, (kept["debut"], kept["fin"]))
        self.mode = Reunion.Mode(kept["mode"])
        self.lieu, self.lien, self.facile = kept["lieu"], kept["lien"], kept["facile"]
        self.documents = {document["cle"]: document for document in kept["documents"]}
        self.points = [Point(**{name: item[name] for name in ITEM}) for item in kept["points"]]

    @property
    def facts(self):
        """[(label, words)], the same labels in every version."""
        return [
            ("Quand", heures.span(self.debut, self.fin)),
            ("Comment", self.mode.label.capitalize()),
            ("Où", self.lieu),
            ("Lien pour se connecter", self.lien),
            ("L’essentiel, facile à lire", self.facile),
            ("Documents", ", ".join(each["titre"] for each in self.documents.values())),
        ]

    @property
    def whereabouts(self):
        return self.debut, self.fin, self.mode, self.lieu

    @property
    def items(self):
        return {point.numero: point for point in self.points}


class Change(NamedTuple):
    """`title` says what it is; `parts` are [(label, words)], each word with what became of it."""

    title: str
    parts: list


def differences(before, after):
    """What changes between two versions, as somebody would tell it: date and place, then items."""
    changes = [
        Change(label, [("", replaced(old, new))])
        for (label, old), (_, new) in zip(before.facts, after.facts, strict=True)
        if old != new and label != "Documents"
    ]
    old, new = before.items, after.items
    changes += [
        Change(f"Point ajouté, en position {after.points.index(point) + 1}", added(point))
        for number, point in new.items()
        if number not in old
    ]
    changes += [
        Change("Point retiré", [("", [(REMOVED, point.titre)])])
        for number, point in old.items()
        if number not in new
    ]
    moved = displaced(before, after)
    for number, point in new.items():
        if number in old and (parts := item_parts(old[number], point)):
            changes.append(Change(f"Point changé : {point.titre}", parts))
        if number in moved:
            where = [before.points.index(old[number]) + 1, after.points.index(point) + 1]
            title = f"Point déplacé, de la position {where[0]} à la position {where[1]}"
            changes.append(Change(title, [("", [(KEPT, point.titre)])]))
    return changes + list(file_changes(before.documents, after.documents))


def file_changes(before, after):
    """Of the documents: come, gone, another file under one title, other words."""
    for key, new in after.items():
        if key not in before:
            yield Change("Document ajouté", [("", [(ADDED, new["titre"])])])
        elif new != (old := before[key]):
            what = "remplacé" if new["empreinte"] != old["empreinte"] else "changé"
            labels = [("Titre", "titre"), ("Résumé", "resume"), ("Image", "alternative")]
            told = [(label, compared(old[name], new[name])) for label, name in labels]
            told = [(label, words) for label, words in told if any(fate for fate, _ in words)]
            yield Change(f"Document {what} : {new['titre']}", told)
    for key, old in before.items():
        if key not in after:
            yield Change("Document retiré", [("", [(REMOVED, old["titre"])])])


def added(point):
    told = [("", point.titre), ("", point.facts), ("", point.texte)]
    return [(label, [(ADDED, words)]) for label, words in told if words]


def item_parts(old, new):
    """The fields of an item that changed: its words one by one, the rest as a whole."""
    told = [
        ("Titre", compared(old.titre, new.titre)),
        ("Qui présente", replaced(old.rapporteur, new.rapporteur)),
        ("Durée", replaced(length(old), length(new))),
        ("Sorte de point", replaced(old.get_type_display(), new.get_type_display())),
        ("Texte", compared(old.texte, new.texte)),
    ]
    return [(label, words) for label, words in told if any(fate for fate, _ in words)]


def length(point):
    return f"{point.minutes}{heures.NBSP}minutes" if point.minutes else ""


def displaced(before, after):
    """The numbers of the items that passed others, not of those that others made go up or down."""
    common = before.items.keys() & after.items.keys()
    old, new = ([p.numero for p in each.points if p.numero in common] for each in (before, after))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stayed = {number for block in blocks for number in old[block.a : block.a + block.size]}
    return common - stayed


def replaced(old, new):
    if old == new:
        return [(KEPT, new)]
    return [(fate, words) for fate, words in [(REMOVED, old), (ADDED, new)] if words]


def compared(old, new):
    """The words of two texts, in order: kept, removed, added."""
    a, b = WORD.findall(old), WORD.findall(new)
    if len(a) * len(b) > MOST:
        return replaced(old, new)
    words = []
    for _, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if a[a1:a2] == b[b1:b2]:
            words.append((KEPT, "".join(b[b1:b2])))
        else:
            words += replaced("".join(a[a1:a2]), "".join(b[b1:b2]))
    return words
