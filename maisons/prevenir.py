"""What a closure tells those concerned: one message for each person, whatever it moves for them."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from maisons import export_ics, heures
from maisons.relogement import Row
from notifications.adresses import digest
from notifications.envoi import post
from notifications.models import Message
from quartiers.models import Ville

DIGITS = 9  # « 06 12 34 56 78 » and « +33 6 12 34 56 78 » end alike


@dataclass(frozen=True)
class Settled:
    """A créneau moved or cancelled: when it is, where it was, where it will be."""

    row: Row
    quand: str
    avant: str
    apres: str = ""  # empty when it is cancelled


def by_person(told):
    """
    [(contact, its things), …] of the pairs (contact, thing).

    One e-mail address is one person; whoever left a phone number alone is the one who has it.
    Two addresses behind one number stay two: neither may read the other's codes.
    """
    people, phones = {}, {}
    for contact, thing in sorted(told, key=lambda pair: not pair[0].courriel):
        phone = "".join(filter(str.isdigit, contact.telephone))[-DIGITS:]
        key = contact.courriel.lower() or phones.get(phone, phone)
        if phone:
            phones.setdefault(phone, key)
        people.setdefault(key, []).append((contact, thing))
    return [(pairs[0][0], pairs) for pairs in people.values()]


def channels(rows):
    """How those concerned by some rows are told: numbers of people, and of dates."""
    people = by_person([(contact, row) for row in rows for contact in row.contacts])
    mailed = sum(bool(contact.courriel) for contact, _ in people)
    written, called = (sum(row.counted[way] for row in rows) for way in (0, 1))
    silent = [row for row in rows if not (row.contacts or any(row.counted))]
    public = sum(bool(row.creneau.publie_le) for row in silent)
    return {
        "mailed": mailed,
        "written": written,
        "to_call": len(people) - mailed + called,
        "public": public,
        "nobody": len(silent) - public,
    }


def tell(fermeture, done):
    """Write the messages of what was settled, in the transaction that did it."""
    told = [(contact, settled) for settled in done for contact in settled.row.contacts]
    if not told:
        return []
    written = Message.objects.filter(cle__startswith=f"fermeture:{fermeture.pk}:")
    ranks = Counter(key.rpartition(":")[0] for key in written.values_list("cle", flat=True))
    ville = Ville.current()
    return [write(fermeture, contact, pairs, ranks, ville) for contact, pairs in by_person(told)]


def write(fermeture, contact, pairs, ranks, ville):
    pairs = sorted(pairs, key=lambda pair: pair[1].row.creneau.debut)
    creneaux = [settled.row.creneau for _, settled in pairs]
    day = heures.day(creneaux[0].debut)
    several = len(pairs) > 1
    context = {
        "titre": f"{len(pairs)} de vos dates changent" if several else "Une de vos dates change",
        "fermeture": fermeture,
        "maison": fermeture.maison,
        "ville": ville,
        "nom": contact.nom,
        "courriel": contact.courriel,
        "dates": [shown(*pair) for pair in pairs],
    }
    page = "maisons/courriels/fermeture"
    told = digest(contact.courriel or contact.telephone, "maisons.prevenir")
    start = f"fermeture:{fermeture.pk}:{told}"
    what = f"{len(pairs)} de vos dates changent" if several else f"votre date du {day} change"
    return post(
        f"{start}:{ranks[start] + 1}",
        courriel=contact.courriel,
        telephone=contact.telephone,
        nom=contact.nom,
        creneau=creneaux[0].pk,
        objet=f"{fermeture.salle or fermeture.maison} ferme : {what}",
        texte=render_to_string(f"{page}.txt", context),
        html=render_to_string(f"{page}.html", context) if contact.courriel else "",
        pieces=[export_ics.attached(*creneaux)] if contact.courriel else [],
        secrets=[contact.code for contact, _ in pairs if contact.code],
        repondre_a=fermeture.maison.courriel,
        expire_le=max(timezone.now(), *(creneau.fin for creneau in creneaux)),
    )


def shown(contact, settled):
    """One date, as the message's templates read it."""
    link = f"{settings.SITE_URL}/code/{contact.code}/" if contact.code else ""
    told = {"quand": settled.quand, "avant": settled.avant, "apres": settled.apres}
    return told | {"code": contact.code, "lien": link}
