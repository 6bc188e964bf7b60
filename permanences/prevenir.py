"""How those with an appointment are told of what becomes of it, before it is done."""

from typing import NamedTuple

from notifications import sms


class Told(NamedTuple):
    """Numbers of appointments: by e-mail or SMS, by a call, by nothing but the page."""

    written: int = 0
    called: int = 0
    silent: int = 0

    @property
    def count(self):
        return sum(self)

    def in_words(self):
        """« 3 prévenus par e-mail ou SMS », « 1 à appeler »: one line for each way."""
        lines = [
            (self.written, "prévenu{s} par e-mail ou SMS"),
            (self.called, "à appeler : le texte à lire sera dans « À appeler »"),
            (self.silent, "sans e-mail ni téléphone : personne ne sera prévenu"),
        ]
        return [
            f"{number} rendez-vous {words.format(s='s' * (number > 1))}"
            for number, words in lines
            if number
        ]


def ways(rows):
    """How each of some appointments would be told; those of one person are told apart."""
    written = called = silent = 0
    for row in rows:
        courriel, telephone = row.reached_at
        if courriel or (telephone and sms.reaches(telephone)):
            written += 1
        elif telephone:
            called += 1
        else:
            silent += 1
    return Told(written, called, silent)
