"""The page that cancels or postpones a public meeting: which of the three, and why."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from conseils import rectifier
from conseils.forms.reunion import ASKED_SOMETIMES
from maisons.forms import NO_DAY, DayField
from maisons.forms.jour import HOUR, NO_HOUR, asked, span_of

CANCELLED, ANOTHER_DAY, NO_DATE = "annuler", "autre_date", "sans_date"
SORTS = [
    (CANCELLED, "Annuler : elle n’aura pas lieu"),
    (ANOTHER_DAY, "Reporter à une autre date"),
    (NO_DATE, "Reporter, nouvelle date à venir"),
]


class CallingOffForm(forms.Form):
    """The date is asked for one of the three alone."""

    sort = forms.ChoiceField(
        label="Que devient la réunion ?",
        choices=SORTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que devient la réunion."},
    )
    jour = DayField(label="Nouveau jour", required=False, template_name=ASKED_SOMETIMES)
    de = forms.TimeField(label="De", widget=HOUR, required=False, template_name=ASKED_SOMETIMES)
    a = forms.TimeField(label="À", widget=HOUR, required=False, template_name=ASKED_SOMETIMES)
    explication = forms.CharField(
        label="Pourquoi, en une phrase",
        max_length=200,
        error_messages={"required": "Dites en une phrase pourquoi."},
        help_text="Le public la lit, avec la date.",
    )

    @property
    def moment(self):
        return [self[name] for name in ("jour", "de", "a")]

    def clean(self):
        data = self.cleaned_data
        if data.get("sort") != ANOTHER_DAY:
            return data
        for name, told in [("jour", NO_DAY), ("de", NO_HOUR), ("a", NO_HOUR)]:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, told["required"])
        if not {"jour", "de", "a"} & self.errors.keys():
            self.set_span(data)
        return data

    def set_span(self, data):
        if span := span_of(self, data["jour"], data["de"], data["a"]):
            data["debut"], data["fin"] = span
            if data["debut"] <= timezone.now():
                self.add_error("jour", "Choisissez une date à venir.")

    def do(self, reunion, by):
        """Returns what was done, in a word."""
        told = self.cleaned_data["explication"]
        if self.cleaned_data["sort"] == ANOTHER_DAY:
            span = {name: self.cleaned_data[name] for name in ("debut", "fin")}
            rectifier.rectify(reunion, told, by=by, **span)
            return "reportée"
        postponed = self.cleaned_data["sort"] == NO_DATE
        rectifier.call_off(reunion, told, by=by, postponed=postponed)
        return "reportée sans date" if postponed else "annulée"


class CallingOffAdmin:
    def get_urls(self):
        page = self.admin_site.admin_view(self.call_off)
        return [
            path("<int:pk>/annuler/", page, name="conseils_reunion_call_off"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def call_off(self, request, pk):
        reunion = self.get_or_404(request, pk)
        if not request.user.has_perm("conseils.change_reunion"):
            raise PermissionDenied
        back = reverse("admin:conseils_reunion_change", args=[pk])
        try:
            rectifier.check(reunion)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(back)
        shown = asked(reunion.debut, reunion.fin)
        form = CallingOffForm(request.POST or None, initial=shown)
        if form.is_valid():
            try:
                done = form.do(self.get_or_404(request, pk), request.user)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.log_change(request, reunion, done)
                messages.success(request, f"La réunion est {done} : le public lit pourquoi.")
                return redirect(back)
        context = self.admin_site.each_context(request) | {"reunion": reunion, "form": form}
        context |= {"title": "Annuler ou reporter", "opts": self.opts, "back": back}
        return render(request, "conseils/gestion/annuler.html", context)
