"""A secretary corrects a public meeting; what somebody else wrote meanwhile is not lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conseils import rectifier, seances
from conseils.admin.rectifier import PUBLISHED
from conseils.forms import CHANGED
from conseils.models import Rectificatif, Reunion
from maisons import planning
from maisons.models import Creneau
from tests.conseils.test_admin import conseil, kept, page, room, told, url
from tests.factories import FermetureFactory, PointFactory, ReunionFactory, SalleFactory

__all__ = ["conseil", "room"]
pytestmark = pytest.mark.django_db
MOTIF = "Le point des bancs est précisé."


@pytest.fixture
def meeting(conseil, room):
    """Public, with two items."""
    meeting = ReunionFactory(conseil=conseil, salle=room, resume_facile="Des bancs.\nUne fête.")
    for titre in ("Bancs", "Fête"):
        PointFactory(reunion=meeting, titre=titre)
    return seances.publish(meeting)


def asked(client, meeting):
    """What the page of the correction has filled in."""
    form = client.get(url("reunion_rectify", meeting.pk)).context["adminform"].form
    answers = {name: form[name].value() for name in form.fields if name != "conseil"}
    return {name: "" if value is None else str(value) for name, value in answers.items()}


def correct(client, meeting, *rows, opened=None, **answers):
    known = sum("id" in given for given in rows)
    form = (opened or asked(client, meeting)) | {"motif": MOTIF} | answers
    return client.post(url("reunion_rectify", meeting.pk), page(*rows, initial=known) | form)


def test_the_page_of_a_public_meeting_leads_to_its_correction(client, meeting):
    seen = client.get(url("reunion_change", meeting.pk)).content.decode()
    form = client.get(url("reunion_rectify", meeting.pk)).content.decode()

    assert f'href="{url("reunion_rectify", meeting.pk)}"' in seen
    assert "Publier le rectificatif" in form
    assert form.index("Ce qui change, en une phrase") < form.index("Bancs")


def test_an_item_is_corrected_one_goes_and_one_comes(client, meeting):
    rows = kept(meeting, "Bancs", titre="Bancs et ombre")
    rows[1]["DELETE"] = "on"

    response = correct(client, meeting, *rows, {"titre": "Halle"})

    assert response.url == url("reunion_change", meeting.pk)
    correction = Rectificatif.objects.get()
    assert (correction.motif, correction.compte) == (MOTIF, response.wsgi_request.user)
    told = [
        [(p["numero"], p["titre"]) for p in v["points"]]
        for v in (correction.avant, correction.apres)
    ]
    assert told == [[(1, "Bancs"), (2, "Fête")], [(1, "Bancs et ombre"), (3, "Halle")]]
    assert Creneau.objects.get().sequence == 1


def test_another_room_and_another_day_are_one_correction(client, meeting):
    other = SalleFactory(maison=meeting.maison)
    day = timezone.localtime(meeting.debut).date() + timedelta(days=7)

    correct(client, meeting, *kept(meeting), salle=other.pk, jour=f"{day}")

    row = Reunion.objects.get()
    assert (row.salle, timezone.localtime(row.debut).date(), row.sequence) == (other, day, 1)
    assert Rectificatif.objects.get().moved


def test_nothing_changed_is_told_and_writes_nothing(client, meeting):
    before = Reunion.objects.values().get(), meeting.history.count()

    easy = {"resume_facile": "Des bancs.\r\nUne fête."}  # as a browser sends it
    response = correct(client, meeting, *kept(meeting), **easy)

    page = client.get(response.url).content.decode()
    assert rectifier.UNCHANGED in page
    assert not Rectificatif.objects.exists()
    assert (Reunion.objects.values().get(), meeting.history.count()) == before


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"motif": ""}, "Dites en une phrase ce qui change."),
        ({"motif": "a" * 201}, "200"),
        ({"a": "01:00"}, "La fin doit être après le début."),
        ({"mode": "mixte"}, "Donnez le lien pour se connecter"),
        ({"points-0-titre": ""}, "obligatoire"),
        ({"points-0-DELETE": "on", "points-1-DELETE": "on"}, "Gardez au moins un point."),
    ],
)
def test_bad_answers_get_a_sentence_and_change_nothing(client, meeting, answers, sentence):
    before = Reunion.objects.values().get(), list(meeting.points.values())

    response = correct(client, meeting, *kept(meeting, "Bancs", titre="Autre"), **answers)

    found = response.content.decode().replace("&#x27;", "'")
    assert sentence in found
    assert (Reunion.objects.values().get(), list(meeting.points.values())) == before
    assert not Rectificatif.objects.exists()


def test_a_closure_that_waits_does_not_forbid_to_correct_an_item(client, meeting):
    FermetureFactory(maison=meeting.maison, debut=meeting.debut, fin=meeting.fin)

    correct(client, meeting, *kept(meeting, "Bancs", titre="Ombre"))

    assert Rectificatif.objects.get().apres["points"][0]["titre"] == "Ombre"


@pytest.mark.parametrize("state", ["draft", "cancelled", "over"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_meeting_that_is_not_to_be_corrected_says_why(client, conseil, room, state, method):
    ago = {"debut": timezone.now() - timedelta(days=2)} if state == "over" else {}
    meeting = ReunionFactory(conseil=conseil, salle=room, publie=state != "draft", **ago)
    if state == "cancelled":
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)

    response = getattr(client, method)(url("reunion_rectify", meeting.pk))

    assert response.url == url("reunion_change", meeting.pk)
    seen = client.get(response.url).content.decode()
    assert {"draft": rectifier.DRAFT, "over": rectifier.OVER}.get(state, "annulée") in seen
    assert url("reunion_rectify", meeting.pk) not in seen


@pytest.mark.parametrize("public", [True, False])
def test_what_somebody_else_wrote_meanwhile_is_told_and_not_lost(client, conseil, meeting, public):
    """The second of two pages is refused, with what was typed; sent again, it is meant."""
    if not public:
        meeting = ReunionFactory(conseil=conseil, salle=meeting.salle)
        PointFactory(reunion=meeting)
    page_url = url("reunion_rectify" if public else "reunion_change", meeting.pk)
    opened = client.get(page_url).context["adminform"].form
    rows, version = kept(meeting), opened["version"].value()
    form = page(*rows, initial=len(rows), salle=meeting.salle_id, version=version)
    form |= {"motif": MOTIF, "points-0-titre": "La seconde"}
    first = form | {"points-0-titre": "La première", "motif": "Autre chose."}
    client.post(page_url, first)

    refused = client.post(page_url, form)

    assert CHANGED in told(refused)
    assert "La seconde" in refused.content.decode()
    assert meeting.points.first().titre == "La première"
    again = form | {"version": refused.context["adminform"].form["version"].value()}
    client.post(page_url, again)
    assert meeting.points.first().titre == "La seconde"
    assert Rectificatif.objects.count() == (2 if public else 0)


def test_a_button_pressed_twice_publishes_one_correction_and_says_so(client, meeting):
    opened = asked(client, meeting)
    rows = [*kept(meeting, "Bancs", titre="Bancs et ombre"), {"titre": "Halle"}]

    first, second = (correct(client, meeting, *rows, opened=opened) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 200)
    assert PUBLISHED in told(second)
    assert CHANGED not in told(second)
    assert Rectificatif.objects.count() == 1
    assert meeting.points.count() == 3


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_meeting_of_another_council_is_not_found(client, conseil, method):
    foreign = ReunionFactory(publie=True)

    response = getattr(client, method)(url("reunion_rectify", foreign.pk))

    assert response.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_constant_queries(client, meeting, django_assert_num_queries, count):
    for rank in range(count):
        rectifier.rectify(
            meeting, MOTIF, write=lambda rank=rank: meeting.points.update(titre=f"Autre {rank}")
        )

    with django_assert_num_queries(15):
        client.get(url("reunion_rectify", meeting.pk))
