from conseils.models.compte_rendu import CompteRendu, Presence
from conseils.models.conseil import Conseil, Conseiller, Reglement, Secretariat
from conseils.models.invitation import InvitationSecretariat
from conseils.models.piece import Piece, PieceAncienne
from conseils.models.point import Point, total
from conseils.models.rectificatif import Rectificatif
from conseils.models.reunion import ONLINE, PUBLISHED, Reunion
from conseils.models.venue import Venue

__all__ = [
    "ONLINE",
    "PUBLISHED",
    "CompteRendu",
    "Conseil",
    "Conseiller",
    "InvitationSecretariat",
    "Piece",
    "PieceAncienne",
    "Point",
    "Presence",
    "Rectificatif",
    "Reglement",
    "Reunion",
    "Secretariat",
    "Venue",
    "total",
]
