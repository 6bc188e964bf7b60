"""Whom nothing that is written reaches: what is to be told by voice, by those who may know."""

from django.utils import timezone

from notifications.models import Message
from permanences import courriers, questions
from permanences.models import QuestionElu, RendezVous


def to_make(user):
    """[(message, its appointment or question)] that somebody may tell, the oldest first."""
    found = [*of_appointments(user), *of_questions(user)]
    return sorted(found, key=lambda pair: (pair[0].cree_le, pair[0].pk))


def of_appointments(user):
    """
    All of those whose person one may know; and reminders, for the desk of the house on any day: who
    holds a permanence is there that day alone.
    """
    waiting = to_phone().filter(confidentiel=True)
    mine = RendezVous.objects.managed_by(user, "change")
    desk = RendezVous.objects.in_houses_of(user, "change")
    reminders = waiting.filter(cle__startswith=courriers.REMINDER)
    found = [*about(waiting, mine), *about(reminders, desk)]
    return {message.pk: (message, row) for message, row in found}.values()


def about(waiting, rows):
    keys = {m: courriers.row_of(m) for m in waiting.about(rows.values("vacation"))}
    return told(keys, rows)


def of_questions(user):
    """Answers to those who left a phone number alone: for the team of the élu."""
    waiting = to_phone().filter(cle__startswith=questions.START)
    keys = {message: questions.row_of(message) for message in waiting}
    return told(keys, QuestionElu.objects.managed_by(user, "change"))


def to_phone():
    return Message.objects.to_phone().filter(expire_le__gt=timezone.now())


def told(keys, mine):
    rows = mine.select_related("compte").in_bulk(list(keys.values()))
    return [(message, rows[key]) for message, key in keys.items() if key in rows]
