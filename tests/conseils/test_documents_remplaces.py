"""The file that a correction replaced is read from its page; what is removed is read nowhere."""

import pytest

from conseils import seances
from conseils.models import PieceAncienne
from tests.conseils.test_documents import meeting, read, stored, url, ville
from tests.documents import fichiers
from tests.factories import PieceFactory, ReunionFactory, found

__all__ = ["meeting", "ville"]
pytestmark = pytest.mark.django_db


def replace(client, piece, **answers):
    answers = {"titre": piece.titre, "motif": "Le budget a changé."} | answers
    file = {"fichier": fichiers.sent(fichiers.tagged_pdf(), "neuf.pdf")}
    return client.post(url("piece_change", piece.pk), answers | file)


@pytest.fixture
def replaced(client, meeting):
    """A public document, whose file a correction has replaced."""
    piece = PieceFactory(reunion=meeting, titre="Budget", resume="Dix bancs.")
    seances.publish(meeting)
    replace(client, piece, titre="Budget corrigé", resume="Onze bancs.")
    return piece


def test_both_versions_are_read_each_at_its_address(client, meeting, replaced):
    """Point 5; the page of the meeting has the one of today alone."""
    client.logout()
    page = client.get(meeting.rectificatifs.get().get_absolute_url()).content.decode()
    today = client.get(meeting.get_absolute_url()).content.decode()

    old = PieceAncienne.objects.get()
    answer = client.get(old.get_absolute_url())

    assert (old.titre, old.resume) == ("Budget", "Dix bancs.")
    assert f'href="{old.get_absolute_url()}"' in page
    assert old.get_absolute_url() not in today
    assert read(answer) == b"%PDF-1.7 essai"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert (
        read(client.get(replaced.get_absolute_url().replace("avis", "neuf"))) != b"%PDF-1.7 essai"
    )


def test_it_has_one_address(client, meeting, replaced):
    address = PieceAncienne.objects.get().get_absolute_url()
    other = ReunionFactory(publie=True).conseil.slug

    for wrong in (
        address.replace(meeting.conseil.slug, other),
        address.replace("avis.pdf", "x.pdf"),
    ):
        assert client.get(wrong).status_code == 404


def test_what_is_removed_takes_away_what_it_replaced(
    client, meeting, replaced, settings, django_capture_on_commit_callbacks
):
    """An address, a face: what must not be read any more is read nowhere."""
    old = PieceAncienne.objects.get().get_absolute_url()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("piece_remove", replaced.pk), {"motif": "Une adresse y était."})

    assert stored(settings) == []
    assert not PieceAncienne.objects.exists()
    assert client.get(old).status_code == 404
    assert client.get(meeting.rectificatifs.first().get_absolute_url()).status_code == 200


def test_an_image_keeps_its_widths(client, meeting):
    received = found(format="jpg", largeur=900, hauteur=600, nom_fichier="place.jpg")
    received.files["-480"] = found().files[""]
    piece = PieceFactory(reunion=meeting, alternative="La place.", received=received)
    seances.publish(meeting)
    replace(client, piece)

    old = PieceAncienne.objects.get()

    for query in ("", "?largeur=480"):
        answer = client.get(old.get_absolute_url() + query)
        assert (answer["Content-Type"], read(answer) != b"") == ("image/jpeg", True)


def test_a_draft_keeps_no_file_that_was_replaced(
    client, meeting, settings, django_capture_on_commit_callbacks
):
    piece = PieceFactory(reunion=meeting, titre="Budget")

    with django_capture_on_commit_callbacks(execute=True):
        replace(client, piece)

    assert len(stored(settings)) == 1
    assert not PieceAncienne.objects.exists()
