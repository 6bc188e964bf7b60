"""SMS: one part, one provider, told by voice when it cannot; R7, fault 16."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from django.core import checks
from django.db import connection

from maisons.courriers import TEXTOS, texto
from notifications import sms
from notifications.models import ERASED, Message
from notifications.tasks import drain, drain_sms
from tests.factories import MaisonFactory, MessageFactory, ReservationFactory, SalleFactory
from tests.notifications.test_envoi import write

MOBILE, LANDLINE = "06 12 34 56 78", "04 65 71 01 23"


class Provider(ThreadingHTTPServer):
    """Takes SMS as the city's provider does, and answers as it is told."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.status, self.received, self.elsewhere = 200, [], ""
        self.reached, self.go_on = Event(), Event()
        self.go_on.set()

    @property
    def url(self):
        return "http://{}:{}/sms".format(*self.server_address)


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), json.loads(body)))
        self.server.reached.set()
        self.server.go_on.wait()
        self.send_response(self.server.status)
        if self.server.elsewhere:
            self.send_header("Location", self.server.elsewhere)
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def served():
    with Provider() as provider:
        thread = Thread(target=provider.serve_forever)
        thread.start()
        yield provider
        provider.go_on.set()
        provider.shutdown()
        thread.join()


@pytest.fixture
def provider(settings):
    with served() as provider:
        settings.SMS_URL, settings.SMS_TOKEN = provider.url, "jeton"
        settings.SMS_SENDER = "Rivemont"
        yield provider


def text(cle="cle", **fields):
    return write(cle, **{"courriel": "", "telephone": MOBILE, "sms": "Rappel : demain"} | fields)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("L’été à 14 h 30, forêt", "L'été à 14 h 30, foret"),
        ("«\u00a0Cœur de ville\u00a0» – 5 €", '"Coeur de ville" - 5 EUR'),
        ("Nguyễn ça\n\tvà", "Nguyen ca và"),
        ("Maison {A} 🎉 日本", "Maison A"),
    ],
)
def test_each_sign_counts_once(written, sent):
    assert sms.plain(written) == sent


@pytest.mark.django_db
@pytest.mark.parametrize("what", TEXTOS)
def test_the_longest_names_leave_one_part_with_all_that_matters(what, settings):
    settings.SITE_URL = "https://maisons-de-quartier.montpellier.fr"
    house = MaisonFactory(
        nom="Maison pour tous " + "Çélèste-Forêt " * 5, telephone="04 65 71 00 00"
    )
    booking = ReservationFactory(salle=SalleFactory(maison=house, nom="Grande salle œcuménique"))
    link = f"{settings.SITE_URL}/code/{booking.code}/"

    told = texto(TEXTOS[what], booking, link)

    assert len(told) <= sms.LONGEST
    assert set(told) <= sms.GSM7
    assert link in told
    assert "Tél. 04 65 71 00 00" in told
    assert "Grande salle" in told


@pytest.mark.django_db
def test_the_provider_gets_the_number_the_text_and_a_reference(provider):
    message = text()

    drain_sms()

    [(headers, body)] = provider.received
    assert headers["Authorization"] == "Bearer jeton"
    assert headers["Idempotency-Key"] == body["reference"] == str(message.identifiant)
    assert body["to"] == "+33612345678"
    assert (body["from"], body["text"]) == ("Rivemont", "Rappel : demain")
    assert Message.objects.get().etat == Message.Etat.ENVOYE


@pytest.mark.django_db
def test_codes_are_erased_once_it_has_left(provider):
    text(sms="Votre code : K7M3-TPXQ-9WQF", secrets=["K7M3-TPXQ-9WQF"])

    drain_sms()

    assert provider.received[0][1]["text"] == "Votre code : K7M3-TPXQ-9WQF"
    assert Message.objects.get().sms == f"Votre code : {ERASED}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "canal"),
    [
        ({"telephone": LANDLINE}, Message.Canal.TELEPHONE),
        ({"sms": ""}, Message.Canal.TELEPHONE),
        ({"courriel": "linh@rivemont.example"}, Message.Canal.COURRIEL),
        ({"telephone": "+33 6 12 34 56 78"}, Message.Canal.SMS),
    ],
)
def test_an_sms_is_for_mobiles_without_e_mail(provider, fields, canal):
    assert text(**fields).canal == canal


@pytest.mark.django_db
def test_without_a_provider_the_desk_calls():
    assert text().etat == Message.Etat.A_APPELER


@pytest.mark.django_db
def test_a_number_gets_three_within_an_hour_then_is_called(provider):
    canals = [text(f"{rank}").canal for rank in range(4)]

    assert canals == [Message.Canal.SMS] * 3 + [Message.Canal.TELEPHONE]
    assert text("autre", telephone="06 12 34 56 79").canal == Message.Canal.SMS


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 404, 422])
def test_what_is_refused_for_good_is_told_by_voice(provider, status):
    provider.status = status
    text(texte="À lire", secrets=["K7M3"])

    drain_sms()

    [message] = Message.objects.to_phone()
    assert (message.canal, message.shown_text) == (Message.Canal.TELEPHONE, "À lire")
    assert str(status) in message.erreur


@pytest.mark.django_db
@pytest.mark.parametrize("status", [302, 401, 429, 500])
def test_what_may_pass_later_waits_and_holds_no_other(provider, status, time_machine):
    provider.status = status
    first, second = text("1"), text("2")
    drain_sms()
    provider.status = 200

    drain_sms()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.etat, second.etat) == (Message.Etat.ATTENTE, Message.Etat.ENVOYE)
    assert f"{status}" in first.erreur
    time_machine.move_to(first.essayer_le)
    drain_sms()
    assert [body["reference"] for _, body in provider.received].count(str(first.identifiant)) == 2


@pytest.mark.django_db
def test_another_host_is_never_given_the_token(provider):
    provider.status = 307
    with served() as other:
        provider.elsewhere = other.url
        text()

        drain_sms()

        assert other.received == []
    assert Message.objects.get().etat == Message.Etat.ATTENTE


@pytest.mark.django_db(transaction=True)
def test_a_provider_that_hangs_holds_no_e_mail(provider, mailoutbox):
    provider.go_on.clear()
    text()
    letter = MessageFactory()

    def drained():
        try:
            drain_sms()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(drained)
        assert provider.reached.wait(10)
        drain()
        assert [mail.to for mail in mailoutbox] == [[letter.destinataire]]
        provider.go_on.set()
        hanging.result(10)


@pytest.mark.parametrize(
    ("address", "faults"),
    [
        ("", 0),
        ("console:", 0),
        ("https://sms.example/envoi", 0),
        ("http://127.0.0.1:8080/", 0),
        ("http://sms.example/envoi", 1),
        ("sms.example", 1),
    ],
)
def test_numbers_never_leave_in_clear(settings, address, faults):
    settings.SMS_URL = address

    found = [fault.id for fault in checks.run_checks()]
    assert found.count("notifications.E001") == faults
