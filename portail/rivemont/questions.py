"""What residents ask the elected ahead of their permanences, and who reads it."""

from datetime import time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from comptes.models import Compte
from maisons.heures import starts_at
from permanences import questions
from permanences.models import Intervenant, Permanence, QuestionElu
from portail.rivemont.comptes import COUNCIL, RESIDENT
from portail.rivemont.permanences import SINCE, hold

AGAIN = 30  # days
HELPED = "rencontrer-paul-ferrand"  # the account of the councils reads what he is asked
# (permanence, days ago, who, how they are reached, what they ask, the answer if any)
ASKED = [
    (
        HELPED,
        1,
        "Odile d’Ângelo",
        "odile@rivemont.example",
        "Bonjour. Le passage entre la rue des Lavandières et le quai est dans le noir depuis deux "
        "semaines. Ma voisine de 82 ans n’ose plus rentrer à pied. Quand sera-t-il réparé ?",
        "",
    ),
    (
        HELPED,
        2,
        "Mehmet",
        "+33561020304",
        "Les immeubles B et C seront-ils démolis ou rénovés ? On entend les deux. "
        "Qui prévient les locataires, et quand ?",
        "",
    ),
    (
        HELPED,
        6,
        RESIDENT,
        "",
        "Peut-on planter des arbres devant l’école ? La cour est très chaude en juin.",
        "Oui : six érables sont prévus cet hiver, rue des Tanneurs. Le service des espaces verts "
        "vient au prochain conseil de quartier pour en parler avec vous.",
    ),
    (
        "rencontrer-rachid-benamar",
        3,
        "Kevin",
        "kevin@rivemont.example",
        "Le city-stade ferme à 20 h. Est-ce possible plus tard l’été ? On est une quinzaine.",
        "",
    ),
]


def add_questions(city, now):
    """Those of this month, and the teams of all the elected; returns how many were written."""
    for permanence in Permanence.objects.filter(intervenants=None).exclude(elu=None):
        hold(permanence, permanence.elu.nom)
    helped = Permanence.objects.get(slug=HELPED)
    council = Compte.objects.get(courriel=COUNCIL)
    Intervenant.objects.get_or_create(compte=council, permanence=helped, defaults={"debut": SINCE})
    if QuestionElu.objects.filter(cree_le__gt=now - timedelta(days=AGAIN)).exists():
        return 0
    return len([add_question(city, now, council, *line) for line in ASKED])


def add_question(city, now, council, slug, days, nom, contact, texte, reponse):
    elu = Permanence.objects.get(slug=slug).elu
    day = timezone.localdate(now) - timedelta(days=days)
    at = starts_at(day, time(17, 7 * days))
    token = uuid5(NAMESPACE_URL, f"rivemont:question:{texte}:{timezone.localdate(now)}")
    row = QuestionElu(elu=elu, texte=texte, cree_le=at, jeton=token)
    if nom == RESIDENT:
        row.compte = city.residents[RESIDENT]
    else:
        row.nom = nom
        row.courriel, row.telephone = (contact, "") if "@" in contact else ("", contact)
        row.vacation = questions.dates(elu).first()
    row.efface_le = questions.until(row)
    if reponse:
        row.reponse, row.repondu_par, row.repondu_le = reponse, council, at + timedelta(days=2)
    row.give_code()
    row.save()
    return row
