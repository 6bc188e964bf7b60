from urllib.parse import urlencode

from django import template

from maisons import calendrier, heures
from maisons.journee import filled_in

register = template.Library()
register.filter("iso", heures.iso)
register.filter("heure", heures.hour)
register.filter("mois", heures.month)
register.filter("jour", heures.day)
register.filter("jour_date", heures.dated)
register.filter("jour_court", heures.short_day)
register.filter("jour_bref", heures.brief_day)
register.filter("semaine", heures.week)
register.filter("ferie", calendrier.public_holiday)
register.filter("proche", heures.near)
register.filter("duree", heures.length)
register.filter("reste", heures.left)


@register.filter
def demande(moment):
    """The address query that fills the booking form: `moment` has `debut` and `fin`."""
    return urlencode(filled_in(moment["debut"], moment["fin"]))


@register.simple_tag
def choix(debut, fin):
    """What a button that offers a span sends: « 2026-11-27 14:00 16:00 »."""
    return " ".join(filled_in(debut, fin).values())


@register.filter
def periode(span):
    """When a créneau or a closure is, in words; in whole days when its hours are not known."""
    words = heures.span if getattr(span, "heure_connue", True) else heures.days
    return words(span.debut, span.fin)
