"""The screen that settles what a closure hits, and the ways that lead to it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.models import Fermeture, Reservation
from notifications.models import Message
from tests.factories import (
    FermetureFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
)

pytestmark = pytest.mark.django_db


def url(page, *args):
    return reverse(f"admin:maisons_fermeture_{page}", args=args)


def said(response):
    return [str(message).replace("\xa0", " ") for message in response.context["messages"]]


@pytest.fixture
def salle(agent):
    return SalleFactory(maison=agent.maison)


@pytest.fixture
def other(salle):
    return SalleFactory(maison=salle.maison, nom="Salle du lavoir")


def closing(*creneaux, **fields):
    """A closure that hits these."""
    first, last = creneaux[0], creneaux[-1]
    span = {"debut": first.debut, "fin": last.fin}
    return FermetureFactory(maison=first.maison, **span | {"salle": first.salle} | fields)


def in_a_row(salle, number):
    """So many bookings of two hours, one after the other, from tomorrow at 8."""
    debut = ReservationFactory.build().debut.replace(hour=8)
    step = timedelta(hours=2)
    return [ReservationFactory(salle=salle, debut=debut + rank * step) for rank in range(number)]


def form_of(held, **changes):
    span = {"debut": held.debut, "fin": held.fin}
    typed = {name: f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" for name, at in span.items()}
    return {"maison": held.maison_id, "motif": "travaux"} | typed | changes


def test_saving_a_closure_that_hits_something_leads_to_the_screen(client, salle):
    held = ReservationFactory(salle=salle)

    response = client.post(url("add"), form_of(held), follow=True)

    closure = Fermeture.objects.get()
    assert response.redirect_chain == [(url("settle", closure.pk), 302)]
    assert [row.creneau.pk for row in response.context["rows"]] == [held.pk]
    assert held.person in response.content.decode()


def test_changing_a_closure_leads_there_too_and_one_that_hits_nothing_to_the_list(client, salle):
    held = ReservationFactory(salle=salle)
    closure = FermetureFactory(maison=salle.maison, debut=held.fin, fin=held.fin + timedelta(1))
    quiet = form_of(held, debut=form_of(held)["fin"], fin="2099-01-01T00:00")

    after_quiet = client.post(url("change", closure.pk), quiet)
    after = client.post(url("change", closure.pk), form_of(held))

    assert after_quiet.url == url("changelist")
    assert after.url == url("settle", closure.pk)


def test_a_closure_of_the_past_is_kept_and_says_so(client, salle):
    form = {"maison": salle.maison.pk, "motif": "travaux", "debut": "2026-01-05T08:00"}

    response = client.post(url("add"), form | {"fin": "2026-01-05T18:00"}, follow=True)

    assert Fermeture.objects.exists()
    assert "Cette fermeture est passée : elle ne touche plus rien." in said(response)


def test_an_hour_that_does_not_exist_is_refused_beside_its_field(client, salle):
    form = {"maison": salle.maison.pk, "motif": "travaux", "debut": "2027-03-28T02:30"}

    response = client.post(url("add"), form | {"fin": "2027-03-28T18:00"})

    assert "debut" in response.context["adminform"].form.errors
    assert not Fermeture.objects.exists()


def test_an_address_fills_in_the_form(client, salle):
    query = {"maison": salle.maison.pk, "salle": salle.pk}
    query |= {"debut": "2026-12-01T14:00", "fin": "2026-12-01T18:00"}

    page = client.get(url("add"), query).content.decode()

    assert f'<option value="{salle.maison.pk}" selected>' in page
    assert f'<option value="{salle.pk}" selected>' in page
    assert 'value="2026-12-01T14:00"' in page
    assert 'value="2026-12-01T18:00"' in page


@pytest.mark.parametrize("query", ["maison=x&salle=-1&debut=demain&fin=x", "debut=2026-02-31T25"])
def test_a_wrong_address_opens_the_form_all_the_same(client, salle, query):
    assert client.get(f"{url('add')}?{query}").status_code == 200


def test_nothing_is_chosen_beforehand_but_to_decide_later(client, salle, other):
    closure = closing(*in_a_row(salle, 2))

    page = client.get(url("settle", closure.pk)).content.decode()

    assert page.count(" checked>") == page.count('value="plus_tard" checked>') == 2


def test_each_choice_is_done_and_told(client, salle, other):
    moved, cancelled, left = in_a_row(salle, 3)
    closure = closing(moved, left)
    choices = {moved.pk: other.pk, cancelled.pk: "annuler", left.pk: "plus_tard"}

    response = client.post(
        url("settle", closure.pk), {f"creneau-{k}": v for k, v in choices.items()}, follow=True
    )

    states = [(r.salle_id, r.etat) for r in Reservation.objects.order_by("debut")]
    assert states == [
        (other.pk, "demandee"),
        (salle.pk, "annulee"),
        (salle.pk, "demandee"),
    ]
    done = "1 date déplacée, 1 date annulée, 2 personnes prévenues par e-mail."
    assert said(response) == [done]
    assert [row.creneau.pk for row in response.context["rows"]] == [left.pk]


def test_one_button_moves_what_is_left_to_the_first_proposal(client, salle, other):
    first, second = in_a_row(salle, 2)
    closure = closing(first, second)
    page = client.get(url("settle", closure.pk))
    shown = {f"premiere-{row.creneau.pk}": row.first.pk for row in page.context["rows"]}
    choices = {f"creneau-{first.pk}": "plus_tard", f"creneau-{second.pk}": "annuler"}

    client.post(url("settle", closure.pk), shown | choices | {"acte": "premieres"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.salle, second.etat) == (other, "annulee")


def test_the_other_button_moves_nothing_that_was_not_chosen(client, salle, other):
    (held,) = in_a_row(salle, 1)
    closure = closing(held)
    form = {f"creneau-{held.pk}": "plus_tard", f"premiere-{held.pk}": other.pk}

    response = client.post(url("settle", closure.pk), form, follow=True)

    held.refresh_from_db()
    assert held.salle == salle
    assert said(response) == ["Vous n’avez rien choisi : aucune date n’a changé."]


def test_what_is_lost_is_told_row_by_row(client, salle, other):
    held, gone = in_a_row(salle, 2)
    closure = closing(held, gone)
    ReservationFactory(salle=other, debut=held.debut)
    planning.cancel(gone, "demande", by=None)
    form = {f"creneau-{held.pk}": other.pk, f"creneau-{gone.pk}": other.pk}

    response = client.post(url("settle", closure.pk), form, follow=True)

    told = said(response)
    assert told[0] == "Déjà réglé, ou annulé entre-temps : 1 date."
    assert "la salle choisie n’est plus libre à cette heure." in told[1]


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "٣", "\x00"])
def test_a_forged_choice_is_refused_in_a_sentence(client, salle, value):
    (held,) = in_a_row(salle, 1)
    form = {f"creneau-{held.pk}": value, f"creneau-{'9' * 30}": "1", "creneau-x": "1"}

    response = client.post(url("settle", closing(held).pk), form, follow=True)

    assert "cette salle ne peut pas être donnée ici." in said(response)[0]
    assert not Message.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_closure_is_404(client, agent, method):
    held = ReservationFactory()
    closure = closing(held)

    response = getattr(client, method)(url("settle", closure.pk), {f"creneau-{held.pk}": "annuler"})

    held.refresh_from_db()
    assert (response.status_code, held.annule_le) == (404, None)


def test_home_and_the_closure_lead_there_while_something_is_hit(client, salle, other):
    (held,) = in_a_row(salle, 1)
    closure = closing(held)
    link = f'href="{url("settle", closure.pk)}"'
    foreign = closing(ReservationFactory())
    pages = ["/gestion/", url("change", closure.pk)]

    before = [client.get(page).content.decode() for page in pages]
    planning.move(held, salle=other)
    after = [client.get(page).content.decode() for page in pages]

    assert [link in page for page in before + after] == [True, True, False, False]
    assert url("settle", foreign.pk) not in before[0]


def test_who_is_told_and_how_is_said_before(client, salle, other):
    mailed, called, nobody = in_a_row(salle, 3)
    Reservation.objects.filter(pk=called.pk).update(
        demandeur=None, nom="Ahmed", telephone="+33612345678"
    )
    Reservation.objects.filter(pk=nobody.pk).update(demandeur=None, nom="Zoé")
    public = OccurrenceFactory(salle=salle, debut=nobody.fin)
    planning.publish(public.evenement)

    page = client.get(url("settle", closing(mailed, public).pk))

    assert page.context["told"] == {
        **{"mailed": 1, "written": 0, "to_call": 1, "public": 1, "nobody": 1}
    }
    text = page.content.decode().replace("\xa0", " ")
    assert "1 personne à appeler, sans adresse e-mail" in text
    assert "À appeler : 06 12 34 56 78" in text


def test_a_long_list_comes_in_screens(client, salle):
    closure = closing(*in_a_row(salle, 6))
    later = closure.debut + timedelta(days=7)
    for rank in range(15):
        debut = later + timedelta(days=rank)
        ReservationFactory(salle=salle, debut=debut)
    Fermeture.objects.update(fin=later + timedelta(days=20))

    page = client.get(url("settle", closure.pk))

    assert len(page.context["rows"]) == 20
    assert "Voici les 20 premières" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_screen_costs_constant_queries(client, salle, django_assert_num_queries, count):
    held = in_a_row(salle, count)
    SalleFactory.create_batch(count, maison=salle.maison)
    closure = closing(*held)

    with django_assert_num_queries(19):
        page = client.get(url("settle", closure.pk))

    assert len(page.context["rows"]) == count
