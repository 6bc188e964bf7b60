"""
Everyday words and those that the houses write: each line says one thing in several ways.

Any of a line finds them all. Accents, capitals, plurals and little words (« des », « à ») do not
count; a word may be in several lines.
"""

import re
import unicodedata

LINES = [
    ["impôts", "fiscal", "fiscalité", "déclaration de revenus", "trésor public", "taxe"],
    ["papiers", "démarches", "administratif", "formalités", "accès aux droits", "droits"],
    ["carte d’identité", "passeport", "pièce d’identité", "état civil", "papiers"],
    ["titre de séjour", "carte de séjour", "régularisation", "préfecture", "papiers"],
    ["CAF", "allocations familiales", "allocation", "APL", "prime d’activité", "RSA"],
    ["aide sociale", "assistante sociale", "CCAS", "action sociale", "secours"],
    ["sécu", "sécurité sociale", "assurance maladie", "CPAM", "carte vitale", "Ameli"],
    ["chômage", "emploi", "France Travail", "Pôle emploi", "travail", "CV", "recherche d’emploi"],
    ["retraite", "pension", "CARSAT", "retraités"],
    ["avocat", "juriste", "juridique", "conseil juridique", "accès au droit", "conciliateur"],
    ["écrivain public", "aide à l’écriture", "courrier", "lettre administrative"],
    ["France Services", "maison France Services", "démarches", "guichet"],
    ["internet", "numérique", "informatique", "ordinateur", "en ligne", "wifi"],
    ["EPN", "espace public numérique", "cyberbase", "conseiller numérique", "numérique"],
    ["téléphone", "smartphone", "portable", "mobile", "tablette"],
    ["gym", "gymnastique", "fitness", "renforcement musculaire", "remise en forme"],
    ["muscu", "musculation", "renforcement musculaire"],
    ["yoga", "relaxation", "sophrologie", "méditation", "bien-être", "qi gong", "tai chi"],
    ["foot", "football", "ballon"],
    ["ping-pong", "tennis de table"],
    ["rando", "randonnée", "marche nordique", "balade", "promenade"],
    ["vélo", "bicyclette", "cyclisme"],
    ["dessin", "peinture", "arts plastiques", "aquarelle", "poterie", "céramique"],
    ["ciné", "cinéma", "film", "projection", "ciné-club"],
    ["expo", "exposition", "vernissage"],
    ["musique", "concert", "chant", "chorale", "chœur"],
    ["bal", "danse", "danser"],
    ["couture", "tricot", "broderie", "crochet"],
    ["bricolage", "réparation", "repair café", "réparer"],
    ["livres", "lecture", "bibliothèque", "médiathèque", "heure du conte", "conte"],
    ["jeux", "ludothèque", "jeux de société"],
    ["jardinage", "jardin", "jardin partagé", "compost", "potager", "plantes", "graines"],
    ["salle des fêtes", "salle polyvalente", "grande salle", "salle de réception"],
    ["anniversaire", "mariage", "fête", "réception"],
    ["location de salle", "louer une salle", "réserver une salle", "prêt de salle"],
    ["cuisine", "repas", "cuisiner", "goûter", "recette"],
    ["vidéoprojecteur", "projecteur", "rétroprojecteur", "vidéo"],
    ["sono", "sonorisation", "enceinte", "micro"],
    ["garde d’enfants", "crèche", "halte-garderie", "nounou", "assistante maternelle", "garderie"],
    ["bébé", "petite enfance", "tout-petits", "parents", "éveil"],
    ["devoirs", "aide aux devoirs", "soutien scolaire", "accompagnement à la scolarité"],
    ["centre de loisirs", "centre aéré", "accueil de loisirs", "vacances"],
    ["ados", "adolescents", "jeunes", "jeunesse"],
    ["seniors", "aînés", "personnes âgées", "troisième âge", "retraités", "anciens"],
    ["famille", "familles", "parents", "parentalité", "enfants"],
    ["handicap", "accessibilité", "PMR", "fauteuil roulant", "plain-pied"],
    ["santé", "médecin", "infirmière", "dépistage", "prévention", "vaccination"],
    ["psy", "psychologue", "écoute", "santé mentale", "point écoute"],
    ["français", "alphabétisation", "FLE", "cours de français", "conversation en français"],
    ["mairie", "hôtel de ville", "maire", "élus", "municipalité", "commune"],
    ["conseil de quartier", "réunion publique", "comité de quartier", "concertation"],
    ["travaux", "rénovation", "chantier", "urbanisme"],
    ["logement", "HLM", "bailleur", "locataire", "loyer", "logement social"],
    ["facture", "énergie", "électricité", "chauffage", "gaz"],
    ["vêtements", "fripes", "friperie", "vestiaire", "bourse aux vêtements"],
    ["vide-grenier", "brocante", "braderie", "troc", "bourse", "puces"],
    ["manger", "colis alimentaire", "épicerie solidaire", "banque alimentaire", "aide alimentaire"],
    ["bénévole", "bénévolat", "volontaire", "entraide", "coup de main"],
    ["asso", "association", "associatif"],
    ["tram", "tramway", "bus", "transport"],
    ["MPT", "maison pour tous", "maison de quartier", "centre social"],
]
LITTLE = {
    *["a", "au", "aux", "avec", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le"],
    *["les", "ou", "par", "pour", "sur", "un", "une"],
}
WORD = re.compile(r"\w+")


def plain(word):
    """A word without accents, capitals and the mark of a plural: « Impôts » is « impot »."""
    letters = unicodedata.normalize("NFKD", word.lower().replace("œ", "oe"))
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return bare[:-1] if len(bare) > 3 and bare[-1] in "sx" else bare


def key(words):
    """What two writings of one thing share: the plain words that count."""
    return tuple(bare for bare in map(plain, WORD.findall(words)) if bare not in LITTLE)


def table():
    """{key: the other ways of saying it, in words alone}, each once."""
    found = {}
    for line in LINES:
        for said in line:
            others = [" ".join(WORD.findall(other)) for other in line if key(other) != key(said)]
            found.setdefault(key(said), {}).update(dict.fromkeys(others))
    return found


TABLE = table()
MOST = max(map(len, TABLE))  # words of the longest entry
