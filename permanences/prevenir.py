"""How those with an appointment are told of what becomes of it, before it is done."""

from notifications import voies


class Told(voies.Voies):
    """Numbers of appointments."""

    __slots__ = ()

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
    return Told(*voies.counted(rows))
