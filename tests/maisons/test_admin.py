"""An agent of one house sees, chooses and changes nothing of another."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from maisons.models import Affectation, Fermeture, Salle
from tests.factories import (
    AffectationFactory,
    EvenementFactory,
    FermetureFactory,
    InvitationFactory,
    MaisonFactory,
    OccurrenceFactory,
    QuartierFactory,
    ReservationFactory,
    SalleFactory,
)

FACTORIES = {
    "maison": MaisonFactory,
    "salle": SalleFactory,
    "fermeture": FermetureFactory,
    "evenement": EvenementFactory,
    "reservation": ReservationFactory,
    "affectation": AffectationFactory,
    "invitationaffectation": InvitationFactory,
}
HISTORY = ["history", "simple_history"]


def url(model, page, *args):
    return reverse(f"admin:maisons_{model}_{page}", args=args)


def own(model, maison):
    if model == "maison":
        return maison
    if model == "reservation":
        return ReservationFactory(salle=SalleFactory(maison=maison))
    return FACTORIES[model](maison=maison)


@pytest.fixture
def agent(client):
    """Somebody who runs a house, signed in."""
    mandate = AffectationFactory(role=Affectation.Role.DIRECTION)
    client.force_login(mandate.compte)
    return mandate


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["change", "delete", *HISTORY])
@pytest.mark.parametrize("model", FACTORIES)
def test_agent_gets_404_for_another_house(client, agent, model, page):
    foreign = FACTORIES[model]()
    args = [foreign.pk, 1] if page == "simple_history" else [foreign.pk]

    assert client.get(url(model, page, *args)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("model", FACTORIES)
def test_lists_hold_only_the_own_house(client, agent, model):
    mine = own(model, agent.maison)
    foreign = FACTORIES[model]()

    shown = client.get(url(model, "changelist")).context["cl"].result_list

    assert mine in shown
    assert foreign not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["salle", "fermeture", "evenement", "reservation", "affectation"])
def test_filters_name_only_the_own_houses(client, agent, model):
    second = AffectationFactory(compte=agent.compte, role=agent.role).maison
    foreign = FACTORIES[model]()

    page = client.get(url(model, "changelist")).content.decode()

    assert second.nom in page
    assert foreign.maison.nom not in page


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["salle", "fermeture", "evenement", "invitationaffectation"])
def test_choices_do_not_leak(client, agent, model):
    room, foreign = SalleFactory(maison=agent.maison), SalleFactory()

    page = client.get(url(model, "add")).content.decode()

    assert agent.maison.nom in page
    assert foreign.maison.nom not in page
    assert f"{foreign} ({foreign.maison})" not in page
    assert model == "invitationaffectation" or f"{room} ({room.maison})" in page


@pytest.mark.django_db
def test_home_tells_nothing_of_another_house(client, agent):
    mine = ReservationFactory(salle=SalleFactory(maison=agent.maison))
    foreign, draft = ReservationFactory(), EvenementFactory()

    page = client.get("/gestion/").content.decode()

    assert mine.demandeur.nom in page
    assert foreign.demandeur.nom not in page
    assert draft.titre not in page


@pytest.mark.django_db
def test_a_search_finds_nothing_of_another_house(client, agent):
    foreign = ReservationFactory(demandeur__nom="Zoé Introuvable")

    page = client.get(url("reservation", "changelist"), {"q": foreign.demandeur.nom})

    assert list(page.context["cl"].result_list) == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["reservation", "evenement"])
def test_autocomplete_offers_nothing_of_another_house(client, agent, model):
    FACTORIES[model]()
    field = {"app_label": "maisons", "model_name": "occurrence", "field_name": "evenement"}

    response = client.get("/gestion/autocomplete/", field | {"term": ""})

    assert response.json()["results"] == []


@pytest.mark.django_db
def test_a_forged_house_changes_nothing(client, agent):
    foreign = MaisonFactory()
    form = {"maison": foreign.pk, "debut": "2027-01-04T08:00", "fin": "2027-01-04T18:00"}

    response = client.post(url("fermeture", "add"), form | {"motif": "travaux"})

    assert response.status_code == 200
    assert "maison" in response.context["adminform"].form.errors
    assert not Fermeture.objects.exists()


@pytest.mark.django_db
def test_a_forged_row_of_another_house_is_left_alone(client, agent):
    house, foreign = agent.maison, MaisonFactory().horaires.first()
    fields = ["nom", "chapeau", "presentation", "adresse", "telephone", "courriel", "acces"]
    form = {name: getattr(house, name) for name in fields} | {"quartier": house.quartier_id}
    form |= {"reservations_max": 4, "plain_pied": "unknown", "avertissement": ""}
    form |= {"horaires-TOTAL_FORMS": 1, "horaires-INITIAL_FORMS": 1, "horaires-0-id": foreign.pk}
    form |= {"horaires-0-maison": house.pk, "horaires-0-jour": 0, "horaires-0-ouvre": "03:00"}

    client.post(url("maison", "change", house.pk), form | {"horaires-0-ferme": "04:00"})

    before = foreign.ouvre, foreign.maison_id
    foreign.refresh_from_db()
    assert (foreign.ouvre, foreign.maison_id) == before


def room_form(room, **changes):
    form = {"nom": room.nom, "capacite": room.capacite, "tarif": "Gratuit", "horizon": 92}
    form |= {"preavis": "2", "duree_max": "4", "battement": "0", "plain_pied": "unknown"}
    form |= {"rappel": "48"}
    return form | {"reservable": "on", "avec_accord": "on"} | changes


@pytest.mark.django_db
def test_a_room_is_added_with_its_address(client, agent):
    client.post(
        url("salle", "add"), room_form(Salle(nom="Salle d’été", capacite=9), maison=agent.maison.pk)
    )

    made = Salle.objects.get(maison=agent.maison)
    assert (made.slug, made.battement) == ("salle-d-ete", timedelta())
    assert made.rappel == timedelta(hours=48)


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "hours"), [("0", 0), ("336", 336), ("337", 48), ("-1", 48)])
def test_a_reminder_leaves_a_fortnight_before_at_most_or_never(client, agent, typed, hours):
    room = SalleFactory(maison=agent.maison)

    client.post(url("salle", "change", room.pk), room_form(room, rappel=typed))

    room.refresh_from_db()
    assert room.rappel == timedelta(hours=hours)


@pytest.mark.django_db
def test_a_buffer_that_would_make_bookings_clash_is_refused_with_the_list(client, agent):
    room = SalleFactory(maison=agent.maison)
    first = ReservationFactory(salle=room)
    ReservationFactory(salle=room, debut=first.fin)

    response = client.post(url("salle", "change", room.pk), room_form(room, battement="30"))

    room.refresh_from_db()
    assert "gênerait" in response.content.decode()
    assert room.battement == timedelta()


@pytest.mark.django_db
def test_a_room_in_use_is_not_deleted_and_the_page_says_so(client, agent):
    room = ReservationFactory(salle=SalleFactory(maison=agent.maison)).salle

    page = client.get(url("salle", "delete", room.pk)).content.decode()
    client.post(url("salle", "delete", room.pk), {"post": "yes"})

    assert "Ce n’est pas possible" in page
    assert Salle.objects.filter(pk=room.pk).exists()


@pytest.mark.django_db
def test_the_desk_gives_no_roles(client):
    client.force_login(AffectationFactory().compte)

    assert client.get(url("affectation", "changelist")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [
        *[("maison", 9), ("salle", 10), ("fermeture", 10)],
        *[("evenement", 10), ("reservation", 10), ("affectation", 10)],
        ("invitationaffectation", 10),
    ],
)
def test_lists_cost_constant_queries(
    client, agent, django_assert_num_queries, model, count, queries
):
    for _ in range(count):
        mandate = AffectationFactory(compte=agent.compte, role=agent.role)
        own(model, mandate.maison)
    FACTORIES[model]()

    with django_assert_num_queries(queries):
        response = client.get(url(model, "changelist"))

    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_home_costs_constant_queries(client, agent, django_assert_num_queries, count):
    for _ in range(count):
        room = SalleFactory(maison=agent.maison)
        ReservationFactory(salle=room)
        OccurrenceFactory(salle=room)
    client.get("/gestion/")  # the kinds of things are read once a process

    with django_assert_num_queries(27):
        response = client.get("/gestion/")

    assert response.status_code == 200


@pytest.mark.django_db
def test_pages_speak_without_the_words_of_the_trade(client, agent):
    QuartierFactory()
    led = ("maison", "reservation", "affectation")  # nothing of theirs is added here
    pages = [url(model, "add") for model in FACTORIES if model not in led]
    pages += [url("maison", "change", agent.maison.pk), url("evenement", "changelist")]

    text = " ".join(client.get(page).content.decode() for page in pages)

    words = visible(text)
    banned = {"slug", "null", "parent link", "objet", "instance", "inline"}
    assert {word for word in banned if word in words} == set()


def visible(page):
    """What a page says, without its tags."""
    return re.sub(r"<[^>]*>", " ", page).lower()
