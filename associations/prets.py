"""Rooms lent to associations, written through planning: asked for or granted, once or in series."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from associations import adhesions
from associations.models import MiseADisposition
from maisons import planning, series

NO_DATE = "Aucune de ces dates n’est possible : changez le rythme, l’heure ou la salle."
Motif = MiseADisposition.Motif


def begin(pret, by):
    """Granted at once by the city, who decides; by anybody else, asked for."""
    pret.demande_par = by
    pret.settle(granted_by=by if by.is_superuser else None)


@planning.queued
def ask(pret, by):
    """One loan; raises ValidationError when the place or the charter does not allow it."""
    begin(pret, by)
    planning.insert(pret, by)
    planning.tell(pret, pret.etat)
    return pret


@planning.queued
def ask_serie(serie, pret, by):
    """The dates of a series and the days left out; raises ValidationError when it has no date."""
    found = plan(serie, pret, by)
    if not found.booked:
        raise ValidationError(NO_DATE)
    series.tell(found.booked, pret.etat, found.left_out)
    return found


def plan(serie, pret, by):
    """
    The dates of a series like `pret`, one request; and the days left out, told to nobody.

    A day that the room or the charter refuses is left out with its cause; raises ValidationError
    when all days are past, or when the association has no charter on the first of them.
    """
    serie.full_clean()
    spans = [span for span in map(serie.span, serie.days()) if span and span[0] > timezone.now()]
    if not spans:
        raise ValidationError(NO_DATE)
    adhesions.check(pret.association, timezone.localdate(spans[0][0]))
    pret.debut, pret.fin = spans[0]
    pret.check_span()
    begin(pret, by)
    return series.plan(serie, lambda debut, fin: pret.again(debut=debut, fin=fin), by)


def answer(pret, by, **answer):
    """Grant, or refuse with a `motif_refus`; for all the dates of its series that wait."""
    refused, dates = "motif_refus" in answer, pret.answered_with()
    if pret in dates:
        act = planning.refuse_serie if refused else planning.confirm_serie
        return act(dates, by=by, **answer)
    act = planning.refuse if refused else planning.confirm
    act(pret, by=by, **answer)
    return [pret]


def cancel(pret, by, following=False, reponse=""):
    """Free the room, and that of the dates after it in its series; whoever is concerned is told."""
    house = MiseADisposition.objects.answered_by(by).filter(pk=pret.pk).exists()
    motif = Motif.ORGANISATION if house else Motif.DEMANDE
    if following and pret.serie:
        return series.cancel_from(pret.serie, pret.jour_serie, motif, by)
    planning.cancel(pret, motif, by, reponse=reponse)
    return [pret]
