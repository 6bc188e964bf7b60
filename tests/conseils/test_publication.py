"""An agenda published at a date: planned, taken back, done once, or told that it could not be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conseils import publication, seances
from conseils.models import Reunion
from conseils.tasks import publish_due_meetings
from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau
from notifications.models import Message
from tests.factories import (
    ConseilFactory,
    MaisonFactory,
    PointFactory,
    ReunionFactory,
    SalleFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-01-20T09:00+01:00")
LATER = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def clock():
    VilleFactory()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def draft():
    """Of tomorrow's month, with an item."""
    meeting = ReunionFactory(debut=NOW + timedelta(days=30))
    PointFactory(reunion=meeting)
    return meeting


@pytest.fixture
def secretary(client, draft):
    mandate = SecretariatFactory(conseil=draft.conseil)
    client.force_login(mandate.compte)
    return mandate.compte


def page_of(meeting):
    return reverse("admin:conseils_reunion_publish", args=[meeting.pk])


def ask(client, meeting, jour="2026-01-22", heure="08:00", **answers):
    return client.post(
        page_of(meeting), {"jour": jour, "heure": heure, "programmer": "1"} | answers
    )


def test_it_is_published_at_its_hour_and_once(draft, clock):
    publication.plan(draft, LATER)
    publish_due_meetings()
    assert Reunion.objects.get().publie_le is None

    clock.move_to(LATER)
    publish_due_meetings()
    before = Reunion.objects.values().get()
    clock.move_to(LATER + timedelta(minutes=5))
    publish_due_meetings()

    assert Reunion.objects.values().get() == before
    assert (before["publie_le"], before["publier_le"]) == (LATER, None)
    assert draft.history.filter(publie_le=LATER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_publish_once(draft, clock):
    publication.plan(draft, LATER)
    clock.move_to(LATER)
    together = Barrier(2)

    def sweep():
        try:
            together.wait(10)
            return publication.publish_due(Reunion.objects.get(pk=draft.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(sweep), pool.submit(sweep)]]

    assert sorted(done) == [False, True]
    assert draft.history.filter(publie_le__isnull=False).count() == 1


@pytest.mark.parametrize("undone", ["taken back", "put off", "published", "cancelled"])
def test_a_plan_that_ended_under_the_sweep_publishes_nothing(draft, clock, undone):
    publication.plan(draft, LATER)
    read_before = Reunion.objects.get()
    match undone:
        case "taken back":
            publication.plan(draft, None)
        case "put off":
            publication.plan(draft, LATER + timedelta(days=3))
        case "published":
            seances.publish(draft)
        case "cancelled":
            planning.cancel(draft, Creneau.Motif.ORGANISATION, by=None)
    clock.move_to(LATER)
    before = Reunion.objects.values().get()

    if undone == "cancelled":
        with pytest.raises(ValidationError):
            publication.publish_due(read_before)
    else:
        assert not publication.publish_due(read_before)
    publish_due_meetings()

    assert Reunion.objects.values().get() == before


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (NOW, "à venir"),
        (NOW - timedelta(days=1), "à venir"),
        (NOW + timedelta(days=30), "avant le début"),
        (NOW + timedelta(days=40), "avant le début"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(draft, at, sentence):
    with pytest.raises(ValidationError, match=sentence):
        publication.plan(draft, at)

    assert Reunion.objects.get().publier_le is None


@pytest.mark.parametrize("lacks", ["item", "link"])
def test_what_is_not_ready_is_not_planned(lacks):
    online = {"mode": "mixte"} if lacks == "link" else {}
    meeting = ReunionFactory(debut=NOW + timedelta(days=30), **online)
    if lacks == "link":
        PointFactory(reunion=meeting)

    with pytest.raises(ValidationError):
        publication.plan(meeting, LATER)


def test_the_draft_that_became_impossible_tells_its_secretaries_once(draft, clock):
    mandate, other = SecretariatFactory(conseil=draft.conseil), SecretariatFactory()
    publication.plan(draft, LATER)
    draft.points.all().delete()
    clock.move_to(LATER)

    publish_due_meetings()
    publish_due_meetings()

    letter = Message.objects.get()
    assert letter.destinataire == mandate.compte.courriel != other.compte.courriel
    assert "Ajoutez au moins un point" in letter.texte
    assert f"/gestion/conseils/reunion/{draft.pk}/change/" in letter.texte
    row = Reunion.objects.get(pk=draft.pk)
    assert (row.publie_le, row.publier_le) == (None, None)


def test_a_sweep_that_comes_after_the_meeting_publishes_nothing(draft, clock):
    SecretariatFactory(conseil=draft.conseil)
    publication.plan(draft, LATER)
    clock.move_to(draft.fin + timedelta(hours=1))

    publish_due_meetings()

    assert Reunion.objects.get().publie_le is None
    assert "La réunion est passée." in Message.objects.get().texte


def test_a_meeting_moved_before_its_publication_is_refused(draft):
    publication.plan(draft, LATER)

    with pytest.raises(ValidationError, match="Publication prévue le jeudi 22 janvier"):
        planning.move(draft, debut=NOW + timedelta(days=1), fin=NOW + timedelta(days=1, hours=2))


def test_a_draft_planned_is_as_hidden_as_any(client, draft):
    publication.plan(draft, LATER)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert not Creneau.objects.public().exists()


def test_the_page_plans_says_so_everywhere_and_takes_it_back(client, secretary, draft):
    ask(client, draft)

    assert Reunion.objects.get().publier_le == starts_at(LATER.date()) + timedelta(hours=8)
    pages = {
        "home": reverse("admin:index"),
        "list": reverse("admin:conseils_reunion_changelist"),
        **{
            name: reverse(f"admin:conseils_reunion_{name}", args=[draft.pk])
            for name in ("change", "preview", "screens", "publish")
        },
    }
    shown = {name: client.get(path).content.decode().lower() for name, path in pages.items()}
    told = "publication prévue le jeudi 22 janvier, 8\u00a0h"
    due = "à publier avant le"
    assert [name for name, page in shown.items() if told not in page or due not in page] == []
    client.post(page_of(draft), {"renoncer": "1"})
    assert Reunion.objects.get().publier_le is None
    assert draft.history.filter(publier_le__isnull=False).first().history_user == secretary


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"jour": ""}, "Choisissez un jour."),
        ({"heure": ""}, "Choisissez une heure."),
        ({"jour": "2026-02-31"}, "n’existe pas"),
        ({"jour": "2026-01-19"}, "Choisissez un moment à venir."),
        ({"jour": "2026-03-01"}, "avant le début de la réunion"),
        ({"jour": "2026-03-29", "heure": "02:30"}, "L’heure change cette nuit-là"),
        ({"jour": "2026-10-25", "heure": "02:30"}, "L’heure change cette nuit-là"),
        ({"heure": "25:00"}, "heure valide"),
    ],
)
def test_bad_answers_get_a_sentence_and_plan_nothing(client, secretary, draft, answers, sentence):
    page = ask(client, draft, **answers)

    assert sentence in page.content.decode()
    assert Reunion.objects.get().publier_le is None


