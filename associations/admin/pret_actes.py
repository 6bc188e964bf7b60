"""What may be done to a loan, each on its page: granted, refused, moved, cancelled."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from associations import budget, prets
from associations.admin.formulaires import CancelForm, GrantForm, MovePretForm, RefuseForm
from associations.models import MiseADisposition
from maisons import heures, planning
from maisons.admin.dates import asked
from maisons.forms.refus import tell

ANSWERS = {
    "accorder": ("Accorder le prêt de salle", "Prêt accordé.", GrantForm),
    "refuser": ("Refuser le prêt de salle", "Prêt refusé : la salle est libre.", RefuseForm),
}
one_page = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


class PretActs:
    """For the admin class of loans."""

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "associations_miseadisposition"
        return [
            *[
                path(f"<int:pk>/{act}/", guard(self.answer), {"act": act}, f"{name}_{act}")
                for act in ANSWERS
            ],
            path("<int:pk>/deplacer/", guard(self.move), name=f"{name}_deplacer"),
            path("<int:pk>/annuler/", guard(self.cancel), name=f"{name}_annuler"),
            *super().get_urls(),
        ]

    def reached(self, user, pret):
        """Whether it is for somebody to answer, and to change."""
        rows = MiseADisposition.objects.filter(pk=pret.pk)
        able = user.has_perm("associations.change_miseadisposition")
        return {
            "answer": able and rows.answered_by(user).exists(),
            "change": able and rows.managed_by(user, "change").exists(),
        }

    def acts(self, request, pret):
        """The same, as it stands."""
        mine = self.reached(request.user, pret)
        return {
            "answer": mine["answer"] and pret.answerable,
            "change": mine["change"] and pret.changeable,
        }

    def pret_for(self, request, pk, verb):
        """One that somebody may answer or change; another that they read: 403, or too late: 404."""
        pret = self.get_or_404(request, pk)
        if not self.reached(request.user, pret)[verb]:
            raise PermissionDenied
        if not self.acts(request, pret)[verb]:
            raise Http404
        return pret

    def back(self, pret):
        return redirect("admin:associations_miseadisposition_change", pret.pk)

    def done(self, request, pret, sentence):
        self.log_change(request, pret, sentence)
        messages.success(request, sentence)
        return self.back(pret)

    def page(self, request, pret, title, form, **shown):
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "pret": pret,
            "form": form,
            "dates": pret.answered_with(),
        }
        waiting = context["dates"] or [pret]
        context["depasse"] = budget.warnings(waiting) if pret.answerable else []
        return render(request, "associations/gestion/pret_acte.html", context | shown)

    @one_page
    def answer(self, request, pk, act):
        title, told, kind = ANSWERS[act]
        pret = self.pret_for(request, pk, "answer")
        form = kind(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                prets.answer(copy(pret), by=request.user, **form.cleaned_data)
            except ValidationError as error:
                tell(form, error)
            else:
                return self.done(request, pret, told)
        return self.page(request, pret, title, form, act=act)

    @one_page
    def move(self, request, pk):
        """The old span is free once the new one is held."""
        pret = self.pret_for(request, pk, "change")
        initial = {"salle": pret.salle_id} | asked(pret)
        form = MovePretForm(request.POST or None, maison=pret.maison, initial=initial)
        if form.is_valid():
            moved = copy(pret)
            try:
                planning.move(moved, by=request.user, **form.place)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                span = heures.span(moved.debut, moved.fin)
                return self.done(request, moved, f"Prêt déplacé : {moved.salle}, {span}.")
        decides = MiseADisposition.objects.answered_by(request.user).filter(pk=pk).exists()
        shown = {"act": "deplacer", "again": not decides}
        return self.page(request, pret, "Déplacer le prêt de salle", form, **shown)

    @one_page
    def cancel(self, request, pk):
        pret = self.pret_for(request, pk, "change")
        form = CancelForm(request.POST if request.method == "POST" else None, pret=pret)
        if form.is_valid():
            following = bool(form.cleaned_data.get("suite"))
            word = form.cleaned_data["reponse"]
            try:
                gone = prets.cancel(copy(pret), request.user, following, word)
            except ValidationError as error:
                tell(form, error)
            else:
                number = f"{len(gone)} date{'s' * (len(gone) > 1)}"
                told = f"Prêt annulé, {number} : la salle est libre."
                return self.done(request, pret, told)
        return self.page(request, pret, "Annuler le prêt de salle", form, act="annuler")
