"""What somebody looks for: the words typed, those that say the same, and the query they make."""

import re
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q

from maisons.models import Maison
from portail.recherche.synonymes import LITTLE, MOST, TABLE, WORD, key, plain

CONFIG = "french_unaccent"
SIGNS, TERMS = 100, 8  # read of what is typed; the rest is left out
SAME_STEM = {"caf"}  # to PostgreSQL « café » is the same word, and much more common
# A word or « several between quotes », kept out by a minus sign before it.
PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:["“«](?P<phrase>[^"“”«»]*)["”»]|(?P<word>\w+))')


def query(*ways):
    """Any of some ways of saying one thing, each a list of words or « phrases in a row »."""
    quoted = [" ".join(f'"{words}"' for words in way) for way in ways]
    return SearchQuery(" or ".join(quoted), config=CONFIG, search_type="websearch")


@dataclass(frozen=True)
class Term:
    """One thing looked for: the words or the phrase typed; `others` say the same."""

    typed: tuple
    others: tuple = ()

    @property
    def ways(self):
        return [self.typed, *((words,) for words in self.others)]

    @property
    def query(self):
        return query(*self.ways)


class Wanted:
    """
    The query of a search: every term (`part`: one at least), none of those kept out.

    False without a term: there is nothing to look for.
    """

    def __init__(self, typed, part=False):
        self.typed, self.part = " ".join(typed[: 10 * SIGNS].split())[:SIGNS].strip(), part
        self.terms, self.kept_out, words = [], [], []
        for piece in PART.finditer(self.typed):
            phrase = " ".join(WORD.findall(piece["phrase"] or piece["word"] or ""))
            if piece["minus"] and phrase:
                self.kept_out.append(query([phrase]))
            elif piece["phrase"] and phrase:
                self.terms.append(Term((phrase,)))
            elif phrase and plain(phrase) not in LITTLE:
                words.append(phrase)
        self.terms = [*self.terms, *terms(words)][:TERMS]

    def __bool__(self):
        return bool(self.terms)

    def joined(self, terms):
        """What a row must hold for these terms."""
        held = reduce(or_ if self.part else and_, [term.query for term in terms])
        return reduce(and_, [~words for words in self.kept_out], held)

    @cached_property
    def query(self):
        return self.joined(self.terms)

    @cached_property
    def any(self):
        """What an extract marks: any of the terms."""
        return reduce(or_, [term.query for term in self.terms])

    @cached_property
    def literal(self):
        """The words themselves: what holds them comes before what says the same otherwise."""
        return query(*(term.typed for term in self.terms))

    @cached_property
    def houses(self):
        """{house: the ranks of the terms that its name, or its quartier's, holds}."""
        names = SearchVector("nom", "quartier__nom", "sous_quartier__nom", config=CONFIG)
        held = [SearchVectorExact(names, term.query) for term in self.terms]
        flags = {f"terme_{rank}": found for rank, found in enumerate(held)}
        rows = Maison.objects.order_by().annotate(noms=names, **flags)
        for words in self.kept_out:
            rows = rows.exclude(noms=words)
        rows = rows.values_list("pk", *flags)
        told = {pk: {r for r, held in enumerate(flags) if held} for pk, *flags in rows}
        return {pk: ranks for pk, ranks in told.items() if ranks}

    @property
    def named_houses(self):
        return [pk for pk, ranks in self.houses.items() if len(ranks) == len(self.terms)]

    @property
    def in_a_house(self):
        """Rows with all the terms, or with some, at a house that the others name: yoga Mosson."""
        placed = set().union(*self.houses.values())
        rest = [term for rank, term in enumerate(self.terms) if rank not in placed]
        there = [pk for pk, ranks in self.houses.items() if ranks == placed]
        found = Q(recherche=self.query)
        if rest and there and not self.part:
            found |= Q(recherche=self.joined(rest), maison__in=there)
        return found

    def exactly(self, *texts):
        """The condition that what was found by a word of SAME_STEM stands in one of the texts."""
        found = Q()
        for ways in (term.ways for term in self.terms):
            sure = [way for way in ways if SAME_STEM.isdisjoint(map(plain, way))]
            if len(sure) < len(ways):
                written = rf"\m({'|'.join(SAME_STEM)})\M"
                stands = [Q(**{f"{text}__iregex": written}) for text in texts]
                found &= reduce(or_, stands, Q(recherche=query(*sure)) if sure else Q())
        return found


def terms(words):
    """The terms of words in a row: the longest runs that the table of synonyms knows, or alone."""
    found = []
    while words:
        length = next((n for n in range(MOST, 1, -1) if key(" ".join(words[:n])) in TABLE), 1)
        typed, words = words[:length], words[length:]
        found.append(Term(tuple(typed), tuple(TABLE.get(key(" ".join(typed)), ()))))
    return found
