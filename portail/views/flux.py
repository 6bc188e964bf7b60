from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portail.agenda import PARAMETERS, Agenda
from portail.cache import same_for_all
from portail.flux import Flux


@require_safe
@same_for_all(*PARAMETERS)
def agenda_ics(request):
    file = Flux(Agenda(request.GET, request.version)).calendar()
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


@require_safe
@same_for_all(*PARAMETERS)
def agenda_atom(request):
    feed = Flux(Agenda(request.GET, request.version)).atom()
    return HttpResponse(feed, content_type="application/atom+xml; charset=utf-8")
