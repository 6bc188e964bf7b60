"""Rivemont, the made-up city of the demonstration: its data, one module for each noun."""

PASSWORD = "rivemont-demo"

# (e-mail, who, what for), in the order in which the launcher prints them.
ACCOUNTS = [
    ("habitante@rivemont.example", "une habitante", "réserver une salle, suivre ses réservations"),
    (
        "association@rivemont.example",
        "une bénévole, responsable des Jardins de la Rive",
        "tenir la page de son association, inviter, déposer une attestation",
    ),
    ("accueil@rivemont.example", "l’accueil de la Maison des Lavoirs", "répondre aux demandes"),
    (
        "mediatrice@rivemont.example",
        "une médiatrice sociale",
        "recevoir sur rendez-vous ou sans, deux permanences",
    ),
    (
        "conseil@rivemont.example",
        "la secrétaire du Conseil des Rives",
        "préparer et publier un ordre du jour, répondre aux questions à un élu",
    ),
    ("admin@rivemont.example", "l’administration de la ville", "tout gérer"),
]
