"""Rooms that are lent: asked for by an association, answered by the house."""

from django.contrib import admin, messages
from django.db.models import Case, F, When
from django.utils.html import format_html

from associations import budget
from associations.admin.accueil import SHOWN, section
from associations.admin.choix import OfAssociation
from associations.admin.formulaires import PretForm
from associations.admin.pret_actes import PretActs
from associations.models import MiseADisposition
from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import heures
from maisons.admin.champs import RoomField
from maisons.admin.reservation import at
from maisons.models import Salle
from notifications.models import Message

Etat = MiseADisposition.Etat


@admin.register(MiseADisposition)
class MiseADispositionAdmin(PretActs, OfAssociation, ScopedAdmin):
    """Asked for in one page; then nothing is typed: it is answered and changed by acts."""

    add_label = "Demander une salle"
    shortcut = "Demander une salle"
    form = PretForm
    list_display = ["quand", "lieu", "association", "usage", "situation"]
    list_filter = ["etat", ("maison", ScopedFilter)]
    list_select_related = ["salle", "maison", "association"]
    # Those that wait for an answer first, the nearest on top; then the latest.
    ordering = [
        Case(When(etat=Etat.DEMANDEE, then=F("debut"))).asc(nulls_last=True),
        F("debut").desc(),
    ]
    search_fields = ["association__nom"]
    asked = [
        ("Pour quoi faire", {"fields": ["association", ("usage", "personnes")]}),
        ("Où et quand", {"fields": ["salle", ("jour", "de", "a")]}),
        (
            "Plusieurs fois, si besoin",
            {"fields": [("cadence", "dernier"), ("regime", "jours_feries")]},
        ),
    ]
    told = [
        (None, {"fields": [("quand", "salle", "maison"), ("usage", "personnes", "etat")]}),
        ("Demande", {"fields": [("association", "demandee", "echeance")]}),
    ]
    answered = ("Réponse", {"fields": [("decision", "motif_refus"), "reponse"]})

    @admin.display(description="quand", ordering="debut")
    def quand(self, pret):
        return heures.span(pret.debut, pret.fin)

    @admin.display(description="où", ordering="maison__nom")
    def lieu(self, pret):
        return f"{pret.salle}, {pret.maison}"

    @admin.display(description="état", ordering="etat")
    def situation(self, pret):
        kind = "alerte" if pret.etat == Etat.DEMANDEE else ""
        return format_html('<b class="puce {}">{}</b>', kind, pret.get_etat_display())

    @admin.display(description="demandée")
    def demandee(self, pret):
        return at(pret.cree_le)

    @admin.display(description="à répondre avant")
    def echeance(self, pret):
        return at(pret.repondre_avant)

    @admin.display(description="décidée")
    def decision(self, pret):
        by = f", par {pret.decide_par}" if pret.decide_par else ""
        return at(pret.decide_le) + by

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.asked
        return [*self.told, self.answered] if obj.decide_le or obj.reponse else self.told

    def scope(self, db_field, request):
        if db_field.remote_field.model is Salle:
            rooms = Salle.objects.select_related("maison").order_by("maison__nom", "nom")
            return {"queryset": rooms, "form_class": RoomField}
        return super().scope(db_field, request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "association" and field.queryset[:2].count() == 1:
            field.empty_label, field.initial = None, field.queryset.get()
        return field

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def render_change_form(self, request, context, add=False, **kwargs):
        if add:
            grants = request.user.is_superuser
            verb = "Accorder la salle" if grants else "Demander la salle"
            looked_at = context["adminform"].form.preview
            context |= {
                "grants": grants,
                "preview": looked_at,
                "save_label": "Revoir les dates" if looked_at else verb,
                "show_save_and_continue": False,
            }
        return super().render_change_form(request, context, add=add, **kwargs)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """The form has written it, through planning."""
        booked, left_out = len(form.booked), len(form.left_out)
        done = "accordée" if obj.etat == Etat.CONFIRMEE else "demandée"
        told = f"{booked} date{'s' * (booked > 1)} {done}{'s' * (booked > 1)}"
        if left_out:
            told += f", {left_out} écartée{'s' * (left_out > 1)}"
        messages.success(request, f"{told}.")
        if obj.etat == Etat.CONFIRMEE:  # while it waits for an answer its page tells them
            for sentence in budget.warnings(form.booked):
                messages.warning(request, sentence)

    def save_related(self, request, form, formsets, change):
        """Nothing goes with it."""

    def response_add(self, request, obj, post_url_continue=None):
        return self.back(obj)

    def message_user(self, request, message, *args, **kwargs):
        """What was asked for is told by its figures."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pret = self.get_or_404(request, object_id)
        dates = pret.answered_with()
        context = {
            "dates": dates,
            "left_out": pret.serie.ecartees.all() if pret.serie else [],
            "may": self.acts(request, pret),
            "depasse": budget.warnings(dates or [pret]) if pret.answerable else [],
            "sent": Message.objects.about([pret.pk]),
            "dehors": not pret.maison.open_throughout(pret.debut, pret.fin),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def to_do(self, request):
        """What the house has to answer, the nearest deadline first; a series is one."""
        mine = MiseADisposition.objects.answered_by(request.user).answerable()
        mine = mine.one_for_each_serie().order_by("repondre_avant", "pk")
        rows = mine.select_related("salle", "maison", "association")
        found = section("Prêts de salle à répondre", "prets", rows[:SHOWN], mine.count())
        return [found] if found["total"] else []
