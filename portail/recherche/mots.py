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
# A word or « several between quotes », kept out by a minus sign before it.
PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:["“«](?P<phrase>[^"“”«»]*)["”»]|(?P<word>\w+))')


def query(words, search_type="plain"):
    return SearchQuery(words, config=CONFIG, search_type=search_type)


@dataclass(frozen=True)
class Term:
    """One thing looked for, in the words typed; `others` say the same."""

    typed: str
    others: tuple = ()
    search_type: str = "plain"

    @property
    def query(self):
        others = [query(words, "phrase") for words in self.others]
        return reduce(or_, others, query(self.typed, self.search_type))


class Wanted:
    """The query of a search: every term, none of those kept out; no term, nothing to look for."""

    def __init__(self, typed):
        self.typed = " ".join(typed[: 10 * SIGNS].split())[:SIGNS].strip()
        self.terms, self.kept_out, words = [], [], []
        for part in PART.finditer(self.typed):
            phrase = " ".join(WORD.findall(part["phrase"] or ""))
            if part["minus"]:
                self.kept_out.append(query(phrase or part["word"], "phrase"))
            elif phrase:
                self.terms.append(Term(phrase, search_type="phrase"))
            elif part["word"] and plain(part["word"]) not in LITTLE:
                words.append(part["word"])
        self.terms = [*self.terms, *terms(words)][:TERMS]

    def __bool__(self):
        return bool(self.terms)

    def every(self, terms):
        return reduce(and_, [~words for words in self.kept_out], and_all(terms))

    @cached_property
    def all(self):
        return self.every(self.terms)

    @cached_property
    def any(self):
        """What an extract shows: any of the terms."""
        return reduce(or_, [term.query for term in self.terms])

    @cached_property
    def houses(self):
        """{house: the ranks of the terms that its name, or its quartier's, holds}."""
        names = SearchVector("nom", "quartier__nom", "sous_quartier__nom", config=CONFIG)
        held = [SearchVectorExact(names, term.query) for term in self.terms]
        flags = {f"terme_{rank}": found for rank, found in enumerate(held)}
        rows = Maison.objects.order_by().annotate(**flags).values_list("pk", *flags)
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
        found = Q(recherche=self.all)
        if rest and there:
            found |= Q(recherche=self.every(rest), maison__in=there)
        return found

    def rewritten(self, corrections):
        """The same with some words written otherwise: {typed: right}."""
        typed = self.typed
        for wrong, right in corrections.items():
            typed = re.sub(rf"\b{re.escape(wrong)}\b", right, typed)
        return typed


def and_all(terms):
    return reduce(and_, [term.query for term in terms])


def terms(words):
    """The terms of words in a row: the longest runs that the table of synonyms knows, or alone."""
    found = []
    while words:
        length = next((n for n in range(MOST, 1, -1) if key(" ".join(words[:n])) in TABLE), 1)
        typed = " ".join(words[:length])
        found.append(Term(typed, tuple(dict.fromkeys(TABLE.get(key(typed), [])))))
        words = words[length:]
    return found
