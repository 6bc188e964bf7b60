"""Adhesions in the admin: who writes, who reads, certificates, what is told before the end."""

from datetime import time, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from associations.models import Adhesion, Attestation, Charte, Cogestion, MembreAssociation
from maisons.heures import starts_at
from notifications.balayage import sweep
from notifications.models import Message
from tests.documents.fichiers import pdf
from tests.factories import (
    AdhesionFactory,
    AssociationFactory,
    CharteFactory,
    CogestionFactory,
    CompteFactory,
    MaisonFactory,
    MembreFactory,
    VilleFactory,
)
from tests.notifications.pense_betes import sweep_again

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = timedelta(days=1)
CITY = "mairie@rivemont.example"


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory(courriel=CITY)


@pytest.fixture
def city(client):
    compte = CompteFactory(is_superuser=True)
    client.force_login(compte)
    return compte


@pytest.fixture
def signed(client):
    """The adhesion of an association, for which somebody who answers is signed in."""
    row = AdhesionFactory()
    client.force_login(MembreFactory(association=row.association).compte)
    return row


def admin(name, *args):
    return reverse(f"admin:associations_{name}", args=args)


def sent(content=None, **fields):
    certificate = SimpleUploadedFile("attestation.pdf", content or pdf())
    return {"fichier": certificate, "jusqu_au": f"{TODAY() + 300 * DAY}"} | fields


def send(client, adhesion, **fields):
    return client.post(admin("attestation_list", adhesion.pk), sent(**fields))


def test_the_city_writes_a_charter_looks_at_it_and_publishes(client, city):
    client.post(admin("charte_add"), {"texte": "### Accueil\n\n• Chacun *compte*."})
    draft = Charte.objects.get()

    shown = client.get(admin("charte_preview", draft.pk)).content.decode()
    client.post(admin("charte_publish", draft.pk))
    client.post(admin("charte_change", draft.pk), {"texte": "Autre"})
    client.post(admin("charte_delete", draft.pk), {"post": "yes"})

    assert "<h3>Accueil</h3>" in shown
    assert "<em>compte</em>" in shown
    charte = Charte.objects.get()
    assert (charte.version, charte.texte) == (1, "### Accueil\n\n- Chacun *compte*.")
    assert "Chacun" in client.get(admin("charte_add")).content.decode()


def test_the_city_writes_an_adhesion_under_a_published_charter(client, city):
    association, charte = AssociationFactory(), CharteFactory()
    draft = CharteFactory(brouillon=True)
    typed = {"association": association.pk, "charte": draft.pk, "signataire": "Jeanne Roux"}
    typed |= {"signe_le": f"{TODAY()}", "jusqu_au": f"{TODAY() + 365 * DAY}"}
    client.post(admin("adhesion_add"), typed)
    assert not Adhesion.objects.exists()

    client.post(admin("adhesion_add"), typed | {"charte": charte.pk})

    row = Adhesion.objects.get()
    assert (row.association, row.charte, row.fault) == (association, charte, "sans assurance")


@pytest.mark.parametrize("situation", ["valable", "assurance", "finie"])
def test_the_city_finds_those_to_renew(client, city, situation):
    kept = {
        "valable": AdhesionFactory(),
        "assurance": AdhesionFactory(assurance_jusqu_au=None),
        "finie": AdhesionFactory(finie=True),
    }

    page = client.get(admin("adhesion_changelist"), {"situation": situation})

    assert list(page.context["cl"].result_list) == [kept[situation]]


def test_an_association_reads_its_adhesion_and_writes_nothing_of_it(client, signed):
    foreign = AdhesionFactory()

    listed = client.get(admin("adhesion_changelist"))
    shown = client.get(admin("adhesion_change", signed.pk))
    forged = client.post(admin("adhesion_change", signed.pk), {"jusqu_au": "2099-01-01"})

    assert list(listed.context["cl"].result_list) == [signed]
    assert (shown.status_code, forged.status_code) == (200, 403)
    for name in ("adhesion_change", "adhesion_delete", "adhesion_history", "attestation_list"):
        assert client.get(admin(name, foreign.pk)).status_code == 404
    signed.refresh_from_db()
    assert signed.jusqu_au < TODAY() + 365 * DAY


def test_an_association_sends_its_certificate_and_the_city_confirms(client, signed):
    send(client, signed)
    kept = Attestation.objects.get()
    assert send(client, signed, content=b"MZ\x90").status_code == 200
    refused = client.post(admin("attestation_confirm", kept.pk)).status_code
    client.force_login(CompteFactory(is_superuser=True))
    waiting = client.get(reverse("admin:index")).content.decode()

    client.post(admin("attestation_confirm", kept.pk))

    signed.refresh_from_db()
    assert Attestation.objects.count() == 1
    assert refused == 403
    assert "Attestations à vérifier" in waiting
    assert signed.assurance_jusqu_au == kept.jusqu_au == TODAY() + 300 * DAY
    assert "Attestations à vérifier" not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"jusqu_au": "2020-01-01"}, "déjà finie"),
        ({"jusqu_au": ""}, "obligatoire"),
        ({"fichier": ""}, "Choisissez un fichier"),
        ({"content": b"texte"}, "Envoyez un"),
    ],
)
def test_a_bad_certificate_gets_a_sentence_and_is_not_kept(client, signed, fields, sentence):
    page = client.post(admin("attestation_list", signed.pk), sent(**fields)).content.decode()

    assert sentence in page
    assert not Attestation.objects.exists()
    assert default_storage.listdir("")[0] == []


