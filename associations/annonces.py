"""A message from the association to those who are registered: written once to each person."""

from django.db import transaction
from django.utils import timezone

from associations import activites, courriers
from associations.models import Inscription
from associations.nature import dossiers


def readers(activite, waiting=False, seance=None):
    """The people to write to, each once: who has a place, who waits too where it is asked."""
    rows = Inscription.objects.filter(activite=activite).alive()
    if seance:
        rows = rows.filter(seance=seance)
    rows = rows if waiting else rows.holding()
    return dossiers(rows.with_person())


@transaction.atomic
def announce(activite, objet, texte, key, waiting=False):
    """Write to each of them; the same form sent twice writes once. Returns how many people."""
    activites.hold(activite)
    people = readers(activite, waiting)
    until = timezone.now() + courriers.LIFE
    for dossier in people:
        titre, lines = f"{activite} : {objet}", texte.splitlines()
        courriers.send(dossier, f"annonce:{dossier.pk}:{key}", titre, lines, until)
    return len(people)
