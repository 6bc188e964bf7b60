"""The page that prepares the next meeting from an earlier one."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from conseils import seances, suite
from conseils.forms import ReunionForm
from maisons.admin.repetition import grouped
from maisons.forms.jour import asked

CREATED = "Le brouillon est prêt : relisez les points, puis publiez."


class CarriedField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, point):
        length = f"{point.minutes} minutes" if point.minutes else ""
        return ", ".join(filter(None, [point.titre, length, point.rapporteur]))


class FreeRoomField(forms.ModelChoiceField):
    """Each room with its house, and whether it is held at the hours shown."""

    taken = frozenset()

    def label_from_instance(self, room):
        return f"{room} ({room.maison}), {'prise' if room.pk in self.taken else 'libre'}"


class SuiteForm(ReunionForm):
    """The next meeting: what the earlier one had, at the next date that would do."""

    salle = FreeRoomField(queryset=None, label="Salle", required=False, empty_label="Choisir")
    points = CarriedField(
        queryset=None,
        label="Points à reprendre",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Avec leur texte, leur durée et qui les présente. Jamais leurs documents.",
    )

    class Meta(ReunionForm.Meta):
        fields = ["mode", "salle", "adresse_libre", "lien_visio"]

    groups = {
        "Quand": [["jour", "de", "a"]],
        "Où": [["mode", "salle"], ["adresse_libre", "lien_visio"]],
        "Ordre du jour": [["points"]],
    }

    def __init__(self, *args, source, proposal, user, **kwargs):
        debut, fin = proposal.debut, proposal.fin
        initial = asked(debut, fin) | {"points": suite.recurring(source)}
        coming = source.again(debut=debut, fin=fin)
        super().__init__(*args, instance=coming, initial=initial, **kwargs)
        self.fields["points"].queryset = suite.carried(source)
        self.fields["salle"].queryset = rooms = suite.rooms_of(user)
        self.rooms = list(rooms)
        self.look(debut, fin)
        self.propose_room(source.salle)

    def look(self, debut, fin):
        """Which rooms are held at these hours."""
        held = self.fields["salle"].taken = suite.taken(self.rooms, debut, fin)
        self.free = [room for room in self.rooms if room.pk not in held]

    def propose_room(self, usual):
        """Another one of its house when the usual one is held, as large if there is one."""
        self.moved = usual in self.rooms and usual not in self.free
        if self.moved:
            fits = [room for room in self.free if room.maison_id == usual.maison_id]
            large = [room for room in fits if room.capacite >= usual.capacite]
            self.initial["salle"] = next((room.pk for room in large + fits), usual.pk)

    def set_span(self, day, de, a):
        super().set_span(day, de, a)
        if not {"a", "de"} & self.errors.keys():
            self.look(self.instance.debut, self.instance.fin)


class SuiteAdmin:
    """What the admin of meetings has for the next one."""

    def get_urls(self):
        guard = self.admin_site.admin_view
        page = path("<int:pk>/suite/", guard(self.follow), name="conseils_reunion_follow")
        return [page, *super().get_urls()]

    @admin.display(description="la suite")
    def prochaine(self, reunion):
        address = reverse("admin:conseils_reunion_follow", args=[reunion.pk])
        hidden = format_html('<span class="hors-ecran"> à partir de « {} »</span>', reunion)
        return format_html('<a href="{}">Préparer la prochaine{}</a>', address, hidden)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(transaction.atomic)
    def follow(self, request, pk):
        """One page proposes the date, the room and the items; then comes the usual editor."""
        source = self.get_or_404(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        proposal = suite.propose(source, timezone.now())
        given = {"source": source, "proposal": proposal, "user": request.user}
        form = SuiteForm(request.POST or None, **given)
        if form.is_valid() and "voir" not in request.POST:
            try:
                made = seances.follow(form.instance, form.cleaned_data["points"], by=request.user)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.log_addition(request, made, [{"added": {}}])
                messages.success(request, CREATED)
                return redirect("admin:conseils_reunion_change", made.pk)
        context = self.admin_site.each_context(request) | {
            "title": "Préparer la prochaine réunion",
            "opts": self.opts,
            "form": form,
            "groups": grouped(form),
            "original": source,
            "proposal": proposal,
            "back": reverse("admin:conseils_reunion_change", args=[pk]),
        }
        return render(request, "conseils/gestion/suite.html", context)

    def shortcuts(self, request):
        """From the last meeting, for who prepares those of one council."""
        found = super().shortcuts(request)
        last = suite.latest(request.user)[:2] if found else []
        if len(last) == 1:
            address = reverse("admin:conseils_reunion_follow", args=[last[0].pk])
            found = [("Préparer la prochaine réunion", address), *found]
        return found
