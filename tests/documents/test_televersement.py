"""What is sent: kept on disk only where a file is expected, from who is signed in, up to a size."""

import tempfile

import pytest
from django.urls import reverse

from conseils.models import Piece
from documents.televersement import BoundedUploadHandler
from tests.documents import fichiers
from tests.factories import PointFactory, SecretariatFactory, VilleFactory

pytestmark = pytest.mark.django_db
MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    VilleFactory()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def documents_page():
    mandate = SecretariatFactory()
    meeting = PointFactory(reunion__conseil=mandate.conseil).reunion
    return mandate.compte, reverse("admin:conseils_reunion_documents", args=[meeting.pk])


@pytest.mark.parametrize("size", [6, 200])
def test_a_file_that_is_too_heavy_is_told_and_what_was_typed_is_kept(client, settings, place, size):
    settings.DOCUMENT_SIZES = dict.fromkeys(settings.DOCUMENT_SIZES, 5 * MEGABYTE)
    secretary, page = documents_page()
    client.force_login(secretary)
    heavy = fichiers.sent(b"%PDF-1.7" + b"0" * (size * MEGABYTE))

    response = client.post(page, {"titre": "Plan", "fichier": heavy, "resume": "Le parc."})

    [sentence] = response.context["form"].errors["fichier"]
    assert "trop lourd" in sentence
    assert f"{size}\xa0Mo" in sentence
    assert 'value="Plan"' in response.content.decode()
    assert list(place.iterdir()) == []
    assert not Piece.objects.exists()


@pytest.mark.parametrize("path", ["/remarque/", "/compte/login/", "/conseils/", "/nulle-part/"])
def test_a_file_sent_where_none_is_asked_for_is_thrown_away(client, place, path):
    response = client.post(path, {"fichier": fichiers.sent(b"x" * MEGABYTE), "avis": "oui"})

    assert not response.wsgi_request.FILES
    assert response.wsgi_request.POST["avis"] == "oui"
    assert list(place.iterdir()) == []


def test_nothing_is_taken_from_who_is_not_signed_in(client, place, settings):
    _, page = documents_page()

    response = client.post(page, {"titre": "Plan", "fichier": fichiers.sent(fichiers.pdf())})

    assert response.status_code == 403
    assert not response.wsgi_request.FILES
    assert list(place.iterdir()) == []
    assert list(settings.MEDIA_ROOT.iterdir()) == []


def test_what_is_too_heavy_never_fills_the_disk(settings, place):
    """Chunk by chunk, as a browser sends it: what is kept never passes the limit, and is let go."""
    settings.DOCUMENT_SIZES = {"pdf": 5 * MEGABYTE}
    handler = BoundedUploadHandler()
    handler.is_expected = lambda: True
    handler.new_file("fichier", "lourd.pdf", "application/pdf", None, None, {})
    sizes = []

    for start in range(0, 200 * MEGABYTE, MEGABYTE):
        handler.receive_data_chunk(b"0" * MEGABYTE, start)
        handler.file.flush()
        sizes += [path.stat().st_size for path in place.iterdir()]
    sent = handler.file_complete(200 * MEGABYTE)

    with sent:
        assert sent.size == 200 * MEGABYTE
        assert (max(sizes), sizes[-1]) == (5 * MEGABYTE, 0)


def test_many_files_together_are_as_heavy_as_one(settings, place):
    settings.DOCUMENT_SIZES = {"pdf": 5 * MEGABYTE}
    handler = BoundedUploadHandler()
    handler.is_expected = lambda: True
    kept = []

    for _ in range(20):
        handler.new_file("fichier", "lourd.pdf", "application/pdf", None, None, {})
        handler.receive_data_chunk(b"0" * MEGABYTE, 0)
        handler.file.flush()
        kept.append(handler.file_complete(MEGABYTE))

    assert sum(path.stat().st_size for path in place.iterdir()) == 5 * MEGABYTE
    for sent in kept:
        sent.close()
