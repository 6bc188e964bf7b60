"""The calendar of somebody's registrations, at an address that they alone know."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from associations import calendrier
from associations.models import Agenda
from comptes import codes


@require_safe
def agenda_ics(request, code):
    """Whatever program asks: the address is the key; renewed or unknown, nothing is there."""
    prints = [codes.digest(one) for one in codes.candidates(code)]
    found = Agenda.objects.filter(empreinte__in=prints, compte__is_active=True)
    agenda = found.select_related("compte").first()
    if agenda is None:
        raise Http404
    content = calendrier.followed(agenda)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@login_required
@require_POST
def agenda_renew(request):
    """A new address; whoever had the earlier one reads nothing more."""
    agenda, created = Agenda.objects.get_or_create(compte=request.user)
    agenda.give_code()
    agenda.save()
    closed = "" if created else " L’ancienne ne marche plus."
    messages.success(request, f"Votre adresse secrète est prête.{closed}")
    return redirect(f"{reverse('associations:dossier_list')}#agenda")
