"""How those with an appointment are told of what becomes of it, before it is done."""

from notifications import voies


class Told(voies.Voies):
    """Numbers of appointments."""

    __slots__ = ()

    def in_words(self):
        """« 3 prévenus par e-mail ou SMS », « 1 à appeler »: one line for each way."""
        return super().in_words(
            "{n} rendez-vous prévenu{s} par e-mail ou SMS",
            "{n} rendez-vous à appeler : le texte à lire sera dans « À appeler »",
            "{n} rendez-vous sans e-mail ni téléphone : personne ne sera prévenu",
        )


def ways(rows):
    """How each of some appointments would be told; those of one person are told apart."""
    return Told(*voies.counted(rows))
