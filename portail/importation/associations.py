"""Writing associations: those that a file repeats are one, and the report says so."""

import re

from django.core.exceptions import ValidationError

from associations.models import Association
from portail.importation.coordonnees import position
from portail.importation.ecriture import Ecrivain, free_slug
from portail.importation.rapport import Rejet
from portail.importation.texte import key, shorten

NUMBERS = ("rna", "siret")
SAME = {
    "rna": "même numéro RNA",
    "adresse": "même nom et même adresse",
    "telephone": "même nom et même téléphone",
}


class EcrivainAssociations(Ecrivain):
    def prepare(self, fiches):
        self.known = {}  # {what makes it the same: row}
        rows = list(Association.objects.order_by("pk"))
        self.by_reference = {row.reference: row for row in rows if row.reference}
        self.written = set()  # keys of rows of this run
        for row in rows:
            self.know(row)

    def know(self, row):
        for what, value in marks(row.nom, row.rna, row.adresse, row.telephone):
            self.known.setdefault((what, value), row)

    def write(self, fiche):
        said, defaults = self.values(fiche)
        self.place(fiche, said, defaults)
        values = defaults | said
        nom = values["nom"]
        found = self.find(values)
        reference = self.reference(fiche, fallback(values))
        row = self.by_reference.get(reference) or (found and found[1]) or Association()
        if row.pk in self.written:
            self.merge(row, found, said, fiche)
            return None
        created, adopted = row.pk is None, row.reference != reference
        if adopted and row.reference:
            raise Rejet(f"l’association « {row} » existe déjà, venue d’ailleurs")
        changed = self.fill(row, said, defaults)
        if created:
            row.slug = free_slug(Association.objects, nom, 160, "association")
        if changed or adopted:
            row.reference = reference
            self.save(row)
        self.written.add(row.pk)
        self.by_reference[reference] = row
        self.know(row)
        return created, changed or adopted

    def find(self, values):
        """(what makes it the same, the row) of one that is known already, or None."""
        given = (values.get(name, "") for name in ("nom", "rna", "adresse", "telephone"))
        for mark in marks(*given):
            if mark in self.known:
                return mark[0], self.known[mark]
        return None

    def merge(self, row, found, said, fiche):
        """One that this file has told already: it fills what is still empty, and is counted."""
        why = SAME[found[0]] if found else "même référence"
        self.bilan.repetitions += 1
        self.bilan.remarques[f"{why} qu’une ligne d’avant : réunies"].append(fiche.rang)
        empty = {name: value for name, value in said.items() if not getattr(row, name, None)}
        if self.fill(row, empty, {}):
            self.save(row)
            self.know(row)

    def values(self, fiche):
        said, defaults = super().values(fiche)
        for name in NUMBERS:
            given = fiche.text(name)  # whole: spaces may make it longer than its column
            number = re.sub(r"[\s.]", "", given).upper()
            if fault := number and self.fault(name, number):
                self.note(f"{name.upper()} ignoré, « {shorten(given, 40)} » : {fault}")
            said.pop(name, None)
            if number and not fault:
                said[name] = number
        return said, defaults

    def fault(self, name, number):
        try:
            row = Association(**{name: number})
            self.model._meta.get_field(name).run_validators(number)
            row.clean()
        except ValidationError as error:
            return " ".join(error.messages)
        return ""

    def place(self, fiche, said, defaults):
        """Its point, quartier and sous-quartier; without any of them it is of the whole city."""
        point = position(fiche)
        if point:
            said["longitude"], said["latitude"] = point
        if not (point or fiche.champs.get("quartier") or fiche.defauts.get("quartier")):
            self.note("ni quartier ni coordonnées : de toute la ville")
            return
        try:
            quartier, by_file = self.quartier(fiche, point)
        except Rejet as rejet:
            self.note(f"{rejet} : de toute la ville")
            return
        (said if by_file else defaults)["quartier"] = quartier
        if part := self.part(fiche, point, quartier):
            said["sous_quartier"] = part


def marks(nom, rna, adresse, telephone):
    """[(what, value)] by which two lines are known to be one association."""
    if rna:
        yield "rna", rna
    for what, value in (("adresse", adresse), ("telephone", telephone)):
        if key(value):
            yield what, f"{key(nom)}:{key(value)}"


def fallback(values):
    """The same at every run: its number, else its name and where it is."""
    where = values.get("adresse") or values.get("telephone") or ""
    return values.get("rna") or f"{key(values['nom'])[:60]}-{key(where)[:30]}"
