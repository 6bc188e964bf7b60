"""How those who are registered are told of what becomes of it, before it is done."""

from notifications import voies


def in_words(dossiers):
    """« 3 personnes prévenues par e-mail ou SMS », « 1 personne à appeler »: one for each way."""
    found = voies.counted(dossiers)
    lines = [
        (found.written, "prévenue{s} par e-mail ou SMS."),
        (found.called, "à appeler : le texte à lire sera dans « À appeler »."),
        (found.silent, "sans e-mail ni téléphone : à prévenir sur place."),
    ]
    return [
        f"{number} personne{'s' * (number > 1)} {words.format(s='s' * (number > 1))}"
        for number, words in lines
        if number
    ]
