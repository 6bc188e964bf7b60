"""The pages of series in /gestion/: looked at first, then done; only by those who manage them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons import series
from maisons.models import Occurrence, Serie
from tests.factories import (
    EvenementFactory,
    FermetureFactory,
    ReservationFactory,
    SalleFactory,
    SerieFactory,
)

WEEK = timedelta(weeks=1)
START = timezone.localdate() + WEEK


def url(page, *args):
    return reverse(f"admin:maisons_{page}", args=args)


@pytest.fixture
def room(agent):
    return SalleFactory(maison=agent.maison)


@pytest.fixture
def event(agent):
    return EvenementFactory(maison=agent.maison, publie=True)


@pytest.fixture
def serie(event):
    return SerieFactory(evenement=event, maison=event.maison)


def asked(room, **answers):
    form = {"premier": START, "dernier": START + 9 * WEEK, "cadence": "semaine"}
    form |= {"jours": [START.weekday()], "de": "18:00", "a": "20:00", "regime": "toujours"}
    form |= {"jours_feries": "on", "portee": "salle", "salle": room.pk} | answers
    return {f"repeter-{name}": value for name, value in form.items()}


@pytest.mark.django_db
class TestRepeat:
    def test_the_dates_are_looked_at_then_made(self, client, agent, event, room):
        FermetureFactory(
            maison=agent.maison, debut=timezone.now() + WEEK, fin=timezone.now() + 3 * WEEK
        )

        look = client.post(url("serie_repeat", event.pk), asked(room))
        before = Occurrence.objects.count()
        client.post(
            url("serie_repeat", event.pk),
            asked(
                room,
            )
            | {"faire": "1"},
        )

        assert "fermeture : travaux" in look.content.decode()
        serie = Serie.objects.get()
        made = series.dates(serie).count()
        assert f"Créer les {made} dates" in look.content.decode()
        assert (before, made + serie.ecartees.count()) == (1, 10)

    def test_the_answers_wait_between_the_two_steps(self, client, agent, event, room):
        answers = asked(room, jours=[START.weekday(), (START.weekday() + 1) % 7])

        look = client.post(url("serie_repeat", event.pk), answers)

        kept = set(look.context["answers"])
        assert {(name, str(told)) for name, told in answers.items() if "jours" not in name} <= kept
        assert len([name for name, _ in kept if name == "repeter-jours"]) == 2

    @pytest.mark.parametrize(
        ("answers", "sentence"),
        [
            ({"jours": []}, "Cochez au moins un jour."),
            ({"a": "16:00"}, "La fin doit être après le début."),
            ({"salle": ""}, "Choisissez une salle."),
            ({"dernier": START - WEEK}, "Le dernier jour doit suivre le premier."),
            ({"dernier": START + 200 * WEEK}, "trois ans au plus"),
            ({"premier": "2001-01-02", "dernier": "2001-02-02"}, "Ce jour est passé"),
            ({"dernier": "32/13"}, "n’existe pas"),
            ({"portee": "hors_les_murs"}, "Écrivez l’adresse"),
        ],
    )
    def test_bad_answers_get_a_sentence_and_change_nothing(
        self, client, agent, event, room, answers, sentence
    ):
        response = client.post(url("serie_repeat", event.pk), asked(room, **answers))

        assert sentence in response.content.decode()
        assert "Erreur : " in response.content.decode()
        assert not Serie.objects.exists()

    def test_nothing_is_made_when_no_date_is_possible(self, client, agent, event, room):
        whole = {"debut": timezone.now(), "fin": timezone.now() + 20 * WEEK}
        FermetureFactory(maison=agent.maison, **whole)

        look = client.post(url("serie_repeat", event.pk), asked(room)).content.decode()
        client.post(url("serie_repeat", event.pk), asked(room) | {"faire": "1"})

        assert "Aucune de ces dates n’est possible" in look
        assert not Serie.objects.exists()

    def test_a_night_ends_the_next_morning(self, client, agent, event, room):
        answers = asked(room, de="22:00", a="02:00")

        look = client.post(url("serie_repeat", event.pk), answers).content.decode()

        assert "le lendemain" in look

    def test_a_room_of_another_house_is_not_offered(self, client, agent, event):
        response = client.post(url("serie_repeat", event.pk), asked(SalleFactory()))

        assert "salle" in response.context["form"].errors


@pytest.mark.django_db
class TestActs:
    def test_a_later_hour_is_looked_at_then_taken(self, client, serie):
        ReservationFactory(salle=serie.salle, debut=series.dates(serie).last().fin)
        answers = {"depuis": serie.days()[4], "de": "19:00", "a": "21:00", "salle": serie.salle_id}

        look = client.post(url("serie_modifier", serie.pk), answers).content.decode()
        client.post(url("serie_modifier", serie.pk), answers | {"faire": "1"})

        assert "5 dates changent, 1 reste comme avant" in look
        assert "salle déjà réservée" in look
        assert Serie.objects.count() == 2

    def test_the_dates_that_follow_are_cancelled(self, client, serie):
        answers = {"depuis": serie.days()[7]}

        look = client.post(url("serie_annuler", serie.pk), answers).content.decode()
        held = series.dates(serie).holding().count()
        client.post(url("serie_annuler", serie.pk), answers | {"faire": "1"})

        assert "Annuler les 3 dates" in look
        assert (held, series.dates(serie).holding().count()) == (10, 7)

    def test_a_season_goes_on(self, client, serie):
        answers = {"dernier": serie.dernier + 2 * WEEK}

        look = client.post(url("serie_prolonger", serie.pk), answers).content.decode()
        client.post(url("serie_prolonger", serie.pk), answers | {"faire": "1"})

        assert "Ajouter les 2 dates" in look
        assert series.dates(serie).count() == 12

    def test_the_whole_series_of_a_draft_goes(self, client, agent):
        draft = EvenementFactory(maison=agent.maison)
        serie = SerieFactory(evenement=draft, maison=agent.maison)

        answer = client.post(
            url("serie_annuler", serie.pk), {"depuis": serie.premier, "faire": "1"}
        )

        assert not Serie.objects.exists()
        assert answer.url == url("evenement_change", draft.pk)

    def test_a_day_left_out_is_put_back(self, client, agent, event, room):
        serie = SerieFactory.build(maison=agent.maison, salle=room)
        closure = FermetureFactory(maison=agent.maison, debut=serie.span(serie.premier)[0])
        client.post(url("serie_repeat", event.pk), asked(room) | {"faire": "1"})
        serie, left = Serie.objects.get(), Serie.objects.get().ecartees.get()

        refused = client.post(
            url("serie_put_back", serie.pk), {"ecartee": left.pk}, follow=True
        ).content.decode()
        closure.delete()
        client.post(url("serie_put_back", serie.pk), {"ecartee": left.pk})

        assert "ne peut pas revenir" in refused
        assert (serie.ecartees.count(), series.dates(serie).count()) == (0, 10)

    def test_a_change_without_a_date_is_told(self, client, serie):
        answers = {"depuis": "2001-01-02", "de": "19:00", "a": "21:00", "salle": serie.salle_id}

        response = client.post(url("serie_modifier", serie.pk), answers)

        assert "depuis" in response.context["form"].errors

    def test_bookings_say_who_is_told_before_the_act(self, client, agent, room):
        serie = SerieFactory.build(maison=agent.maison, salle=room)
        debut = serie.span(serie.premier)[0] + timedelta(days=1)
        booking = ReservationFactory(salle=room, debut=debut)
        series.plan(serie, lambda debut, fin: booking.again(debut=debut, fin=fin))

        look = client.post(url("serie_annuler", serie.pk), {"depuis": serie.premier})

        assert f"{booking.person} : sera prévenu par e-mail" in look.content.decode()


@pytest.mark.django_db
def test_one_date_of_a_series_is_moved_on_the_page_of_its_event(client, event, serie):
    date = series.dates(serie)[3]
    page = url("evenement_change", serie.creneaux.first().occurrence.evenement_id)

    plain, asked_for = (
        client.get(page, query).context["inline_admin_formsets"][0].formset
        for query in ({}, {"date": date.pk})
    )

    assert date not in plain.get_queryset()
    assert date in asked_for.get_queryset()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["change", "modifier", "annuler", "prolonger", "history"])
def test_a_series_of_another_house_is_404(client, agent, page):
    foreign = SerieFactory()
    # Its event is another house's, though its room is ours.
    held_here = SerieFactory.build(maison=agent.maison, salle=SalleFactory(maison=agent.maison))
    event = EvenementFactory()
    series.plan(held_here, lambda debut, fin: Occurrence(
        evenement=event, maison=agent.maison, salle=held_here.salle, debut=debut, fin=fin
    ))  # fmt: skip

    told = [client.get(url(f"serie_{page}", each.pk)) for each in (foreign, held_here)]

    assert [response.status_code for response in told] == [404, 404]


@pytest.mark.django_db
def test_nobody_acts_on_what_is_not_theirs(client, agent):
    foreign = SerieFactory()
    event = series.dates(foreign).first().evenement

    told = [
        client.post(url("serie_put_back", foreign.pk), {"ecartee": 1}),
        client.post(url("serie_annuler", foreign.pk), {"depuis": foreign.premier, "faire": 1}),
        client.post(url("serie_repeat", event.pk), asked(foreign.salle) | {"faire": "1"}),
    ]

    assert [response.status_code for response in told] == [404, 404, 404]
    assert series.dates(foreign).holding().count() == 10


@pytest.mark.django_db
def test_the_list_shows_our_series_alone(client, serie):
    foreign = SerieFactory()

    page = client.get(url("serie_changelist")).content.decode()

    assert url("serie_change", serie.pk) in page
    assert url("serie_change", foreign.pk) not in page


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("changelist", 10), ("change", 14)])
def test_pages_cost_constant_queries(
    client, agent, event, django_assert_num_queries, page, queries, count
):
    for _ in range(count):
        serie = SerieFactory(evenement=event, maison=event.maison, salle__maison=event.maison)
        day = serie.premier + timedelta(days=1)
        serie.ecartees.create(jour=day, cause="ferie")
    args = [serie.pk] if page == "change" else []

    with django_assert_num_queries(queries):
        response = client.get(url(f"serie_{page}", *args))

    assert response.status_code == 200
