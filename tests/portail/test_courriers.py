"""The demonstration shows what it sends, codes included; no other city ever does."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from notifications.models import ERASED, Message
from notifications.tasks import drain
from portail.courriers import letters_sent
from quartiers.models import Ville
from tests.factories import MessageFactory, VilleFactory

pytestmark = pytest.mark.django_db
LIST = reverse("portail:courrier_list")
HTML = '<html><head></head><body><a class="bouton" href="http://localhost/code/K7M3/">Voir</a>'


@pytest.fixture
def mailbox(settings, tmp_path):
    VilleFactory(demonstration=True)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


@pytest.fixture
def letter(mailbox):
    calendar = {"nom": "salle.ics", "type": "text/calendar", "texte": "BEGIN:VCALENDAR"}
    MessageFactory(texte="Code K7M3", html=HTML, pieces=[calendar], secrets=["K7M3"])
    drain()
    return letters_sent()[0]


def test_what_left_shows_its_code_though_it_is_erased_from_what_is_kept(client, letter):
    page = client.get(reverse("portail:courrier", args=[letter.key])).content.decode()

    assert f"<h1>{letter.subject}</h1>" in page
    assert "Code K7M3" in page
    assert Message.objects.get().texte == f"Code {ERASED}"
    assert timezone.now() - letter.sent_at < timedelta(minutes=1)


def test_the_newest_comes_first_whether_by_the_outbox_or_not(client, letter):
    EmailMessage("Votre code de connexion", "123-456-789", to=["moi@rivemont.example"]).send()

    shown = client.get(LIST).context["page"]

    assert [letter.subject for letter in shown] == [
        "Votre code de connexion",
        "Votre réservation est faite",
    ]


def test_old_letters_are_on_the_next_page(client, letter):
    for number in range(20):  # Django may write those of one second into one file
        with travel(timezone.now() + timedelta(seconds=number + 1)):
            EmailMessage(f"Lettre {number}", "Bonjour", to=["moi@rivemont.example"]).send()

    first, second = [client.get(LIST, {"page": page}).content.decode() for page in "12"]

    address = reverse("portail:courrier", args=[letter.key])
    assert "Page 1 sur 2" in first.replace("\u00a0", " ")
    assert address not in first
    assert address in second


def test_a_letter_in_html_is_a_page_under_our_own_rules(client, letter):
    response = client.get(reverse("portail:courrier_mis_en_forme", args=[letter.key]))

    page = response.content.decode()
    assert 'href="http://localhost/code/K7M3/"' in page
    assert 'rel="stylesheet"' in page
    assert "<style" not in page
    assert "style-src 'self'" in response["Content-Security-Policy"].split("; ")


def test_an_attachment_is_downloaded(client, letter):
    response = client.get(reverse("portail:courrier_piece", args=[letter.key, 0]))

    assert b"".join(response.streaming_content) == b"BEGIN:VCALENDAR"
    assert response["Content-Disposition"] == 'attachment; filename="salle.ics"'


@pytest.mark.parametrize(
    "rest", ["inconnu/", "inconnu/mise-en-forme/", "{key}/1/", "..%2F..%2Fetc/", "{key}.log/"]
)
def test_what_is_no_letter_is_404(client, letter, rest):
    assert client.get(LIST + rest.format(key=letter.key)).status_code == 404


@pytest.mark.parametrize("rest", ["", "{key}/", "{key}/mise-en-forme/", "{key}/0/"])
def test_a_real_city_shows_nothing(client, letter, rest):
    Ville.objects.update(demonstration=False)

    assert client.get(LIST + rest.format(key=letter.key)).status_code == 404


def test_letters_that_leave_for_good_are_not_looked_for(client, letter, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert "Aucun courrier" in client.get(LIST).content.decode()


def test_a_letter_being_written_is_left_out(client, letter, mailbox):
    [file] = mailbox.iterdir()
    with file.open("ab") as writing:
        writing.write(b"Subject: half a letter")

    assert [shown.subject for shown in client.get(LIST).context["page"]] == [letter.subject]
