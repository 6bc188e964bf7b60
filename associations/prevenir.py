"""How those who are registered are told of what becomes of it, before it is done."""

from notifications import voies


def in_words(dossiers):
    """« 3 personnes prévenues par e-mail ou SMS », « 1 personne à appeler »: one for each way."""
    return voies.counted(dossiers).in_words(
        "{n} personne{s} prévenue{s} par e-mail ou SMS.",
        "{n} personne{s} à appeler : le texte à lire sera dans « À appeler ».",
        "{n} personne{s} sans e-mail ni téléphone : à prévenir sur place.",
    )
