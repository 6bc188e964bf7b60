"""Plausible French by the thousand: what an event is called, from a theme and a complement."""

from maisons.models import Public, Theme

# theme: (what, audiences, youngest, oldest)
ATELIERS = {
    Theme.CULTURE: [
        ("Concert de chambre", ["adultes", "aines"], None, None),
        ("Atelier d’écriture", ["adultes", "ados"], 14, None),
        ("Théâtre amateur", ["adultes", "familles"], 8, None),
        ("Exposition de photographies", list(Public.values), None, None),
        ("Ciné-club", ["adultes", "ados"], 12, None),
        ("Bal folk", list(Public.values), None, None),
    ],
    Theme.SPORT: [
        ("Gym douce", ["aines"], 60, None),
        ("Tournoi de ping-pong", ["ados", "adultes"], 12, None),
        ("Marche nordique", ["adultes", "aines"], None, None),
        ("Initiation au judo", ["enfants"], 6, 11),
        ("Danse en famille", ["familles", "enfants"], 4, None),
    ],
    Theme.ENFANCE: [
        ("Éveil musical", ["enfants"], 3, 5),
        ("Heure du conte", ["enfants", "familles"], 4, 10),
        ("Café des parents", ["familles", "adultes"], None, None),
        ("Ludothèque ouverte", ["enfants", "familles"], 3, None),
        ("Aide aux devoirs", ["enfants", "ados"], 6, 15),
    ],
    Theme.DROITS: [
        ("Réunion d’information sur les retraites", ["aines"], None, None),
        ("Atelier : lire sa facture d’énergie", ["adultes"], None, None),
        ("Vos droits de locataire", ["adultes"], None, None),
    ],
    Theme.SANTE: [
        ("Atelier mémoire", ["aines"], 60, None),
        ("Café des aidants", ["adultes", "aines"], None, None),
        ("Premiers secours", ["adultes", "ados"], 15, None),
    ],
    Theme.NUMERIQUE: [
        ("Premiers pas avec un ordinateur", ["aines", "adultes"], None, None),
        ("Atelier robotique", ["enfants", "ados"], 9, 14),
        ("Trier ses photos", ["adultes", "aines"], None, None),
    ],
    Theme.NATURE: [
        ("Troc de graines", list(Public.values), None, None),
        ("Sortie ornithologique", ["familles", "adultes"], 7, None),
        ("Compost et paillage", ["adultes"], None, None),
    ],
    Theme.SOLIDARITE: [
        ("Repas partagé", list(Public.values), None, None),
        ("Atelier de réparation", list(Public.values), None, None),
        ("Collecte de vêtements", list(Public.values), None, None),
        ("Conversation en français", ["adultes"], 16, None),
    ],
    Theme.CITOYENNETE: [
        ("Comité d’usagers", ["adultes", "aines"], None, None),
        ("Réunion publique", list(Public.values), None, None),
        ("Budget de quartier", ["adultes", "ados"], None, None),
    ],
}
# What comes each week without an end: (name, sentence, theme, needs)
SERVICES = [
    ("Écrivain public", "On lit et on écrit avec vous.", Theme.DROITS, ["courrier", "droits"]),
    ("Point info droits", "Une juriste vous répond.", Theme.DROITS, ["droits"]),
    ("Conseil logement", "Bail, charges, travaux.", Theme.DROITS, ["logement"]),
    ("Aide en ligne", "On fait la démarche avec vous.", Theme.NUMERIQUE, ["numerique"]),
    ("Consultation infirmière", "Entrez, on vous reçoit.", Theme.SANTE, ["sante"]),
    ("Médiation entre voisins", "On aide à se parler.", Theme.CITOYENNETE, ["conflit"]),
    ("Rencontrer un élu", "Vingt minutes chacun.", Theme.CITOYENNETE, ["elu"]),
]
SUITES = [
    *["pour débuter", "du printemps", "en plein air", "entre voisins", "au fil de l’eau"],
    *["sans inscription", "toutes générations", "des quatre saisons", "autour d’un thé"],
    *["en musique", "à deux voix", "du monde", "de proximité", "en douceur", "à petits pas"],
    *["les grands classiques", "la suite", "portes ouvertes", "en chantier", "à la carte"],
]
ASSOCIATIONS = [
    *["Les Amis du parc", "Mémoire ouvrière", "La Roue libre", "Plein Air", "Seconde Vie"],
    *["Les Voix du fleuve", "Jardins en commun", "Pas de côté", "Les Liseurs", "Cap Numérique"],
    *["Main dans la main", "Les Curieux", "Rive gauche", "L’Atelier du coin", "Tous dehors"],
]
RESUMES = [
    "Un moment simple, animé par des bénévoles du quartier.",
    "Venez comme vous êtes : le matériel est prêté sur place.",
    "Une séance pour découvrir, une autre si cela vous plaît.",
    "Avec les habitants, par les habitants, et un goûter à la fin.",
    "On apprend, on échange, on repart avec une idée.",
]
TARIFS = ["2 €", "3 €, gratuit avant 16 ans", "5 €", "8 €, réduit 4 €", "Prix libre"]
LIEUX = ["Place du Marché", "Parc municipal", "Esplanade de la gare", "Stade", "Quai du port"]
QUARTIERS = [
    *["Bellevue", "Les Tanneries", "Port-Vieux", "La Citadelle", "Beauregard"],
    *["Saint-Éloi", "Les Marais", "Grand-Champ", "La Fonderie", "Mont-Fleury"],
]
MAISONS = [
    *["des Tilleuls", "du Phare", "des Ormes", "de l’Écluse", "du Moulin", "des Glycines"],
    *["de la Source", "du Beffroi", "des Arcades", "du Belvédère", "des Capucines", "du Lavoir"],
    *["de la Halle", "des Mouettes", "du Verger", "de la Tour", "des Marronniers", "du Passage"],
    *["de l’Horloge", "des Coteaux", "du Cloître", "des Saules", "de la Forge", "du Ruisseau"],
    *["des Remparts", "du Clos", "de la Garenne", "des Hirondelles", "du Manège", "des Sources"],
    *["de l’Octroi", "du Pré", "des Acacias", "de la Butte", "du Canal", "des Bleuets"],
    *["de la Corderie", "du Bocage", "des Genêts", "de la Plage"],
]
