"""A member ends the convocations by e-mail: each letter has a link, its page has one button."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from conseils import secretaires
from conseils.models import Conseil
from notifications.adresses import digest

PURPOSE = "conseils.convocations"
SIGNER = Signer(salt=PURPOSE)
USEFUL = timedelta(days=7)


def sign(conseil_pk, courriel):
    """What ends the convocations of one council at one address, whose letters it is in."""
    return SIGNER.sign(f"{conseil_pk}:{digest(courriel, PURPOSE)}")


def stop_address(token):
    return settings.SITE_URL + reverse("conseils:convocations", args=[token])


def known(token):
    """
    (the council, its members at the address of a token); None, for a token that is not ours.

    Without members: it is done, or the council has another address of theirs now.
    """
    try:
        pk, _, mark = SIGNER.unsign(token).partition(":")
        conseil = Conseil.objects.get(pk=int(pk))
    except (BadSignature, ValueError, Conseil.DoesNotExist):
        return None
    rows = conseil.conseillers.exclude(courriel="")
    marked = [(digest(row.courriel, PURPOSE), row) for row in rows]
    return conseil, [row for found, row in marked if constant_time_compare(found, mark)]


@transaction.atomic
def stop(conseil, members):
    """Erase their address, and tell who convenes them: a convocation is owed to them otherwise."""
    page = reverse("admin:conseils_conseil_change", args=[conseil.pk])
    for member in members:
        courriel, member.courriel = member.courriel, ""
        member.save()
        context = {
            "titre": "Un membre ne veut plus de convocation par e-mail",
            "conseil": conseil,
            "membre": member,
            "maison": None,
            "lien": f"{settings.SITE_URL}{page}",
        }
        day = timezone.localdate()
        cle = f"convocations:{member.pk}:{digest(courriel, PURPOSE)[:8]}:{day}"
        objet = f"Convoquer autrement : {member.nom}, {conseil}"
        until = timezone.now() + USEFUL
        secretaires.tell(conseil, cle, objet, "conseils/courriels/arret", context, until)
