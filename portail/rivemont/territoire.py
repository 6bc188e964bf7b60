"""The city and its quartiers, drawn on a plan of 520 × 390 units with y downwards."""

import math
import re

from django.utils.text import slugify

from quartiers.models import Quartier, SousQuartier, Ville

CENTRE = (2.412, 43.871)  # longitude, latitude of the middle of the plan: nowhere in particular
UNIT = 10.5  # metres: the city is about 5 km wide
DEGREE = 111_320  # metres in a degree of latitude

VILLE = {
    "nom": "Rivemont",
    "zone_scolaire": "C",
    "telephone": "04 65 71 00 00",
    "horaires": "du lundi au vendredi, de 9 h à 18 h",
    "courriel": "maisons@rivemont.example",
    "adresse": "Hôtel de ville, 1 place de la République, Rivemont",
    "directeur_publication": "la ou le maire de Rivemont",
    "hebergeur": "Service informatique de la ville de Rivemont, 3 rue des Archives, Rivemont",
    "delegue_donnees": "Protection des données, hôtel de ville, donnees@rivemont.example",
}

# slug: (name, code, outline on the plan, sentence, story, sous-quartiers)
QUARTIERS = {
    "les-hauts": (
        "Les Hauts",
        "R1",
        "M38 48 L92 26 L150 34 L196 18 L214 92 L206 150 L158 172 L112 168 L70 182 L26 158 L20 96Z",
        "Des immeubles dans les pins, un grand parc et la plus belle vue sur la ville.",
        "Avant 1964, on ne montait ici que pour ramasser les pommes de pin. La ville y a construit "
        "en six ans 1 900 logements, deux écoles et une route en lacets que tout le monde appelle "
        "« le serpent ».\n\n"
        "Les premières familles se souviennent de la boue, puis des fêtes au pied des tours. Le "
        "parc du Belvédère a été dessiné avec elles en 1987. Aujourd’hui, 9 800 personnes de "
        "trente nationalités vivent aux Hauts, et le funiculaire promis revient à chaque élection.",
        ["Belvédère", "La Pinède", "Les Terrasses"],
    ),
    "gare": (
        "Gare",
        "R2",
        "M196 18 L258 24 L312 12 L364 40 L372 96 L368 142 L300 150 L206 150 L214 92Z",
        "Le quartier des cheminots, de la halle aux grains et des trains du matin.",
        "Le train est arrivé à Rivemont en 1858, et avec lui les ateliers, les cafés et les "
        "petites maisons de brique alignées le long des voies. Jusqu’à 1 200 personnes "
        "réparaient ici les locomotives.\n\n"
        "Les ateliers ont fermé en 1983. La halle aux grains est devenue un marché couvert, le "
        "foyer des apprentis une maison de quartier. Entre les deux, les étudiants ont pris la "
        "place des mécaniciens, et le sifflet de midi sonne encore le premier samedi du mois.",
        ["Les Ateliers", "Halle aux grains"],
    ),
    "saint-roch": (
        "Saint-Roch",
        "R3",
        "M364 40 L420 46 L476 78 L498 128 L484 196 L438 206 L376 190 L368 142 L372 96Z",
        "Un ancien village, sa place à platanes et ses ruelles en pente.",
        "Saint-Roch était une commune jusqu’en 1921. On y cultivait la vigne et le safran ; il en "
        "reste un pressoir, des murs de pierre sèche et une fierté intacte : on « descend à "
        "Rivemont » pour aller en ville.\n\n"
        "La place a gardé ses platanes grâce à une pétition de 1974. Chaque été, le bal s’y tient "
        "sous les lampions, et l’école bilingue attire des familles de toute la ville.",
        ["Le Pressoir", "Haut-Village"],
    ),
    "centre-ancien": (
        "Centre ancien",
        "R4",
        "M206 150 L300 150 L368 142 L376 190 L360 238 L286 252 L212 250 L198 204Z",
        "Le cœur de la ville : le vieux pont, la bibliothèque, les marchés et les ruelles.",
        "Tout a commencé par un gué, puis par un pont de bois, puis par le pont de pierre de 1346 "
        "que l’on traverse toujours à pied. Autour, les rues portent le nom des métiers : des "
        "Tanneurs, des Potiers, de la Corderie.\n\n"
        "Vidé de ses habitants dans les années 1970, le centre se repeuple depuis la "
        "réhabilitation de 240 logements. La maison du Vieux-Pont, ancien relais de poste, est la "
        "doyenne des huit maisons de la ville.",
        ["Les Tanneurs", "La Corderie", "Saint-Nicolas"],
    ),
    "les-rives": (
        "Les Rives",
        "R5",
        "M70 182 L112 168 L158 172 L206 150 L198 204 L212 250 L176 286 L118 300 L52 282 L30 230Z",
        "Entre le canal et la place du Marché, un quartier d’eau, de jardins et d’ateliers.",
        "Jusqu’en 1962, on lavait le linge ici, les pieds dans le canal. Les lavoirs sont devenus "
        "la maison du quartier en 1998, après deux ans de chantier mené avec les habitants.\n\n"
        "7 400 personnes vivent aux Rives. La place du Marché va changer : une opération de "
        "renouvellement y rénove 46 logements, refait la place et agrandit l’école.",
        ["Le Canal", "Place du Marché", "Les Lavandières"],
    ),
    "plaine": (
        "Plaine",
        "R6",
        "M212 250 L286 252 L360 238 L376 190 L438 206 L484 196 L492 262 L470 330 L400 372 L300 378 "
        "L214 366 L168 332 L176 286Z",
        "Des vergers, des lotissements et le plus jeune des quartiers de Rivemont.",
        "La plaine nourrissait la ville : pêches, cerises, artichauts. Les premiers lotissements "
        "datent de 1978, les derniers de l’an passé, et l’on négocie encore pour garder trois "
        "vergers debout.\n\n"
        "Un habitant sur trois a moins de vingt ans. Deux maisons de quartier s’y répondent : le "
        "Grand-Pré au bord du stade, les Vergers au milieu des jardins partagés.",
        ["Grand-Pré", "Les Vergers", "Bord de Rive"],
    ),
}


def lonlat(x, y):
    """A point of the plan in degrees (WGS 84), as an equirectangular map shows it again."""
    lon, lat = CENTRE
    parallel = DEGREE * math.cos(math.radians(lat))
    return [
        round(lon + (x - 260) * UNIT / parallel, 6),
        round(lat - (y - 195) * UNIT / DEGREE, 6),
    ]


def ring(path):
    """The closed ring of a path of the plan."""
    numbers = [int(number) for number in re.findall(r"\d+", path)]
    points = [lonlat(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    return [*points, points[0]]


def create_territory():
    """The city and its quartiers, by slug; what is there already stays as it is."""
    Ville.objects.get_or_create(pk=1, defaults=VILLE | {"demonstration": True})
    for slug, (nom, code, path, chapeau, story, parts) in QUARTIERS.items():
        quartier, _ = Quartier.objects.get_or_create(
            slug=slug,
            defaults={
                "nom": nom,
                "code": code,
                "chapeau": chapeau,
                "presentation": story,
                "contour": [ring(path)],
            },
        )
        for part in parts:
            SousQuartier.objects.get_or_create(
                quartier=quartier, nom=part, defaults={"slug": slugify(part)}
            )
    return {quartier.slug: quartier for quartier in Quartier.objects.all()}
