from django import template

from maisons import heures

register = template.Library()
register.filter("heure", heures.hour)
register.filter("jour", heures.day)
register.filter("duree", heures.length)


@register.filter
def periode(creneau):
    """When a créneau is, in words: with its hours, or in whole days when they are not known."""
    words = heures.span if creneau.heure_connue else heures.days
    return words(creneau.debut, creneau.fin)
