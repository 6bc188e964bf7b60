import re

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import fermetures, heures, planning
from maisons.admin.champs import KEY, RoomChoices, WrittenByPlanning
from maisons.models import Fermeture
from maisons.prevenir import channels
from notifications.models import Message

TO_SETTLE_SHOWN = 20
CHOICE = re.compile(rf"creneau-({KEY.pattern})")
LATER = "plus_tard"
FIRST_ONES = "premieres"  # the button that moves to the first proposal what is left for later


class FermetureForm(WrittenByPlanning):
    def write(self):
        return planning.close(self.instance)


@admin.register(Fermeture)
class FermetureAdmin(RoomChoices, ScopedAdmin):
    """
    A closure, then one screen that settles what it hits.

    The address of a new one may fill it in: `?maison=&salle=&debut=2026-11-24T14:00&fin=`.
    """

    add_label = "Nouvelle fermeture"
    shortcut = "Fermer la maison ou une salle"
    form = FermetureForm
    fields = ["maison", "salle", "debut", "fin", "motif"]
    list_display = ["motif", "maison", "salle", "periode"]
    list_filter = [("maison", ScopedFilter)]
    list_select_related = ["maison", "salle"]
    empty_value_display = "toute la maison"
    ordering = ["-debut"]

    @admin.display(description="quand", ordering="debut")
    def periode(self, fermeture):
        return heures.span(fermeture.debut, fermeture.fin)

    def get_urls(self):
        settle = self.admin_site.admin_view(self.settle)
        page = path("<int:pk>/consequences/", settle, name="maisons_fermeture_settle")
        return [page, *super().get_urls()]

    def to_do(self, request):
        closures = fermetures.unsettled(self.get_queryset(request))
        rows = list(closures.select_related("maison", "salle").order_by("debut", "pk"))
        section = {
            "title": "Fermetures à régler",
            "template": "maisons/gestion/_fermetures.html",
            "rows": rows[:TO_SETTLE_SHOWN],
            "total": len(rows),
        }
        return [section] if rows else []

    def save_model(self, request, obj, form, change):
        """The form has written it, through planning."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        closure = self.get_or_404(request, object_id)
        context = {"touches": fermetures.hit(closure).count()} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def response_add(self, request, obj, post_url_continue=None):
        return self.then_settle(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request, obj):
        return self.then_settle(request, obj, super().response_change(request, obj))

    def then_settle(self, request, closure, response):
        """After saving, the screen that settles what is hit, if anything is."""
        if closure.fin <= timezone.now():
            messages.warning(request, "Cette fermeture est passée : elle ne touche plus rien.")
        elif fermetures.hit(closure).exists():
            return redirect("admin:maisons_fermeture_settle", closure.pk)
        return response

    def settle(self, request, pk):
        closure = self.get_or_404(request, pk)
        if not self.has_change_permission(request, closure):
            raise PermissionDenied
        if request.method == "POST":
            self.apply(request, closure, chosen(request.POST))
            return redirect("admin:maisons_fermeture_settle", pk)
        rows = fermetures.proposals(closure, request.user)
        total = fermetures.hit(closure).count()
        context = self.admin_site.each_context(request) | {
            "title": "Régler les dates touchées",
            "fermeture": closure,
            "opts": self.opts,
            "rows": rows,
            "total": total,
            "later": total - len(rows),
            "told": channels(rows),
            "movable": any(row.first for row in rows),
        }
        return render(request, "maisons/gestion/regler.html", context)

    def apply(self, request, closure, choices):
        if not choices:
            messages.warning(request, "Vous n’avez rien choisi : aucune date n’a changé.")
            return
        try:
            outcome = fermetures.settle(closure, choices, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return
        if outcome.done:
            self.log_change(request, closure, in_words(outcome))
            messages.success(request, f"{in_words(outcome)}.")
        if outcome.gone:
            number = counted(outcome.gone, "date")
            messages.warning(request, f"Déjà réglé, ou annulé entre-temps : {number}.")
        if outcome.lost:
            sentence = "Ces dates n’ont pas changé :"
            lost = [(heures.span(r.creneau.debut, r.creneau.fin), why) for r, why in outcome.lost]
            rows = format_html_join("", "<li>{} : {}</li>", lost)
            messages.error(request, format_html("{}<ul>{}</ul>", sentence, rows))


def chosen(data):
    """{créneau: room, or ANNULER} of what was posted; what is left for later is absent."""
    choices = {}
    for name, value in data.items():
        if not (match := CHOICE.fullmatch(name)):
            continue
        if value == LATER and data.get("acte") == FIRST_ONES:
            value = data.get(f"premiere-{match[1]}", LATER)
        if value == fermetures.ANNULER:
            choices[int(match[1])] = value
        elif value != LATER:
            choices[int(match[1])] = int(value) if KEY.fullmatch(value) else 0  # no room has it
    return choices


def counted(number, noun, adjective="", rest=""):
    """« 1 date annulée », « 3 personnes prévenues par e-mail »."""
    plural = "s" if number > 1 else ""
    words = [str(number), noun + plural, adjective and adjective + plural, rest]
    return " ".join(filter(None, words))


def in_words(outcome):
    """« 4 dates déplacées, 1 date annulée, 3 personnes prévenues par e-mail »."""
    moved = sum(bool(settled.apres) for settled in outcome.done)
    mailed = sum(m.canal == Message.Canal.COURRIEL for m in outcome.messages)
    numbers = [
        (moved, "date", "déplacée"),
        (len(outcome.done) - moved, "date", "annulée"),
        (mailed, "personne", "prévenue", "par e-mail"),
        (len(outcome.messages) - mailed, "personne", "", "à appeler"),
    ]
    return ", ".join(counted(*words) for words in numbers if words[0])
