from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Evenement, Occurrence
from tests.factories import (
    EvenementFactory,
    OccurrenceFactory,
    QuartierFactory,
    ReservationFactory,
    SalleFactory,
)

NEXT_WEEK = timezone.localdate() + timedelta(days=7)


def url(page, *args):
    return reverse(f"admin:maisons_{page}", args=args)


@pytest.fixture
def room(agent):
    return SalleFactory(maison=agent.maison)


def row(rank, **answers):
    asked = {"jour": f"{NEXT_WEEK}", "de": "14:00", "a": "16:00", "portee": "salle"} | answers
    return {f"occurrences-{rank}-{name}": value for name, value in asked.items()}


def page(maison, *rows, initial=0, **answers):
    form = {"titre": "Fête de la soupe", "maison": maison.pk, "gratuit": "unknown"}
    form |= {"plain_pied": "unknown", "occurrences-INITIAL_FORMS": initial}
    form |= {"occurrences-TOTAL_FORMS": len(rows)} | answers
    for rank, answered in enumerate(rows):
        form |= row(rank, **answered)
    return form


def faults(response):
    formset = response.context["inline_admin_formsets"][0].formset
    return [
        sentence for form in formset.forms for told in form.errors.values() for sentence in told
    ]


@pytest.mark.django_db
def test_a_draft_is_written_with_its_dates(client, agent, room):
    form = page(agent.maison, {"salle": room.pk}, public=["enfants", "familles"])

    client.post(url("evenement_add"), form)

    event = Evenement.objects.get()
    date = event.occurrences.get()
    assert (event.slug, event.publie_le) == ("fete-de-la-soupe", None)
    assert (date.titre, date.salle, date.publie_le) == ("Fête de la soupe", room, None)
    assert date.public == ["enfants", "familles"]
    assert date.debut == starts_at(NEXT_WEEK) + timedelta(hours=14)


@pytest.mark.django_db
def test_without_hours_a_date_holds_whole_days(client, agent, room):
    last = NEXT_WEEK + timedelta(days=1)
    asked = {"salle": room.pk, "de": "", "a": "", "jour_fin": f"{last}"}

    client.post(url("evenement_add"), page(agent.maison, asked))

    date = Occurrence.objects.get()
    assert not date.heure_connue
    assert (date.debut, date.fin) == (starts_at(NEXT_WEEK), starts_at(last + timedelta(days=1)))


@pytest.mark.django_db
def test_elsewhere_needs_its_address_and_quartier(client, agent):
    outside = {"portee": "hors_les_murs", "adresse_libre": "Place du Marché"}

    refused = client.post(url("evenement_add"), page(agent.maison, outside))
    outside["quartier"] = QuartierFactory().pk
    client.post(url("evenement_add"), page(agent.maison, outside))

    assert faults(refused) == ["Écrivez l’adresse et choisissez le quartier."]
    assert Occurrence.objects.get().adresse_libre == "Place du Marché"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"a": ""}, "Donnez les deux heures"),
        ({"a": "13:00"}, "La fin doit être après le début."),
        ({"salle": ""}, "Choisissez une salle."),
        ({"jour": "32/13/2026"}, "n’existe pas"),
    ],
)
def test_bad_answers_get_a_sentence_and_change_nothing(client, agent, room, asked, sentence):
    form = page(agent.maison, {"salle": room.pk} | asked)

    response = client.post(url("evenement_add"), form)

    assert sentence in " ".join(faults(response))
    assert "Fête de la soupe" in response.content.decode()
    assert not Evenement.objects.exists()


@pytest.mark.django_db
def test_a_taken_room_is_told_beside_the_row(client, agent, room):
    held = OccurrenceFactory(salle=room)
    start = timezone.localtime(held.debut)
    asked = {"salle": room.pk, "jour": f"{start:%Y-%m-%d}", "de": f"{start:%H:%M}", "a": "21:00"}

    response = client.post(url("evenement_add"), page(agent.maison, asked))

    assert faults(response) == ["Cette salle est déjà prise à cette heure."]
    assert Evenement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_room_lost_while_the_page_is_saved_is_told(client, agent, room):
    def post():
        try:
            return client.post(url("evenement_add"), page(agent.maison, {"salle": room.pk}))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        planning.lock_rooms(Occurrence(salle=room))
        late = pool.submit(post)
        assert not wait([late], timeout=0.5).done
        ReservationFactory(salle=room, debut=starts_at(NEXT_WEEK) + timedelta(hours=15))

    assert faults(late.result()) == ["Cette salle est déjà prise à cette heure."]
    assert not Evenement.objects.exists()


@pytest.mark.django_db
def test_two_dates_of_one_page_cannot_hold_one_room(client, agent, room):
    half = SalleFactory(maison=agent.maison, partie_de=room)
    dates = {"salle": room.pk}, {"salle": half.pk, "de": "15:00", "a": "17:00"}

    response = client.post(url("evenement_add"), page(agent.maison, *dates))

    assert faults(response)[0].startswith("Une autre date de cette page prend la salle")
    assert not Evenement.objects.exists()


