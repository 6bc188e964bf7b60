"""The page of a meeting that was held: who was there, what was said, what becomes of it."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from conseils import tenue
from conseils.forms.reunion import ASKED_SOMETIMES
from conseils.models import CompteRendu, Presence, Reunion
from maisons import heures
from quartiers.texte import MARKDOWN_HELP

UNKNOWN = [("", "non noté"), *Presence.Etat.choices]


class MeetingField(forms.ModelChoiceField):
    def label_from_instance(self, reunion):
        return f"{reunion.short_name}, {heures.day(reunion.debut)}"


class ApprovalForm(forms.Form):
    reunion = MeetingField(
        Reunion.objects.none(),
        label="Approuvé à la réunion",
        empty_label="Choisir",
        error_messages={"required": "Choisissez la réunion qui l’a approuvé."},
    )

    def __init__(self, *args, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reunion"].queryset = meetings


class TenueForm(forms.Form):
    """A line for each member in office that day, and the minutes."""

    texte = forms.CharField(
        label="Compte rendu",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=MARKDOWN_HELP,
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, reunion, **kwargs):
        super().__init__(*args, **kwargs)
        self.reunion = reunion
        day = timezone.localdate(reunion.debut)
        self.members = list(reunion.conseil.conseillers.in_office(day))
        kept = {row.conseiller_id: row for row in reunion.presences.all()}
        for member in self.members:
            self.ask(member, kept.get(member.pk))

    def ask(self, member, kept):
        self.fields[f"etat_{member.pk}"] = forms.ChoiceField(
            label=str(member),
            choices=UNKNOWN,
            required=False,
            initial=kept and kept.etat,
            template_name=ASKED_SOMETIMES,
        )
        self.fields[f"par_{member.pk}"] = forms.CharField(
            label=f"Qui représente {member.nom}",
            max_length=100,
            required=False,
            initial=kept and kept.represente_par,
            template_name=ASKED_SOMETIMES,
        )

    @property
    def lines(self):
        return [(self[f"etat_{m.pk}"], self[f"par_{m.pk}"]) for m in self.members]

    def clean(self):
        for member in self.members:
            by = self.cleaned_data.get(f"par_{member.pk}")
            represented = self.cleaned_data.get(f"etat_{member.pk}") == Presence.Etat.REPRESENTE
            if represented and not by and f"par_{member.pk}" not in self.errors:
                self.add_error(f"par_{member.pk}", f"Dites qui représente {member.nom}.")
            if by and not represented:
                told = f"Choisissez « représenté » pour {member.nom}, ou effacez ce nom."
                self.add_error(f"par_{member.pk}", told)
        return self.cleaned_data

    def presences(self):
        return [
            Presence(
                reunion=self.reunion,
                conseiller=member,
                etat=etat,
                represente_par=self.cleaned_data[f"par_{member.pk}"],
            )
            for member in self.members
            if (etat := self.cleaned_data[f"etat_{member.pk}"])
        ]

    def write(self, by):
        """Whether it was kept; what somebody else wrote meanwhile is told once."""
        given = self.cleaned_data
        try:
            tenue.keep(self.reunion, given["texte"], self.presences(), given["version"], by)
        except ValidationError as error:
            self.add_error(None, error.messages)
            self.data = self.data.copy()
            self.data["version"] = tenue.fingerprint(self.reunion)
            return False
        return True


class HeldAdmin:
    """The minutes and the attendance of a meeting, from its first minute on."""

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "conseils_reunion"
        return [
            path("<int:pk>/compte-rendu/", guard(self.minutes), name=f"{name}_minutes"),
            path("<int:pk>/compte-rendu/publier/", guard(self.propose), name=f"{name}_propose"),
            path("<int:pk>/compte-rendu/approuver/", guard(self.approve), name=f"{name}_approve"),
            *super().get_urls(),
        ]

    def held(self, request, pk):
        """(the meeting, why nothing of it can be written)."""
        reunion = self.get_or_404(request, pk)
        if not request.user.has_perm("conseils.change_reunion"):
            raise PermissionDenied
        try:
            tenue.check(reunion)
        except ValidationError as error:
            return reunion, error.messages[0]
        return reunion, ""

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def minutes(self, request, pk):
        reunion, closed = self.held(request, pk)
        if closed:
            messages.error(request, closed)
            return redirect("admin:conseils_reunion_change", pk)
        kept = CompteRendu.objects.filter(reunion=reunion).select_related("approuve_a").first()
        initial = {"texte": kept and kept.texte, "version": tenue.fingerprint(reunion)}
        form = TenueForm(request.POST or None, reunion=reunion, initial=initial)
        if form.is_valid() and form.write(request.user):
            self.log_change(request, reunion, "compte rendu et présences")
            messages.success(request, "Compte rendu et présences enregistrés.")
            return redirect(request.path)
        meetings = tenue.approving(reunion)
        context = self.admin_site.each_context(request) | {"reunion": reunion, "form": form}
        context |= {"title": "Compte rendu et présences", "opts": self.opts, "kept": kept}
        context |= {"approval": ApprovalForm(meetings=meetings), "meetings": len(meetings)}
        context["back"] = reverse("admin:conseils_reunion_change", args=[pk])
        return render(request, "conseils/gestion/compte_rendu.html", context)

    @method_decorator(require_POST)
    def propose(self, request, pk):
        told = "Le compte rendu est public, comme « à approuver »."
        return self.become(request, pk, tenue.propose, told)

    @method_decorator(require_POST)
    def approve(self, request, pk):
        reunion, _ = self.held(request, pk)
        form = ApprovalForm(request.POST, meetings=tenue.approving(reunion))
        if not form.is_valid():
            messages.error(request, form.errors["reunion"][0])
            return redirect("admin:conseils_reunion_minutes", pk)
        act = partial(tenue.approve, meeting=form.cleaned_data["reunion"])
        return self.become(request, pk, act, "Le compte rendu est approuvé : il ne change plus.")

    def become(self, request, pk, act, told):
        reunion, closed = self.held(request, pk)
        try:
            if closed:
                raise ValidationError(closed)
            act(reunion, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, reunion, told)
            messages.success(request, told)
        return redirect("admin:conseils_reunion_minutes", pk)
