"""« J’ai besoin d’aide pour… »: what is shown, in which order, and the ways on from it."""

from datetime import time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.heures import day, moment, starts_at
from permanences import vacations
from permanences.models import Vacation
from permanences.orientation import ROWS
from tests.factories import (
    FicheFactory,
    MaisonFactory,
    MediateurFactory,
    PermanenceFactory,
    QuartierFactory,
    RendezVousFactory,
    VacationFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
URL = "/permanences/"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def public(days=1, hour=14, mode="sans_rdv", **fields):
    """A public permanence with one date, in so many days."""
    permanence = PermanenceFactory(mode=mode, **fields)
    debut = starts_at(timezone.localdate() + timedelta(days=days), time(hour))
    VacationFactory(permanence=permanence, debut=debut)
    return vacations.publish(permanence)


def shown(client, **query):
    """The permanences of the page, in its order."""
    rows = client.get(URL, query).context["orientation"].page
    return [row.permanence for row in rows]


def set_direct(permanence, **fields):
    """As the person on duty says it, for its only date."""
    vacation = permanence.vacations.get()
    for name, value in fields.items():
        setattr(vacation, name, value)
    vacation.clean()
    vacation.save()
    return vacation


class TestOrder:
    def test_without_appointment_comes_first_then_by_hour(self, client):
        """R3."""
        by_appointment, later, sooner = public(1, mode="rdv"), public(5), public(3, mode="mixte")

        assert shown(client) == [sooner, later, by_appointment]

    def test_each_by_appointment_tells_its_first_free_moment(self, client):
        """R4."""
        later, sooner = public(6, mode="rdv"), public(5, mode="rdv")
        vacation = sooner.vacations.get()
        RendezVousFactory(vacation=vacation)

        found = client.get(URL)

        rows = found.context["orientation"].by_appointment
        assert [row.permanence for row in rows] == [sooner, later]
        assert rows[0].slot.debut == vacation.debut + sooner.length
        told = f"première place : {moment(rows[0].slot.debut)}"
        assert told in found.content.decode()

    def test_what_is_full_by_appointment_says_so_and_comes_last(self, client):
        full, free = public(5, mode="rdv"), public(6, mode="rdv")
        for debut, _ in full.vacations.get().slots():
            RendezVousFactory(vacation=full.vacations.get(), debut=debut)

        page = client.get(URL)

        rows = page.context["orientation"].by_appointment
        assert [row.permanence for row in rows] == [free, full]
        assert "plus de place en ce moment" in page.content.decode()

    def test_near_me_comes_first(self, client):
        far, near = public(1), public(2)

        found = shown(client, pres_de=near.maison.quartier.slug)

        assert found == [near, far]

    def test_each_permanence_has_one_row_its_next_date(self, client):
        permanence = public(9)
        debut = starts_at(timezone.localdate() + timedelta(days=2), time(9))
        soon = VacationFactory(permanence=permanence, debut=debut)

        (row,) = client.get(URL).context["orientation"].page

        assert row.pk == soon.pk

    def test_a_long_list_goes_on(self, client):
        all_of_them = [public(rank + 1) for rank in range(ROWS + 1)]

        first = client.get(URL).context["orientation"]
        rest = client.get(URL + first.onward).context["orientation"]

        pages = [row.permanence for row in first.page + rest.page]
        assert pages == all_of_them
        assert rest.onward is None

    def test_a_key_that_is_gone_begins_again(self, client):
        assert shown(client, apres="987654321") == shown(client) != [public()]


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "fields"),
        [
            ({"besoin": "courrier"}, {"service__besoins": ["courrier", "droits"]}),
            ({"theme": "sante"}, {"service__theme": "sante"}),
            ({"langue": "ar"}, {"langues": ["ar"]}),
            ({"langue": "tr"}, {"service__langues": ["tr"]}),
            ({"sans_rdv": "oui"}, {"mode": "mixte"}),
            ({"plain_pied": "oui"}, {"salle": None, "maison__plain_pied": True}),
        ],
    )
    def test_each_keeps_what_it_says(self, client, query, fields):
        public(1, mode="rdv")
        kept = public(2, **fields)

        assert shown(client, **query) == [kept]

    def test_by_the_languages_of_who_receives(self, client):
        public(1)
        kept = public(2, mediateur=MediateurFactory(langues=["pt"]))

        assert shown(client, langue="pt") == [kept]

    def test_by_place(self, client):
        public(1)
        kept = public(2)

        assert shown(client, maison=kept.maison.slug) == [kept]
        assert shown(client, quartier=kept.maison.quartier.slug) == [kept]

    def test_by_weekday_and_from_a_day(self, client):
        public(1)
        kept = public(3)
        on = timezone.localdate() + timedelta(days=3)

        assert shown(client, jour=day(on).split(" ")[0]) == [kept]
        assert shown(client, du=on.isoformat()) == [kept]

    def test_each_is_told_and_removed_by_its_own_link(self, client):
        """F3."""
        kept = public(1, service__besoins=["courrier"])
        asked = {"besoin": "courrier", "maison": kept.maison.slug, "sans_rdv": "oui"}

        found = client.get(URL, asked).context["orientation"]

        words = [words for words, _ in found.removals]
        assert words == ["Une lettre que je ne comprends pas", str(kept.maison), "sans rendez-vous"]
        assert found.sentence[0] == "1 permanence"
        for name, (_, address) in zip(asked, found.removals, strict=True):
            rest = client.get(URL + address).context["orientation"]
            assert rest.chosen == {key: value for key, value in asked.items() if key != name}

    def test_a_place_with_nothing_to_come_is_not_offered(self, client):
        """F2."""
        MaisonFactory(nom="Maison sans permanence")
        here = public(1)

        page = client.get(URL)

        options = {name: options for name, _, options in page.context["orientation"].lists}
        assert [words for _, words, _, _ in options["maison"]] == [str(here.maison)]
        assert "Maison sans permanence" not in page.content.decode()

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ({"besoin": "argent"}, "« argent » n’est pas dans la liste"),
            ({"quartier": "nulle-part"}, "« nulle-part » n’est pas dans la liste"),
            ({"pres_de": "nulle-part"}, "« nulle-part » n’est pas dans la liste"),
            ({"jour": "demain"}, "« demain » n’est pas dans la liste"),
            ({"langue": "xx"}, "« xx » n’est pas dans la liste"),
            ({"du": "2026-02-31"}, "31/02/2026"),
        ],
    )
    def test_what_cannot_be_read_is_told_and_left_out(self, client, query, told):
        kept = public(1)

        page = client.get(URL, query)

        assert told in page.content.decode()
        assert page.content.decode().count("<title>Erreur :") == 1
        assert [row.permanence for row in page.context["orientation"].page] == [kept]

    def test_a_day_that_is_past_is_today(self, client):
        kept = public(1)

        assert shown(client, du="2020-01-01") == [kept]

    def test_languages_are_in_their_own_words(self, client):
        """X10."""
        public(1, langues=["ar", "tr", "fsl"])

        page = client.get(URL).content.decode()

        assert '<a href="?langue=ar" lang="ar" dir="rtl">العربية</a>' in page
        assert '<a href="?langue=tr" lang="tr">Türkçe</a>' in page
        assert '<a href="?langue=fsl">langue des signes</a>' in page


