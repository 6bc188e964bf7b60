"""Each address of the desk × each role × a booking of another house: nothing moves."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from maisons.models import Reservation
from notifications.models import Message
from tests.factories import AffectationFactory, CompteFactory, ReservationFactory, SalleFactory
from tests.maisons.demandes import by_phone, to_say

ANSWER = {"motif_refus": "besoin", "motif": "demande", "absent": "oui", "reponse": "Non."}
SIGNED_OUT = {"get": 302, "post": 403}  # a page to sign in, or one that keeps what was sent
ACTS = ["confirm", "refuse", "unreachable", "said", "move", "cancel", "absence"]
READ = ["refuse", "move", "cancel", "absence", "change", "history"]


def somebody(role):
    """Who asks; none of them works in the house of the booking."""
    yesterday = timezone.localdate() - timedelta(days=1)
    match role:
        case "visitor":
            return None
        case "resident":
            return CompteFactory()
        case "mandate over":
            return AffectationFactory(debut=yesterday, fin=yesterday).compte
    return AffectationFactory(role=role).compte


def url(page, reservation):
    key = to_say(reservation).pk if page == "said" else reservation.pk
    return reverse(f"admin:maisons_reservation_{page}", args=[key])


def tables():
    models = Reservation, Reservation.history.model, Message, LogEntry
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "resident", "mandate over", "accueil", "direction"])
@pytest.mark.parametrize(
    ("method", "page"), [*[("post", act) for act in ACTS], *[("get", page) for page in READ]]
)
def test_a_booking_of_another_house_is_out_of_reach(client, role, method, page):
    compte, room = somebody(role), SalleFactory()
    foreign = by_phone(room) if page == "unreachable" else ReservationFactory(salle=room)
    address = url(page, foreign)
    if compte:
        client.force_login(compte)
    before = tables()

    response = getattr(client, method)(address, ANSWER)

    assert response.status_code == (404 if compte else SIGNED_OUT[method])
    assert tables() == before


@pytest.mark.django_db
@pytest.mark.parametrize("page", ACTS)
def test_without_the_verb_nothing_is_answered(client, agent, page):
    group = Group.objects.get(name="accueil")
    group.permissions.remove(group.permissions.get(codename="change_reservation"))
    booked = ReservationFactory(salle=SalleFactory(maison=agent.maison))
    address = url(page, booked)
    before = tables()

    response = client.post(address, ANSWER)

    assert response.status_code == 403
    assert tables() == before


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "resident", "mandate over", "accueil", "direction"])
@pytest.mark.parametrize("what", ["accepter", "refuser"])
def test_answering_several_reaches_no_other_house(client, role, what):
    compte, foreign = somebody(role), ReservationFactory()
    if compte:
        client.force_login(compte)
    before = tables()
    data = {"reponse_a": what, "demandes": [foreign.pk]} | ANSWER

    response = client.post(reverse("admin:maisons_reservation_answer"), data)

    staff = role in ("accueil", "direction")
    assert response.status_code == (200 if staff else 404 if compte else SIGNED_OUT["post"])
    assert tables() == before


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["confirm", "unreachable", "said"])
def test_an_act_is_a_post(client, agent, page):
    booked = ReservationFactory(salle=SalleFactory(maison=agent.maison))

    assert client.get(url(page, booked)).status_code == 405
