"""The councils as open data: names that others know, addresses that stay, nothing of a draft."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from conseils import rectifier, tenue
from conseils.models import Presence, Reunion
from maisons import planning
from maisons.models import Creneau
from portail import donnees_ouvertes
from tests.charge.conseils import fill
from tests.conseils.test_rectifier import published
from tests.factories import (
    ConseillerFactory,
    MaisonFactory,
    PieceFactory,
    PointFactory,
    ReunionFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
URL = "/donnees/conseils.json"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory(nom="Rivemont")


def read(client, query=""):
    response = client.get(f"{URL}{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    return json.loads(response.content)


def whole(thing):
    return settings.SITE_URL + thing.get_absolute_url()


def test_a_meeting_is_told_under_the_names_of_oparl(client):
    link = "https://visio.example/rives"
    meeting = ReunionFactory(publie=True, mode="mixte", lien_visio=link)
    meeting.points.update(titre="Bancs", texte="Dix **bancs**.", minutes=20, type="avis")

    [told] = read(client)["meeting"]

    assert told["id"] == told["web"] == whole(meeting)
    assert told["type"] == "https://schema.oparl.org/1.1/Meeting"
    assert told["organization"] == [whole(meeting.conseil)]
    assert told["start"] == timezone.localtime(meeting.debut).isoformat(timespec="seconds")
    assert link in told["location"]["description"]
    assert str(meeting.maison) in told["location"]["description"]
    [item] = told["agendaItem"]
    assert item["id"] == f"{whole(meeting)}#point-1"
    assert [item[n] for n in ("name", "text", "minutes", "kind")] == [
        *["Bancs", "Dix **bancs**.", 20, "pour avis"]
    ]
    assert client.get(told["invitation"]["accessUrl"]).status_code == 200


def test_councils_and_who_sits_there_are_told_under_the_names_of_popolo(client):
    member = ConseillerFactory(nom="Ada", qualite="présidente", college="habitants")
    yesterday = timezone.localdate() - timedelta(days=1)
    ConseillerFactory(nom="Parti", conseil=member.conseil, debut=yesterday, fin=yesterday)

    told = read(client)

    [organization], [person], [seat] = (told[n] for n in ("organization", "person", "membership"))
    assert organization["id"] == seat["organization_id"] == whole(member.conseil)
    assert organization["area"]["name"] == member.conseil.quartier.nom
    assert person == {"id": seat["person_id"], "name": "Ada"}
    assert (seat["role"], seat["start_date"]) == ("présidente", member.debut.isoformat())
    assert seat["post_id"] in [post["id"] for post in organization["posts"]]
    page = client.get(member.conseil.get_absolute_url()).content.decode()
    assert f'id="{person["id"].split("#")[1]}"' in page


def test_it_says_its_licence_and_when_it_changed(client):
    first, last = ReunionFactory.create_batch(2, publie=True)

    told = read(client)

    assert told["licenseName"] == "Licence Ouverte 2.0 (Etalab)"
    assert told["attribution"] == "Ville de Rivemont, maisons de quartier"
    assert told["modified"] == donnees_ouvertes.iso(Creneau.objects.get(pk=last.pk).modifie_le)
    assert first.pk < last.pk


def test_documents_are_told_under_their_item_or_their_meeting(client):
    meeting = ReunionFactory(publie=True)
    [point] = meeting.points.all()
    PieceFactory(reunion=meeting, point=point, titre="Plan", publie=True)
    PieceFactory(reunion=meeting, titre="Budget", resume="En bref.", publie=True)

    [told] = read(client)["meeting"]

    [plan], [budget] = told["agendaItem"][0]["auxiliaryFile"], told["auxiliaryFile"]
    assert (plan["name"], plan["mimeType"]) == ("Plan", "application/pdf")
    assert (budget["name"], budget["text"]) == ("Budget", "En bref.")
    path = plan["accessUrl"].removeprefix(settings.SITE_URL)
    assert len(b"".join(client.get(path))) == plan["size"]


def test_a_draft_is_not_told_and_a_cancelled_meeting_says_so(client):
    draft, cancelled = ReunionFactory(), ReunionFactory(publie=True)
    PointFactory(reunion=draft, titre="Rachat de la halle")
    planning.cancel(cancelled, Creneau.Motif.ORGANISATION, by=None)

    response = client.get(URL)

    [told] = json.loads(response.content)["meeting"]
    assert (told["id"], told["cancelled"]) == (whole(cancelled), True)
    assert "halle" not in response.content.decode()


def test_corrections_are_told_with_their_reason_and_their_page(client):
    meeting = published()
    rectifier.rectify(meeting, "Le banc est plus long.", write=lambda: titled(meeting, "Halle"))

    [told] = read(client)["meeting"]

    [row] = told["corrections"]
    assert (row["number"], row["reason"]) == (1, "Le banc est plus long.")
    assert client.get(row["web"].removeprefix(settings.SITE_URL)).status_code == 200


def titled(meeting, titre):
    meeting.points.update(titre=titre)


def test_minutes_are_told_once_public_with_who_was_there_in_numbers(client):
    meeting = published(debut=timezone.now() - timedelta(days=40))
    member = ConseillerFactory(conseil=meeting.conseil, nom="Zoé Canari")
    row = Presence(reunion=meeting, conseiller=member, etat="present")
    tenue.keep(meeting, "Avis **favorable**.", [row], tenue.fingerprint(meeting))
    [draft] = read(client)["meeting"]
    tenue.propose(meeting)

    [told] = read(client)["meeting"]

    assert "resultsProtocol" not in draft
    assert "attendance" not in draft
    protocol = told["resultsProtocol"]
    assert (protocol["text"], protocol["approved"]) == ("Avis **favorable**.", False)
    assert protocol["name"] == "Compte rendu, à approuver"
    assert told["attendance"] == {"present": 1, "quorum": meeting.conseil.quorum}
    assert told["modified"] == protocol["date"]
    assert "Zoé Canari" not in json.dumps(told)


def test_a_postponed_meeting_says_so_and_why(client):
    rectifier.call_off(published(), "La salle est prise.", postponed=True)

    [told] = read(client)["meeting"]

    assert (told["meetingState"], told["cancelled"]) == ("reportée", True)
    assert told["cancelledReason"] == "La salle est prise."


def test_all_meetings_are_reached_page_after_page(client):
    MaisonFactory()
    fill(meetings=2 * donnees_ouvertes.ROWS + 50, items=1, councils=5)
    public = Reunion.objects.public().select_related("conseil").order_by("pk")
    seen, query = [], ""

    for _ in range(3):
        page = read(client, query)
        seen += [meeting["id"] for meeting in page["meeting"]]
        query = "?" + page["links"].get("next", "?").split("?")[1]

    assert seen == [whole(meeting) for meeting in public]
    assert (len(seen) > 2 * donnees_ouvertes.ROWS, query) == (True, "?")
    assert "organization" not in page


def test_it_is_sent_again_only_when_it_has_changed(client):
    meeting = ReunionFactory(publie=True)
    tag = client.get(URL)["ETag"]
    same = client.get(URL, headers={"if-none-match": tag})
    meeting.points.update(titre="Autre sujet")
    other = client.get(URL, headers={"if-none-match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert {answer["Access-Control-Allow-Origin"] for answer in (same, other)} == {"*"}


@pytest.mark.parametrize("typed", ["a", "-1", "1.5", "٣", "9" * 400, str(2**31), "", "1%00"])
def test_an_address_that_cannot_be_read_gets_a_sentence(client, typed):
    response = client.get(f"{URL}?apres={typed}")

    assert response.status_code == 400
    assert b"apres" in response.content or "%00" in typed


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_constant_queries(client, django_assert_num_queries, count):
    for meeting in ReunionFactory.create_batch(count, publie=True):
        PointFactory.create_batch(count, reunion=meeting)
        ConseillerFactory.create_batch(count, conseil=meeting.conseil)

    # City, meetings, members, councils, items, documents, corrections, attendance.
    with django_assert_num_queries(8):
        assert len(read(client)["meeting"]) == count


def test_a_page_says_what_there_is_and_under_which_licence(client):
    page = client.get("/donnees/").content.decode()

    assert f'href="{URL}"' in page
    assert donnees_ouvertes.LICENCE in page
    assert 'href="/donnees/"' in client.get("/plan-du-site/").content.decode()
    assert "/donnees/" in client.get("/sitemap.xml").content.decode()