class TestNothing:
    def test_the_next_one_and_the_filter_that_costs_most(self, client):
        """F4."""
        far = public(50, service__besoins=["sante"])
        public(1, service__besoins=["droits"], mode="mixte")

        page = client.get(URL, {"besoin": "sante", "sans_rdv": "oui"})

        found = page.context["orientation"]
        assert found.page == []
        assert found.upcoming.permanence == far
        assert found.costliest[:2] == ("Ma santé", 1)
        assert "Aucune permanence" in page.content.decode()

    def test_a_city_without_permanences_says_whom_to_call(self, client, ville):
        page = client.get(URL).content.decode()

        assert "Aucune permanence à ces dates" in page
        assert ville.telephone in page


class TestLive:
    """What the person on duty says is on the next page that is asked for."""

    @pytest.fixture
    def today(self):
        permanence = public(0, hour=12)
        with time_machine.travel(starts_at(timezone.localdate(), time(12, 30)), tick=False):
            yield permanence

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({}, "En cours, jusqu’à 14 h"),
            ({"direct": "ouverte"}, "Ouvert, jusqu’à 14 h"),
            ({"direct": "retard", "retard": 20}, "Retard de 20 minutes"),
        ],
    )
    def test_how_it_goes_today(self, client, today, fields, told):
        set_direct(today, **fields)

        for address in (URL, today.get_absolute_url(), today.service.get_absolute_url()):
            assert told in client.get(address).content.decode().replace("\xa0", " ")

    def test_what_is_full_is_told_before_the_next_date(self, client, today):
        debut = starts_at(timezone.localdate() + timedelta(days=7), time(12))
        later = VacationFactory(permanence=today, debut=debut)
        full = today.vacations.exclude(pk=later.pk).get()
        full.direct = Vacation.Direct.COMPLETE
        full.clean()
        full.save()

        (row,) = client.get(URL).context["orientation"].page

        assert row.pk == later.pk
        assert row.lost == [f"Complet : {day(full.debut)}"]
        page = client.get(today.get_absolute_url()).content.decode()
        assert "Complet pour aujourd’hui" in page

    def test_what_is_cancelled_is_told_as_such(self, client, today):
        debut = starts_at(timezone.localdate() + timedelta(days=7), time(12))
        VacationFactory(permanence=today, debut=debut)
        first = today.vacations.order_by("debut").first()
        planning.cancel(first, Vacation.Motif.ORGANISATION, by=None)

        (row,) = client.get(URL).context["orientation"].page

        assert row.lost == [f"Annulé : {day(first.debut)}"]
        page = client.get(today.get_absolute_url()).content.decode()
        assert "<strong>Annulé : " in page


