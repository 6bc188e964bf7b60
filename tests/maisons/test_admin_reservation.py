import pytest
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.models import Reservation
from tests.factories import ReservationFactory, SalleFactory

Etat = Reservation.Etat


def url(page, reservation):
    return reverse(f"admin:maisons_reservation_{page}", args=[reservation.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def request_for_room(agent):
    return ReservationFactory(salle=SalleFactory(maison=agent.maison))


@pytest.mark.django_db
def test_the_desk_grants_a_request(client, agent, request_for_room):
    client.post(url("confirm", request_for_room))

    request_for_room.refresh_from_db()
    assert request_for_room.etat == Etat.CONFIRMEE
    assert request_for_room.decide_par == agent.compte
    assert request_for_room.history.first().history_user == agent.compte


@pytest.mark.django_db
def test_the_desk_refuses_with_a_motive_and_the_room_is_free(client, agent, request_for_room):
    answer = {"motif_refus": "besoin", "reponse": "Il y a le marché de Noël."}

    response = client.post(url("refuse", request_for_room), answer, follow=True)

    request_for_room.refresh_from_db()
    assert request_for_room.etat == Etat.REFUSEE
    assert request_for_room.annule_le
    assert (request_for_room.motif_refus, request_for_room.reponse) == tuple(answer.values())
    assert said(response) == [f"Demande de {request_for_room.demandeur} refusée."]


@pytest.mark.django_db
def test_a_refusal_without_motive_changes_nothing(client, request_for_room):
    response = client.post(url("refuse", request_for_room), {"reponse": "Non."})

    request_for_room.refresh_from_db()
    assert request_for_room.etat == Etat.DEMANDEE
    assert response.context["form"].errors["motif_refus"] == ["Choisissez un motif."]
    assert "Non." in response.content.decode()


@pytest.mark.django_db
def test_refused_twice_is_told_once_more(client, agent, request_for_room):
    answer = {"motif_refus": "besoin"}
    client.post(url("refuse", request_for_room), answer)
    first = Reservation.objects.get(pk=request_for_room.pk).decide_le

    response = client.post(url("refuse", request_for_room), answer | {"motif_refus": "ordre"})

    request_for_room.refresh_from_db()
    assert request_for_room.decide_le == first
    assert request_for_room.motif_refus == "besoin"
    assert response.context["form"].non_field_errors() == [planning.DEJA_ANNULE]


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["confirm", "refuse"])
def test_granting_what_is_answered_is_told(client, agent, request_for_room, first):
    if first == "confirm":
        planning.confirm(request_for_room, by=agent.compte)
    else:
        planning.refuse(request_for_room, by=agent.compte, motif_refus="besoin")
    before = Reservation.objects.get(pk=request_for_room.pk).etat

    response = client.post(url("confirm", request_for_room), follow=True)

    request_for_room.refresh_from_db()
    assert request_for_room.etat == before
    assert "déjà" in said(response)[0]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["confirm", "refuse"])
def test_a_request_of_another_house_is_404(client, agent, page):
    foreign = ReservationFactory()

    response = client.post(url(page, foreign), {"motif_refus": "besoin"})

    foreign.refresh_from_db()
    assert response.status_code == 404
    assert foreign.etat == Etat.DEMANDEE


@pytest.mark.django_db
def test_granting_is_a_post(client, request_for_room):
    assert client.get(url("confirm", request_for_room)).status_code == 405


@pytest.mark.django_db
def test_a_booking_is_read_not_typed(client, request_for_room):
    page = client.get(url("change", request_for_room)).content.decode()
    posted = client.post(url("change", request_for_room), {"etat": "confirmee"})

    request_for_room.refresh_from_db()
    assert 'name="_save"' not in page
    assert posted.status_code == 403
    assert request_for_room.etat == Etat.DEMANDEE


@pytest.mark.django_db
def test_the_list_begins_with_what_waits(client, agent):
    room = SalleFactory(maison=agent.maison)
    waiting, granted, later = ReservationFactory.create_batch(3, salle=room)
    planning.confirm(granted, by=agent.compte)

    shown = client.get(reverse("admin:maisons_reservation_changelist")).context["cl"].result_list

    assert list(shown) == [waiting, later, granted]


@pytest.mark.django_db
def test_history_tells_who_changed_what_in_words(client, agent, request_for_room):
    client.post(url("confirm", request_for_room))

    page = client.get(url("history", request_for_room)).content.decode()

    assert "en attente de réponse → <strong>confirmée</strong>" in page
    assert str(agent.compte) in page
    assert f"{timezone.localdate():%Y}" in page
