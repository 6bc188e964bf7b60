"""Those whom one meets in a public capacity: mediators, elected officials."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from permanences import prochaines, questions
from permanences.langues import named
from permanences.models import Mediateur
from quartiers.models import Elu


@require_safe
def mediateur(request, slug):
    now = timezone.now()
    here = Mediateur.objects.in_office(timezone.localdate(now))
    found = get_object_or_404(here, slug=slug)
    context = {
        "mediateur": found,
        "rows": coming(now, permanence__mediateur=found),
        "langues": named(found.langues),
    }
    return render(request, "permanences/mediateur.html", context)


@require_safe
def elu_list(request):
    """Each with the next date on which one may meet them."""
    now = timezone.now()
    dates = prochaines.next_dates(now, permanence__elu__isnull=False)
    first = {}
    for date in prochaines.tell(dates, now):
        first.setdefault(date.permanence.elu_id, date)
    rows = [(elu, first.get(elu.pk)) for elu in in_office(now)]
    return render(request, "permanences/elu_list.html", {"rows": rows})


@require_safe
def elu(request, pk):
    now = timezone.now()
    found = get_object_or_404(in_office(now), pk=pk)
    rows, asks = coming(now, permanence__elu=found), questions.is_read(found)
    context = {"elu": found, "rows": rows, "asks": asks}
    return render(request, "permanences/elu.html", context)


def in_office(now):
    rows = Elu.objects.in_office(timezone.localdate(now)).select_related("quartier")
    return rows.defer("quartier__contour", "quartier__presentation")


def coming(now, **where):
    return prochaines.tell(prochaines.next_dates(now, **where), now)
