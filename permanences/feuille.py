"""
The sheet of the day: in the morning, to who holds a permanence, when people come and to which desk.

It names nobody, and tells how many questions wait for an élu, never which: a mailbox is read
anywhere, and no reading there is noted. The pages that it leads to do both.
"""

from datetime import time, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse

from maisons import heures
from notifications.envoi import post_all
from permanences.models import Intervenant, Permanence, RendezVous, Vacation
from quartiers.models import Ville

DAY = timedelta(days=1)
FIRST, LAST = time(7, 30), time(10)  # who takes an appointment later is on the page


def send_all(now):
    """One letter to each person for a day, whichever run writes it; returns how many people."""
    if not FIRST <= heures.local(now).time() < LAST:
        return 0
    day = heures.local(now).date()
    coming, asked = expected(day, now), questions_waiting(day)
    held = Intervenant.objects.in_force(day).filter(permanence__in=[*coming, *asked])
    held = held.select_related("compte").order_by("compte", "permanence")
    about = {"day": day, "ville": Ville.current()}
    letters = []
    for compte, mandates in groupby(held, key=lambda one: one.compte):
        keys = [one.permanence_id for one in mandates]
        rows = [row for key in keys for row in coming.get(key, [])]
        number = sum(dict(asked[key] for key in keys if key in asked).values())  # each élu once
        letters.append(letter(compte, rows, number, **about))
    with transaction.atomic():
        post_all(letters)
    return len(letters)


def expected(day, now):
    """{key of a permanence: its appointments of a day that are still to come}."""
    rows = RendezVous.objects.held().filter(etat=RendezVous.Etat.PRIS, vacation__annule_le=None)
    night = heures.starts_at(day + DAY)
    rows = rows.filter(debut__gt=now, debut__lt=night).order_by("debut", "guichet")
    found = {}
    for row in rows.select_related("vacation__maison", "vacation__salle"):
        found.setdefault(row.vacation.permanence_id, []).append(row)
    return found


def questions_waiting(day):
    """{key of a permanence of a day: (its élu, how many questions wait for an answer)}."""
    held = Vacation.objects.holding().on(day).order_by().values("permanence")
    waiting = Count("elu__questions", filter=Q(elu__questions__repondu_le=None))
    rows = Permanence.objects.filter(pk__in=held).annotate(waiting=waiting).order_by()
    found = rows.filter(waiting__gt=0).values_list("pk", "elu", "waiting")
    return {key: (elu, number) for key, elu, number in found}


def letter(compte, rows, number, day, ville):
    """The fields of a message; with neither a name, a number nor what the permanence is about."""
    context = {
        "titre": f"Votre permanence du {heures.day(day)}",
        "nom": str(compte),
        "dates": by_date(rows),
        "questions": number,
        "lien": f"{settings.SITE_URL}{reverse('admin:permanences_jour')}",
        "lien_questions": f"{settings.SITE_URL}{reverse('admin:permanences_questions')}",
        "maison": None,
        "ville": ville,
    }
    return {
        "cle": f"feuille:{compte.pk}:{day:%Y%m%d}",
        "courriel": compte.courriel,
        "nom": str(compte),
        "objet": context["titre"],
        "texte": render_to_string("permanences/courriels/feuille.txt", context),
        "html": render_to_string("permanences/courriels/feuille.html", context),
        "expire_le": max((row.fin for row in rows), default=heures.starts_at(day + DAY)),
    }


def by_date(rows):
    """[(vacation, its appointments)], in the order of the day."""
    rows = sorted(rows, key=lambda row: (row.vacation.debut, row.vacation_id, row.debut))
    of_a_date = groupby(rows, key=lambda row: row.vacation)
    return [(vacation, list(some)) for vacation, some in of_a_date]
