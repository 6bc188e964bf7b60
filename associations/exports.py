"""Who is registered, as a table for a spreadsheet."""

from associations.models import Inscription, Question
from comptes.joignable import dialled
from maisons import heures

HEADER = ["Personne inscrite", "Année de naissance", "Contact", "Téléphone", "E-mail", "État"]
HEADER += ["Place", "Rang", "Séance", "Demandée le", "Présences"]
ANSWER = {True: "oui", False: "non"}


def table(activite):
    """(header, rows) of all those who are or were registered; three statements."""
    rows = Inscription.objects.filter(activite=activite).with_person().select_related("seance")
    rows = rows.prefetch_related("presences").order_by("annule_le", "place", "rang", "pk")
    asked = [key for key in Question.values if key in activite.questions]
    header = HEADER + [Question(key).label for key in asked]
    return header, [line(row, asked) for row in rows]


def line(row, asked):
    dossier = row.dossier
    courriel = dossier.compte.courriel if dossier.compte else dossier.courriel
    came = sum(presence.present for presence in row.presences.all())
    seance = heures.span(row.seance.debut, row.seance.fin) if row.seance else ""
    known = [row.who, row.naissance or "", dossier.person, dialled(dossier.telephone), courriel]
    known += [row.get_etat_display(), row.place or "", row.rang or "", seance]
    known += [heures.local(row.cree_le).date(), came]
    return known + [ANSWER[key in row.reponses] for key in asked]
