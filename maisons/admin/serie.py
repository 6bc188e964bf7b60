from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import heures, planning, series
from maisons.admin.actes import ACTS, REPEAT
from maisons.admin.champs import KEY
from maisons.admin.etapes import TwoSteps
from maisons.admin.repetition import RepeatForm
from maisons.models import Creneau, Evenement, Occurrence, Reservation, Serie

SHOWN = 60
IMPOSSIBLE = "Aucune de ces dates n’est possible : changez le rythme, l’heure ou la salle."


def event_of(serie):
    """The event whose dates they are, if they are an event's."""
    return Evenement.objects.filter(occurrences__serie=serie).first()


def kept_at(serie):
    """The page where its dates are changed, when their nature says that it is not here."""
    first = serie.creneaux.order_by("debut").first()
    if first is None or not first.kind.own_series:
        return ""
    return first.kind.admin_url(first.kind.children([first.pk]).get())


@admin.register(Serie)
class SerieAdmin(TwoSteps, ScopedAdmin):
    """Each act is looked at before it is done; who may change dates may do them."""

    list_display = ["titre", "rythme", "maison", "prochaine", "nombre"]
    list_filter = [("maison", ScopedFilter)]
    list_select_related = ["maison"]
    ordering = ["-dernier", "-pk"]

    @admin.display(description="quoi")
    def titre(self, serie):
        return serie.qui or serie.titre or "sans date"

    @admin.display(description="rythme")
    def rythme(self, serie):
        return serie.in_words()

    @admin.display(description="prochaine date", ordering="prochaine")
    def prochaine(self, serie):
        return heures.day(serie.prochaine) if serie.prochaine else "aucune date à venir"

    @admin.display(description="dates à venir", ordering="nombre")
    def nombre(self, serie):
        return serie.nombre

    def get_queryset(self, request):
        coming = Q(creneaux__annule_le=None, creneaux__debut__gt=timezone.now())
        first = Creneau.objects.filter(serie=OuterRef("pk")).order_by("debut")
        booked = Reservation.objects.filter(serie=OuterRef("pk")).order_by("debut")
        booked = booked.values(called=Coalesce(NullIf("nom", Value("")), "demandeur__nom"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                titre=Subquery(first.values("titre")[:1]),
                qui=Subquery(booked[:1]),  # who booked, if they are bookings
                prochaine=Min("creneaux__debut", filter=coming),
                nombre=Count("creneaux", filter=coming),
            )
        )

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("maisons.view_occurrence")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False  # an event is repeated from its page

    def has_change_permission(self, request, obj=None):
        return False  # a series is changed by its acts, each on its page

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path("evenement/<int:pk>/", guard(self.repeat), name="maisons_serie_repeat"),
            path("<int:pk>/remettre/", guard(self.put_back), name="maisons_serie_put_back"),
            *[
                path(f"<int:pk>/{name}/", guard(self.act), {"name": name}, f"maisons_serie_{name}")
                for name in ACTS
            ],
            *super().get_urls(),
        ]

    def changeable(self, request, pk):
        serie = self.get_or_404(request, pk)
        if not request.user.has_perm("maisons.change_occurrence") or kept_at(serie):
            raise PermissionDenied
        return serie

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        serie = self.get_or_404(request, object_id)
        elsewhere = kept_at(serie)
        context = self.admin_site.each_context(request) | {
            "title": serie.qui or serie.titre,
            "original": serie,
            "opts": self.opts,
            "evenement": event_of(serie),
            "dates": series.coming(serie, serie.premier)[:SHOWN],
            "more": max(serie.nombre - SHOWN, 0),
            "left_out": serie.ecartees.filter(jour__gte=timezone.localdate()),
            "elsewhere": elsewhere,
            "has_change": not elsewhere and request.user.has_perm("maisons.change_occurrence"),
        }
        return render(request, "maisons/gestion/serie.html", context)

    def repeat(self, request, pk):
        event = get_object_or_404(Evenement.objects.managed_by(request.user), pk=pk)
        if not request.user.has_perm("maisons.add_occurrence"):
            raise PermissionDenied
        pattern = Occurrence(evenement=event)
        form = RepeatForm(request.POST or None, instance=pattern, user=request.user)
        return self.look_then_do(request, REPEAT, form, event)

    def act(self, request, pk, name):
        serie = self.changeable(request, pk)
        form = ACTS[name].form(request.POST or None, serie=serie, user=request.user)
        return self.look_then_do(request, ACTS[name], form, event_of(serie), serie)

    def look_then_do(self, request, act, form, event, serie=None):
        done = partial(self.done, event=event)
        return self.two_steps(request, act, form, done, evenement=event, original=serie)

    def done(self, request, act, form, event):
        with transaction.atomic():
            preview = act.preview(act.run(form, request.user))
            if not preview.count:
                raise ValidationError(IMPOSSIBLE)
            if event:  # published in between, it tells the new dates too
                planning.describe(Evenement.objects.get(pk=event.pk))
        sentence = f"{act.told} : {preview.figures}"
        self.log_change(request, event or form.serie, sentence)
        messages.success(request, f"{sentence}.")
        if self.get_queryset(request).filter(pk=preview.serie_pk).exists():
            return redirect("admin:maisons_serie_change", preview.serie_pk)
        return redirect("admin:maisons_evenement_change", event.pk)

    @method_decorator(require_POST)
    def put_back(self, request, pk):
        serie = self.changeable(request, pk)
        asked = request.POST.get("ecartee", "")
        left_out = get_object_or_404(serie.ecartees, pk=asked if KEY.fullmatch(asked) else 0)
        event = event_of(serie)
        try:
            with transaction.atomic():
                date = series.put_back(left_out, by=request.user)
                if event:
                    planning.describe(Evenement.objects.get(pk=event.pk))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            sentence = f"date remise : {heures.span(date.debut, date.fin)}"
            self.log_change(request, event or serie, sentence)
            messages.success(request, f"{sentence.capitalize()}.")
        return redirect("admin:maisons_serie_change", pk)
