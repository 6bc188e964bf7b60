"""How some people would be told of something, before it is done."""

from typing import NamedTuple

from notifications import sms


class Voies(NamedTuple):
    """Numbers of people: by e-mail or SMS, by a call, by nothing but the page."""

    written: int = 0
    called: int = 0
    silent: int = 0

    @property
    def count(self):
        return sum(self)

    def in_words(self, *sentences):
        """A sentence for each way that has somebody: its `{n}`, and its `{s}` when several."""
        pairs = zip(self, sentences, strict=True)
        return [told.format(n=number, s="s" * (number > 1)) for number, told in pairs if number]


def counted(people):
    """How each of `people`, who have a `reached_at`, would be told; each is told apart."""
    written = called = silent = 0
    for one in people:
        courriel, telephone = one.reached_at
        if courriel or (telephone and sms.reaches(telephone)):
            written += 1
        elif telephone:
            called += 1
        else:
            silent += 1
    return Voies(written, called, silent)
