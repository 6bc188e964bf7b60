from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portail.importation.deroulement import run
from portail.importation.rapport import Refus


class Command(BaseCommand):
    help = "Importe une ville depuis ses fichiers publiés, selon un profil (docs/importer.md)."

    def add_arguments(self, parser):
        parser.add_argument("profil", type=Path, help="le profil, un fichier .toml")
        parser.add_argument("--dossier", type=Path, help="où sont les fichiers ; sinon, avec lui")
        parser.add_argument("--essai", action="store_true", help="tout vérifier, ne rien garder")
        parser.add_argument(
            "--remplacer-demonstration",
            action="store_true",
            help="effacer d’abord la ville de démonstration",
        )

    def handle(self, *args, profil, dossier, essai, remplacer_demonstration, **options):
        folder = dossier or profil.parent
        try:
            report = run(profil, folder, essai=essai, remplacer=remplacer_demonstration)
        except Refus as refus:
            raise CommandError(refus) from None
        self.stdout.write("\n".join(report))
