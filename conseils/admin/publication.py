"""The page that publishes an agenda, now or at a date; how it looks before."""

from datetime import datetime

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.utils import from_current_timezone
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from conseils import approbation, publication, rappels, seances
from conseils.views import agenda_file, meeting_page
from maisons.forms import NO_DAY, DayField
from maisons.forms.jour import HOUR, NO_HOUR
from maisons.series import NO_SUCH_HOUR

SCREENS = {"telephone": "Sur un téléphone", "ordinateur": "Sur un ordinateur"}


class PlanForm(forms.Form):
    """When an agenda is published, in a day and an hour; `at` is then the instant."""

    jour = DayField(label="Jour", error_messages=NO_DAY)
    heure = forms.TimeField(label="Heure", widget=HOUR, error_messages=NO_HOUR)

    def clean(self):
        data = self.cleaned_data
        if {"jour", "heure"} <= data.keys():
            try:
                moment = datetime.combine(data["jour"], data["heure"])
                self.at = from_current_timezone(moment)
            except ValidationError:
                self.add_error("heure", NO_SUCH_HOUR)
        return data


class PublicationAdmin:
    """What the admin of meetings has to look at an agenda, and to publish it."""

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "conseils_reunion"
        pages = [
            path("<int:pk>/apercu/", guard(self.preview), name=f"{name}_preview"),
            path("<int:pk>/apercu.pdf", guard(self.pdf), name=f"{name}_pdf"),
            path("<int:pk>/apercu/ecrans/", guard(self.screens), name=f"{name}_screens"),
            path("<int:pk>/publier/", guard(self.publish), name=f"{name}_publish"),
        ]
        return pages + super().get_urls()

    def page(self, request, reunion, template, **context):
        context |= self.admin_site.each_context(request) | meeting_page(reunion)
        context |= {
            "opts": self.opts,
            "back": reverse("admin:conseils_reunion_change", args=[reunion.pk]),
        }
        return render(request, f"conseils/gestion/{template}.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST":
            _, settled = self.draft(request, object_id)
            if settled:  # the page was open before, or is met again by « Retour »
                return self.back_to(request, object_id, settled)
        return super().change_view(request, object_id, form_url, extra_context)

    def draft(self, request, pk):
        """(the meeting, why it is not prepared any more): a button may be pressed twice."""
        reunion = self.get_or_404(request, pk)
        if not request.user.has_perm("conseils.change_reunion"):
            raise PermissionDenied
        try:
            seances.check_draft(reunion)
        except ValidationError as error:
            return reunion, error.messages[0]
        return reunion, ""

    def back_to(self, request, pk, told):
        messages.info(request, told)
        return redirect("admin:conseils_reunion_change", pk)

    @method_decorator(require_safe)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    @method_decorator(xframe_options_sameorigin)
    def preview(self, request, pk):
        """The public page; our own page of the screens alone may hold it in a frame."""
        reunion = self.get_or_404(request, pk)
        return render(request, "conseils/reunion.html", meeting_page(reunion))

    @method_decorator(require_safe)
    def pdf(self, request, pk):
        return agenda_file(self.get_or_404(request, pk)).answer(request)

    @method_decorator(require_safe)
    @method_decorator(csp_update({"frame-src": [SELF]}))
    def screens(self, request, pk):
        """The preview as wide as a phone, or as a computer; on paper it is printed from itself."""
        reunion = self.get_or_404(request, pk)
        chosen = request.GET.get("ecran")
        shown = chosen if chosen in SCREENS else "telephone"
        known = {"title": "Aperçu", "screens": SCREENS.items(), "shown": shown}
        return self.page(request, reunion, "ecrans", **known)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def publish(self, request, pk):
        """What will be read, by whom and since when; one button makes it public."""
        reunion, settled = self.draft(request, pk)
        if settled:
            return self.back_to(request, pk, settled)
        if request.method != "POST":
            return self.publish_page(request, reunion, PlanForm())
        if "programmer" in request.POST or "renoncer" in request.POST:
            return self.plan(request, reunion)
        try:
            seances.publish(reunion, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, reunion, "publié")
            messages.success(request, f"L’ordre du jour de « {reunion} » est publié.")
        return redirect("admin:conseils_reunion_change", pk)

    def plan(self, request, reunion):
        """To be published at a date, or no more."""
        form = PlanForm(request.POST)
        given_up = "renoncer" in request.POST
        if given_up or form.is_valid():
            at = None if given_up else form.at
            try:
                publication.plan(reunion, at, by=request.user)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                words = reunion.planned_in_words or "publication retirée"
                self.log_change(request, reunion, words)
                messages.success(request, f"C’est noté : {words}.")
                return redirect("admin:conseils_reunion_change", reunion.pk)
        return self.publish_page(request, reunion, form)

    def publish_page(self, request, reunion, form):
        known = {"title": "Publier l’ordre du jour", "form": form}
        known["envois"] = rappels.outlook(reunion)
        return self.page(
            request, reunion, "publier", approval=approbation.pending(reunion), **known
        )
