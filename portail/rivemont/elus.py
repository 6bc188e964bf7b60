"""The elected of Rivemont, two for each quartier."""

from datetime import date

from quartiers.models import Elu

SINCE = date(2020, 7, 4)
# (name, office, delegation, quartier)
ELECTED = [
    ("Claire Montagné", "maire", "", "centre-ancien"),
    ("Paul Ferrand", "adjoint à l’urbanisme", "urbanisme et renouvellement", "les-rives"),
    ("Anne Courtois", "adjointe au commerce", "commerce et marchés", "centre-ancien"),
    ("Rachid Benamar", "adjoint à la jeunesse", "écoles, jeunesse et sport", "les-hauts"),
    ("Sylvie Delmas", "adjointe aux solidarités", "solidarités et santé", "gare"),
    ("Thomas Vidal", "adjoint aux mobilités", "mobilités et voirie", "saint-roch"),
    ("Fatou Ndiaye", "adjointe à la culture", "culture et fêtes", "les-rives"),
    ("Bernard Costes", "adjoint aux finances", "budget et budget participatif", "plaine"),
    ("Mai Lan Pham", "conseillère municipale déléguée", "parcs et jardins", "plaine"),
    ("Julien Roques", "conseiller municipal délégué", "vie associative", "les-hauts"),
    ("Nadia Ferhat", "conseillère municipale", "", "gare"),
    ("Étienne Lagarde", "conseiller municipal", "", "saint-roch"),
]


def create_elected(quartiers):
    """Those who are missing; what is there already stays as it is."""
    for nom, fonction, delegation, slug in ELECTED:
        held = {"fonction": fonction, "delegation": delegation, "debut": SINCE}
        Elu.objects.get_or_create(nom=nom, defaults=held | {"quartier": quartiers[slug]})
