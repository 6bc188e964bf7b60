"""What happened to a booking, in words: who, when, what."""

from itertools import pairwise

from comptes.historique import in_words
from maisons import heures
from maisons.admin.demandes import calls_without_answer
from maisons.models import Reservation

Etat = Reservation.Etat
TOLD_BESIDE = ["personnes", "usage", "nom", "courriel", "telephone"]


def story(reservation):
    """[(instant, who, sentence)], the latest first, from its history and the calls for nothing."""
    records = reservation.history.select_related("history_user", "salle", "decide_par")
    records = list(records.order_by("history_date", "history_id"))
    told = [line(record, started(record)) for record in records[:1]]
    told += [line(now, changes(before, now)) for before, now in pairwise(records)]
    told += [
        (call.action_time, call.user, call.change_message)
        for call in calls_without_answer([reservation.pk])
    ]
    told = [entry for entry in told if entry[2]]
    return sorted(told, key=lambda entry: entry[0], reverse=True)


def line(record, sentence):
    return record.history_date, record.history_user or "le portail", sentence


def started(record):
    return f"enregistrée, {record.get_etat_display()} : {place(record)}"


def place(record):
    return f"{record.salle}, {heures.span(record.debut, record.fin)}"


def changes(before, now):
    """One sentence for all that changed between two records; empty when nothing is told."""
    told = []
    if place(before) != place(now):
        told.append(f"{moved(before, now)} : {place(before)} → {place(now)}")
    if before.etat != now.etat:
        told.append(answered(now))
    if before.absent_le != now.absent_le:
        told.append("personne n’est venu" if now.absent_le else "l’absence est retirée")
    for field in (field for field in now.tracked_fields if field.name in TOLD_BESIDE):
        old, new = in_words(before, field), in_words(now, field)
        if old != new:
            told.append(f"{field.verbose_name} : {old} → {new}")
    return " ; ".join(told)


def moved(before, now):
    if before.salle_id != now.salle_id:
        return "déplacée"
    if before.debut <= now.debut and now.fin <= before.fin:
        return "raccourcie"
    return "prolongée" if now.debut <= before.debut and before.fin <= now.fin else "déplacée"


def answered(record):
    """The state that a record came to, with its motive and what was said."""
    if record.etat == Etat.REFUSEE:
        return said(f"refusée, {record.get_motif_refus_display()}", record)
    if record.etat == Etat.ANNULEE:
        return said(f"annulée, {record.get_motif_annulation_display()}", record)
    return {
        Etat.DEMANDEE: "elle attend une réponse",
        Etat.CONFIRMEE: "acceptée" if record.decide_par_id else "confirmée",
        Etat.EXPIREE: "restée sans réponse : le délai est passé",
    }.get(record.etat, record.get_etat_display())


def said(sentence, record):
    return f"{sentence} (« {record.reponse} »)" if record.reponse else sentence
