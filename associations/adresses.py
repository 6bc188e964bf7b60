"""Another e-mail address for a pass that is proved: it answers before it replaces the first."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from associations import courriers, inscriptions
from associations.models import Dossier
from comptes import codes
from maisons.verrou import queued

AUTRE = "Une autre adresse a été demandée depuis : ouvrez le dernier message."
DEJA = "Cette adresse est déjà confirmée."
FINI = "Cette inscription est finie : son adresse ne change plus."
queued = partial(queued, lost=AUTRE, models=[Dossier])


def proof(dossier) -> str:
    """Of the address proposed: in the link of the message sent there, nowhere else."""
    return codes.grouped(codes.make_code(f"adresse:{dossier.graine}:{dossier.courriel_propose}"))


def take(dossier):
    """Its activities locked, then the pass as it is now; returns its registrations."""
    inscriptions.lock(*dossier.inscriptions.values_list("activite", flat=True))
    dossier.refresh_from_db(from_queryset=Dossier.objects.select_for_update(of=("self",)))
    rows = list(dossier.lines().filter(annule_le=None))
    if not rows or dossier.compte_id or dossier.unproved:
        raise ValidationError(FINI)
    return rows


def keep(dossier):
    """What is told from now on is another message than what was told before."""
    dossier.full_clean()
    dossier.save()
    dossier.inscriptions.alive().update(sequence=F("sequence") + 1)


@queued
def propose(dossier, courriel):
    """
    Write to another address: what is told of the pass goes on arriving at the first.

    The letter holds the token of the pass: whoever read the letter before has it no more.
    """
    take(dossier)
    dossier.propose(courriel)
    dossier.propose_le = timezone.now()
    keep(dossier)
    courriers.tell_address(dossier, "adresse", courriel, proof(dossier))


@queued
def confirm(dossier):
    """
    Somebody answered at the address proposed: it replaces the first, with a new code.

    The address before is told, so that a change that its owner did not make is noticed.
    """
    answered, before = proof(dossier), dossier.courriel
    take(dossier)
    if not dossier.courriel_propose:
        raise ValidationError(DEJA)
    if proof(dossier) != answered:
        raise ValidationError(AUTRE)
    dossier.courriel, dossier.courriel_propose = dossier.courriel_propose, ""
    dossier.propose_le = None
    dossier.give_code()
    keep(dossier)
    courriers.tell_dossier(dossier, "inscrit")
    if before:
        courriers.tell_address(dossier, "adresse_changee", before)
