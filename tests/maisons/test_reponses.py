"""The desk answers: one request, several at once, a whole series, somebody on the phone."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.models import DateEcartee, Reservation
from notifications.models import Message
from tests.connexion import SigningClient
from tests.factories import AffectationFactory, MessageFactory, ReservationFactory, SalleFactory
from tests.maisons.demandes import PHONE, by_phone, in_serie, late, to_say

Etat = Reservation.Etat
BULK = "/gestion/maisons/reservation/repondre/"
REFUSAL = {"motif_refus": "besoin", "reponse": "Il y a le marché de Noël."}


def url(page, pk):
    return reverse(f"admin:maisons_reservation_{page}", args=[pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


def answer(client, what, *requests, **fields):
    data = {"reponse_a": what, "demandes": [r.pk for r in requests]} | fields
    return client.post(BULK, data, follow=True)


def states(*requests):
    return [Reservation.objects.get(pk=r.pk).etat for r in requests]


@pytest.fixture
def room(agent):
    return SalleFactory(maison=agent.maison)


@pytest.mark.django_db
def test_several_requests_are_granted_at_once(client, agent, room):
    requests = ReservationFactory.create_batch(3, salle=room)

    response = answer(client, "accepter", *requests[:2])

    assert states(*requests) == [Etat.CONFIRMEE, Etat.CONFIRMEE, Etat.DEMANDEE]
    granted = Reservation.objects.filter(decide_par=agent.compte, decide_le__isnull=False)
    assert granted.count() == 2
    assert said(response) == ["2 demandes acceptées."]


@pytest.mark.django_db
def test_several_requests_are_refused_with_one_motive_and_sentence(client, agent, room):
    requests = ReservationFactory.create_batch(2, salle=room)

    answer(client, "refuser", *requests, **REFUSAL)

    kept = Reservation.objects.values_list("etat", "motif_refus", "reponse", "decide_par")
    assert set(kept) == {(Etat.REFUSEE, *REFUSAL.values(), agent.compte.pk)}


@pytest.mark.django_db
def test_without_a_motive_nothing_is_refused_and_the_boxes_stay_ticked(client, room):
    requests = ReservationFactory.create_batch(2, salle=room)

    response = answer(client, "refuser", requests[0])

    assert states(*requests) == [Etat.DEMANDEE, Etat.DEMANDEE]
    assert response.context["form"].errors["motif_refus"] == ["Choisissez un motif."]
    assert response.context["ticked"] == {requests[0].pk}


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["accepter", "refuser"])
def test_nothing_ticked_is_told(client, room, what):
    ReservationFactory(salle=room)

    page = answer(client, what, **REFUSAL).content.decode()

    assert "Cochez au moins une demande." in page
    assert "<title>Erreur" in page


@pytest.mark.django_db
def test_all_boxes_are_ticked_by_a_link(client, room):
    requests = ReservationFactory.create_batch(2, salle=room)

    ticked = client.get(f"{BULK}?cocher=tout").context["ticked"]

    assert ticked == {r.pk for r in requests}


@pytest.mark.django_db
def test_what_was_answered_meanwhile_is_named_and_left_alone(client, room):
    other = AffectationFactory(maison=room.maison).compte
    waiting, refused = ReservationFactory.create_batch(2, salle=room)
    planning.refuse(refused, by=other, motif_refus="ordre")

    response = answer(client, "accepter", waiting, refused)

    refused.refresh_from_db()
    assert (refused.etat, refused.decide_par) == (Etat.REFUSEE, other)
    assert said(response)[0] == "1 demande acceptée."
    assert f"{refused.person}, " in said(response)[1]
    assert f"non traitée : elle est déjà refusée par {other}." in said(response)[1]


@pytest.mark.django_db
def test_what_lapsed_meanwhile_is_named_and_left_alone(client, room):
    request = late(ReservationFactory(salle=room))

    response = answer(client, "accepter", request)

    assert states(request) != [Etat.CONFIRMEE]
    assert said(response)[0].endswith("non traitée : le délai pour répondre est passé.")


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["accepter", "refuser"])
def test_forged_keys_are_as_if_absent(client, room, what):
    mine, foreign = ReservationFactory(salle=room), ReservationFactory()
    before = list(Reservation.objects.filter(pk=foreign.pk).values())
    keys = [foreign.pk, "0", "-1", "9" * 18, "9" * 40, "x", "", "1 OR 1=1", mine.pk]

    response = client.post(BULK, {"reponse_a": what, "demandes": keys} | REFUSAL, follow=True)

    assert list(Reservation.objects.filter(pk=foreign.pk).values()) == before
    assert len(said(response)) == 1
    assert said(response)[0].startswith("1 demande ")


@pytest.mark.django_db(transaction=True)
def test_two_agents_never_overwrite_each_other():
    granter = AffectationFactory()
    refuser = AffectationFactory(maison=granter.maison)
    requests = ReservationFactory.create_batch(6, salle=SalleFactory(maison=granter.maison))

    def act(mandate, what):
        client = SigningClient()
        client.force_login(mandate.compte)
        try:
            answer(client, what, *requests, **REFUSAL)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool, transaction.atomic():
        planning.lock_rooms(requests[0])  # both agents queue behind us
        both = [pool.submit(act, granter, "accepter"), pool.submit(act, refuser, "refuser")]
        assert not wait(both, timeout=0.5).done
    for agent in both:
        agent.result()

    deciders = {Etat.CONFIRMEE: granter.compte, Etat.REFUSEE: refuser.compte}
    for request in Reservation.objects.all():
        assert request.decide_par == deciders[request.etat]
        assert request.history.count() == 2  # asked, answered once


@pytest.mark.django_db
def test_a_series_is_one_line_and_one_decision(client, room):
    dates = in_serie(room, 3)
    DateEcartee.objects.create(serie=dates[0].serie, jour=dates[0].serie.dernier, cause="ferie")

    page = client.get(BULK)
    answer(client, "accepter", dates[0])

    (line,) = page.context["rows"]
    assert (line.dates, len(line.left_out), page.context["total"]) == (dates, 1, 1)
    assert "jour férié" in page.content.decode()
    assert states(*dates) == [Etat.CONFIRMEE] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["accepter", "refuser"])
def test_the_person_is_told_once_of_a_whole_series(client, room, what):
    dates = in_serie(room, 3)

    answer(client, what, dates[1], **REFUSAL)

    assert len(set(states(*dates))) == 1
    assert Message.objects.get().creneau == dates[0].pk


@pytest.mark.django_db
def test_an_answered_date_of_a_series_keeps_its_answer(client, agent, room):
    dates = in_serie(room, 3)
    planning.refuse(dates[1], by=agent.compte, motif_refus="besoin")

    client.post(url("confirm", dates[0].pk))

    assert states(*dates) == [Etat.CONFIRMEE, Etat.REFUSEE, Etat.CONFIRMEE]


@pytest.mark.django_db
def test_who_asked_by_phone_is_confirmed_at_once_when_reached(client, agent, room):
    request = by_phone(room)

    response = client.post(url("confirm", request.pk))

    request.refresh_from_db()
    assert (request.etat, request.decide_par) == (Etat.CONFIRMEE, agent.compte)
    assert response.url == url("change", request.pk)
    assert not Message.objects.to_phone().exists()


@pytest.mark.django_db
def test_who_asked_by_phone_is_refused_when_reached(client, room):
    request = by_phone(room)

    client.post(url("refuse", request.pk), REFUSAL)

    assert states(request) == [Etat.REFUSEE]
    assert not Message.objects.to_phone().exists()


@pytest.mark.django_db
def test_who_cannot_be_reached_is_noted_and_still_held(client, agent, room):
    request = by_phone(room)
    before = Reservation.objects.filter(pk=request.pk).values().get()

    client.post(url("unreachable", request.pk))

    assert Reservation.objects.filter(pk=request.pk).values().get() == before
    home = client.get("/gestion/").content.decode()
    assert "pas joignable" in home
    assert "appelée, pas joignable" in client.get(url("change", request.pk)).content.decode()


@pytest.mark.django_db
def test_only_who_is_to_call_can_be_unreachable(client, room):
    request = ReservationFactory(salle=room)

    assert client.post(url("unreachable", request.pk)).status_code == 404


@pytest.mark.django_db
def test_an_unproved_address_cannot_be_confirmed_by_the_desk(client, room):
    request = by_phone(room, courriel="camille@rivemont.example")

    response = client.post(url("confirm", request.pk), follow=True)

    assert states(request) == [Etat.A_CONFIRMER]
    assert "à confirmer" in said(response)[0]


@pytest.mark.django_db
def test_a_message_read_aloud_leaves_the_list(client, room):
    message = to_say(ReservationFactory(salle=room))

    assert "Jeudi, de 14 h à 16 h." in client.get("/gestion/").content.decode()
    client.post(url("said", message.pk))

    message.refresh_from_db()
    assert (message.etat, bool(message.fini_le)) == (Message.Etat.APPELE, True)
    assert "Jeudi, de 14 h à 16 h." not in client.get("/gestion/").content.decode()


@pytest.mark.django_db
class TestUndelivered:
    """A letter that was refused, about a booking to come, is somebody to tell."""

    def refused(self, booking, what="confirmee", **fields):
        fields |= {"etat": Message.Etat.ECHEC, "creneau": booking.pk, "nom": booking.person}
        return MessageFactory(cle=f"reservation:{booking.pk}:{what}:{fields['creneau']}", **fields)

    def shown(self, client):
        return "Message non parti" in client.get("/gestion/").content.decode()

    def test_it_is_on_the_home_page_until_it_is_said(self, client, room):
        message = self.refused(ReservationFactory(salle=room))

        before = self.shown(client)
        client.post(url("said", message.pk))

        assert (before, self.shown(client)) == (True, False)

    def test_who_has_a_number_is_to_be_called(self, client, room):
        person = {"demandeur": None, "nom": "Zoé", "courriel": "z@rivemont.example"}
        self.refused(ReservationFactory(salle=room, telephone=PHONE, **person))

        page = client.get("/gestion/").content.decode()

        assert "Appelez Zoé" in page
        assert PHONE.replace("+33", "0") in page.replace("\xa0", "").replace(" ", "")

    @pytest.mark.parametrize("what", ["a_confirmer", "adresse"])
    def test_an_address_that_nobody_has_proved_bothers_nobody(self, client, room, what):
        self.refused(ReservationFactory(salle=room), what)

        assert not self.shown(client)

    def test_what_left_since_or_is_over_or_is_elsewhere_is_not_shown(self, client, room):
        since = ReservationFactory(salle=room)
        self.refused(since, cree_le=timezone.now() - timedelta(hours=1))
        MessageFactory(creneau=since.pk, etat=Message.Etat.ENVOYE)
        self.refused(ReservationFactory())
        self.refused(ReservationFactory(salle=room), expire_le=timezone.now())

        assert not self.shown(client)

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_constant_queries(self, client, room, django_assert_num_queries, count):
        for _ in range(count):
            self.refused(ReservationFactory(salle=room))
        client.get("/gestion/")  # the kinds of things are read once a process

        with django_assert_num_queries(29):
            assert client.get("/gestion/").context["sections"][2]["total"] == count


@pytest.mark.django_db
def test_a_refusal_offers_the_nearest_free_spans(client, room):
    request = ReservationFactory(salle=room, personnes=4)

    form = client.get(url("refuse", request.pk)).context["form"]

    offers = list(form.offers.values())
    assert len(offers) == 3
    assert all(str(room) in offer["texte"] for offer in offers)
    assert all("/reserver/?jour=" in offer["lien"] for offer in offers)


@pytest.mark.django_db
def test_the_link_of_an_offer_opens_the_form_filled_in(client, room, settings):
    request = ReservationFactory(salle=room, personnes=4)
    offer = next(iter(client.get(url("refuse", request.pk)).context["form"].offers.values()))

    form = client.get(offer["lien"].removeprefix(settings.SITE_URL)).context["form"]

    filled = {name: form[name].value() for name in ("usage", "personnes")}
    assert filled == {"usage": request.usage, "personnes": "4"}
    assert all(form[name].value() for name in ("jour", "de", "a"))


@pytest.mark.django_db
def test_spans_taken_meanwhile_are_left_out_of_the_refusal(client, room):
    request = ReservationFactory(salle=room)
    data = REFUSAL | {"proposer": ["https://ailleurs.example/", "x"]}

    client.post(url("refuse", request.pk), data)

    assert states(request) == [Etat.REFUSEE]


@pytest.mark.django_db
def test_home_shows_the_nearest_deadline_first_with_the_time_left(client, room):
    requests = ReservationFactory.create_batch(3, salle=room)
    for request, hours in zip(requests, [30, 5, 60], strict=True):
        late(request, hours=-hours, seconds=-30)

    response = client.get("/gestion/")

    rows = response.context["sections"][1]["rows"]
    assert rows == [requests[1], requests[0], requests[2]]
    page = response.content.decode()
    assert [left in page for left in ("5 heures", "30 heures", "2 jours")] == [True] * 3


@pytest.mark.django_db
def test_home_shows_what_nobody_answered_for_a_week(client, room, time_machine):
    request = late(ReservationFactory(salle=room))
    planning.release_expired()

    titles = [section["title"] for section in client.get("/gestion/").context["sections"]]
    time_machine.move_to(timezone.now() + timedelta(days=8))
    later = [section["title"] for section in client.get("/gestion/").context["sections"]]

    assert request.alive
    assert "Restées sans réponse" in titles
    assert "Restées sans réponse" not in later


@pytest.mark.django_db
def test_an_empty_desk_says_so(client, agent):
    page = client.get("/gestion/").content.decode()

    assert "Personne n’est à appeler." in page
    assert "Aucune demande n’attend de réponse." in page
    assert "Aucune demande n’attend de réponse." in client.get(BULK).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_home_and_bulk_cost_constant_queries(client, agent, room, django_assert_num_queries, count):
    for _ in range(count):
        by_phone(room)
        to_say(ReservationFactory(salle=room))
        in_serie(SalleFactory(maison=agent.maison), 2)
        late(ReservationFactory(salle=room))
        planning.release_expired()
    ReservationFactory()
    client.get("/gestion/")  # the kinds of things are read once a process

    with django_assert_num_queries(31):
        home = client.get("/gestion/")
    with django_assert_num_queries(11):
        bulk = client.get(BULK)

    assert home.context["sections"][0]["total"] == 2 * count
    assert len(bulk.context["rows"]) == bulk.context["total"] == 2 * count


@pytest.mark.django_db
def test_a_series_asked_by_phone_is_one_call_and_one_decision(client, room):
    held = {"etat": Etat.A_CONFIRMER, "expire_le": timezone.now() + timedelta(days=1)}
    dates = in_serie(room, 2, demandeur=None, nom="M. Ribeiro", telephone=PHONE, **held)

    section = client.get("/gestion/").context["sections"][0]
    client.post(url("confirm", dates[0].pk))

    assert (section["rows"], section["total"]) == ([dates[0]], 1)
    assert states(*dates) == [Etat.CONFIRMEE] * 2
    assert not Message.objects.to_phone().exists()


@pytest.mark.django_db
def test_an_answered_date_does_not_answer_for_the_others(client, agent, room):
    dates = in_serie(room, 2)
    planning.confirm(dates[0], by=agent.compte)

    answer(client, "refuser", dates[0], **REFUSAL)

    assert states(*dates) == [Etat.CONFIRMEE, Etat.DEMANDEE]
