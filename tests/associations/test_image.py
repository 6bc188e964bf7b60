"""The picture of an activity: what it shows and who made it; a draft's is for its people alone."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from associations.models import Activite, ImageActivite
from documents.depot import listed
from tests.documents import fichiers
from tests.factories import ActiviteFactory, VilleFactory

pytestmark = pytest.mark.django_db
WORDS = {"alternative": "Des enfants jouent du tambour.", "credit": "Photo de Léa Martin"}


def url(page, *args):
    return reverse(f"admin:associations_{page}", args=args)


@pytest.fixture
def draft(ours):
    VilleFactory()
    return ActiviteFactory(association=ours)


def send(client, activite, content=None, name="photo.jpg", **answers):
    file = {"fichier": fichiers.sent(content, name)} if content else {}
    return client.post(url("activite_image", activite.pk), WORDS | answers | file)


def kept():
    return [name for folder in listed("")[0] for name in listed(folder)[1]]


def test_it_is_kept_without_the_place_hidden_in_it(client, draft):
    send(client, draft, fichiers.photo_with_a_place())

    picture = ImageActivite.objects.get()
    with default_storage.open(picture.fichier.name) as file:
        assert not dict(Image.open(file).getexif())
    assert (picture.alternative, picture.credit) == (WORDS["alternative"], WORDS["credit"])
    assert WORDS["alternative"] in client.get(url("activite_image", draft.pk)).content.decode()


@pytest.mark.parametrize(
    ("answers", "field"), [({"alternative": ""}, "alternative"), ({"credit": ""}, "credit")]
)
def test_without_its_words_it_is_refused(client, draft, answers, field):
    response = send(client, draft, fichiers.image(), **answers)

    assert field in response.context["form"].errors
    assert not ImageActivite.objects.exists()
    assert kept() == []


@pytest.mark.parametrize("content", [fichiers.pdf(), b"rien"])
def test_what_is_no_picture_is_refused(client, draft, content):
    response = send(client, draft, content, "photo.pdf")

    assert response.context["form"].errors
    assert kept() == []


def test_another_takes_its_place_and_its_words_change_alone(
    client, draft, django_capture_on_commit_callbacks
):
    send(client, draft, fichiers.image())
    with django_capture_on_commit_callbacks(execute=True):
        send(client, draft, fichiers.image(size=(500, 400)))
    before = ImageActivite.objects.get().fichier.name
    send(client, draft, credit="Photo de Zoé")

    picture = ImageActivite.objects.get()
    assert (picture.largeur, picture.credit) == (500, "Photo de Zoé")
    assert picture.fichier.name == before
    assert {name.partition("-")[0].partition(".")[0] for name in kept()} == {
        before.rpartition("/")[2].removesuffix(".jpg")
    }


def test_it_is_taken_away_with_its_file(client, draft, django_capture_on_commit_callbacks):
    send(client, draft, fichiers.image())

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("image_remove", draft.pk))

    assert not ImageActivite.objects.exists()
    assert kept() == []


def test_that_of_a_draft_is_for_its_people_alone(client, draft):
    send(client, draft, fichiers.image())
    foreign = ActiviteFactory()

    own = client.get(url("image_file", draft.pk))
    content = b"".join(own.streaming_content)
    other = client.get(url("image_file", foreign.pk))
    client.logout()
    nobody = client.get(url("image_file", draft.pk))

    assert (own.status_code, other.status_code, nobody.status_code) == (200, 404, 302)
    assert content.startswith(b"\xff\xd8")
    assert "no-store" in own["Cache-Control"]


def test_that_of_a_public_activity_is_on_its_page(client, ours):
    VilleFactory()
    activite = ActiviteFactory(association=ours, publie=True)
    send(client, activite, fichiers.image())
    address = ImageActivite.objects.get().get_absolute_url()
    client.logout()

    page = client.get(activite.get_absolute_url()).content.decode()
    file = client.get(address)
    content = b"".join(file.streaming_content)
    Activite.objects.update(publie_le=None)
    after = client.get(address)

    assert address in page
    assert WORDS["credit"] in page
    assert (file.status_code, file["Content-Type"]) == (200, "image/jpeg")
    assert content.startswith(b"\xff\xd8")
    assert after.status_code == 404
