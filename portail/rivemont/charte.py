"""The charter of Rivemont, who has signed it, who runs which house, who acts for whom."""

from datetime import date, timedelta

from django.db.models import Q

from associations.models import Adhesion, Association, Charte, Cogestion, MembreAssociation
from comptes.models import Compte
from portail.rivemont.comptes import ADMIN, ASSOCIATION, HABITANTS, address

YEAR = timedelta(days=365)
ENDING, ENDED = "Chorale gospel", "Bridge et tarot"  # in fifteen days, two months ago
MINE, HELPED = "Les Jardins de la Rive", "La Boîte à outils"
FIRST = """La ville de Rivemont et ses associations font vivre ensemble les maisons de quartier.

### L’association

- Elle accueille tout le monde, sans distinction.
- Elle tient ses comptes et le dit à ses membres.
- Elle est assurée pour ce qu’elle organise.
- Elle rend la salle propre, à l’heure.

### La ville

- Elle prête des salles, gratuitement, selon les heures de chacune.
- Elle aide à faire connaître les activités.
- Elle répond à une demande en moins de dix jours.
"""
SECOND = f"""{FIRST}
### Ensemble

- Une fois par an, chacun dit ce qu’il a fait, en public.
- Un désaccord se règle d’abord autour d’une table.
"""
CITY = "Ouvre l’accueil, paie l’énergie et le ménage."
# house: [(association, what it does there)]
RUN = {
    "olympe-de-gouges": [("Femmes des Hauts", "Tient le café du jeudi.")],
    "simone-veil": [("Clic et compagnie", "Ouvre l’espace numérique chaque après-midi.")],
    "cheminots": [("Fanfare du rail", "Programme le studio et la salle des fêtes.")],
    "vieux-pont": [
        ("Les Amis du beffroi", "Fait visiter la salle voûtée."),
        ("Ludothèque du Marché", "Prête les jeux du hall."),
    ],
    "lavoirs": [
        ("Les Jardins de la Rive", "Cultive la cour avec les habitants."),
        ("Chœur des Lavoirs", "Ouvre la maison le mardi soir."),
    ],
    "saint-roch": [("Les Ateliers de Roch", "Tient l’atelier de terre.")],
    "grand-pre": [("Amicale des retraités", "Prépare le repas du mercredi.")],
    "vergers": [("Les Ruches de la Plaine", "Soigne le verger et les ruches.")],
}


def add_charter(houses, today):
    """What is missing; what is there already stays as it is."""
    associations = {row.nom: row for row in Association.objects.all()}
    charter = publish_charter()
    add_adhesions(associations, charter, today)
    add_cogestions(associations, houses, today)
    add_members(associations)


def publish_charter():
    by = Compte.objects.get(courriel=ADMIN)
    if not Charte.objects.public().exists():
        for texte in (FIRST, SECOND):
            Charte.objects.create(texte=texte).publish(by=by)
    return Charte.objects.public()[0]


def add_adhesions(associations, charter, today):
    """A year each, begun week after week; three of them end for the demonstration."""
    there = Adhesion.objects.filter(Q(jusqu_au__gte=today) | Q(association__nom=ENDED))
    signed = set(there.values_list("association", flat=True))
    ends = {ENDING: today + timedelta(days=15), ENDED: today - timedelta(days=60)}
    ends[MINE] = today + timedelta(days=40)
    for rank, (nom, row) in enumerate(sorted(associations.items())):
        if row.pk in signed:
            continue
        until = ends.get(nom, today + timedelta(days=90 + 4 * rank))
        Adhesion.objects.create(
            association=row,
            charte=charter,
            signataire=HABITANTS[rank % len(HABITANTS)],
            qualite="présidence",
            signe_le=until - YEAR,
            jusqu_au=until,
            assurance_jusqu_au=until,
            engagement_le=until - YEAR if rank % 2 else None,
        )


def add_cogestions(associations, houses, today):
    known = set(Cogestion.objects.values_list("association__nom", "maison"))
    for slug, runners in RUN.items():
        for nom, does in runners:
            if (nom, houses[slug].pk) not in known:
                Cogestion.objects.create(
                    association=associations[nom],
                    maison=houses[slug],
                    depuis=date(2025, 3, 3),
                    engagements_ville=CITY,
                    engagements_association=does,
                    revue_le=date(today.year + 1, 3, 3),
                )


def add_members(associations):
    """`association@` answers for one and helps in another; somebody else answers for that one."""
    role, since = MembreAssociation.Role, {"defaults": {"debut": date(2025, 9, 1)}}
    people = [
        (ASSOCIATION, MINE, role.RESPONSABLE),
        (ASSOCIATION, HELPED, role.ANIMATEUR),
        (address(HABITANTS[0]), HELPED, role.RESPONSABLE),
        (address(HABITANTS[1]), MINE, role.ANIMATEUR),
    ]
    for courriel, nom, given in people:
        compte = Compte.objects.get(courriel=courriel)
        MembreAssociation.objects.get_or_create(
            compte=compte, association=associations[nom], role=given, **since
        )
