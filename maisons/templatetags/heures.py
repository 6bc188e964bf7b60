from urllib.parse import urlencode

from django import template

from maisons import heures
from maisons.journee import filled_in

register = template.Library()
register.filter("heure", heures.hour)
register.filter("jour", heures.day)
register.filter("jour_court", heures.short_day)
register.filter("jour_bref", heures.brief_day)
register.filter("proche", heures.near)
register.filter("duree", heures.length)


@register.simple_tag
def moment(debut, fin, form):
    """The address query that fills the booking form with another span, its answers kept."""
    kept = {name: form[name].value() or "" for name in ("usage", "personnes", "jeton")}
    return urlencode(filled_in(debut, fin) | kept)


@register.filter
def periode(span):
    """When a créneau or a closure is, in words; in whole days when its hours are not known."""
    words = heures.span if getattr(span, "heure_connue", True) else heures.days
    return words(span.debut, span.fin)
