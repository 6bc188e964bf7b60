"""What is kept of an account here: registrations, certificates sent, loans asked or answered."""

from django.db.models import Q

from associations.models import Attestation, Inscription, MiseADisposition
from comptes.donnees_personnelles import Kept
from maisons.donnees_personnelles import asked


class Registrations(Kept):
    key = "inscriptions"
    what = "Vos inscriptions aux activités, et celles de vos enfants"
    why = "Vous garder une place, vous prévenir"
    until = "Un an après la fin de la saison"

    def rows(self, compte):
        mine = Inscription.objects.owned_by(compte).select_related("dossier").with_activity()
        return [
            {
                "activite": str(row.activite),
                "association": str(row.activite.association),
                "maison": str(row.activite.maison),
                "seance": row.seance and row.seance.debut,
                "prenom": row.prenom,
                "annee_de_naissance": row.naissance,
                "reponses": [question for question, yes in row.answers if yes],
                "telephone": str(row.dossier.telephone),
                "etat": row.get_etat_display(),
                "rang": row.rang,
                "demandee_le": row.cree_le,
                "venues": [
                    {"seance": one.seance.debut, "present": one.present}
                    for one in row.presences.all()
                ],
            }
            for row in mine.prefetch_related("presences__seance").order_by("pk")
        ]


class Certificates(Kept):
    key = "attestations"
    what = "Les attestations d’assurance que vous avez déposées pour une association"
    why = "Savoir qui les a envoyées"
    until = "Tant que l’association est dans l’annuaire, ou que vous avez un compte"

    def rows(self, compte):
        sent = Attestation.objects.filter(depose_par=compte).order_by("pk")
        return [
            {
                "association": str(row.adhesion.association),
                "fichier": row.titre,
                "assurance_jusqu_au": row.jusqu_au,
                "deposee_le": row.depose_le,
                "verifiee_le": row.verifie_le,
            }
            for row in sent.select_related("adhesion__association")
        ]


class Loans(Kept):
    key = "prets_de_salle"
    what = "Les prêts de salle que vous avez demandés pour une association, ou décidés"
    why = "Vous répondre, savoir qui a répondu"
    until = "Trois mois après la date"

    def rows(self, compte):
        mine = MiseADisposition.objects.filter(Q(demande_par=compte) | Q(decide_par=compte))
        return [
            {"association": str(row.association)}
            | asked(row)
            | {
                "demande_par_vous": row.demande_par_id == compte.pk,
                "decide_par_vous": row.decide_par_id == compte.pk,
            }
            for row in mine.select_related("association", "maison", "salle").order_by("debut", "pk")
        ]
