"""One import from end to end: everything is read and checked, then written in one transaction."""

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from portail.importation.associations import EcrivainAssociations
from portail.importation.champs import read_all
from portail.importation.controle import read_profile
from portail.importation.evenements import EcrivainEvenements
from portail.importation.maisons import EcrivainMaisons
from portail.importation.quartiers import EcrivainQuartiers, EcrivainSousQuartiers
from portail.importation.rapport import Bilan, Refus
from portail.importation.territoire import Territoire
from portail.importation.ville import write_city

KINDS = {  # in the order in which they need one another
    "quartiers": ("Quartiers", EcrivainQuartiers),
    "sous_quartiers": ("Sous-quartiers", EcrivainSousQuartiers),
    "maisons": ("Maisons", EcrivainMaisons),
    "associations": ("Associations", EcrivainAssociations),
    "evenements": ("Événements", EcrivainEvenements),
}


def run(profile_path, folder, essai=False, remplacer=False):
    """
    Import what a profile describes; returns the lines of the report.

    Raises Refus, with nothing written: a bad profile, a file that does not fit it, another city's
    database. With `essai`, everything is tried and nothing kept.
    """
    profil = read_profile(profile_path)
    lots = read_all(profil.fichiers, folder)
    try:
        with transaction.atomic():
            lines = write(profil, lots, remplacer)
            transaction.set_rollback(essai)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Refus("La base est occupée, rien n’est importé : recommencez.") from error
        raise
    return lines + ["Essai : rien n’est enregistré."] * essai


def write(profil, lots, remplacer):
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE quartiers_ville IN SHARE ROW EXCLUSIVE MODE")  # one at a time
    lines = write_city(profil.ville, remplacer)
    territoire = Territoire()
    for kind, (title, ecrivain) in KINDS.items():
        for lot in lots:
            if lot.fichier.contient == kind:
                bilan = Bilan(f"{title}, {lot.table.nom} ({lot.table.forme})", lot.table.unite)
                ecrivain(lot, bilan, profil.prefixe, territoire).run()
                lines += bilan.lines()
    return lines
