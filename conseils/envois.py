"""What a council writes to its members and to who follows it: once, about a public meeting."""

from django.conf import settings
from django.db.models import Case, CharField, Count, Func, Value, When
from django.template.loader import render_to_string
from django.utils import timezone

from conseils import calendrier, convocations
from conseils.models import total
from conseils.suivre import subject
from maisons import heures, partage
from notifications import suivi
from notifications.models import Message
from quartiers.models import Ville

# What happened: the first words of the letter and of its subject.
OBJETS = {
    "convocation": "Ordre du jour publié",
    "rappel": "C’est bientôt",
    "deplacee": "La réunion change",
    "rectifiee": "L’ordre du jour change",
    "annulee": "La réunion est annulée",
    "reportee": "La réunion est reportée",
}
PURPOSE = "conseils.envois"
Etat = Message.Etat
# How the secretary is told what became of letters: of one, of several.
BECAME = {
    Etat.ENVOYE: ("envoyé", "envoyés"),
    Etat.ATTENTE: ("en attente", "en attente"),
    Etat.ECHEC: ("échec", "échecs"),
    Etat.ECARTE: ("pas envoyé", "pas envoyés"),
}


def recipients(conseil):
    """
    Two {address: what ends its letters}: the members in office, then who else follows it.

    A member is told as such: the convocation is owed to them, unless they say otherwise.
    """
    members = conseil.conseillers.in_office(timezone.localdate()).exclude(courriel="")
    known = dict.fromkeys(members.order_by("pk").values_list("courriel", flat=True))
    rows = {suivi.address(row): row.pk for row in suivi.in_force(subject(conseil.pk))}
    return (
        {address: convocations.sign(conseil.pk, address) for address in known},
        {address: suivi.sign(pk) for address, pk in rows.items() if address not in known},
    )


def announce(reunion):
    """The agenda, in the transaction that publishes it."""
    tell(reunion, "convocation")


def tell(reunion, what, avant="", raison=""):
    """
    One letter to each of its recipients, in the transaction that changes a public meeting.

    `what` is a key of OBJETS; `avant` says in words what was before, `raison` why it changes.
    What is over is told to nobody.
    """
    if not reunion.publie_le or reunion.fin <= timezone.now():
        return
    about = f"conseil:{reunion.pk}:{what}:{reunion.sequence}", PURPOSE
    members, followers = recipients(reunion.conseil)
    for people, member in [(members, True), (followers, False)]:
        if people:
            letter = compose(reunion, what, member, avant, raison)
            suivi.tell_all(people.items(), about, letter)


def compose(reunion, what, member, avant="", raison=""):
    """
    The fields of a message that all members, or all followers, read alike.

    No program ends by itself what is owed: a member does it on its page.
    """
    ville, points = Ville.current(), list(reunion.points.all())
    context = {
        "titre": OBJETS[what],
        "what": what,
        "conseil": reunion.conseil,
        "reunion": reunion,
        "points": points,
        "duree": total(points),
        "lieu": partage.location(reunion, ville) if reunion.on_site else "",
        "connexion": calendrier.join_link(reunion),
        "avant": avant,
        "raison": raison,
        "maison": reunion.maison,
        "ville": ville,
        "lien": f"{settings.SITE_URL}{reunion.get_absolute_url()}",
        "membre": member,
        "arret": (convocations if member else suivi).stop_address(suivi.ARRET),
    }
    page = "conseils/courriels/reunion"
    return {
        "objet": f"{OBJETS[what]} : {reunion.conseil}, {heures.day(reunion.debut)}",
        "creneau": reunion.pk,
        "expire_le": reunion.fin,
        "pieces": [calendrier.attached(reunion)],
        **({"desabonnement": ""} if member else {}),
        "texte": render_to_string(f"{page}.txt", context),
        "html": render_to_string(f"{page}.html", context),
    }


def progress(reunion):
    """
    What became of its letters, a sentence for each kind; no address of a follower is told.

    « Ordre du jour publié : 12 envoyés, 2 échecs »
    """
    kind = Func("cle", Value(":"), Value(3), function="split_part", output_field=CharField())
    kind = Case(When(rappel=True, then=Value("rappel")), default=kind)
    rows = Message.objects.about([reunion.pk]).values(quoi=kind)
    counts = rows.values_list("quoi", "etat").annotate(number=Count("pk")).order_by()
    found = {(what, etat): number for what, etat, number in counts}
    told = []
    for what, words in OBJETS.items():
        numbers = {etat: found[what, etat] for etat in BECAME if (what, etat) in found}
        states = [f"{n} {BECAME[etat][n > 1]}" for etat, n in numbers.items()]
        if states:
            told.append(f"{words} : {', '.join(states)}")
    return told


def unreached(reunion):
    """The members whose address was refused: the secretary asks them for another."""
    refused = Message.objects.about([reunion.pk]).filter(etat=Etat.ECHEC)
    members = reunion.conseil.conseillers
    return members.filter(courriel__in=refused.values("destinataire")).distinct()
