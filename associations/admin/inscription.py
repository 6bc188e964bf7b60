from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from associations import guichet, inscriptions, prevenir
from associations.admin import appels
from associations.admin.adresse import AddressPage
from associations.models import Activite, Inscription
from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import heures
from maisons.contact import read_phone

Etat = Inscription.Etat
TITRES = {Etat.INSCRITE: "C’est inscrit", Etat.ATTENTE: "En attente d’une place"}
OFFERED = 30  # activities to filter by


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("en_cours", "en cours"), *Etat.choices]

    def queryset(self, request, rows):
        if self.value() == "en_cours":
            return rows.alive()
        return rows.filter(etat=self.value()) if self.value() in Etat.values else rows


class ActiviteFilter(ScopedFilter):
    """Those whose season goes on, the next ones first: the others are reached from their page."""

    def field_choices(self, field, request, model_admin):
        mine = Activite.objects.managed_by(request.user).going_on(timezone.localdate())
        rows = mine.order_by("-premier", "titre", "pk")[:OFFERED]
        return [(row.pk, str(row)) for row in rows]


@admin.register(Inscription)
class InscriptionAdmin(AddressPage, ScopedAdmin):
    """Who is registered: found, read, accepted for them, given up for them."""

    list_display = ["personne", "activite", "situation", "contact", "demandee"]
    list_filter = [StateFilter, ("activite", ActiviteFilter)]
    list_select_related = ["activite", "dossier__compte"]
    ordering = ["activite__titre", F("annule_le").desc(nulls_first=True), "place", "rang", "pk"]
    search_fields = ["prenom", "dossier__nom", "dossier__compte__nom", "dossier__courriel"]

    def get_queryset(self, request):
        """Sessions apart: joined before the page is cut, they would all be read."""
        return super().get_queryset(request).prefetch_related("seance")

    @admin.display(description="personne")
    def personne(self, row):
        return row.who

    @admin.display(description="état", ordering="etat")
    def situation(self, row):
        return guichet.in_words(row)

    @admin.display(description="contact")
    def contact(self, row):
        return ", ".join(filter(None, [row.dossier.person, *row.dossier.reached_at]))

    @admin.display(description="demandée le", ordering="cree_le")
    def demandee(self, row):
        return heures.day(row.cree_le)

    def get_search_results(self, request, queryset, search_term):
        """A phone number too, however it is written."""
        if number := read_phone(search_term):
            return queryset.filter(dossier__telephone=number), False
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request):
        return False  # somebody is registered from the page of the activity

    def has_delete_permission(self, request, obj=None):
        return False  # given up, never taken away

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "associations_inscription"
        return [
            path("<int:pk>/accepter/", guard(self.accept), name=f"{name}_accept"),
            path("<int:pk>/quitter/", guard(self.leave), name=f"{name}_leave"),
            path("<int:pk>/faite/", guard(self.done), name=f"{name}_done"),
            path("<int:pk>/carte/", guard(self.card), name=f"{name}_card"),
            *super().get_urls(),
        ]

    def site_urls(self):
        guard, space = self.admin_site.admin_view, "associations/a-appeler/"
        said = guard(appels.said)
        return [
            path(space, guard(appels.to_call), name="associations_appels"),
            path(f"{space}<int:pk>/dit/", said, name="associations_inscription_said"),
        ]

    def row_for(self, request, pk, verb="view"):
        row = self.get_or_404(request, pk)
        may = request.user.has_perm(f"associations.{verb}_inscription")
        if not (may and Activite.objects.filter(pk=row.activite_id).managed_by(request.user, verb)):
            raise PermissionDenied
        return row

    def page(self, request, template, row, title, **shown):
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "inscription": row,
            "activite": row.activite,
            "situation": guichet.in_words(row),
        }
        return render(request, f"associations/gestion/{template}.html", context | shown)

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_or_404(request, object_id)
        came = row.presences.select_related("seance").order_by("-seance__debut")
        may = request.user.has_perm("associations.change_inscription")
        return self.page(request, "inscription", row, row.who, came=came, may_change=may)

    @method_decorator(require_POST)
    def accept(self, request, pk):
        row = self.row_for(request, pk, "change")
        return self.act(request, row, inscriptions.accept, "La place est acceptée.")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def leave(self, request, pk):
        row = self.row_for(request, pk, "change")
        if request.method == "POST":
            told = "L’inscription est annulée."
            return self.act(request, row, inscriptions.leave, told)
        if not row.is_alive:
            raise Http404
        told = prevenir.in_words([row.dossier])
        waiting = Inscription.objects.of_list(row.activite, row.seance).waiting()
        following = waiting.with_person().first() if row.is_holding else None
        return self.page(
            request,
            "quitter",
            row,
            "Annuler une inscription",
            told=told,
            following=prevenir.in_words([following.dossier]) if following else [],
        )

    def act(self, request, row, act, told):
        try:
            act(row)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, row, told)
            messages.success(request, told)
        return redirect("admin:associations_inscription_change", row.pk)

    @method_decorator(require_safe)
    def done(self, request, pk):
        row = self.row_for(request, pk)
        return self.page(
            request,
            "inscrite",
            row,
            TITRES.get(row.etat, row.get_etat_display().capitalize()),
            told=guichet.read_aloud(row),
            written=guichet.is_written_to(row.dossier),
        )

    @method_decorator(require_safe)
    def card(self, request, pk):
        row = self.row_for(request, pk)
        return self.page(
            request,
            "carte",
            row,
            "Carte d’inscription",
            first=inscriptions.next_of(row.activite),
            code_url=f"{settings.SITE_URL}/code/",
        )
