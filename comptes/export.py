"""What is kept of an account by itself: who it is, where it is open, what it may do."""

from itertools import chain

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from comptes.donnees_personnelles import Kept
from comptes.models import Mandat


class Account(Kept):
    key = "compte"
    what = "Votre compte : nom, adresse e-mail"
    why = "Savoir qui vous êtes, vous écrire"
    until = "Tant que le compte est ouvert"

    def rows(self, compte):
        addresses = EmailAddress.objects.filter(user=compte).order_by("pk")
        proofs = Authenticator.objects.filter(user=compte).order_by("pk")
        return [
            {
                "nom": compte.nom,
                "courriel": compte.courriel,
                "cree_le": compte.cree_le,
                "derniere_connexion": compte.last_login,
                "mot_de_passe": compte.has_usable_password(),  # it is readable by nobody
                "adresses": list(addresses.values("email", "verified")),
                "deuxieme_preuve": list(proofs.values("type", "created_at", "last_used_at")),
            }
        ]


class Devices(Kept):
    key = "appareils"
    what = "Les appareils où vous êtes connecté"
    why = "Vous les montrer, les fermer"
    until = "La fin de la connexion"

    def rows(self, compte):
        rows = UserSession.objects.filter(user=compte).order_by("pk")
        return list(rows.values("user_agent", "ip", "created_at", "last_seen_at"))


class Mandates(Kept):
    key = "roles"
    what = "Vos rôles, si vous travaillez pour une maison"
    why = "Vous ouvrir la gestion"
    until = "Tant que le compte est ouvert"

    def rows(self, compte):
        mine = [kind.objects.filter(compte=compte).order_by("pk") for kind in Mandat.kinds()]
        return [
            {"role": mandate.get_role_display(), "debut": mandate.debut, "fin": mandate.fin}
            for mandate in chain(*mine)
        ]
