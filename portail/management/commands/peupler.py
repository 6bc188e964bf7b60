import time

from django.core.management.base import BaseCommand, CommandError

from comptes.models import Compte
from maisons.models import Maison
from notifications.balayage import sweep
from portail.rivemont.territoire import VILLE
from portail.rivemont.vie import populate, totals
from portail.volume.forme import HOUSES, PER_WEEK, ROOMS
from portail.volume.remplissage import fill
from quartiers.models import Ville


class Command(BaseCommand):
    help = (
        "Remplit la base avec Rivemont, la ville de démonstration, ou prolonge son année de vie "
        "jusqu’à six mois après aujourd’hui. Avec --creneaux, remplit une base vide d’une grande "
        f"ville inventée : {HOUSES} maisons de {ROOMS} salles, environ {PER_WEEK} créneaux par "
        "semaine dont un tiers publics, sur autant de semaines passées et à venir "
        "qu’il en faut pour atteindre le nombre demandé."
    )

    def add_arguments(self, parser):
        parser.add_argument("--creneaux", type=int, help="combien de créneaux fabriquer")
        parser.add_argument(
            "--graine", type=int, default=1, help="la même graine donne le même jeu, le même jour"
        )

    def handle(self, **options):
        ville = self.check_target()
        if options["creneaux"] is not None:
            self.make_volume(options["creneaux"], options["graine"])
        elif ville and ville.nom != VILLE["nom"]:
            self.stdout.write(
                f"Cette base tient déjà la ville inventée de {ville} : rien à ajouter."
            )
        else:
            self.make_rivemont()

    def check_target(self):
        """Accounts with a known password never enter a real city's database."""
        ville = Ville.objects.first()
        if ville is None and not Maison.objects.exists() and not Compte.objects.exists():
            return None
        if ville is None or not ville.demonstration:
            name = f"la ville « {ville} »" if ville else "des comptes ou des maisons"
            raise CommandError(
                f"Cette base contient déjà {name}, sans être marquée comme une démonstration : "
                "rien n’a été changé. « peupler » ne remplit qu’une base vide ou une ville de "
                "démonstration."
            )
        return ville

    def make_rivemont(self):
        begun = time.monotonic()
        added = populate()
        sweep()  # the reminders that are due today
        self.report("Rivemont", totals())
        self.report("Ajouté", added)
        self.stdout.write(f"En {time.monotonic() - begun:.1f} s.")

    def make_volume(self, total, seed):
        if total < 1:
            raise CommandError("Donnez un nombre de créneaux, par exemple --creneaux 100000.")
        if Ville.objects.exists() or Maison.objects.exists():
            raise CommandError(
                "Cette base contient déjà une ville et ses maisons : --creneaux fabrique les "
                "siennes et demande une base vide. Créez-en une autre, puis « migrate »."
            )
        elapsed = fill(total, seed, self.stdout.write)
        self.stdout.write(f"{total} créneaux en {elapsed:.0f} s, tables analysées.")

    def report(self, title, counts):
        told = ", ".join(f"{number} {name}" for name, number in counts.items())
        self.stdout.write(f"{title} : {told}.")