@pytest.mark.parametrize(
    ("reader", "status"),
    [
        ("responsable", 200),
        ("ville", 200),
        ("animateur", 404),
        ("autre association", 404),
        ("habitant", 404),
        ("visiteur", 302),
    ],
)
def test_a_certificate_is_read_by_its_association_and_the_city_alone(
    client, signed, reader, status
):
    send(client, signed)
    address = admin("attestation_file", Attestation.objects.get().pk)
    client.logout()
    role = MembreAssociation.Role.ANIMATEUR
    match reader:
        case "responsable":
            client.force_login(MembreFactory(association=signed.association).compte)
        case "ville":
            client.force_login(CompteFactory(is_superuser=True))
        case "animateur":
            client.force_login(MembreFactory(association=signed.association, role=role).compte)
        case "autre association":
            client.force_login(MembreFactory().compte)
        case "habitant":
            client.force_login(CompteFactory())

    answer = client.get(address)

    assert answer.status_code == status
    if status == 200:
        assert "private, no-store" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize("column", ["jusqu_au", "assurance_jusqu_au"])
def test_its_end_is_told_sixty_and_fifteen_days_before_to_both_sides_once(time_machine, column):
    first = TODAY()
    ends = first + 70 * DAY

    def noon(days):
        time_machine.move_to(starts_at(first + days * DAY, time(12, 15)))

    noon(0)
    far = {"jusqu_au": first + 700 * DAY, "assurance_jusqu_au": first + 700 * DAY}
    row = AdhesionFactory(signe_le=first - 300 * DAY, **far | {column: ends})
    answering = MembreFactory(association=row.association, debut=first - 300 * DAY)
    MembreFactory(association=row.association, role="animateur", debut=first - 300 * DAY)
    written = {}
    for days in range(73):
        noon(days)
        written[days] = sweep_again()

    assert {days: count for days, count in written.items() if count} == {10: 2, 55: 2}
    reached = Message.objects.values_list("destinataire", flat=True)
    assert sorted(reached) == sorted([answering.compte.courriel, CITY] * 2)
    assert all(str(row.association) in letter.objet for letter in Message.objects.all())


@pytest.mark.parametrize("column", ["jusqu_au", "assurance_jusqu_au"])
def test_nothing_is_told_of_what_another_adhesion_goes_on_after(time_machine, column):
    time_machine.move_to(starts_at(TODAY(), time(12, 15)))
    soon = TODAY() + 15 * DAY
    far = {"jusqu_au": soon + 9 * DAY, "assurance_jusqu_au": soon + 9 * DAY}
    row = AdhesionFactory(**far | {column: soon})
    MembreFactory(association=row.association, debut=TODAY() - 90 * DAY)
    later = {"jusqu_au": TODAY() + 700 * DAY, "assurance_jusqu_au": TODAY() + 700 * DAY}
    AdhesionFactory(association=row.association, signe_le=TODAY(), **later)

    assert sweep() == 0


def test_the_yearly_review_is_told_sixty_and_fifteen_days_before_to_both_sides(time_machine):
    first = TODAY()

    def noon(days):
        time_machine.move_to(starts_at(first + days * DAY, time(12, 15)))

    noon(0)
    row = CogestionFactory(depuis=first - 300 * DAY, revue_le=first + 70 * DAY)
    over = {"jusqu_au": first + 60 * DAY, "revue_le": first + 70 * DAY}
    ended = CogestionFactory(depuis=first - 300 * DAY, **over)
    answering = MembreFactory(association=row.association, debut=first - 300 * DAY)
    MembreFactory(association=ended.association, debut=first - 300 * DAY)
    written = {}
    for days in (9, 10, 11, 54, 55, 56, 70):
        noon(days)
        written[days] = sweep_again()

    assert {days: count for days, count in written.items() if count} == {10: 2, 55: 2}
    reached = Message.objects.values_list("destinataire", flat=True)
    assert sorted(reached) == sorted([answering.compte.courriel, CITY] * 2)
    links = {letter.destinataire: letter.texte for letter in Message.objects.all()}
    assert admin("cogestion_change", row.pk) in links[CITY]
    assert row.maison.get_absolute_url() in links[answering.compte.courriel]


def test_the_city_says_who_runs_a_house(client, city):
    association, maison = AssociationFactory(), MaisonFactory()
    typed = {"association": association.pk, "maison": maison.pk, "depuis": f"{TODAY()}"}

    client.post(admin("cogestion_add"), typed)
    twice = client.post(admin("cogestion_add"), typed).content.decode()

    assert Cogestion.objects.get().maison == maison
    assert "co-gère déjà cette maison" in twice


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ({"jusqu_au": 59}, True),
        ({"assurance_jusqu_au": 59}, True),
        ({"assurance_jusqu_au": None}, True),
        ({"jusqu_au": -20, "assurance_jusqu_au": -20}, True),
        ({}, False),
        ({"jusqu_au": -80, "assurance_jusqu_au": -80}, False),
    ],
)
def test_the_home_page_says_what_ends_soon_of_ours_alone(client, ends, told):
    far = {"jusqu_au": 300, "assurance_jusqu_au": 300}
    days = {name: n and TODAY() + n * DAY for name, n in (far | ends).items()}
    AdhesionFactory(jusqu_au=TODAY() + DAY)  # of others
    row = AdhesionFactory(signe_le=TODAY() - 300 * DAY, **days)
    client.force_login(MembreFactory(association=row.association).compte)

    sections = client.get(reverse("admin:index")).context["sections"]

    found = [list(each["rows"]) for each in sections if "renouveler" in each["title"]]
    assert found == [[row]] * told


def test_what_was_signed_again_is_not_on_the_home_page(client, signed):
    soon = {"jusqu_au": TODAY() + 9 * DAY, "signe_le": TODAY() - 300 * DAY}
    AdhesionFactory(association=signed.association, **soon)

    assert "renouveler" not in client.get(reverse("admin:index")).content.decode()
