"""The page of a hold: what was lost, what may have left already, and the way to go on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from comptes.admin import StaffAdmin
from notifications.envoi import publish_after_commit
from notifications.models import Message, Repere
from notifications.retenue import may_have_left

SHOWN = 200  # messages on the page
LONGEST_KEY = 19  # digits of a bigint


class ResumingAdmin(StaffAdmin):
    """Messages that wait since before a restore are set aside or kept; then sending resumes."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.resume)
        return [path("reprise/", page, name="notifications_message_reprise"), *super().get_urls()]

    def to_do(self, request):
        if not Repere.objects.held():
            return []
        waiting = Message.objects.waiting()
        section = {"title": "Aucun message ne part", "first": True, "aside": False}
        section["template"] = "notifications/gestion/_retenue.html"
        return [section | {"total": waiting.count(), "rows": waiting.none()}]

    @method_decorator(require_http_methods(["GET", "POST"]))
    def resume(self, request):
        verb = "change" if request.method == "POST" else "view"
        if not request.user.has_perm(f"notifications.{verb}_message"):
            raise PermissionDenied
        repere = Repere.objects.held()
        chosen = ticked(request, may_have_left(repere)) if repere else None
        if request.POST.get("faire") == "reprendre":
            self.let_leave(request, repere)
        elif chosen:
            done = sum(bool(message.set_aside()) for message in chosen.iterator())
            plural = "s" * (done > 1)
            messages.success(request, f"{done} message{plural} écarté{plural}.")
        else:
            return self.resume_page(request, repere)
        return redirect(request.path)

    def let_leave(self, request, repere):
        try:
            with transaction.atomic():
                Repere.objects.resume(repere, by=request.user)
                for canal in (Message.Canal.COURRIEL, Message.Canal.SMS):
                    publish_after_commit(canal)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, "Les messages partent de nouveau.")

    def resume_page(self, request, repere):
        context = self.admin_site.each_context(request) | {
            "title": "Reprendre les envois",
            "opts": self.opts,
            "repere": repere,
            "nothing": repere and request.method == "POST",
        }
        if repere:
            doubtful = may_have_left(repere).order_by("essayer_le", "pk")
            context |= {"rows": doubtful[:SHOWN], "doubtful": doubtful.count()}
            context["total"] = Message.objects.waiting().count()
        else:
            context["last"] = Repere.objects.select_related("repris_par").first()
        return render(request, "notifications/gestion/reprise.html", context)


def ticked(request, rows):
    """Those of some rows that were ticked, or all; a forged key is nothing."""
    if "tous" in request.POST:
        return rows
    keys = [key for key in request.POST.getlist("messages") if key.isdecimal()]
    return rows.filter(pk__in=[int(key) for key in keys[:SHOWN] if len(key) < LONGEST_KEY])
