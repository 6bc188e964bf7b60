"""
« Posez votre question » to an élu, ahead of a permanence: written, answered, erased, here alone.

A subject or a letter never holds the question: it is read by who asked and by the élu's team.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.template.loader import render_to_string
from django.utils import timezone

from maisons.models.demande import queue_for
from notifications.envoi import post
from notifications.models import Message
from permanences.models import Intervenant, Permanence, QuestionElu, Vacation
from quartiers.models import Ville

DEJA_REPONDU = "Une réponse est déjà notée."
PERSONNE = "Personne ne lit les questions pour l’instant : appelez la mairie."
START = "question:"  # of the keys of messages
KEPT = 90  # days, where no service says how many
TOLD_FOR = timedelta(days=3)  # an acknowledgement that could not leave for longer says nothing new
OBJETS = {"recue": "Votre question est bien arrivée", "reponse": "Une réponse à votre question"}


def permanences_of(elu):
    """Those that the public reads."""
    return Permanence.objects.readable().filter(elu=elu)


def is_read(elu):
    """Whether somebody holds a permanence of theirs: what nobody reads is not asked for."""
    return Intervenant.objects.in_force().filter(permanence__in=permanences_of(elu)).exists()


def dates(elu):
    """When one may meet them: what a question may be about."""
    rows = Vacation.objects.public().holding().upcoming(timezone.now())
    return rows.filter(permanence__in=permanences_of(elu)).select_related("maison")


def days_kept(elu):
    """As long as the least of their services keeps who came."""
    least = permanences_of(elu).aggregate(least=Min("service__conservation"))["least"]
    return timedelta(days=least or KEPT)


def until(question):
    """When it is to be erased: counted from the date that its person comes on, if they do."""
    asked = question.cree_le
    since = max(question.vacation.fin, asked) if question.vacation else asked
    return since + days_kept(question.elu)


@transaction.atomic
def ask(question):
    """
    Write a question, and tell who asked by e-mail that it has come; the page says it to all.

    Raises ValidationError when nobody would read it.
    """
    queue_for(question.contact)  # the same form, sent twice at once
    if not is_read(question.elu):
        raise ValidationError(PERSONNE)
    question.efface_le = until(question)
    question.give_code()
    question.full_clean()
    question.save()
    courriel, _ = question.reached_at
    tell(question, "recue", courriel=courriel, expire_le=question.cree_le + TOLD_FOR)
    return question


@transaction.atomic
def answer(question, reponse, by):
    """
    Note that it is answered; what is written leaves by e-mail, or is to be told by voice.

    Without a text it was told face to face. Raises ValidationError once it is answered.
    """
    rows = QuestionElu.objects.select_related("elu", "compte").select_for_update(of=("self",))
    question.refresh_from_db(from_queryset=rows)
    if question.repondu_le:
        raise ValidationError(DEJA_REPONDU)
    question.reponse, question.repondu_par, question.repondu_le = reponse, by, timezone.now()
    question.full_clean()
    question.save()
    if reponse:
        courriel, telephone = question.reached_at
        reached = {"courriel": courriel, "telephone": telephone}
        tell(question, "reponse", expire_le=question.efface_le, **reached)


def tell(question, what, **reached):
    """One letter for each thing that happens; by phone, a text to read aloud."""
    ville = Ville.current()
    context = {
        "titre": OBJETS[what],
        "what": what,
        "question": question,
        "nom": question.person,
        "maison": None,
        "ville": ville,
        "lien": f"{settings.SITE_URL}/code/{question.code}/",
    }
    page = "permanences/courriels/question"
    page += "" if reached["courriel"] else "_telephone"
    return post(
        f"{START}{question.pk}:{what}",
        objet=OBJETS[what],
        nom=question.person,
        texte=render_to_string(f"{page}.txt", context),
        html=render_to_string(f"{page}.html", context) if reached["courriel"] else "",
        confidentiel=True,
        secrets=[question.code, question.six_digits, str(question.jeton)],
        **reached,
    )


def row_of(message):
    """The key of the question that a message tells of."""
    return int(message.cle.split(":")[1])


@transaction.atomic
def erase(keys):
    """With the messages about them; who read them stays noted."""
    for key in keys:
        Message.objects.filter(cle__startswith=f"{START}{key}:").delete()
    return QuestionElu.objects.filter(pk__in=keys).delete()


def forget_outdated(now):
    """Those whose time, as it was told, is over; by small lots."""
    rows = QuestionElu.objects.outdated(now).order_by("efface_le")
    while keys := list(rows.values_list("pk", flat=True)[:200]):
        erase(keys)
