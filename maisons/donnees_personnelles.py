"""What is kept of an account here: the rooms that it booked, the requests that it answered."""

from comptes.donnees_personnelles import Kept
from maisons.models import Reservation


def asked(row):
    """Of a room asked for, the request and its answer."""
    return {
        "salle": str(row.salle),
        "maison": str(row.maison),
        "debut": row.debut,
        "fin": row.fin,
        "usage": row.get_usage_display(),
        "personnes": row.personnes,
        "etat": row.get_etat_display(),
        "demandee_le": row.cree_le,
        "decidee_le": row.decide_le,
        "motif_refus": row.get_motif_refus_display(),
        "reponse": row.reponse,
    }


class Bookings(Kept):
    key = "reservations"
    what = "Vos réservations de salles"
    why = "Préparer la salle, vous répondre"
    until = "Trois mois après la date"

    def rows(self, compte):
        mine = Reservation.objects.owned_by(compte).order_by("debut", "pk")
        return [
            asked(row) | {"absence_notee_le": row.absent_le}
            for row in mine.select_related("salle", "maison")
        ]


class Answers(Kept):
    key = "reponses_aux_demandes"
    what = "Les demandes de salle auxquelles vous avez répondu, pour une maison"
    why = "Savoir qui a répondu"
    until = "Trois mois après la date"

    def rows(self, compte):
        """Never who asked: that is theirs to read."""
        answered = Reservation.objects.filter(decide_par=compte).order_by("debut", "pk")
        return [
            {
                "salle": str(row.salle),
                "maison": str(row.maison),
                "debut": row.debut,
                "etat": row.get_etat_display(),
                "decidee_le": row.decide_le,
                "motif_refus": row.get_motif_refus_display(),
                "reponse": row.reponse,
            }
            for row in answered.select_related("salle", "maison")
        ]
