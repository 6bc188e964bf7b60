"""Telling somebody of an event by a message of one's own (F15)."""

import re
from datetime import time, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from maisons import heures, planning
from maisons.heures import starts_at
from maisons.models import Creneau, Evenement
from tests.factories import EvenementFactory, MaisonFactory, OccurrenceFactory, VilleFactory

pytestmark = pytest.mark.django_db
LINKS = re.compile(r'href="((?:sms|mailto):\?[^"]*)">Envoyer par (SMS|courriel)<')


@pytest.fixture
def held():
    VilleFactory()
    house = MaisonFactory(nom="Maison de l’Étang", adresse="3 rue d’Amont & 5")
    event = EvenementFactory(titre="Thé & contes", maison=house)
    debut = starts_at(timezone.localdate() + timedelta(days=1), time(14, 30))
    held = OccurrenceFactory(evenement=event, debut=debut)
    planning.publish(event)
    return held


def written(client, held):
    """{channel: (subject, body)} that the links of its page open."""
    page = client.get(held.evenement.get_absolute_url()).content.decode()
    found = {}
    for link, channel in LINKS.findall(page):
        fields = parse_qs(urlsplit(unescape(link)).query)
        found[channel] = fields.get("subject", [""])[0], fields["body"][0]
    return found


def test_a_message_says_what_when_where_and_the_address_of_its_page(client, held):
    messages = written(client, held)

    assert messages["SMS"][1].split("\n") == [
        "Thé & contes",
        f"{heures.day(held.debut)}, de 14 h 30 à 16 h 30",
        f"{held.salle}, Maison de l'Étang, 3 rue d'Amont & 5, Rivemont",
        f"http://localhost:8000/agenda/{held.pk}/",
    ]
    assert messages["courriel"][0] == "Thé & contes"
    assert messages["courriel"][1].split("\r\n")[2].startswith(f"{held.salle}, Maison de l’Étang")


def test_a_cancelled_one_says_so_first(client, held):
    planning.cancel(held, Creneau.Motif.ORGANISATION, by=None)

    messages = written(client, held)

    assert messages["courriel"][0] == "Annulé : Thé & contes"
    assert messages["SMS"][1].startswith("Annulé : Thé & contes\n")


def test_no_title_writes_another_field_of_the_message(client, held):
    event = Evenement.objects.get()
    event.titre = "Thé&cc=a@b.example\x0b#?"
    event.save()
    planning.describe(event)

    assert written(client, held)["courriel"][0] == "Thé&cc=a@b.example #?"


def test_an_event_without_a_date_left_has_a_page(client, held):
    held.delete()

    assert written(client, held) == {}


def test_a_draft_is_not_shared(admin_client, held):
    draft = OccurrenceFactory().evenement

    page = admin_client.get(f"/gestion/maisons/evenement/{draft.pk}/apercu/").content.decode()

    assert LINKS.findall(page) == []
