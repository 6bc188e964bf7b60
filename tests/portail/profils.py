"""Parts of import profiles and files, put together by the tests of the import."""

VILLE = """
prefixe = "rivemont"
[ville]
nom = "Rivemont"
code_insee = "99001"
telephone = "01 99 00 00 00"
"""
QUARTIERS = """
[[fichier]]
contient = "quartiers"
lignes = [{ nom = "Les Rives", code = "1" }, { nom = "Le Plateau", code = "2" }]
"""
MAISONS = """
[[fichier]]
contient = "maisons"
chemin = "maisons.csv"
[fichier.champs]
reference = "NUM"
nom = "LIBEL"
quartier = "QUARTIER"
adresse = "ADRESSE"
[fichier.ecriture.nom]
casse = "titre"
remplacer = [['^M\\.?P\\.?T\\.?\\s+', "Maison pour tous "]]
corrections = { "Maison pour tous de l'Ete" = "Maison pour tous de l’Été" }
"""
SALLES = """
[[fichier.salles]]
nom = "Grande salle"
capacite = 80
battement = 30
[[fichier.salles]]
nom = "Moitié"
capacite = 40
partie_de = "Grande salle"
[fichier.horaires]
lundi = ["9:00-12:00", "14h-18h30"]
"""
EVENEMENTS = """
[[fichier]]
contient = "evenements"
chemin = "agenda.csv"
[fichier.champs]
reference = "id"
titre = "titre"
description = "texte"
debut = "debut"
fin = "fin"
adresse = "lieu"
maison = "lieu"
[fichier.defauts]
quartier = "Les Rives"
"""
CARRES = """{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"NOM": "OUEST"}, "geometry": {"type": "Polygon",
  "coordinates": [[[3, 43], [3.01, 43], [3.01, 43.01], [3, 43.01], [3, 43]]]}},
 {"type": "Feature", "properties": {"NOM": "EST"}, "geometry": {"type": "Polygon",
  "coordinates": [[[3.01, 43], [3.02, 43], [3.02, 43.01], [3.01, 43.01], [3.01, 43]]]}}]}"""
CONTOURS = """
[[fichier]]
contient = "quartiers"
chemin = "carres.geojson"
champs = { nom = "NOM" }
[fichier.ecriture.nom]
casse = "titre"
"""


def houses(*rows):
    return "\n".join(["NUM;LIBEL;QUARTIER;ADRESSE", *rows, ""])


def agenda(*rows):
    return "\n".join(["id;titre;texte;debut;fin;lieu", *rows, ""])
