"""What codes open: an invitation to prepare the meetings of a council."""

from conseils.models import InvitationSecretariat
from maisons.acces import InvitationAccess


class SecretariatAccess(InvitationAccess):
    model = InvitationSecretariat
