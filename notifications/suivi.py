"""Following something: letters asked for with an account or by e-mail, ended at a touch."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from comptes import codes
from comptes.models import Compteur
from notifications.adresses import digest
from notifications.envoi import post, post_all
from notifications.models import Abonnement
from notifications.sujets import registry

UNANSWERED = timedelta(days=1)  # then what was asked for is erased
ARRET = "jeton-d-arret"  # stands for each person's own: a letter is rendered once
MOST_TRIES = 5  # of the six digits; the link of the message goes on
SIGNER = Signer(salt="notifications.suivi")


def told(abonnements):
    """[(subscription, what it follows)]; a fixed number of statements for each kind of thing."""
    rows, found = list(abonnements), {}
    for key, subject in registry().items():
        keys = [int(row.sujet.partition(":")[2]) for row in rows if row.sujet.startswith(f"{key}:")]
        words = {"ce": subject.this, "promesse": subject.promise}
        found |= {f"{key}:{pk}": words | what for pk, what in subject.told(keys).items()}
    return [(row, found[row.sujet]) for row in rows if row.sujet in found]


def followed_by(compte):
    """By the account, or by e-mail at its own address."""
    mine = Q(compte=compte) | Q(courriel=compte.courriel)
    return Abonnement.objects.filter(mine, confirme_le__isnull=False).order_by("pk")


def follow(sujet, compte):
    Abonnement.objects.get_or_create(
        sujet=sujet, compte=compte, defaults={"confirme_le": timezone.now()}
    )


def address(row):
    return row.compte.courriel if row.compte_id else row.courriel


def in_force(sujet):
    """The confirmed ones, an address once."""
    rows = Abonnement.objects.in_force().filter(sujet=sujet)
    rows = rows.select_related("compte").order_by("pk")
    return list({address(row): row for row in rows}.values())


def sign(pk):
    """What ends a subscription: a secret of its address, whose letters it is in."""
    return SIGNER.sign(pk)


def stop_address(token):
    return f"{settings.SITE_URL}{reverse('notifications:arreter', args=[token])}"


def personal(letter, token):
    """
    The fields of a letter with what ends it for one person, if anything; erased once it left.

    Mail programs may end it too, unless the letter says otherwise (an empty `desabonnement`).
    """
    if not token:
        return letter
    mine = {name: letter[name].replace(ARRET, token) for name in ("texte", "html")}
    return {"desabonnement": stop_address(token)} | letter | mine | {"secrets": [token]}


def tell_all(people, about, letter):
    """
    One letter to each of [(address, token that ends it)]; without a token, as it is.

    `about` is the beginning of its keys, and for what purpose they hold an address.
    """
    start, purpose = about
    post_all(
        personal(letter, token)
        | {"cle": f"{start}:{digest(courriel, purpose)}", "courriel": courriel}
        for courriel, token in people
    )


def stopped(token):
    """(whether this token is one of ours, its subscription if it still is)."""
    try:
        pk = int(SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return False, None
    return True, Abonnement.objects.filter(pk=pk).first()


@transaction.atomic
def ask(sujet, courriel):
    """
    Write to an address that somebody typed; the same for one that follows this already.

    A new code and new digits each time, the earlier ones end; nothing else changes until its
    owner answers.
    """
    rows = Abonnement.objects.select_for_update()
    row, _ = rows.get_or_create(sujet=sujet, courriel=courriel)
    row.jeton, row.demande_le = uuid.uuid4(), timezone.now()
    row.give_code()
    row.save()
    [(_, what)] = told([row])
    code = f"{settings.SITE_URL}{reverse('comptes:code_open', args=[row.code])}"
    context = what | {"sujet": what["titre"], "abonnement": row, "lien": code}
    context["titre"] = "C’est déjà fait" if row.confirme_le else "Il reste à confirmer"
    post(
        f"abonnement:{row.pk}:{row.jeton}",
        courriel=courriel,
        objet=f"{context['titre']} : {what['titre']}",
        texte=render_to_string("notifications/courriels/suivre.txt", context),
        html=render_to_string("notifications/courriels/suivre.html", context),
        secrets=[row.code, row.six_digits, str(row.jeton)],
        expire_le=timezone.now() + UNANSWERED,
    )
    return row


def tries(row):
    """The row that counts wrong digits: of this message."""
    return {
        "geste": "six chiffres",
        "cle": codes.digest(f"suivre:{row.pk}:{row.six_digits}"),
        "heure": row.demande_le.replace(minute=0, second=0, microsecond=0),
    }


def matches(row, typed):
    """Whether the six digits are the right ones, tried a few times and for a day at most."""
    if row.demande_le < timezone.now() - UNANSWERED:
        return False
    with transaction.atomic():
        counted, _ = Compteur.objects.select_for_update().get_or_create(**tries(row))
        if counted.nombre >= MOST_TRIES or typed == row.six_digits:
            return counted.nombre < MOST_TRIES
        counted.nombre += 1
        counted.save(update_fields=["nombre"])
    return False


def confirm(row):
    row.confirme_le = row.confirme_le or timezone.now()
    row.save(update_fields=["confirme_le"])


def erase_outdated():
    """What nobody confirmed, and what will never be told of any more."""
    asked = Abonnement.objects.filter(confirme_le=None)
    asked.filter(demande_le__lt=timezone.now() - UNANSWERED).delete()
    for key, subject in registry().items():
        rows = Abonnement.objects.filter(sujet__startswith=f"{key}:")
        subjects = rows.values_list("sujet", flat=True).distinct()
        keys = {int(sujet.partition(":")[2]) for sujet in subjects}
        gone = (keys - subject.told(keys).keys()) | subject.over(keys)
        rows.filter(sujet__in=[f"{key}:{pk}" for pk in gone]).delete()
