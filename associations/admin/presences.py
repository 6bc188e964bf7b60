"""Who came, on a phone: one tap for each person, on a plain form; and the sheet to print."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from associations import presences
from associations.models import Activite, Inscription, Seance
from maisons import heures

SHOWN = 10  # sessions on the way from one to the next


class PresencePages:
    """For the admin class of activities; the verbs are those on registrations."""

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "associations_seance"
        row = "seances/<int:pk>/"
        return [
            path(f"{row}presences/", guard(self.attendance), name=f"{name}_attendance"),
            path(f"{row}noter/", guard(self.note), name=f"{name}_note"),
            path(f"{row}feuille/", guard(self.sheet), name=f"{name}_sheet"),
            *super().get_urls(),
        ]

    def session_for(self, request, pk, verb):
        rows = Seance.objects.managed_by(request.user)
        read = ["activite__association", "maison", "salle"]
        seance = get_object_or_404(rows.select_related(*read), pk=pk)
        mine = Activite.objects.filter(pk=seance.activite_id).managed_by(request.user, verb)
        if not (request.user.has_perm(f"associations.{verb}_inscription") and mine):
            raise PermissionDenied
        return seance

    @method_decorator(require_safe)
    def attendance(self, request, pk):
        seance = self.session_for(request, pk, "change")
        rows = presences.expected(seance)
        return self.page(
            request,
            "presences",
            seance.activite,
            "Qui est là ?",
            seance=seance,
            rows=rows,
            here=sum(row.present is True for row in rows),
            open=not seance.annule_le and heures.local(seance.debut).date() <= heures.today(),
        )

    @method_decorator(require_POST)
    def note(self, request, pk):
        """`venue` is « present:12 », « absent:12 » or « effacer:12 »: what, then whose."""
        seance = self.session_for(request, pk, "change")
        venue, _, key = request.POST.get("venue", "").partition(":")
        rows = Inscription.objects.managed_by(request.user, "change")
        known = key.isascii() and key.isdecimal() and len(key) < 19
        row = get_object_or_404(rows.filter(activite=seance.activite_id), pk=key if known else 0)
        try:
            if venue not in presences.VENUES:
                raise ValidationError("Choisissez ce qu’il faut noter.")
            presences.note(seance, row, venue, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        address = reverse("admin:associations_seance_attendance", args=[pk])
        return redirect(f"{address}#inscription-{row.pk}")

    @method_decorator(require_safe)
    def sheet(self, request, pk):
        seance = self.session_for(request, pk, "view")
        return self.page(
            request,
            "feuille",
            seance.activite,
            "Feuille de présence",
            seance=seance,
            rows=presences.expected(seance),
        )

    def tonight(self, request):
        """The sessions of today, of whoever notes who comes; for the home page."""
        if not request.user.has_perm("associations.change_inscription"):
            return []
        rows = Seance.objects.managed_by(request.user, "change").holding()
        today = heures.today()
        since, until = (heures.starts_at(day) for day in (today, today + timedelta(days=1)))
        rows = rows.exclude(publie_le=None).filter(debut__gte=since, debut__lt=until)
        rows = rows.order_by("debut", "pk")
        return list(rows.select_related("activite", "maison", "salle")[:SHOWN])
