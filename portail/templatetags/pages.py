from functools import cache

import nh3
from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from comptes.joignable import dialled
from maisons import heures
from portail.flux import addresses
from quartiers.texte import SCHEMES, markdown

register = template.Library()
FROM_TO = '<time datetime="{}">{}</time> à {}'
UNTIL = '<span>Jusqu’au</span> <time datetime="{}">{}</time>'
CANCELLED = "<b>Annulé</b> {}"
ALL_DAY = '<time datetime="{}">Journée</time>'
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote"}


@register.filter
def texte(source):
    """What staff wrote: a little Markdown, no HTML of theirs, links to the web and mail only."""
    return mark_safe(
        nh3.clean(
            markdown.render(source),
            tags=TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            url_schemes=SCHEMES,
        )
    )


@register.filter
def fiches(creneaux):
    """What a row of the agenda shows of each, as plain values: a page renders fifty of them."""
    above = reverse("portail:agenda")
    return [fiche(creneau, f"{above}{creneau.pk}/") for creneau in creneaux]


def fiche(creneau, address):
    """(its classes, address, title, when, place, label, line)."""
    where = address, creneau.titre, when(creneau), creneau.place, puce(creneau.kind)
    if creneau.annule_le:
        return "fiche annule", *where, format_html(CANCELLED, creneau.detail)
    return "fiche", *where, creneau.detail


@cache
def puce(kind):
    """The label of a nature."""
    return format_html('<b class="puce {}">{}</b>', kind.key, kind.label)


def when(creneau):
    """« 14 h à 16 h », « Jusqu’au 3 décembre » or « Journée »: what the day above does not say."""
    debut, fin = creneau.debut, creneau.fin
    if creneau.heure_connue:
        told = heures.iso(debut), heures.hour(debut), heures.hour(fin)
        return format_html(FROM_TO, *told)
    if creneau.several_days:
        last = creneau.last_day
        return format_html(UNTIL, heures.iso(last), heures.short_day(last))
    return format_html(ALL_DAY, heures.iso(heures.local(debut).date()))


@register.filter
def lignes(text):
    """The lines of what staff wrote one thing a line, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def numero(phone):
    """A number that somebody left, as it is dialled here."""
    return dialled(phone)


@register.filter
def telephone(number):
    """A link that dials: « 04 65 71 00 00 » calls +33465710000."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if digits.startswith("0") and len(digits) == 10:
        digits = f"33{digits[1:]}"
    return format_html('<a href="tel:+{}">{}</a>', digits, number)


@register.filter
def courriel(address):
    """An address that may be cut after its @ on a narrow screen."""
    return format_html("{}@<wbr>{}", *address.rsplit("@", 1))


@register.filter
def error_title(form):
    number = sum(len(errors) for errors in form.errors.values())
    return "Il reste un point à corriger" if number == 1 else f"Il reste {number} points à corriger"


@register.inclusion_tag("portail/_alternatives.html")
def alternatives(query):
    """Links to the feeds of an agenda, by its query string; for the head of a page."""
    return addresses(query)


@register.inclusion_tag("portail/_suivre.html")
def suivre(query):
    """How to follow an agenda, by its query string."""
    return addresses(query)


@register.inclusion_tag("_fil.html")
def fil(ici, *etapes):
    """The breadcrumb: this page, then the pages above it as title, address, title, address…"""
    return {"ici": ici, "etapes": list(zip(etapes[::2], etapes[1::2], strict=True))}
