"""What waits at the desk: people to call, requests to answer, requests that nobody answered."""

from collections import defaultdict
from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone

from maisons.models import DateEcartee, Reservation
from notifications.models import Message

SHOWN, TOGETHER = 8, 30  # on the home page; on the page that answers several
UNREACHABLE = "appelée, pas joignable"
LAPSED_SHOWN_FOR = timedelta(days=7)
WITH = ["salle", "maison", "demandeur"]


def sections(mine):
    """Those of the home page; the last two only when something failed, or lapsed."""
    told = [to_call(mine), to_settle(mine)]
    untold = not_sent(mine)
    if rows := list(untold[:SHOWN]):
        bookings = mine.select_related(*WITH).in_bulk({message.creneau for message in rows})
        for message in rows:
            message.reservation = bookings[message.creneau]
        section = {
            "title": "Messages non partis",
            "template": "maisons/gestion/_non_partis.html",
            "rows": rows,
            "total": untold.count(),
        }
        told.append(section)
    lapsed = mine.unanswered(timezone.now() - LAPSED_SHOWN_FOR)
    if rows := list(lapsed.select_related(*WITH).order_by("-annule_le", "pk")[:SHOWN]):
        section = {
            "title": "Restées sans réponse",
            "template": "maisons/gestion/_sans_reponse.html",
            "rows": rows,
            "total": lapsed.count(),
        }
        told.append(section)
    return told


def to_settle(mine):
    return {
        "title": "Demandes de salle",
        "template": "maisons/gestion/_demandes.html",
        "rows": to_answer(mine, SHOWN),
        "total": mine.waiting().one_for_each_serie().count(),
    }


def to_call(mine):
    asked, said = mine.to_call().one_for_each_serie(), to_say(mine)
    rows = list(asked.select_related(*WITH).order_by("expire_le", "pk")[:SHOWN])
    calls = defaultdict(list)
    for call in calls_without_answer([row.pk for row in rows]):
        calls[call.object_id].append(call)
    for row in rows:
        row.calls = calls[str(row.pk)]
    return {
        "title": "À appeler",
        "template": "maisons/gestion/_a_appeler.html",
        "rows": rows,
        "said": list(said[:SHOWN]),
        "total": asked.count() + said.count(),
    }


def to_say(mine):
    """Messages to people without e-mail; a request to call is told as such, not twice."""
    told = mine.exclude(etat=Reservation.Etat.A_CONFIRMER).values("pk")
    return Message.objects.to_phone().about(told).filter(expire_le__gt=timezone.now())


def not_sent(mine):
    """Letters refused, about bookings to come; an address that nobody has proved bothers nobody."""
    told = Message.objects.about(mine.filter(fin__gt=timezone.now()).values("pk"))
    unproved = Q(cle__contains=":a_confirmer:") | Q(cle__contains=":adresse:")
    return told.undelivered().exclude(unproved)


def calls_without_answer(keys):
    kind = ContentType.objects.get_for_model(Reservation)
    ours = LogEntry.objects.filter(content_type=kind, object_id__in=map(str, keys))
    return ours.filter(change_message=UNREACHABLE).select_related("user").order_by("action_time")


def to_answer(mine, most):
    """The requests that wait, the nearest deadline first; a series is one, with its dates."""
    heads = mine.waiting().one_for_each_serie().order_by("repondre_avant", "pk")
    rows = list(heads.select_related(*WITH)[:most])
    series = [row.serie_id for row in rows if row.serie_id]
    dates, left_out = defaultdict(list), defaultdict(list)
    for date in mine.waiting().filter(serie__in=series).order_by("debut"):
        dates[date.serie_id].append(date)
    for day in DateEcartee.objects.filter(serie__in=series):
        left_out[day.serie_id].append(day)
    for row in rows:
        row.dates, row.left_out = dates[row.serie_id], left_out[row.serie_id]
    return rows
