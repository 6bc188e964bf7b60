"""Registering somebody who is there or on the phone, and what is read aloud to them."""

from associations import inscriptions
from associations.models import Dossier
from maisons import heures
from maisons.lecture import spelled
from notifications import voies


def register_for(dossier, rows, by):
    """
    Register in the name of a member of the association; raises ValidationError.

    Who reads e-mail or SMS is written to; all others hear it now.
    """
    dossier.saisi_par = by
    return inscriptions.register(dossier, rows, quiet=not is_written_to(dossier))


def is_written_to(dossier):
    return bool(voies.counted([dossier]).written)


def taken_by(user, jeton):
    """The pass that this form has made already, if its button was pressed twice."""
    return Dossier.objects.filter(saisi_par=user, jeton=jeton).first()


def in_words(row):
    """« Inscrite », « 3ᵉ sur liste d’attente »: where somebody stands."""
    if row.rang:
        return f"{row.rang}{'re' if row.rang == 1 else 'e'} sur liste d’attente"
    return row.get_etat_display()


def read_aloud(row):
    """The sentences that tell a registration to the person in front, or on the line."""
    activite, first = row.activite, row.seance or inscriptions.next_of(row.activite)
    where = ", ".join(str(part) for part in (activite.salle, activite.maison) if part)
    when = [f"La séance est {heures.span(first.debut, first.fin)}."] if row.seance else []
    if first and not when:
        when = [f"La prochaine séance est {heures.span(first.debut, first.fin)}."]
    return [
        f"{row.who} : {activite}, {in_words(row)}.",
        *when,
        f"Le lieu : {where}.",
        f"Le prix : {'gratuit' if activite.gratuit else activite.tarif}.",
        "Votre code a trois groupes de quatre signes.",
        *(f"{group}." for group in spelled(row.dossier.code)),
    ]
