from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.forms import NomForm


@login_required
@require_http_methods(["GET", "POST"])
def nom_change(request):
    form = NomForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("portail:mon_espace")
    return render(request, "comptes/nom_change.html", {"form": form})
