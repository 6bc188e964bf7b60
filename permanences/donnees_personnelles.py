"""What is kept of an account here: appointments, questions, who of the staff read them."""

from django.db.models import Prefetch

from comptes.donnees_personnelles import Kept
from permanences.models import Lecture, QuestionElu, RendezVous

READINGS = Lecture.objects.order_by("le", "pk")


class Appointments(Kept):
    key = "rendez_vous"
    what = "Vos rendez-vous, et qui les a vus"
    why = "Vous recevoir, vous le rappeler"
    until = "Trois mois après, ou moins ; qui les a vus, un an"

    def rows(self, compte):
        """Each with its readings: who, when, on which page."""
        readings = Prefetch("lectures", READINGS)
        mine = RendezVous.objects.owned_by(compte).order_by("debut", "pk")
        related = mine.select_related("motif", "vacation__permanence__service", "vacation__maison")
        return [
            {
                "service": str(row.vacation.permanence.service),
                "maison": str(row.vacation.maison),
                "debut": row.debut,
                "fin": row.fin,
                "motif": str(row.motif or ""),
                "etat": row.get_etat_display(),
                "pris_le": row.cree_le,
                "arrive_le": row.arrive_le,
                "venue_notee_le": row.note_le,
                "lu_par": read_by(row),
            }
            for row in related.prefetch_related(readings)
        ]


class Questions(Kept):
    key = "questions"
    what = "Vos questions à un élu, et qui les a lues"
    why = "Vous répondre"
    until = "Trois mois après, ou moins ; qui les a lues, un an"

    def rows(self, compte):
        mine = QuestionElu.objects.owned_by(compte).order_by("pk")
        related = mine.select_related("elu", "vacation__maison")
        return [
            {
                "elu": str(row.elu),
                "permanence": row.vacation and row.vacation.debut,
                "question": row.texte,
                "posee_le": row.cree_le,
                "reponse": row.reponse,
                "repondu_le": row.repondu_le,
                "effacee_le": row.efface_le,
                "lu_par": read_by(row),
            }
            for row in related.prefetch_related(Prefetch("lectures", READINGS))
        ]


def read_by(row):
    return [{"qui": one.lecteur, "quand": one.le, "page": one.page} for one in row.lectures.all()]
