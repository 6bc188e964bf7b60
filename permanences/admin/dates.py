"""The dates of a permanence, from its page: one more, many, another hour, an absence."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from maisons import heures
from maisons.admin.actes import Act, Preview
from maisons.admin.etapes import TwoSteps
from maisons.admin.repetition import grouped
from maisons.admin.serie import IMPOSSIBLE
from permanences.admin.absence import Absence
from permanences.admin.formulaires import AbsenceForm, DateForm, SerieForm
from permanences.admin.formulaires.serie import plan
from permanences.models import RendezVous, Vacation
from permanences.prevenir import ways

REPEAT = Act(SerieForm, plan, Preview.of_plan, "Répéter la permanence", "Créer", "Dates créées")
asked = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


class DatePages(TwoSteps):
    """For the admin class of permanences; the verbs are those on dates, where the row is."""

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "permanences_permanence"
        return [
            path("<int:pk>/dates/", guard(self.add_date), name=f"{name}_date"),
            path("<int:pk>/repeter/", guard(self.repeat), name=f"{name}_repeat"),
            path("<int:pk>/absence/", guard(self.absence), name=f"{name}_absence"),
            path("dates/<int:pk>/", guard(self.change_date), name="permanences_vacation_date"),
            *super().get_urls(),
        ]

    def verbs(self, request, permanence):
        """Which of « add » and « change » somebody has on the dates of a permanence."""
        rows = type(permanence).objects.filter(pk=permanence.pk)
        return {
            verb: request.user.has_perm(f"permanences.{verb}_vacation")
            and rows.managed_by(request.user, verb, Vacation).exists()
            for verb in ("add", "change")
        }

    def permanence_for(self, request, pk, verb):
        permanence = self.get_or_404(request, pk)
        if not self.verbs(request, permanence)[verb]:
            raise PermissionDenied
        return permanence

    def back(self, permanence):
        return redirect("admin:permanences_permanence_change", permanence.pk)

    @asked
    def add_date(self, request, pk):
        permanence = self.permanence_for(request, pk, "add")
        form = DateForm(request.POST or None, permanence=permanence)
        return self.date_page(request, permanence, form, "Ajouter une date")

    @asked
    def change_date(self, request, pk):
        rows = Vacation.objects.managed_by(request.user).select_related("permanence")
        vacation = get_object_or_404(rows, pk=pk)
        permanence = self.permanence_for(request, vacation.permanence_id, "change")
        if vacation.annule_le or vacation.fin <= timezone.now():
            raise Http404
        form = DateForm(request.POST or None, permanence=permanence, vacation=vacation)
        awaited = RendezVous.objects.awaited().filter(vacation=vacation)
        told = ways(awaited.select_related("compte"))
        return self.date_page(request, permanence, form, "Changer cette date", told=told)

    def date_page(self, request, permanence, form, title, **shown):
        if form.is_valid() and form.save(by=request.user):
            span = heures.span(form.cleaned_data["debut"], form.cleaned_data["fin"])
            done = "date changée" if form.vacation else "date ajoutée"
            self.log_change(request, permanence, f"{done} : {span}")
            messages.success(request, f"{done.capitalize()} : {span}.")
            return self.back(permanence)
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "permanence": permanence,
            "form": form,
            "groups": grouped(form),
        }
        return render(request, "permanences/gestion/date.html", context | shown)

    @asked
    def repeat(self, request, pk):
        permanence = self.permanence_for(request, pk, "add")
        form = SerieForm(request.POST or None, permanence=permanence)
        return self.act(request, REPEAT, form, permanence)

    @asked
    def absence(self, request, pk):
        permanence = self.permanence_for(request, pk, "change")
        form = AbsenceForm(
            request.POST or None, permanence=permanence, initial=self.days_of(request, permanence)
        )
        return self.act(request, Absence(form), form, permanence)

    def days_of(self, request, permanence):
        """The days of the form, from the date that an address names."""
        key = request.GET.get("date", "")
        dates = permanence.vacations.filter(pk=key if key.isdecimal() and len(key) < 19 else 0)
        day = next((heures.local(date.debut).date() for date in dates), None)
        return {"du": day, "au": day}

    def act(self, request, act, form, permanence):
        page = "permanences/gestion/acte"
        return self.two_steps(request, act, form, self.acted, page, permanence=permanence)

    def acted(self, request, act, form):
        with transaction.atomic():
            preview = act.preview(act.run(form, request.user))
            if not preview.count:
                raise ValidationError(IMPOSSIBLE)
        sentence = f"{act.told} : {preview.figures}"
        self.log_change(request, form.permanence, sentence)
        messages.success(request, f"{sentence}.")
        return self.back(form.permanence)
