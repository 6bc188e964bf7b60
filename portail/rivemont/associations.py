"""The sixty associations of Rivemont, ten for each quartier."""

from associations.models import Association
from quartiers.adresses import free_slug

# quartier: [(name, in a sentence, theme)]
FOUNDED = {
    "les-rives": [
        ("Les Jardins de la Rive", "Un potager partagé au bord de l’eau.", "nature"),
        ("Chœur des Lavoirs", "Chanter ensemble, sans savoir lire la musique.", "culture"),
        ("Aviron rivemontois", "Ramer, en équipe ou en loisir.", "sport"),
        ("Les Petits Mousses", "Ateliers du mercredi pour les 6 à 11 ans.", "enfance"),
        ("Mémoire des bateliers", "L’histoire du port et de ses familles.", "culture"),
        (
            "Un toit sur les quais",
            "Être auprès des personnes sans logement.",
            "solidarite",
        ),
        ("Yoga des berges", "Des cours doux, pour tous les âges.", "sport"),
        ("Comité de quartier des Rives", "Parler du quartier, et agir.", "citoyennete"),
        ("La Boîte à outils", "Prêter des outils entre voisins.", "solidarite"),
        ("Théâtre du Gué", "Jouer une pièce par an.", "culture"),
    ],
    "centre-ancien": [
        ("Les Amis du beffroi", "Faire connaître le centre ancien.", "culture"),
        ("Ludothèque du Marché", "Jouer sur place ou emporter un jeu.", "enfance"),
        ("Échecs du Centre", "Apprendre et jouer aux échecs.", "sport"),
        ("Écrivains solidaires", "Aider à écrire une lettre ou un dossier.", "droits"),
        ("Danse au carré", "Danses du monde, le vendredi.", "culture"),
        ("Photo-club de Rivemont", "Sorties et laboratoire photo.", "culture"),
        ("Commerçants du Vieux Marché", "La vie des rues commerçantes.", "citoyennete"),
        ("Club des aînés du Centre", "Jeux, goûters et sorties.", "solidarite"),
        ("Ciné-débat", "Un film, puis on en parle.", "culture"),
        ("Bridge et tarot", "Jouer aux cartes deux fois par semaine.", "sport"),
    ],
    "les-hauts": [
        ("Football club des Hauts", "Des équipes de 6 à 60 ans.", "sport"),
        ("Coup de pouce scolaire", "L’aide aux devoirs après l’école.", "enfance"),
        ("Femmes des Hauts", "Se retrouver, s’entraider, créer.", "solidarite"),
        ("Boxe éducative des Hauts", "La boxe sans coup porté.", "sport"),
        ("Saveurs du monde", "Cuisiner les plats de chacun.", "culture"),
        ("Radio des Hauts", "Une radio faite par les jeunes.", "culture"),
        ("Les Mains vertes", "Fleurir les pieds d’immeuble.", "nature"),
        ("Locataires des Hauts", "Connaître ses droits de locataire.", "droits"),
        ("Hip-hop 4 vents", "Danse hip-hop, dès 8 ans.", "culture"),
        ("Parents en chœur", "Des cafés entre parents.", "enfance"),
    ],
    "gare": [
        ("Vélo pour tous", "Réparer son vélo soi-même.", "nature"),
        ("Français pour chacun", "Des cours de français gratuits.", "solidarite"),
        ("Clic et compagnie", "Apprendre à se servir d’un ordinateur.", "numerique"),
        ("Santé au quartier", "Des ateliers santé avec des soignants.", "sante"),
        ("Basket Gare", "Du mini-basket aux vétérans.", "sport"),
        ("Les Voyageurs du livre", "Un club de lecture.", "culture"),
        ("Accueil des nouveaux voisins", "Faire connaître le quartier.", "citoyennete"),
        ("Fanfare du rail", "Une fanfare ouverte à tous.", "culture"),
        ("Épicerie du quai", "Une épicerie à petits prix.", "solidarite"),
        ("Judo de la Gare", "Judo dès 4 ans.", "sport"),
    ],
    "saint-roch": [
        ("Couture et compagnie", "Coudre, repriser, transformer.", "culture"),
        ("Pétanque Saint-Roch", "Parties et concours sur le mail.", "sport"),
        ("Aidants de Saint-Roch", "Pour ceux qui soignent un proche.", "sante"),
        ("Les Ateliers de Roch", "Peinture et terre.", "culture"),
        ("Marche douce", "Marcher ensemble, à son rythme.", "sport"),
        ("Ensemble on répare", "Réparer plutôt que jeter.", "nature"),
        ("Chorale gospel", "Chanter le samedi.", "culture"),
        ("Bébés lecteurs", "Des histoires pour les tout-petits.", "enfance"),
        ("Comité Saint-Roch", "Fêtes et vie du quartier.", "citoyennete"),
        ("Handisport Rivemont", "Du sport avec un handicap.", "sport"),
    ],
    "plaine": [
        ("Les Ruches de la Plaine", "Des abeilles et du miel.", "nature"),
        ("Rugby club de la Plaine", "École de rugby et équipes loisir.", "sport"),
        ("Amicale des retraités", "Sorties, repas et jeux.", "solidarite"),
        ("Compost et compagnie", "Apprendre à composter.", "nature"),
        ("Gym volontaire de la Plaine", "Gymnastique douce et tonique.", "sport"),
        ("Musiques actuelles", "Répéter et jouer en groupe.", "culture"),
        ("Le Relais des assistantes", "Pour les assistantes maternelles.", "enfance"),
        ("Secours de la Plaine", "Se former aux premiers secours.", "sante"),
        ("Solidarité paysanne", "Des paniers de légumes.", "solidarite"),
        ("Informatique sans peur", "Le numérique à petits pas.", "numerique"),
    ],
}
VOLUNTEERS = {  # what some look for them for
    "Un toit sur les quais": "Servir des repas le soir, une fois par semaine.",
    "Écrivains solidaires": "Tenir une table d’écriture le jeudi matin.",
    "Coup de pouce scolaire": "Aider deux enfants, une heure par semaine.",
    "Français pour chacun": "Animer un cours de français.",
    "Ensemble on répare": "Réparer avec nous, un samedi par mois.",
}


def create_associations(quartiers):
    """Those that are missing; what is there already stays as it is."""
    known = set(Association.objects.values_list("nom", flat=True))
    for slug, rows in FOUNDED.items():
        for nom, objet, theme in rows:
            if nom not in known:
                row = Association(nom=nom, objet=objet, themes=[theme])
                row.benevoles = VOLUNTEERS.get(nom, "")
                row.quartier, row.slug = quartiers[slug], free_slug(row, nom)
                row.courriel = f"{row.slug}@rivemont.example"
                row.save()
