"""A form left open while somebody else changed the row: nothing that was typed is lost silently."""

import re

import pytest
from django.urls import reverse

from tests.factories import ActiviteFactory, MembreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def activite(ours):
    texts = {"resume": "avant", "description": "avant", "contact": "avant"}
    return ActiviteFactory(association=ours, salle=None, **texts)


def opened(client, page, row):
    """(address, answers as the page shows them)."""
    address = reverse(f"admin:associations_{page}_change", args=[row.pk])
    form = client.get(address).context["adminform"].form
    shown = {field.html_name: field.value() for field in form}
    return address, {name: value for name, value in shown.items() if value not in (None, False)}


def test_what_another_wrote_stays_where_one_has_changed_nothing(client, activite):
    address, answers = opened(client, "activite", activite)
    client.post(address, answers | {"resume": "de Louise"})

    client.post(address, answers | {"contact": "06 00 00 00 00"})

    activite.refresh_from_db()
    assert (activite.resume, activite.contact) == ("de Louise", "06 00 00 00 00")


def test_an_answer_that_both_changed_is_refused_once_with_the_words_of_the_other(client, activite):
    address, answers = opened(client, "activite", activite)
    client.post(address, answers | {"resume": "de Louise"})

    page = client.post(address, answers | {"resume": "de Léo", "contact": "nouveau"})

    activite.refresh_from_db()
    assert (activite.resume, activite.contact) == ("de Louise", "avant")
    text = page.content.decode()
    assert "« de Louise »" in text
    assert 'value="de Léo"' in text
    version = re.search(r'name="version" value="([^"]+)"', text)[1]
    client.post(address, answers | {"resume": "de Léo", "contact": "nouveau", "version": version})
    activite.refresh_from_db()
    assert (activite.resume, activite.contact) == ("de Léo", "nouveau")


def test_what_was_not_shown_yet_is_not_undone_after_an_error(client, activite):
    address, answers = opened(client, "activite", activite)
    client.post(address, answers | {"resume": "de Louise"})
    page = client.post(address, answers | {"titre": ""})
    version = re.search(r'name="version" value="([^"]+)"', page.content.decode())[1]

    client.post(address, answers | {"titre": "Nouveau", "version": version})

    activite.refresh_from_db()
    assert (activite.resume, activite.titre) == ("de Louise", "Nouveau")


@pytest.mark.parametrize(
    "version", ["", "resume", "=", "resume=\x00", "titre=é resume=x", "a=b" * 99]
)
def test_a_forged_mark_breaks_nothing(client, activite, version):
    address, answers = opened(client, "activite", activite)

    page = client.post(address, answers | {"resume": "autre", "version": version})

    assert page.status_code in (200, 302)


def test_two_who_answer_for_an_association_do_not_undo_each_other(client):
    mandate = MembreFactory(role="responsable")
    ours = mandate.association
    client.force_login(mandate.compte)
    address, answers = opened(client, "association", ours)
    client.post(address, answers | {"objet": "Un autre objet", "themes": ["sport"]})

    client.post(address, answers | {"benevoles": "tenir la buvette"})

    ours.refresh_from_db()
    assert (ours.objet, ours.themes, ours.benevoles) == (
        "Un autre objet",
        ["sport"],
        "tenir la buvette",
    )
