"""What codes open: an invitation to hold a permanence."""

from maisons.acces import InvitationAccess
from permanences.models import InvitationIntervenant


class IntervenantAccess(InvitationAccess):
    model = InvitationIntervenant
