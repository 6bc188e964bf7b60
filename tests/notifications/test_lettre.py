"""What a letter looks like when it leaves."""

import re

import pytest
from django.template import engines

from notifications.lettre import compose
from tests.factories import MaisonFactory, MessageFactory, VilleFactory

pytestmark = pytest.mark.django_db
EXAMPLE = """{% extends "notifications/courriel.html" %}
{% block content %}
<table class="faits"><caption>Votre réservation</caption><tbody>
<tr><th scope="row">Où</th><td>{{ salle }}</td></tr></tbody></table>
{% endblock %}
{% block pourquoi %}Vous recevez ce message parce que vous avez réservé une salle.{% endblock %}"""


@pytest.fixture
def context():
    maison = MaisonFactory(nom="Maison des Lavoirs", telephone="04 65 71 00 11")
    titre = "Votre réservation est faite"
    return {"titre": titre, "ville": VilleFactory(), "nom": "d’Ângelo", "maison": maison}


def render(template, context):
    return engines["django"].from_string(template).render(context)


def bodies(message):
    letter = compose(message, server=None).message()
    return [(part.get_content_type(), part) for part in letter.walk() if not part.is_multipart()]


def test_a_letter_keeps_its_identity_and_says_whom_to_answer(settings):
    settings.DEFAULT_FROM_EMAIL = "Maisons de quartier <bonjour@rivemont.example>"
    message = MessageFactory(repondre_a="lavoirs@rivemont.example")

    first, second = (compose(message, server=None).message() for _ in range(2))

    assert first["Message-ID"] == f"<{message.identifiant}@rivemont.example>"
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Reply-To"] == "lavoirs@rivemont.example"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"]


def test_a_letter_is_plain_text_simple_html_and_its_attachments():
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Salle réservée\r\nEND:VCALENDAR\r\n"
    pieces = [{"nom": "salle.ics", "type": "text/calendar; method=PUBLISH", "texte": calendar}]
    message = MessageFactory(html="<html><head></head><p>Bonjour</p></html>", pieces=pieces)

    kinds, parts = zip(*bodies(message), strict=True)

    assert kinds == ("text/plain", "text/html", "text/calendar")
    assert parts[2].get_filename() == "salle.ics"
    assert parts[2].get_param("method") == "PUBLISH"
    assert parts[2].get_payload(decode=True).decode() == calendar


def test_the_look_is_inside_the_letter_as_mail_programs_read_no_sheet(context):
    message = MessageFactory(html=render(EXAMPLE, context | {"salle": "Salle du lavoir"}))

    html = bodies(message)[1][1].get_payload(decode=True).decode()

    assert html.count("<style>") == 1
    assert "prefers-color-scheme: dark" in html
    assert "<link" not in html


def test_a_letter_in_html_names_its_language_its_title_and_its_facts(context):
    html = render(EXAMPLE, context | {"salle": "Salle <1>"})

    assert html.startswith('<!doctype html>\n<html lang="fr">')
    assert "<title>Votre réservation est faite – Maisons de quartier de Rivemont</title>" in html
    assert re.findall(r"<h1>(.*)</h1>", html) == ["Votre réservation est faite"]
    assert "Bonjour d’Ângelo," in html
    assert "Salle &lt;1&gt;" in html
    assert '<a href="tel:+33465710011">04 65 71 00 11</a>' in html


def test_a_letter_in_plain_text_escapes_nothing_and_has_no_hole(context):
    template = '{% extends "notifications/courriel.txt" %}{% block content %}{{ salle }}\n\n\n'
    texte = render(template + "{% endblock %}", context | {"salle": "L'étage & <cour>"})

    [(_, part)] = bodies(MessageFactory(texte=texte))

    told = part.get_payload(decode=True).decode()
    assert told.startswith(
        "Bonjour d’Ângelo,\n\nVotre réservation est faite.\n\nL'étage & <cour>\n"
    )
    assert told.endswith("\n\n--\nMaisons de quartier, Ville de Rivemont\n")
    assert "\n\n\n" not in told