def test_a_secretary_plans_nothing_for_another_council(client, secretary):
    foreign = PointFactory(reunion__debut=NOW + timedelta(days=30)).reunion

    answered = [ask(client, foreign).status_code, client.get(page_of(foreign)).status_code]
    answered += [
        client.get(reverse("admin:conseils_reunion_screens", args=[foreign.pk])).status_code
    ]

    assert answered == [404, 404, 404]
    assert not Reunion.objects.exclude(publier_le=None).exists()


def test_our_own_page_alone_holds_the_preview_in_a_frame(client, secretary, draft):
    """S6: as wide as a phone, as a computer; on paper the page itself is printed."""
    preview = reverse("admin:conseils_reunion_preview", args=[draft.pk])
    screens = reverse("admin:conseils_reunion_screens", args=[draft.pk])

    framed, holder = client.get(preview), client.get(f"{screens}?ecran=ordinateur")

    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "frame-src" not in policy
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = holder.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert holder.headers["X-Frame-Options"] == "DENY"
    page = holder.content.decode()
    assert f'<iframe class="ordinateur" src="{preview}" title="Aperçu sur un ordinateur">' in page
    assert 'class="telephone"' in client.get(f"{screens}?ecran=montre").content.decode()


@pytest.mark.parametrize("past", ["2026-01-19", "2026-01-20"])
def test_a_meeting_is_not_given_a_day_that_is_over(client, past):
    mandate = SecretariatFactory(conseil=ConseilFactory())
    client.force_login(mandate.compte)
    room = SalleFactory(maison=MaisonFactory(quartier=mandate.conseil.quartier))
    form = {"jour": past, "de": "08:00", "a": "10:00", "mode": "sur_place", "salle": room.pk}
    form |= {"conseil": mandate.conseil.pk, "points-INITIAL_FORMS": 0, "points-TOTAL_FORMS": 0}

    page = client.post(reverse("admin:conseils_reunion_add"), form)

    assert "Choisissez un jour à venir." in page.content.decode()
    assert not Reunion.objects.exists()


def test_now_is_now():
    assert timezone.now() == NOW
