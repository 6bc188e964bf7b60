"""What the code of a subscription opens: confirm it, end it."""

from django.http import Http404
from django.shortcuts import redirect, render

from notifications import suivi
from notifications.models import Abonnement


class AbonnementAccess:
    model = Abonnement

    def show(self, request, row, acte):
        acts = {"confirmer": suivi.confirm, "arreter": Abonnement.delete}
        found = suivi.told([row])
        if not found or (acte and (acte not in acts or request.method != "POST")):
            raise Http404
        if acte:
            acts[acte](row)
        if acte == "confirmer":
            return redirect("comptes:code_open", row.code)
        context = {"abonnement": row, "sujet": found[0][1], "arrete": acte == "arreter"}
        return render(request, "notifications/abonnement.html", context)
