"""Writing the rows of one file: one by one, each in its savepoint, the bad ones left out."""

import re
import sys

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.text import slugify

from portail.importation.clauses import sentences
from portail.importation.conversion import convert
from portail.importation.profil import COLUMNS, REQUIRED
from portail.importation.rapport import Rejet
from portail.importation.texte import clean, key, one_line, plain, shorten

APOSTROPHES = re.compile("['’]")  # Croix-d’Argent: croix-d-argent
EMPTY = ("", None, [])
PROGRESS = 500  # rows between two signs of life


class Ecrivain:
    """What every kind shares: one child for quartiers, houses, events."""

    def __init__(self, lot, bilan, prefixe, territoire):
        self.lot, self.bilan, self.territoire = lot, bilan, territoire
        self.fichier = lot.fichier
        self.prefixe = f"{prefixe}:{self.fichier.source}:"
        self.model, self.columns = COLUMNS[self.fichier.contient]
        self.seen = {}  # {what must be unique: rank}
        self.by_reference = {}  # rows of earlier runs
        self.met = set()  # references
        self.notes = []  # of the row at hand

    def prepare(self, fiches):
        """Read what the rows will be compared to; may look at all of them."""

    def write(self, fiche):
        """Write one row; returns (created, changed), or None for a repetition."""
        raise NotImplementedError

    def run(self):
        fiches = list(self.lot.fiches(self.bilan))
        self.prepare(fiches)
        for number, fiche in enumerate(fiches, start=1):
            self.notes = []
            if fiche.text("reference"):
                self.reference(fiche)  # also of a row left out: it is still in the file
            try:
                with transaction.atomic():
                    outcome = self.write(fiche)
            except Rejet as rejet:
                self.bilan.laisses[str(rejet)].append(fiche.rang)
            except ValidationError as error:
                self.bilan.laisses[sentences(error)].append(fiche.rang)
            except (DataError, IntegrityError) as error:
                self.bilan.laisses[f"refusé par la base ({error.__cause__})"].append(fiche.rang)
            else:
                self.tell(fiche, outcome)
            if number % PROGRESS == 0:
                sys.stderr.write(f"{self.bilan.titre} : {number} sur {len(fiches)}\n")
        self.tell_absent()

    def tell_absent(self):
        """Rows of an earlier run that the file no longer has stay; the report names them."""
        gone = {ref: row for ref, row in self.by_reference.items() if ref not in self.met}
        names = [str(row) for ref, row in gone.items() if ref.startswith(self.prefixe)]
        if names:
            shown = ", ".join(names[:20]) + " …" * (len(names) > 20)
            self.bilan.remarques[f"sur le portail et plus dans le fichier : {shown}"].append(None)

    def note(self, sentence):
        self.notes.append(sentence)

    def tell(self, fiche, outcome):
        """Count a row that went through, with what is to be known of it."""
        if outcome:
            self.bilan.count(*outcome)
            for sentence in self.notes:
                self.bilan.remarques[sentence].append(fiche.rang)

    def once(self, fiche, what, value, within=None):
        """False for what a file is said to repeat; raises Rejet when it should not."""
        first = self.seen.setdefault((what, key(value), within), fiche.rang)
        if first == fiche.rang:
            return True
        if self.fichier.repetitions:
            self.bilan.repetitions += 1
            return False
        raise Rejet(f"{what} {self.bilan.unite} {first} : {value}")

    def reference(self, fiche, fallback=""):
        """« ville:fichier:clé », the same at every run."""
        own = one_line(clean(fiche.text("reference"))) or fallback
        reference = (self.prefixe + own)[:100]
        self.met.add(reference)
        return reference

    def values(self, fiche):
        """Converted columns as (what the file says, what the profile says by default)."""
        said, defaults = {}, {}
        for name in self.columns:
            if not fiche.text(name):
                continue
            try:
                value = convert(self.model._meta.get_field(name), fiche.text(name))
            except ValueError as error:
                self.note(f"{name} ignoré, {error}")
                continue
            cut = isinstance(value, str) and value.endswith("…")
            if cut and len(fiche.text(name)) > len(value):
                self.note(f"{name} trop long, coupé : « {shorten(value, 40)} »")
            (said if fiche.is_given(name) else defaults)[name] = value
        for name in REQUIRED[self.fichier.contient]:
            if name in self.columns and not (said | defaults).get(name):
                raise Rejet(f"{name} vide")
        return said, defaults

    def fill(self, row, said, defaults):
        """
        The file rewrites what it says; whether anything changed.

        An empty cell, a default and a field to keep never touch a row that exists.
        """
        if row.pk is None:
            said = defaults | said
        else:
            said = {name: said[name] for name in said if name not in self.fichier.garder}
        changes = {name: new for name, new in said.items() if new not in EMPTY}
        changes = {name: new for name, new in changes.items() if getattr(row, name, None) != new}
        for name, value in changes.items():
            setattr(row, name, value)
        return bool(changes)

    def save(self, row):
        row.full_clean()
        row._change_reason = f"importation de {self.fichier.source}"[:100]
        row.save()

    def quartier(self, fiche, point):
        """
        (quartier, said by the file): by its column, else by the point, else by default.

        Raises Rejet when none is found; a point elsewhere than its column says is noted.
        """
        quartiers, said = self.territoire.quartiers, fiche.champs.get("quartier")
        named = quartiers.named(said) if said else None
        around, metres = quartiers.at(*point) if point else (None, None)
        by_default = quartiers.named(fiche.defauts.get("quartier", ""))
        if not (named or around or by_default):
            unknown = f"quartier « {said} » inconnu" if said else "ni quartier ni coordonnées"
            raise Rejet(unknown if said or not point else "hors de tout quartier")
        if said and not named:
            self.note(f"quartier « {said} » inconnu")
        elif named and around and around != named and not metres:
            self.note(f"le point est dans {around}, le fichier dit {named}")
        elif around and metres and not named:
            self.note(f"le point est hors de la ville, à {metres} m de {around}")
        return named or around or by_default, bool(named or around)

    def part(self, fiche, point, quartier):
        """The sous-quartier, by its column or by the point; the quartier's own only."""
        parts = self.territoire.sous_quartiers.get(quartier.pk)
        if not parts:
            return None
        if fiche.text("sous_quartier"):
            if part := parts.named(fiche.text("sous_quartier")):
                return part
            self.note(f"sous-quartier « {fiche.text('sous_quartier')} » inconnu")
        around, metres = parts.at(*point) if point else (None, None)
        return around if metres == 0 else None


def free_slug(rows, text, limit, fallback):
    """A page address that no other of `rows` has: « fete », then « fete-2 »."""
    base = slugify(APOSTROPHES.sub(" ", plain(text)))[: limit - 6].strip("-") or fallback
    taken = set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, rank = base, 1
    while slug in taken:
        rank += 1
        slug = f"{base}-{rank}"
    return slug


def by_name(rows):
    return {key(row.nom): row for row in rows}
