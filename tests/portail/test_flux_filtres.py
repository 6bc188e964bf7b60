"""Under any filters, the list, the calendar and the feed hold the same dates (F12)."""

import random
import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django import forms
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone

from maisons.models import Creneau
from portail.agenda import ROWS, Agenda
from portail.filtres import AgendaForm

pytestmark = pytest.mark.django_db
FEEDS = ["/agenda.ics", "/agenda.atom"]


def some(field, chance):
    """Values that somebody may give to a field of the agenda; one of a new kind says how here."""
    if isinstance(field, forms.ChoiceField):
        values = [value for value, _ in field.choices if value]
        several = isinstance(field, forms.MultipleChoiceField)
        return chance.sample(values, min(len(values), chance.randint(1, 3) if several else 1))
    if isinstance(field, forms.DateField):
        return [(timezone.localdate() + timedelta(days=chance.randint(-2, 5))).isoformat()]
    if isinstance(field, forms.BooleanField):
        return ["on"]
    if isinstance(field, forms.IntegerField):
        return [str(chance.randint(1, 80))]
    assert isinstance(field, forms.CharField), field
    return [chance.choice(["atelier", "jeunes", "jardin", "café"])]


def combination(chance):
    """One to three filters, whatever those of the agenda are, and values for them."""
    fields = AgendaForm(QueryDict(), Agenda(QueryDict()).facets).fields
    names = chance.sample(list(fields), chance.randint(1, 3))
    return {name: some(fields[name], chance) for name in names}


def listed(client, query):
    """The ids on all pages of the list, by its own links."""
    page = client.get("/agenda/", query).content.decode()
    found = re.findall(r'<a href="/agenda/(\d+)/">', page)
    while onward := re.search(r'href="(\?[^"]*apres=[^"]*)"', page):
        page = client.get("/agenda/" + unescape(onward[1])).content.decode()
        found += re.findall(r'<a href="/agenda/(\d+)/">', page)
    return found


def fed(client, feed, query):
    """The ids in a feed."""
    return re.findall(r"\bcreneau-(\d+)", client.get(feed, query).content.decode())


def test_list_calendar_and_feed_hold_the_same_dates_under_any_filters(client):
    call_command("peupler", creneaux=1_750, stdout=StringIO())
    cancelled = Creneau.objects.exclude(annule_le=None).values_list("pk", flat=True)
    gone, seed = {str(pk) for pk in cancelled}, random.randrange(10**6)
    print(f"graine {seed}")
    chance, numbers = random.Random(seed), []

    for query in [{}, *(combination(chance) for _ in range(20))]:
        told = [listed(client, query), *(fed(client, feed, query) for feed in FEEDS)]
        in_list, *in_feeds = [[pk for pk in found if pk not in gone] for found in told]
        assert in_feeds == [in_list, in_list], (seed, query)
        numbers.append(len(in_list))

    assert numbers[0] > ROWS  # more than a page
    assert any(numbers[1:]), (seed, numbers)
