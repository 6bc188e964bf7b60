"""The forty rooms of Rivemont: five in each house."""

from datetime import timedelta

from django.utils.text import slugify

from maisons.models import Salle

FREE = "Gratuit"
PARTY = "Gratuit pour les habitants, 60 € pour les autres"

# What a kind of room has in common; hours for `preavis` and `duree_max`, minutes for `battement`.
LARGE = {"battement": 30, "preavis": 72, "duree_max": 10, "horizon": 180, "tarif": PARTY}
MIDDLE = {"battement": 15, "preavis": 24, "duree_max": 5}
SMALL = {"battement": 15, "preavis": 2, "duree_max": 4, "avec_accord": False}
DESK = {"battement": 0, "preavis": 1, "duree_max": 3, "avec_accord": False}
HALL = {"partagee": True, "battement": 0, "preavis": 2, "duree_max": 3, "avec_accord": False}
STAFF = {"battement": 30, "reservable": False}

# house: [(name, places, m², equipment, kind, the room it is a part of), …], the whole before parts
SALLES = {
    "olympe-de-gouges": [
        ("Grande salle", 90, 110, "scène basse, sonorisation, vidéoprojecteur", LARGE, None),
        ("Salle des petits", 20, 34, "tapis, jouets, table à langer", MIDDLE, None),
        ("Cuisine du monde", 14, 30, "quatre plans de travail, deux fours", MIDDLE, None),
        ("Atelier", 16, 32, "évier, tables hautes", SMALL, None),
        ("Bureau", 6, 12, "téléphone, imprimante", DESK, None),
    ],
    "simone-veil": [
        ("Grande salle", 160, 190, "gradins repliables, régie, boucle magnétique", LARGE, None),
        ("Côté rue", 80, 95, "vidéoprojecteur, boucle magnétique", MIDDLE, "Grande salle"),
        ("Côté jardin", 70, 90, "évier, tables pliantes", MIDDLE, "Grande salle"),
        ("Espace numérique", 14, 30, "douze ordinateurs, imprimante", STAFF, None),
        ("Salle de réunion", 18, 28, "écran, tableau blanc", SMALL, None),
    ],
    "cheminots": [
        ("Salle des fêtes", 180, 220, "parquet, balcon, scène, bar", LARGE, None),
        ("Hall des apprentis", 40, 70, "tables, bouilloire, journaux", HALL, None),
        ("Salle de réunion", 20, 30, "écran, tableau blanc", SMALL, None),
        ("Atelier bois", 12, 45, "établis, outils à main, aspiration", MIDDLE, None),
        ("Studio de musique", 10, 24, "batterie, deux amplis, micros", MIDDLE, None),
    ],
    "vieux-pont": [
        ("Grande salle", 100, 120, "vidéoprojecteur, piano, boucle magnétique", LARGE, None),
        ("Côté cour", 50, 62, "vidéoprojecteur, boucle magnétique", MIDDLE, "Grande salle"),
        ("Côté pont", 45, 58, "piano", MIDDLE, "Grande salle"),
        ("Salle voûtée", 35, 48, "cheminée, bonne acoustique", MIDDLE, None),
        ("Hall du relais", 30, 60, "fauteuils, journaux, café", HALL, None),
    ],
    "lavoirs": [
        ("Grande salle", 120, 140, "scène, vidéoprojecteur", LARGE, None),
        ("Salle du lavoir", 40, 52, "cuisine équipée", MIDDLE, None),
        ("Salle de danse", 25, 60, "parquet, miroirs", MIDDLE, None),
        ("Atelier", 15, 28, "évier, établis", SMALL, None),
        ("Bureau des associations", 8, 14, "armoires, imprimante", DESK, None),
    ],
    "saint-roch": [
        ("Préau vitré", 70, 95, "sonorisation, tables et bancs", LARGE, None),
        ("Salle de danse", 30, 56, "parquet, barres, miroirs", MIDDLE, None),
        ("Salle de l’étage", 24, 40, "tableau noir d’époque, écran", SMALL, None),
        ("Bibliothèque", 18, 36, "trois mille livres, coin lecture", STAFF, None),
        ("Bureau", 6, 11, "téléphone", DESK, None),
    ],
    "grand-pre": [
        ("Grande salle", 200, 240, "scène, régie, cuisine traiteur", LARGE, None),
        ("Moitié nord", 100, 120, "scène", MIDDLE, "Grande salle"),
        ("Moitié sud", 90, 115, "cuisine traiteur", MIDDLE, "Grande salle"),
        ("Salle de sport", 40, 120, "tapis, espaliers, vestiaires", MIDDLE, None),
        ("Jardin d’hiver", 35, 80, "bancs, plantes, distributeur d’eau", HALL, None),
    ],
    "vergers": [
        ("Grande salle", 80, 100, "terrasse, vidéoprojecteur", LARGE, None),
        ("Salle de jeux", 25, 38, "six cents jeux, tables rondes", MIDDLE, None),
        ("Cuisine partagée", 16, 34, "fourneaux, stérilisateur, congélateur", MIDDLE, None),
        ("Atelier jardin", 15, 40, "rempotage, outils, graines", SMALL, None),
        ("Bureau", 8, 13, "imprimante", DESK, None),
    ],
}
UPSTAIRS = {"Salle de l’étage", "Studio de musique"}


def create_rooms(houses):
    """The rooms, by house and room: {"lavoirs/grande-salle": room}."""
    rooms = {}
    for key, lines in SALLES.items():
        wholes = {}
        for nom, capacite, surface, equipements, kind, whole in lines:
            room, _ = Salle.objects.get_or_create(
                maison=houses[key],
                slug=slugify(nom.replace("’", "-")),
                defaults=rules(kind)
                | {
                    "nom": nom,
                    "capacite": capacite,
                    "surface": surface,
                    "equipements": equipements,
                    "partie_de": wholes.get(whole),
                    "plain_pied": nom not in UPSTAIRS and key != "cheminots",
                },
            )
            wholes[nom] = rooms[f"{key}/{room.slug}"] = room
    return rooms


def rules(kind):
    """The columns of a kind of room, its minutes and hours as durations."""
    lengths = {
        "battement": timedelta(minutes=kind["battement"]),
        "preavis": timedelta(hours=kind.get("preavis", 2)),
        "duree_max": timedelta(hours=kind.get("duree_max", 4)),
    }
    return kind | lengths
