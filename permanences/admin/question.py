"""What residents ask an élu: for who holds a permanence of theirs; to all others, nowhere."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from permanences import lectures, questions
from permanences.admin.acces import PagesAdmin, page
from permanences.admin.formulaires import AnswerForm
from permanences.models import Permanence, QuestionElu

ANSWERED_SHOWN, WAITING_SHOWN = 20, 100


def mine(user):
    """Those that somebody may answer; raises Http404 for who holds no permanence of an élu."""
    held = Permanence.objects.held_by(user, "change", QuestionElu).exclude(elu=None)
    if not held.exists():
        raise Http404
    return QuestionElu.objects.managed_by(user, "change").select_related("elu", "compte")


@require_safe
def question_list(request):
    """Of nobody: who asks, and what, is on the page of each, where it is noted as read."""
    rows = mine(request.user).select_related("vacation__maison")
    context = {
        "waiting": rows.waiting().order_by("cree_le", "pk")[:WAITING_SHOWN],
        "answered": rows.exclude(repondu_le=None).order_by("-repondu_le", "-pk")[:ANSWERED_SHOWN],
    }
    return page(request, "questions", title="Questions aux élus", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request, pk):
    """Read one and answer it: by a text that is sent, or « déjà dit » face to face."""
    rows = mine(request.user).select_related("vacation__maison", "repondu_par")
    row = get_object_or_404(rows, pk=pk)
    by_voice = request.POST.get("etape") == "dit"
    form = AnswerForm(request.POST if request.method == "POST" and not by_voice else None)
    if request.method == "POST" and (by_voice or form.is_valid()):
        try:
            questions.answer(row, "" if by_voice else form.cleaned_data["reponse"], request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, told(row))
        return redirect("admin:permanences_questions")
    lectures.note(request, [row], "question")
    return page(request, "question", title="Question à un élu", question=row, form=form)


def told(row):
    if not row.reponse:
        return "C’est noté : la réponse a été dite."
    return (
        "La réponse part par e-mail."
        if row.reached_at[0]
        else "La réponse est dans « À appeler » : lisez-la au téléphone."
    )


@admin.register(QuestionElu)
class QuestionEluAdmin(PagesAdmin):
    def site_urls(self):
        guard, space = self.admin_site.admin_view, "permanences/questions/"
        return [
            path(space, guard(question_list), name="permanences_questions"),
            path(f"{space}<int:pk>/", guard(question), name="permanences_questionelu_read"),
        ]

    def shortcuts(self, request):
        waiting = QuestionElu.objects.managed_by(request.user, "change").waiting().count()
        words = f"Répondre à {waiting} question{'s' * (waiting > 1)}"
        return [(words, reverse("admin:permanences_questions"))] if waiting else []
