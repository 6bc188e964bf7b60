"""« Posez votre question » to an élu, and what its person may do with it by its code."""

import uuid

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comptes import limites
from maisons.forms.refus import tell_whole
from permanences import questions
from permanences.forms.question import form_for
from permanences.models import QuestionElu
from permanences.views.personne import in_office


@require_http_methods(["GET", "HEAD", "POST"])
def question_create(request, pk):
    """`?date=` is one of their dates to come; the token makes the form sent twice one question."""
    elu = get_object_or_404(in_office(timezone.now()), pk=pk)
    if done := {"merci", "efface"} & request.GET.keys():
        return page(request, elu, done=done.pop())
    if not questions.is_read(elu):
        return page(request, elu, closed=True)
    if request.method != "POST":
        # A token of the address would be known to whoever wrote it.
        known = {"jeton": uuid.uuid4(), "vacation": request.GET.get("date")}
        return page(request, elu, make_form(request, elu, initial=known))
    form = make_form(request, elu, request.POST)
    if not form.is_valid():
        return page(request, elu, form)
    row = form.row()
    try:
        if sent := mine(request, row.jeton):
            return redirect(where(sent))
        limites.count(request, "question", contact=row.contact)
        questions.ask(row)
    except ValidationError as error:
        if sent := mine(request, row.jeton):  # at the same time
            return redirect(where(sent))
        tell_whole(form, error)
        return page(request, elu, form)
    return redirect(where(row))


def make_form(request, elu, *args, **kwargs):
    compte = request.user if request.user.is_authenticated else None
    given = {"elu": elu, "dates": questions.dates(elu), "compte": compte}
    return form_for(request.user)(*args, **given, **kwargs)


def page(request, elu, form=None, done="", closed=False):
    context = {"elu": elu, "form": form, "done": done, "closed": closed}
    context["days"] = questions.days_kept(elu).days if form else None
    status = limites.status(form) if form else 200
    return render(request, "permanences/question_create.html", context, status=status)


def mine(request, jeton):
    """The question that this form has already sent, if it has."""
    sent = QuestionElu.objects.filter(jeton=jeton)
    if request.user.is_authenticated:
        return sent.owned_by(request.user).first()
    return sent.filter(compte=None).first()


def where(row):
    """By e-mail, the message alone tells the code: nobody has proved the address."""
    if row.courriel:
        return f"{reverse('permanences:question_create', args=[row.elu_id])}?merci"
    return reverse("comptes:code_open", args=[row.code])


def show(request, row, name):
    """Its page: to whom, since when, until when; what was asked is not told to a forwarded link."""
    if name not in ("", "effacer"):
        raise Http404
    if name and request.method == "POST":
        questions.erase([row.pk])
        return redirect(f"{reverse('permanences:question_create', args=[row.elu_id])}?efface")
    address = reverse("comptes:code_open", args=[row.code])
    context = {"question": row, "address": address, "erasing": bool(name)}
    return render(request, "permanences/question.html", context)
