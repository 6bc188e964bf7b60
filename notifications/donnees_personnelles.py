"""What is kept of an account here: what it follows, what it was written."""

from comptes.donnees_personnelles import Kept
from notifications import suivi
from notifications.models import Message


class Subscriptions(Kept):
    key = "abonnements"
    what = "Ce que vous suivez"
    why = "Vous écrire à ce sujet"
    until = "Quand vous arrêtez, ou un mois après"

    def rows(self, compte):
        followed = suivi.told(suivi.followed_by(compte))
        return [{"sujet": what["titre"], "depuis": row.confirme_le} for row, what in followed]


class Messages(Kept):
    key = "messages"
    what = "Les messages que nous vous écrivons"
    why = "Ne les envoyer qu’une fois"
    until = "Trois mois"

    def rows(self, compte):
        """Their subject alone: the text is in the mailbox, its codes are erased here."""
        mine = Message.objects.filter(destinataire=compte.courriel).order_by("pk")
        return [
            {
                "objet": str(message),
                "etat": message.get_etat_display(),
                "ecrit_le": message.cree_le,
                "envoye_le": message.fini_le,
            }
            for message in mine
        ]
