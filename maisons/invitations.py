"""Inviting somebody to a mandate, of any kind: the letter, sent again, taken back."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from notifications.envoi import post
from quartiers.models import Ville


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
    rows = type(invitation).objects.select_for_update(of=("self",))
    invitation.refresh_from_db(from_queryset=rows)


def send(invitation):
    invitation.renew()
    place = invitation.place
    context = {
        "invitation": invitation,
        "lieu": place,
        "titre": invitation.TITLE,
        "lien": f"{settings.SITE_URL}/code/{invitation.code}/",
        "ville": Ville.current(),
    }
    post(
        f"invitation:{invitation.pk}:{bytes(invitation.empreinte).hex()[:16]}",
        courriel=invitation.courriel,
        objet=f"{invitation.TITLE} : {place}",
        texte=render_to_string(f"{invitation.LETTER}.txt", context),
        html=render_to_string(f"{invitation.LETTER}.html", context),
        secrets=[invitation.code],
        repondre_a=getattr(place, "courriel", ""),
        expire_le=invitation.expire_le,
    )
