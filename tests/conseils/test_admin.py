"""A secretary prepares a meeting, looks at it, publishes it; nobody else does."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conseils import seances
from conseils.forms import ReunionForm
from conseils.models import Conseil, Reunion, Secretariat
from maisons import planning
from maisons.models import Creneau
from notifications.models import Message
from tests.conseils import adresses
from tests.factories import (
    ConseilFactory,
    ConseillerFactory,
    MaisonFactory,
    PieceFactory,
    PointFactory,
    ReservationFactory,
    ReunionFactory,
    SalleFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() + timedelta(days=40)


def url(page, *args):
    return reverse(f"admin:conseils_{page}", args=args)


@pytest.fixture
def conseil(client):
    """Of the secretary who is signed in."""
    VilleFactory()
    mandate = SecretariatFactory()
    client.force_login(mandate.compte)
    return mandate.conseil


@pytest.fixture
def room(conseil):
    return SalleFactory(maison=MaisonFactory(quartier=conseil.quartier))


def row(rank, **answers):
    asked = {"rang": "", "titre": "", "type": "information"} | answers
    return {f"points-{rank}-{name}": value for name, value in asked.items()}


def page(*rows, initial=0, **answers):
    form = {"jour": f"{DAY}", "de": "18:30", "a": "20:30", "mode": "sur_place"}
    form |= {"points-INITIAL_FORMS": initial, "points-TOTAL_FORMS": len(rows)} | answers
    for rank, answered in enumerate(rows):
        form |= row(rank, **answered)
    return form


def kept(meeting, changed=None, **answers):
    """The rows of a draft as its page sends them back, one of them changed."""
    return [
        {"id": point.pk, "reunion": meeting.pk, "rang": point.rang, "titre": point.titre}
        | (answers if point.titre == changed else {})
        for point in meeting.points.all()
    ]


def send(client, meeting, *rows, **answers):
    place = {"salle": meeting.salle_id or ""} | answers
    known = sum("id" in given for given in rows)
    return client.post(url("reunion_change", meeting.pk), page(*rows, initial=known, **place))


def told(response):
    context = response.context
    found = list(context["adminform"].form.errors.values())
    for formset in context["inline_admin_formsets"]:
        found += [errors for form in formset.formset.forms for errors in form.errors.values()]
    return " ".join(sentence for errors in found for sentence in errors)


def test_a_draft_is_written_with_its_items(client, conseil, room):
    form = page(
        {"titre": "Bancs"}, {"titre": "Fête", "rang": "1"}, conseil=conseil.pk, salle=room.pk
    )

    client.post(url("reunion_add"), form)

    meeting = Reunion.objects.get()
    assert (meeting.numero, meeting.publie_le, meeting.salle) == (1, None, room)
    assert timezone.localtime(meeting.debut).hour == 18
    assert list(meeting.points.values_list("titre", flat=True)) == ["Fête", "Bancs"]
    assert meeting.history.get().history_user == Secretariat.objects.get().compte


def test_the_approval_that_adds_itself_stays_beside_what_is_typed(client, conseil, room):
    ReunionFactory(conseil=conseil, debut=timezone.now() - timedelta(days=9), publie=True)

    form = page({"titre": "Bancs"}, {"titre": "Fête"}, conseil=conseil.pk, salle=room.pk)
    client.post(url("reunion_add"), form)

    titles = Reunion.objects.get(publie_le=None).points.values_list("titre", flat=True)
    assert [titre.split()[0] for titre in titles] == ["Approbation", "Bancs", "Fête"]


def test_items_move_go_and_come(client, conseil, room):
    """S2, without dragging: the position is a number."""
    meeting = ReunionFactory(conseil=conseil, salle=room)
    for titre in "ABC":
        PointFactory(reunion=meeting, titre=titre)
    rows = kept(meeting, "C", rang="1")
    rows[0]["DELETE"] = "on"

    send(client, meeting, *rows, {"titre": "D"})

    points = list(meeting.points.values_list("titre", "rang"))
    assert points == [("C", 1), ("B", 2), ("D", 3)]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"a": "18:00"}, "La fin doit être après le début."),
        ({"salle": ""}, "Choisissez une salle, ou écrivez une adresse."),
        ({"adresse_libre": "Place du Marché"}, "pas les deux"),
        ({"lien_visio": "https://visio.example/"}, "Une réunion sur place n’a pas de lien."),
        ({"mode": "mixte", "lien_visio": "http://visio.example/"}, "commence par https"),
        ({"jour": "2026-02-31"}, "n’existe pas"),
        ({"conseil": ""}, "obligatoire"),
        ({"points-0-titre": ""}, "obligatoire"),
        ({"points-0-rang": "0"}, "La première position est 1."),
        ({"points-0-minutes": "601"}, "de 1 à 600 minutes"),
        ({"points-0-texte": "a " * 10_001}, "20 000 signes au plus"),
    ],
)
def test_bad_answers_get_a_sentence_and_change_nothing(client, conseil, room, answers, sentence):
    form = page({"titre": "Bancs", "rapporteur": "Ada"}, conseil=conseil.pk, salle=room.pk)

    response = client.post(url("reunion_add"), form | answers)

    assert sentence in told(response)
    assert not Creneau.objects.exists()


def test_the_link_to_join_leads_to_the_web_alone(client, conseil, room):
    """Fault 9, in a field."""
    form = page({"titre": "Bancs"}, conseil=conseil.pk, salle=room.pk, mode="mixte")
    hostile = [address for address in adresses.HOSTILE + adresses.ODD if "/" in address]

    for address in [*hostile, "javascript:alert(1)", "http://visio.example/", "x" * 300]:
        response = client.post(url("reunion_add"), form | {"lien_visio": address})
        if response.status_code == 302:
            assert Reunion.objects.get().lien_visio.startswith("https://"), address
            Reunion.objects.all().delete()


@pytest.mark.parametrize("mode", ["en_ligne", "ailleurs"])
def test_a_meeting_elsewhere_is_in_the_quartier_of_its_council(client, conseil, mode):
    form = page(conseil=conseil.pk, mode="en_ligne", lien_visio="https://visio.example/")
    if mode == "ailleurs":
        form |= {"mode": "sur_place", "lien_visio": "", "adresse_libre": "École des Rives"}

    client.post(url("reunion_add"), form)

    meeting = Reunion.objects.get()
    assert (meeting.quartier, meeting.emprise) == (conseil.quartier, [])
    assert meeting.adresse_libre == ("École des Rives" if mode == "ailleurs" else "En ligne")


def test_a_room_that_is_taken_is_told_beside_the_form(client, conseil, room):
    held = ReunionFactory(salle=room)
    local = timezone.localtime(held.debut)
    form = page(conseil=conseil.pk, salle=room.pk, jour=f"{local.date()}")
    form |= {"de": f"{local:%H:%M}", "a": f"{local + timedelta(hours=1):%H:%M}"}

    response = client.post(url("reunion_add"), form)

    assert "déjà prise" in told(response)
    assert Reunion.objects.count() == 1


def test_a_draft_moves_to_another_room(client, conseil, room):
    meeting, other = ReunionFactory(conseil=conseil, salle=room), SalleFactory(maison=room.maison)

    send(client, meeting, salle=other.pk)

    meeting.refresh_from_db()
    assert (meeting.salle, meeting.emprise) == (other, [other.pk])
    ReservationFactory(salle=room, debut=meeting.debut)  # the other is free again


def test_only_the_rooms_of_the_quartier_and_the_own_council_are_offered(client, conseil, room):
    foreign, hall = ReunionFactory(), SalleFactory(maison=room.maison, partagee=True)

    form = client.get(url("reunion_add")).context["adminform"].form
    answers = {"conseil": foreign.conseil.pk, "salle": foreign.salle.pk}
    refused = client.post(url("reunion_add"), page(**answers))

    assert list(form.fields["salle"].queryset) == [room]
    assert hall.partagee
    assert list(form.fields["conseil"].queryset) == [conseil]
    assert told(refused).count("liste") + told(refused).count("choix") >= 2
    assert Reunion.objects.count() == 1


def test_publishing_asks_first_then_makes_it_public(client, conseil, room):
    """S5, S7: the last page says when it was due, what will be read, and that nobody is written."""
    meeting = ReunionFactory(conseil=conseil, salle=room)
    PointFactory(reunion=meeting, titre="Bancs", minutes=30)

    asked = client.get(url("reunion_publish", meeting.pk)).content.decode()
    waiting = Reunion.objects.get().publie_le
    client.post(url("reunion_publish", meeting.pk))

    assert waiting is None
    assert "1 point, environ 30 minutes" in asked
    assert "chaque rectificatif est daté" in asked
    assert meeting.conseil.convocation == 10
    assert re.search(r"(À publier avant le|Délai dépassé)", asked)
    assert Reunion.objects.get().publie_le


def test_a_draft_without_items_is_not_published(client, conseil, room):
    meeting = ReunionFactory(conseil=conseil, salle=room)

    page = client.get(url("reunion_publish", meeting.pk)).content.decode()
    client.post(url("reunion_publish", meeting.pk))

    assert "Ajoutez au moins un point" in page
    assert Reunion.objects.get().publie_le is None


@pytest.mark.parametrize("settled", ["published", "cancelled"])
def test_what_is_settled_does_not_change_any_more(client, conseil, room, settled):
    meeting = ReunionFactory(conseil=conseil, salle=room)
    point = PointFactory(reunion=meeting, titre="Bancs")
    if settled == "published":
        seances.publish(meeting)
    else:
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
    before = Reunion.objects.values().get()

    page = client.get(url("reunion_change", meeting.pk))
    answers = [send(client, meeting, *kept(meeting, "Bancs", titre="Autre")).status_code]
    answers += [client.post(url("reunion_publish", meeting.pk)).status_code]
    answers += [client.post(url("reunion_delete", meeting.pk), {"post": "yes"}).status_code]

    assert page.status_code == 200
    assert answers[:2] == [302, 302]
    assert answers[2] == (403 if settled == "published" else 302)
    if settled == "published":
        point.refresh_from_db()
        assert point.titre == "Bancs"
        assert Reunion.objects.values().get() == before


def test_publishing_twice_publishes_once_and_says_so(client, conseil, room):
    """A button pressed twice, a page left open: no error page, and one letter."""
    meeting = PointFactory(reunion=ReunionFactory(conseil=conseil, salle=room)).reunion
    ConseillerFactory(conseil=conseil, courriel="ada@exemple.fr")
    client.post(url("reunion_publish", meeting.pk))

    answers = [client.post(url("reunion_publish", meeting.pk), follow=True)]
    answers += [client.get(url("reunion_publish", meeting.pk), follow=True)]
    answers += [client.post(url("reunion_change", meeting.pk), page(), follow=True)]

    for answer in answers:
        assert answer.status_code == 200
        assert seances.PUBLISHED in answer.content.decode()
    assert Message.objects.count() == 1


@pytest.mark.parametrize("place", ["a room", "elsewhere"])
def test_a_council_meets_once_at_a_time(client, conseil, room, place):
    where = {"salle": room.pk} if place == "a room" else {"adresse_libre": "École"}
    form = page({"titre": "Bancs"}, conseil=conseil.pk) | where

    first = client.post(url("reunion_add"), form)
    second = client.post(url("reunion_add"), form | {"a": "19:00"})
    later = client.post(url("reunion_add"), form | {"de": "20:30", "a": "22:00"})

    assert [first.status_code, second.status_code, later.status_code] == [302, 200, 302]
    assert "Ce conseil a déjà une réunion à ces heures (n° 1)" in told(second)
    assert Reunion.objects.count() == 2


def test_what_comes_after_the_publication_is_told_under_the_lock(conseil, room):
    """The page was opened before; what it sends comes after: told, and nothing is written."""
    meeting = ReunionFactory(conseil=conseil, salle=room)
    PointFactory(reunion=meeting)
    form = ReunionForm(page(conseil=conseil.pk, salle=room.pk), instance=meeting)
    seances.publish(Reunion.objects.get())

    assert not form.is_valid()

    assert form.non_field_errors() == [seances.PUBLISHED]


def test_the_preview_is_the_public_page_for_the_secretary_alone(client, conseil, room):
    meeting = ReunionFactory(conseil=conseil, salle=room)
    PointFactory(reunion=meeting, titre="Bancs et ombre")

    page = client.get(url("reunion_preview", meeting.pk)).content.decode()

    assert "Bancs et ombre" in page
    assert "Brouillon</b>" in page
    assert "ld+json" not in page
    assert "sms:" not in page


def test_neither_the_room_nor_the_address_is_said_to_be_optional(client, conseil, room):
    """One of the two is needed: a label that says neither misleads nobody."""
    form = client.get(url("reunion_add")).content.decode()

    for label in ("Salle", "Adresse, si c’est ailleurs"):
        assert f"{label}</label>" in form
        assert f"{label} (facultatif)" not in form


def test_every_screen_of_a_draft_says_what_is_due(client, conseil, room):
    """S7"""
    meeting = PointFactory(reunion=ReunionFactory(conseil=conseil, salle=room)).reunion
    piece = PieceFactory(reunion=meeting)
    screens = ["change", "documents", "screens", "preview", "publish"]
    paths = [url(f"reunion_{name}", meeting.pk) for name in screens]
    paths += [url(f"piece_{name}", piece.pk) for name in ("change", "remove")]

    told = {path: client.get(path).content.decode().lower() for path in paths}

    assert [path for path in paths if meeting.deadline_in_words.lower() not in told[path]] == []


def test_the_home_page_of_a_secretary_says_what_is_due(client, conseil, room):
    """S7"""
    mine, foreign = ReunionFactory(conseil=conseil, salle=room), ReunionFactory()

    page = client.get(reverse("admin:index")).content.decode()

    assert mine.titre in page
    assert mine.deadline_in_words in page
    assert foreign.titre not in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("list", 10), ("change", 14), ("index", 12)])
def test_pages_cost_constant_queries(
    client, conseil, room, django_assert_num_queries, count, name, queries
):
    meetings = [ReunionFactory(conseil=conseil, salle=room) for _ in range(count)]
    PointFactory.create_batch(count, reunion=meetings[0])
    ReunionFactory()
    paths = {"list": url("reunion_changelist"), "index": reverse("admin:index")}
    path = paths.get(name) or url("reunion_change", meetings[0].pk)
    client.get(path)  # the kinds of things are read once a process

    with django_assert_num_queries(queries):
        response = client.get(path)

    assert response.status_code == 200


@pytest.mark.parametrize("page", ["change", "delete", "history", "preview", "publish"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_secretary_gets_404_for_another_council(client, conseil, page, method):
    foreign = PointFactory().reunion

    response = getattr(client, method)(url(f"reunion_{page}", foreign.pk))

    assert response.status_code == (405 if (method, page) == ("post", "preview") else 404)
    assert Reunion.objects.get().publie_le is None


def test_a_secretary_keeps_the_members_and_rules_of_their_council(client, conseil):
    foreign = ConseilFactory()
    form = {"presentation": "Bonjour.", "convocation": "7", "quorum": "", "colleges": "habitants"}
    form |= {"conseillers-INITIAL_FORMS": 0, "conseillers-TOTAL_FORMS": 1}
    form |= {"conseillers-0-nom": "Ada", "conseillers-0-debut": "2026-01-01"}
    faulty = form | {"conseillers-0-college": "notables"}
    misspelt = form | {"conseillers-0-courriel": "ada arobase exemple"}

    refused = client.post(url("conseil_change", conseil.pk), faulty)
    told_again = client.post(url("conseil_change", conseil.pk), misspelt)
    client.post(url("conseil_change", conseil.pk), form | {"nom": "Renommé"})

    assert "Les collèges de ce conseil : habitants." in told(refused)
    assert "adresse" in told(told_again)
    conseil.refresh_from_db()
    assert (conseil.convocation, conseil.nom) == (7, Conseil.objects.get(pk=conseil.pk).nom)
    assert conseil.nom != "Renommé"
    assert [member.nom for member in conseil.conseillers.all()] == ["Ada"]
    assert client.get(url("conseil_change", foreign.pk)).status_code == 404