class TestPrivacy:
    def test_no_draft_is_shown_anywhere(self, client):
        draft = VacationFactory(permanence__service__nom="Secret")
        hidden = public(1, service__nom="Cache")
        hidden.service.publie_le = None
        hidden.service.save()
        FicheFactory(titre="Brouillon", publie_le=None, besoins=["droits"])

        pages = [URL, f"{URL}?besoin=droits", "/elus/", "/sitemap.xml", "/plan-du-site/"]
        pages += [draft.maison.get_absolute_url(), draft.maison.quartier.get_absolute_url()]
        pages += ["/recherche/?q=secret", "/recherche/?q=cache", "/recherche/?q=brouillon"]
        told = "".join(client.get(path).content.decode() for path in pages)

        assert "Secret" not in told
        assert "Cache" not in told
        assert "Brouillon" not in told

    @pytest.mark.parametrize("route", ["permanence", "carte"])
    def test_the_page_of_a_draft_is_as_one_that_is_not(self, client, route):
        draft = VacationFactory().permanence
        hidden = public(1)
        hidden.service.publie_le = None
        hidden.service.save()

        for slug in (draft.slug, hidden.slug, "nulle-part"):
            address = reverse(f"permanences:{route}", args=[slug])
            assert client.get(address).status_code == 404

    def test_no_cookie_is_set(self, client):
        public(1)

        assert client.get(URL).cookies == {}


class TestCost:
    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ({}, 5),  # the city, its quartiers, its houses, the dates, those that are lost
            ({"besoin": "droits"}, 7),  # the services, the guides
            ({"jour": "lundi", "besoin": "droits"}, 8),  # nothing: the next, without the day
        ],
    )
    def test_it_is_constant(self, client, django_assert_num_queries, count, query, number):
        tuesday = 1 + (1 - (timezone.localdate().weekday() + 1)) % 7
        for rank in range(count):
            public(tuesday + 7 * (rank % 3), mediateur=MediateurFactory())
            FicheFactory(besoins=["droits"])

        with django_assert_num_queries(number):
            client.get(URL, query)

    def test_near_me_asks_where_that_is(self, client, django_assert_num_queries):
        near = QuartierFactory(contour=[[[3.8, 43.6], [3.9, 43.6], [3.9, 43.7], [3.8, 43.6]]])
        for days in range(1, 4):
            public(days)

        with django_assert_num_queries(6):
            client.get(URL, {"pres_de": near.slug})
