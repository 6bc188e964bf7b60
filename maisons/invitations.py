"""Inviting somebody to work in a house: the letter, sent again, taken back."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from maisons.models import InvitationAffectation
from notifications.envoi import post
from quartiers.models import Ville

TITRE = "On vous invite à rejoindre une maison"


def invite(invitation, by):
    """Write the invitation, and the letter that brings its code to the address."""
    invitation.invite_par = by
    send(invitation)


@transaction.atomic
def send_again(invitation, by):
    """A new code for a new week, from whoever sends it; raises ValidationError once settled."""
    lock(invitation)
    invite(invitation, by)


@transaction.atomic
def revoke(invitation):
    """Its code opens nothing more; raises ValidationError once settled."""
    lock(invitation)
    invitation.revoke()


def lock(invitation):
    rows = InvitationAffectation.objects.select_for_update(of=("self",))
    invitation.refresh_from_db(from_queryset=rows)


def send(invitation):
    invitation.renew()
    context = {
        "invitation": invitation,
        "maison": invitation.maison,
        "titre": TITRE,
        "lien": f"{settings.SITE_URL}/code/{invitation.code}/",
        "ville": Ville.current(),
    }
    letter = "maisons/courriels/invitation"
    post(
        f"invitation:{invitation.pk}:{bytes(invitation.empreinte).hex()[:16]}",
        courriel=invitation.courriel,
        objet=f"{TITRE} : {invitation.maison}",
        texte=render_to_string(f"{letter}.txt", context),
        html=render_to_string(f"{letter}.html", context),
        secrets=[invitation.code],
        repondre_a=invitation.maison.courriel,
        expire_le=invitation.expire_le,
    )