@pytest.mark.django_db
def test_a_date_moves_under_the_rules(client, agent, room):
    date = OccurrenceFactory(salle=room)
    asked = {"creneau": date.pk, "evenement": date.evenement_id, "salle": room.pk}

    form = page(agent.maison, asked, initial=1)
    client.post(url("evenement_change", date.evenement_id), form)

    date.refresh_from_db()
    assert date.debut == starts_at(NEXT_WEEK) + timedelta(hours=14)
    assert date.history.first().history_user == agent.compte


@pytest.mark.django_db
def test_forged_rows_touch_nothing_of_another_house(client, agent, room):
    mine, foreign = OccurrenceFactory(salle=room), OccurrenceFactory()
    stolen = {"creneau": foreign.pk, "evenement": mine.evenement_id, "salle": room.pk}
    elsewhere = {"salle": foreign.salle_id}

    forged = client.post(
        url("evenement_change", mine.evenement_id), page(agent.maison, stolen, initial=1)
    )
    booked = client.post(url("evenement_add"), page(agent.maison, elsewhere))

    before = foreign.debut, foreign.evenement_id
    foreign.refresh_from_db()
    assert (foreign.debut, foreign.evenement_id) == before
    assert "entre-temps" in faults(forged)[0]
    assert "choix valide" in faults(booked)[0]
    assert Occurrence.objects.count() == 2


@pytest.mark.django_db
def test_preview_is_for_the_own_house(client, agent, room):
    mine, foreign = OccurrenceFactory(salle=room).evenement, EvenementFactory()

    shown = client.get(url("evenement_preview", mine.pk))
    hidden = client.get(url("evenement_preview", foreign.pk))

    assert mine.titre in shown.content.decode()
    assert hidden.status_code == 404


@pytest.mark.django_db
def test_publishing_makes_event_and_dates_public(client, agent, room):
    date = OccurrenceFactory(salle=room)

    client.post(url("evenement_publish", date.evenement_id))

    date.refresh_from_db()
    assert date.publie_le == date.evenement.publie_le is not None


@pytest.mark.django_db
def test_publishing_without_a_date_is_refused(client, agent):
    draft = EvenementFactory(maison=agent.maison)

    response = client.post(url("evenement_publish", draft.pk), follow=True)

    draft.refresh_from_db()
    assert draft.publie_le is None
    assert [str(m) for m in response.context["messages"]] == [
        "Ajoutez au moins une date avant de publier."
    ]


@pytest.mark.django_db
def test_only_the_own_house_publishes_by_post(client, agent):
    foreign = OccurrenceFactory().evenement

    assert client.post(url("evenement_publish", foreign.pk)).status_code == 404
    assert client.get(url("evenement_publish", foreign.pk)).status_code == 405


@pytest.mark.django_db
def test_after_publication_the_dates_follow_the_title(client, agent, room):
    event = EvenementFactory(maison=agent.maison, publie=True)
    date = event.occurrences.get()

    client.post(url("evenement_change", event.pk), page(agent.maison))

    date.refresh_from_db()
    assert date.titre == "Fête de la soupe"
    assert date.publie_le == event.publie_le


@pytest.mark.django_db
def test_a_published_date_is_cancelled_never_deleted(client, agent):
    event = EvenementFactory(maison=agent.maison, publie=True)
    date = event.occurrences.get()
    removal = {"creneau": date.pk, "evenement": event.pk, "DELETE": "on", "salle": date.salle_id}

    client.post(url("evenement_change", event.pk), page(agent.maison, removal, initial=1))
    kept = Occurrence.objects.get(pk=date.pk)
    asked = client.get(url("occurrence_cancel", date.pk)).content.decode()
    client.post(url("occurrence_cancel", date.pk))

    date.refresh_from_db()
    assert kept.annule_le is None
    assert "Annuler cette date" in asked
    assert date.annule_le
    assert date.motif_annulation == "organisation"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_date_of_another_house_is_404(client, agent, method):
    date = EvenementFactory(publie=True).occurrences.get()

    response = getattr(client, method)(url("occurrence_cancel", date.pk))

    date.refresh_from_db()
    assert response.status_code == 404
    assert date.annule_le is None


@pytest.mark.django_db
def test_the_date_of_a_draft_may_go(client, agent, room):
    date = OccurrenceFactory(salle=room)
    removal = {"creneau": date.pk, "evenement": date.evenement_id, "DELETE": "on"}
    form = page(agent.maison, removal | {"salle": room.pk}, initial=1)

    client.post(url("evenement_change", date.evenement_id), form)

    assert not Occurrence.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_dates_costs_constant_queries(
    client, agent, room, django_assert_num_queries, count
):
    event = EvenementFactory(maison=agent.maison)
    OccurrenceFactory.create_batch(count, evenement=event, salle=room)
    client.get(url("evenement_change", event.pk))

    with django_assert_num_queries(19):
        response = client.get(url("evenement_change", event.pk))

    assert response.status_code == 200
