"""What codes open: an invitation to act for an association."""

from associations.models import InvitationMembre
from maisons.acces import InvitationAccess


class MembreAccess(InvitationAccess):
    model = InvitationMembre
