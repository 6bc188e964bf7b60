"""A colleague has lost telephone, key and papers: a city administrator takes the factor away."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from comptes import protection


class RescueAdmin:
    """For the admin of accounts: asked for on a page, then done, logged and told by e-mail."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.rescue)
        return [
            path("<int:pk>/retirer-la-preuve/", page, name="comptes_compte_rescue"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "POST"]))
    def rescue(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        compte = self.get_or_404(request, pk)
        if compte == request.user:
            raise PermissionDenied  # two people agree, or a stolen session would do
        if request.method == "POST":
            self.take_away(request, compte)
            messages.success(request, f"La deuxième preuve de {compte} est retirée.")
            return redirect("admin:comptes_compte_change", pk)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "compte": compte}
        return render(request, "comptes/gestion/retirer_preuve.html", context)

    @transaction.atomic
    def take_away(self, request, compte):
        protection.take_away(compte)
        self.log_change(request, compte, "Deuxième preuve retirée, déconnexion partout.")
        told = {"email": compte.courriel}
        get_adapter().send_notification_mail("comptes/courriels/preuve_retiree", compte, **told)
