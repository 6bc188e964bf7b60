"""The sessions of an activity, from its page: one more, many, moved, called off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from associations import activites, prevenir, saison
from associations.admin.actes import ACTS, REPEAT
from associations.admin.formulaires import SeanceForm, SerieForm
from associations.models import Activite, Seance
from associations.nature import concerned, dossiers
from maisons import heures
from maisons.admin.etapes import TwoSteps
from maisons.admin.repetition import grouped
from maisons.admin.serie import IMPOSSIBLE
from maisons.forms import jour
from maisons.models import DateEcartee, Serie

asked = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


class SeancePages(TwoSteps):
    """For the admin class of activities; the verbs are those on sessions."""

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "associations_activite"
        date = "associations_seance"
        return [
            path("<int:pk>/seances/", guard(self.add_date), name=f"{name}_date"),
            path("<int:pk>/repeter/", guard(self.repeat), name=f"{name}_repeat"),
            path("<int:pk>/arreter/", guard(self.stop), name=f"{name}_stop"),
            path("seances/<int:pk>/", guard(self.change_date), name=f"{date}_date"),
            path("seances/<int:pk>/annuler/", guard(self.cancel), name=f"{date}_cancel"),
            *[
                path(
                    f"series/<int:pk>/{act}/",
                    guard(self.on_series),
                    {"name": act},
                    f"associations_serie_{act}",
                )
                for act in ACTS
            ],
            *super().get_urls(),
        ]

    def verbs(self, request, activite):
        """Which of « add » and « change » somebody has on the sessions of an activity."""
        rows = Activite.objects.filter(pk=activite.pk)
        return {
            verb: request.user.has_perm(f"associations.{verb}_seance")
            and rows.managed_by(request.user, verb).exists()
            for verb in ("add", "change")
        }

    def activite_for(self, request, pk, verb):
        activite = self.get_or_404(request, pk)
        if not self.verbs(request, activite)[verb]:
            raise PermissionDenied
        return activite

    def seance_for(self, request, pk):
        """One that may still change, and its activity."""
        rows = Seance.objects.managed_by(request.user).select_related("activite__maison", "salle")
        seance = get_object_or_404(rows, pk=pk)
        self.activite_for(request, seance.activite_id, "change")
        if seance.annule_le or seance.debut <= timezone.now():
            raise Http404
        return seance

    def back(self, activite):
        return redirect("admin:associations_activite_change", activite.pk)

    @asked
    def add_date(self, request, pk):
        """`?ecartee=` names a day left out: it is asked for again, in another room maybe."""
        activite = self.activite_for(request, pk, "add")
        known = self.left_out_of(request, activite)
        form = SeanceForm(request.POST or None, activite=activite, known=known)
        told = prevenir.in_words(dossiers(concerned([activites.make(activite)])))
        return self.date_page(request, activite, form, "Ajouter une séance", told=told)

    def left_out_of(self, request, activite):
        key = request.GET.get("ecartee", "")
        mine = DateEcartee.objects.filter(serie__in=saison.series_of(activite))
        found = mine.filter(pk=key if key.isdecimal() and len(key) < 19 else 0).first()
        span = found and found.serie.span(found.jour)
        return jour.asked(*span) if span else {}

    @asked
    def change_date(self, request, pk):
        seance = self.seance_for(request, pk)
        form = SeanceForm(request.POST or None, activite=seance.activite, seance=seance)
        told = prevenir.in_words(dossiers(concerned([seance])))
        return self.date_page(request, seance.activite, form, "Changer cette séance", told=told)

    def date_page(self, request, activite, form, title, **shown):
        if form.is_valid() and form.save(by=request.user):
            span = heures.span(form.cleaned_data["debut"], form.cleaned_data["fin"])
            done = "séance changée" if form.seance else "séance ajoutée"
            self.log_change(request, activite, f"{done} : {span}")
            messages.success(request, f"{done.capitalize()} : {span}.")
            return self.back(activite)
        return self.page(request, "seance", activite, title, form=form, **shown)

    def page(self, request, template, activite, title, **shown):
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "activite": activite,
            "groups": grouped(shown["form"]) if shown.get("form") else [],
        }
        return render(request, f"associations/gestion/{template}.html", context | shown)

    @asked
    def cancel(self, request, pk):
        seance = self.seance_for(request, pk)
        activite = seance.activite
        if request.method != "POST":
            told = prevenir.in_words(dossiers(concerned([seance])))
            title = "Annuler une séance"
            return self.page(request, "annuler", activite, title, seance=seance, told=told)
        span = heures.span(seance.debut, seance.fin)
        return self.done(request, activite, f"séance annulée : {span}", activites.cancel, seance)

    @asked
    def stop(self, request, pk):
        """All that is to come, and every registration."""
        activite = self.activite_for(request, pk, "change")
        coming = list(activites.coming(activite))
        if request.method != "POST":
            told = prevenir.in_words(dossiers(activite.inscriptions.alive().with_person()))
            title = "Arrêter l’activité"
            return self.page(request, "arreter", activite, title, coming=coming, told=told)
        return self.done(request, activite, "activité arrêtée", activites.stop, activite)

    def done(self, request, activite, sentence, act, *args, told=""):
        """Do one thing and come back to the activity; what is refused is said there."""
        try:
            act(*args, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, activite, sentence)
            messages.success(request, told or f"{sentence.capitalize()}.")
        return self.back(activite)

    @asked
    def repeat(self, request, pk):
        activite = self.activite_for(request, pk, "add")
        form = SerieForm(
            request.POST or None,
            activite=activite,
            initial={"premier": max(activite.premier, heures.today()), "dernier": activite.dernier}
            | {"regime": Serie.Regime.HORS_VACANCES},
        )
        return self.act(request, REPEAT, form, activite)

    @asked
    def on_series(self, request, pk, name):
        mine = Activite.objects.managed_by(request.user, "change")
        rows = Serie.objects.filter(creneaux__seance__activite__in=mine).distinct()
        serie = get_object_or_404(rows.select_related("maison", "salle"), pk=pk)
        activite = self.activite_for(request, serie.creneaux.first().seance.activite_id, "change")
        form = ACTS[name].form(request.POST or None, serie=serie, user=request.user)
        return self.act(request, ACTS[name], form, activite, original=None, serie=serie)

    def act(self, request, act, form, activite, **shown):
        def acted(request, act, form):
            return self.acted(request, act, form, activite)

        page = "associations/gestion/acte"
        return self.two_steps(request, act, form, acted, page, activite=activite, **shown)

    def acted(self, request, act, form, activite):
        with transaction.atomic():
            preview = act.preview(act.run(form, request.user))
            if not preview.count:
                raise ValidationError(IMPOSSIBLE)
            activites.describe(activites.hold(activite))
        sentence = f"{act.told} : {preview.figures}"
        self.log_change(request, activite, sentence)
        messages.success(request, f"{sentence}.")
        return self.back(activite)
