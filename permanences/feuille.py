"""
The sheet of the day: in the morning, to who holds a permanence, when people come and to which desk.

It names nobody: a mailbox is read anywhere, and no reading there is noted. The page that it leads
to does both.
"""

from datetime import time, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from maisons import heures
from notifications.envoi import post_all
from permanences.models import Intervenant, RendezVous
from quartiers.models import Ville

FIRST, LAST = time(7, 30), time(10)  # who takes an appointment later is on the page


def send_all(now):
    """One letter to each person for a day, whichever run writes it; returns how many people."""
    if not FIRST <= heures.local(now).time() < LAST:
        return 0
    day = heures.local(now).date()
    coming = expected(day, now)
    held = (
        Intervenant.objects.in_force(day)
        .filter(permanence__in=list(coming))
        .select_related("compte")
    )
    by_person = groupby(held.order_by("compte", "permanence"), key=lambda one: one.compte)
    about = {"day": day, "ville": Ville.current()}
    letters = [
        letter(compte, [row for one in mandates for row in coming[one.permanence_id]], **about)
        for compte, mandates in by_person
    ]
    with transaction.atomic():
        post_all(letters)
    return len(letters)


def expected(day, now):
    """{key of a permanence: its appointments of a day that are still to come}."""
    rows = RendezVous.objects.held().filter(etat=RendezVous.Etat.PRIS, vacation__annule_le=None)
    night = heures.starts_at(day + timedelta(days=1))
    rows = rows.filter(debut__gt=now, debut__lt=night).order_by("debut", "guichet")
    found = {}
    for row in rows.select_related("vacation__maison", "vacation__salle"):
        found.setdefault(row.vacation.permanence_id, []).append(row)
    return found


def letter(compte, rows, day, ville):
    """The fields of a message; with neither a name, a number nor what the permanence is about."""
    context = {
        "titre": f"Votre permanence du {heures.day(day)}",
        "nom": str(compte),
        "dates": by_date(rows),
        "lien": f"{settings.SITE_URL}{reverse('admin:permanences_jour')}",
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
        "expire_le": max(row.fin for row in rows),
    }


def by_date(rows):
    """[(vacation, its appointments)], in the order of the day."""
    rows = sorted(rows, key=lambda row: (row.vacation.debut, row.vacation_id, row.debut))
    of_a_date = groupby(rows, key=lambda row: row.vacation)
    return [(vacation, list(some)) for vacation, some in of_a_date]
