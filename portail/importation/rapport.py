"""What an import read, wrote and left out, told in French to the person who ran it."""

from collections import defaultdict
from dataclasses import dataclass, field


class Refus(Exception):
    """Nothing at all is imported; the message says why, in French."""


class Rejet(Exception):
    """One row is left out; the message says why, in French."""


@dataclass
class Bilan:
    """The figures of one file; a rank is a line of a CSV file, or the rank of a JSON record."""

    titre: str
    unite: str = "ligne"
    lus: int = 0
    hors_filtre: int = 0
    repetitions: int = 0
    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    laisses: dict = field(default_factory=lambda: defaultdict(list))  # reason: ranks
    remarques: dict = field(default_factory=lambda: defaultdict(list))

    def count(self, created, changed):
        if created:
            self.crees += 1
        elif changed:
            self.modifies += 1
        else:
            self.inchanges += 1

    def lines(self):
        read = [f"{self.lus} {self.unite}{'s' * (self.lus > 1)} à lire"]
        read += [f"{self.hors_filtre} hors du filtre"] * bool(self.hors_filtre)
        read += [f"{self.repetitions} répétitions"] * bool(self.repetitions)
        left = sum(map(len, self.laisses.values()))
        yield f"{self.titre} : {', '.join(read)}"
        yield (
            f"  créés : {self.crees}, mis à jour : {self.modifies}, inchangés : {self.inchanges}, "
            f"laissés de côté : {left}"
        )
        yield from self.listed("Laissés de côté", self.laisses)
        yield from self.listed("À savoir", self.remarques)

    def listed(self, title, reasons):
        if reasons:
            yield f"  {title} :"
        for reason, ranks in reasons.items():
            yield f"    {self.places(ranks)} : {reason}"

    def places(self, ranks):
        """« lignes 3, 8 », at most twenty of them; nothing for what is said of the whole file."""
        ranks = [rank for rank in ranks if rank]
        if not ranks:
            return "tout le fichier"
        shown = ", ".join(map(str, ranks[:20]))
        rest = len(ranks) - 20
        more = f" et {rest} autre{'s' * (rest > 1)}" if rest > 0 else ""
        return f"{self.unite}{'s' * (len(ranks) > 1)} {shown}{more}"
