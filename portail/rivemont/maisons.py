"""The eight houses of Rivemont, with their opening hours."""

from datetime import time

from django.utils.text import slugify

from maisons.models import Horaire, Maison
from portail.rivemont.territoire import lonlat

# Days as 0 (Monday) to 6: [(days, [(opens, closes), …]), …]
NOON = [("01234", ["9-12:30", "14-20"]), ("5", ["9-12:30", "14-18"])]
LATE = [("01234", ["9-22"]), ("5", ["9-23"]), ("6", ["10-18"])]

# slug: columns, place on the plan, hours
MAISONS = {
    "olympe-de-gouges": (
        {
            "nom": "Maison Olympe-de-Gouges",
            "chapeau": "La maison des Hauts, au bord du parc du Belvédère.",
            "adresse": "4 allée du Belvédère",
            "telephone": "04 65 71 00 12",
            "acces": "Bus : lignes 3 et 7, arrêt Belvédère, 80 m\nVélo : 16 places couvertes\n"
            "Voiture : parking du Belvédère, 3 places réservées\nEntrée : rampe à gauche du perron",
            "plain_pied": True,
            "presentation": "Ouverte en 1989, agrandie en 2017. Un grand hall vitré, une cuisine "
            "où l’on parle dix langues, et la seule salle de la ville d’où l’on voit la mer "
            "certains matins d’hiver.",
        },
        ("les-hauts", "Belvédère", 84, 108),
        [("0124", ["9-12:30", "13:30-20"]), ("3", ["13:30-20"]), ("5", ["10-18"])],
    ),
    "simone-veil": (
        {
            "nom": "Maison Simone-Veil",
            "chapeau": "Face à la gare, la maison la plus proche de tous les trains.",
            "adresse": "27 avenue de la Gare",
            "telephone": "04 65 71 00 13",
            "acces": "Tram : lignes A et B, arrêt Gare, 100 m\nTrain : gare de Rivemont, 150 m\n"
            "Vélo : garage fermé, badge à l’accueil\nEntrée : de plain-pied, porte automatique",
            "plain_pied": True,
            "presentation": "La plus récente des huit maisons (2021). Sa grande salle se coupe en "
            "deux, son espace numérique ouvre tous les jours.",
        },
        ("gare", "Halle aux grains", 252, 112),
        LATE,
    ),
    "cheminots": (
        {
            "nom": "Maison des Cheminots",
            "chapeau": "L’ancien foyer des apprentis, sa salle des fêtes et son studio.",
            "adresse": "8 rue des Ateliers",
            "telephone": "04 65 71 00 14",
            "acces": "Tram : ligne A, arrêt Ateliers, 250 m\nVélo : 10 places dans la cour\n"
            "Voiture : parking de la rue des Ateliers\n"
            "Entrée : trois marches, sonnez pour la rampe",
            "plain_pied": False,
            "presentation": "Bâtie en 1911 par les cheminots eux-mêmes. La salle des fêtes a gardé "
            "son parquet et son balcon ; le studio de musique a pris la place de la chaufferie.",
        },
        ("gare", "Les Ateliers", 334, 100),
        [("0", ["14-21"]), ("1234", ["10-13", "14-22"]), ("5", ["10-23"]), ("6", ["10-19"])],
    ),
    "vieux-pont": (
        {
            "nom": "Maison du Vieux-Pont",
            "chapeau": "La doyenne des maisons, dans un relais de poste au pied du pont.",
            "adresse": "1 place du Pont",
            "telephone": "04 65 71 00 15",
            "acces": "Tram : ligne B, arrêt Vieux-Pont, 200 m\nÀ pied : zone piétonne\n"
            "Vélo : 24 places place du Pont\nEntrée : de plain-pied par la cour",
            "plain_pied": True,
            "presentation": "Autour de sa cour pavée, une grande salle que l’on partage en deux, "
            "une salle voûtée du XIVᵉ siècle et un hall où l’on vient lire le journal.",
        },
        ("centre-ancien", "Saint-Nicolas", 256, 220),
        [("01234", ["9-21"]), ("5", ["9-22:30"]), ("6", ["10-18"])],
    ),
    "lavoirs": (
        {
            "nom": "Maison des Lavoirs",
            "chapeau": "La maison du quartier des Rives, dans les anciens lavoirs du canal.",
            "adresse": "12 quai des Lavandières",
            "telephone": "04 65 71 00 11",
            "acces": "Tram : ligne B, arrêt Lavandières, 150 m\nVélo : 20 places devant l’entrée\n"
            "Voiture : parking du Marché, 2 places réservées\n"
            "Entrée : de plain-pied, porte automatique\n"
            "Sur place : toilettes adaptées, boucle magnétique, table à langer",
            "plain_pied": True,
            "presentation": "La ville et deux associations gèrent la maison ensemble. Les bassins "
            "sont devenus une grande salle, le séchoir un atelier ; l’horloge retarde toujours.",
        },
        ("les-rives", "Les Lavandières", 118, 262),
        [("0", ["14-19"]), ("1234", ["9-19"]), ("5", ["10-18"])],
    ),
    "saint-roch": (
        {
            "nom": "Maison Saint-Roch",
            "chapeau": "Sur la place aux platanes, l’ancienne école devenue maison de tous.",
            "adresse": "2 place des Platanes",
            "telephone": "04 65 71 00 16",
            "acces": "Bus : ligne 5, arrêt Saint-Roch, devant la maison\nVélo : 8 places\n"
            "Voiture : parking de l’église\n"
            "Entrée : de plain-pied ; étage par l’escalier seulement",
            "plain_pied": True,
            "presentation": "Deux classes, un préau vitré et une bibliothèque tenue par des "
            "bénévoles. Fermée à midi, comme tout le village.",
        },
        ("saint-roch", "Haut-Village", 424, 158),
        NOON,
    ),
    "grand-pre": (
        {
            "nom": "Maison du Grand-Pré",
            "chapeau": "Au bord du stade, la plus grande des maisons de Rivemont.",
            "adresse": "60 avenue du Stade",
            "telephone": "04 65 71 00 17",
            "acces": "Bus : lignes 2 et 5, arrêt Grand-Pré, 50 m\nVélo : 40 places\n"
            "Voiture : parking du stade, 6 places réservées\nEntrée : de plain-pied",
            "plain_pied": True,
            "presentation": "Une grande salle en deux moitiés, une salle de sport et un jardin "
            "d’hiver ouvert à qui veut s’asseoir.",
        },
        ("plaine", "Grand-Pré", 252, 338),
        LATE,
    ),
    "vergers": (
        {
            "nom": "Maison des Vergers",
            "chapeau": "Une maison de bois au milieu des jardins partagés.",
            "adresse": "15 chemin des Pêchers",
            "telephone": "04 65 71 00 18",
            "acces": "Bus : ligne 2, arrêt Vergers, 300 m\nVélo : 12 places\n"
            "Voiture : places le long du chemin\nEntrée : de plain-pied",
            "plain_pied": True,
            "presentation": "Construite avec les habitants en 2014, elle sent la confiture en été "
            "et la soupe en hiver. Quarante parcelles de jardin l’entourent.",
            "reservations_max": 3,
        },
        ("plaine", "Les Vergers", 376, 334),
        [("12", ["9-12", "13:30-19"]), ("34", ["13:30-20"]), ("5", ["9:30-20"]), ("6", ["10-13"])],
    ),
}


def clock(text):
    """« 9 » or « 13:30 » as a time."""
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


def create_houses(quartiers):
    """The houses, by key."""
    houses = {}
    for key, (columns, (quartier, part, x, y), opening) in MAISONS.items():
        home = quartiers[quartier]
        longitude, latitude = lonlat(x, y)
        houses[key], created = Maison.objects.get_or_create(
            reference=f"rivemont:{key}",
            defaults=columns
            | {
                "slug": slugify(columns["nom"]),
                "quartier": home,
                "sous_quartier": home.sous_quartiers.get(nom=part),
                "courriel": f"{key}@rivemont.example",
                "longitude": longitude,
                "latitude": latitude,
            },
        )
        if created:
            create_hours(houses[key], opening)
    return houses


def create_hours(house, opening):
    Horaire.objects.bulk_create(
        Horaire(maison=house, jour=int(day), ouvre=clock(opens), ferme=clock(closes))
        for days, spans in opening
        for day in days
        for opens, closes in (span.split("-") for span in spans)
    )
