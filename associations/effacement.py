"""The end of what is known of people: places, ranks and hours of rooms stay, for figures."""

from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import Q

from associations import courriers
from associations.models import Dossier, Inscription, MiseADisposition
from maisons.effacement import erase_story
from maisons.models import Serie, reponse
from notifications.models import Message

KEPT = timedelta(days=365)  # after the last day of the season
UNPROVED = timedelta(days=1)  # an address that nobody has answered
BATCH = 200
NOBODY = {
    "compte": None,
    "nom": "",
    "courriel": "",
    "courriel_propose": "",
    "propose_le": None,
    "telephone": "",
    "saisi_par": None,
    "empreinte": None,
    "graine": RandomUUID(),
    "jeton": RandomUUID(),
}


def outdated(now):
    """Those of which the privacy page promises that nobody knows them any more."""
    going_on = Inscription.objects.filter(activite__dernier__gte=(now - KEPT).date())
    known = Dossier.objects.filter(anonymise_le=None, prouve_le__isnull=False)
    return known.filter(cree_le__lt=now - UNPROVED).exclude(pk__in=going_on.values("dossier"))


def unanswered(now):
    """Those begun by an address that nobody has proved, and of which nothing is kept."""
    alive = Inscription.objects.alive().values("dossier")
    return Dossier.objects.filter(prouve_le=None, cree_le__lt=now - UNPROVED).exclude(pk__in=alive)


def proposed(now):
    """Those that were to have another address, which has not answered while its letter lived."""
    return Dossier.objects.exclude(courriel_propose="").filter(propose_le__lt=now - courriers.LIFE)


def forget_outdated(now):
    """Forget who registered, and addresses that never answered; returns of how many passes."""
    forgotten = 0
    ends = ((outdated(now), forget), (unanswered(now), delete), (proposed(now), take_back))
    for rows, end in ends:
        while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
            end(keys, now)
            forgotten += len(keys)
    return forgotten


@transaction.atomic
def forget(keys, now):
    """With the messages about them and what the staff's own log says of them."""
    forget_told(keys)
    lines = Inscription.objects.filter(dossier__in=keys)
    lines.update(prenom="", naissance=None, reponses=[])
    Dossier.objects.filter(pk__in=keys).update(**NOBODY, anonymise_le=now)


@transaction.atomic
def delete(keys, now):
    forget_told(keys)
    Inscription.objects.filter(dossier__in=keys).delete()
    Dossier.objects.filter(pk__in=keys).delete()


@transaction.atomic
def take_back(keys, now):
    """With the letter sent there: its link, and the token in it, open nothing any more."""
    Message.objects.filter(begun_with(f"dossier:{key}:adresse:" for key in keys)).delete()
    nothing = {"courriel_propose": "", "propose_le": None, "jeton": RandomUUID()}
    Dossier.objects.filter(pk__in=keys).update(**nothing)


def forget_told(keys):
    lines = list(Inscription.objects.filter(dossier__in=keys).values_list("pk", flat=True))
    Message.objects.filter(about(keys, lines)).delete()
    for model, rows in ((Dossier, keys), (Inscription, lines)):
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=map(str, rows)).delete()


def about(keys, lines):
    """The messages that tell of these passes, and of their registrations."""
    starts = [f"{start}{key}:" for key in keys for start in courriers.OF_PASS]
    starts += [f"{start}{line}:" for line in lines for start in courriers.OF_ONE]
    return begun_with(starts)


def begun_with(starts):
    return Q(*[("cle__startswith", start) for start in starts], _connector=Q.OR)


@transaction.atomic
def forget_loans(now):
    """Of rooms lent: who asked, who answered, and their word."""
    keys = list(MiseADisposition.objects.outdated().values_list("pk", flat=True))
    rows = MiseADisposition.objects.filter(pk__in=keys)
    rows.update(demande_par=None, decide_par=None, reponse="")
    Message.objects.about(keys).delete()
    erase_story(MiseADisposition, keys)
    over = Serie.objects.filter(dernier__lt=(now - reponse.KEPT).date())
    over = over.filter(creneaux__nature=MiseADisposition.NATURE)
    erase_story(Serie, list(over.values_list("pk", flat=True).distinct()))
