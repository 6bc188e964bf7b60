"""Another e-mail address for somebody who is registered: they prove it themselves."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from associations import adresses
from comptes.forms import CourrielForm
from maisons import attente


class AddressPage:
    """For the admin class of registrations."""

    def get_urls(self):
        guard = self.admin_site.admin_view(self.address)
        name = "associations_inscription_address"
        return [path("<int:pk>/adresse/", guard, name=name), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def address(self, request, pk):
        row = self.row_for(request, pk, "change")
        if not row.has_own_address:
            raise Http404
        form = CourrielForm(request.POST or None)
        if request.method == "POST" and attente.corrected(
            request, form, row.dossier, adresses.propose
        ):
            told = "Un message part à la nouvelle adresse : elle change quand la personne confirme."
            self.log_change(request, row, "nouvelle adresse e-mail demandée")
            messages.success(request, told)
            return redirect("admin:associations_inscription_change", pk)
        return self.page(request, "adresse", row, "Corriger une adresse e-mail", form=form)
