"""What the desk answers to requests, one by one or several at once."""

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from comptes.admin import ScopedAdmin
from maisons import heures, planning
from maisons.admin import demandes
from maisons.admin.refus import OfferingForm, RefusalForm, offer
from maisons.disponibilites import alternatives
from maisons.models import Reservation
from notifications.models import Message

MOST_AT_ONCE, LONGEST_KEY = 200, 19  # digits of a bigint


class AnswersAdmin(ScopedAdmin):
    """Requests granted or refused; who answered and when is kept with the row."""

    def get_urls(self):
        guard = self.admin_site.admin_view
        pages = [
            path("repondre/", guard(self.answer_all), name="maisons_reservation_answer"),
            path("<int:pk>/confirmer/", guard(self.confirm), name="maisons_reservation_confirm"),
            path("<int:pk>/refuser/", guard(self.refuse), name="maisons_reservation_refuse"),
            path(
                "<int:pk>/pas-joignable/",
                guard(self.unreachable),
                name="maisons_reservation_unreachable",
            ),
            path("messages/<int:pk>/dit/", guard(self.said), name="maisons_reservation_said"),
        ]
        return pages + super().get_urls()

    def require_answers(self, request):
        if not request.user.has_perm("maisons.change_reservation"):
            raise PermissionDenied

    def answerable(self, request, pk):
        self.require_answers(request)
        return self.get_or_404(request, pk)

    def note(self, request, reservation, sentence):
        """A line under « Mes dernières actions »."""
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(Reservation),
            object_id=reservation.pk,
            object_repr=f"Demande de {reservation.person}",
            action_flag=CHANGE,
            change_message=sentence,
        )

    def settle(self, request, reservation, answer=None):
        """Grant, or refuse with an answer; for all the dates of a series that wait."""
        called, dates = reservation.to_call, reservation.answered_with()
        one, several = planning.confirm, planning.confirm_serie
        if answer:
            one, several = planning.refuse, planning.refuse_serie
        if reservation in dates:
            several(dates, by=request.user, **(answer or {}))
        else:
            one(reservation, by=request.user, **(answer or {}))
        if called:  # they are on the line, and need no second call
            for message in Message.objects.to_phone().about([reservation.pk]):
                message.mark_called(by=request.user)
        self.note(request, reservation, "refusée" if answer else "acceptée")

    @method_decorator(require_POST)
    def confirm(self, request, pk):
        reservation = self.answerable(request, pk)
        called = reservation.to_call
        try:
            self.settle(request, reservation)
        except ValidationError as error:
            why = self.why_left(reservation, error)
            messages.error(request, f"Demande de {reservation.person} : {why}")
        else:
            messages.success(request, f"Demande de {reservation.person} acceptée.")
        if called:  # where the code is read aloud
            return redirect("admin:maisons_reservation_change", pk)
        return redirect("admin:index")

    @method_decorator(require_http_methods(["GET", "POST"]))
    def refuse(self, request, pk):
        reservation = self.answerable(request, pk)
        offers = [offer(reservation, *span) for span in alternatives(reservation)]
        form = OfferingForm(request.POST or None, offers=offers)
        if form.is_valid():
            try:
                self.settle(request, reservation, form.answer)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, f"Demande de {reservation.person} refusée.")
                return redirect("admin:index")
        title = f"Refuser la demande de {reservation.person}"
        return self.page(request, "refuser", title=title, reservation=reservation, form=form)

    def page(self, request, name, **context):
        context |= self.admin_site.each_context(request) | {"opts": self.opts}
        return render(request, f"maisons/gestion/{name}.html", context)

    @method_decorator(require_POST)
    def unreachable(self, request, pk):
        reservation = self.answerable(request, pk)
        if not reservation.to_call or not reservation.alive:
            raise Http404
        self.note(request, reservation, demandes.UNREACHABLE)
        messages.success(request, f"{reservation.person} : pas joignable, c’est noté.")
        return redirect("admin:index")

    @method_decorator(require_POST)
    def said(self, request, pk):
        self.require_answers(request)
        mine = self.get_queryset(request)
        message = get_object_or_404(Message.objects.about(mine.values("pk")), pk=pk)
        try:
            message.mark_called(by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.note(request, mine.get(pk=message.creneau), "message dit au téléphone")
            messages.success(request, f"Message à {message.nom} : dit au téléphone.")
        return redirect("admin:index")

    @method_decorator(require_http_methods(["GET", "POST"]))
    def answer_all(self, request):
        """Answer those that are ticked; the refusal's motive is asked for only to refuse."""
        self.require_answers(request)
        mine = self.get_queryset(request)
        refusing = request.POST.get("reponse_a") == "refuser"
        # Nothing typed below is lost when nothing was ticked above.
        form = RefusalForm(request.POST) if refusing else RefusalForm(initial=request.POST.dict())
        chosen = self.ticked(request, mine)
        if chosen and (form.is_valid() or not refusing):
            self.settle_all(request, chosen, form.cleaned_data if refusing else None)
            return redirect("admin:maisons_reservation_answer")
        rows = demandes.to_answer(mine, demandes.TOGETHER)
        ticked = rows if request.GET.get("cocher") == "tout" else chosen
        return self.page(
            request,
            "repondre",
            title="Répondre aux demandes",
            rows=rows,
            total=mine.waiting().one_for_each_serie().count(),
            ticked={row.pk for row in ticked},
            nothing=request.method == "POST" and not chosen,
            form=form,
        )

    def ticked(self, request, mine):
        """The requests ticked on the page, answered meanwhile or not; a forged key is nothing."""
        asked = request.POST.getlist("demandes")
        keys = [key for key in asked if key.isdecimal() and len(key) < LONGEST_KEY]
        rows = mine.filter(pk__in=[int(key) for key in keys[:MOST_AT_ONCE]])
        return list(rows.select_related(*demandes.WITH).order_by("debut", "pk"))

    def settle_all(self, request, chosen, answer):
        """Each in its own transaction, in time order; one that is answered is left alone."""
        settled, left = 0, []
        for reservation in chosen:
            try:
                self.settle(request, reservation, answer)
            except ValidationError as error:
                left.append((reservation, self.why_left(reservation, error)))
            else:
                settled += 1
        done = "refusée" if answer else "acceptée"
        if settled:
            plural = "s" * (settled > 1)
            messages.success(request, f"{settled} demande{plural} {done}{plural}.")
        for reservation, why in left:
            day = heures.day(reservation.debut)
            messages.warning(request, f"{reservation.person}, {day}, non traitée : {why}")

    def why_left(self, reservation, error):
        """What became of a request that somebody was about to answer."""
        now = Reservation.objects.select_related("decide_par").get(pk=reservation.pk)
        if now.etat != Reservation.Etat.DEMANDEE:
            by = f" par {now.decide_par}" if now.decide_par else ""
            return f"elle est déjà {now.get_etat_display()}{by}."
        waits = Reservation.objects.waiting().filter(pk=now.pk).exists()
        return error.messages[0] if waits else "le délai pour répondre est passé."
