"""What other sites read of an event and of a house (F7, F8)."""

import json
import re
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau
from tests.factories import (
    EvenementFactory,
    FermetureFactory,
    MaisonFactory,
    OccurrenceFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


@pytest.fixture
def house():
    return MaisonFactory(nom="Maison des Lavoirs", adresse="12 quai", telephone="04 65 71 00 11")


def tomorrow(hour):
    return starts_at(timezone.localdate() + timedelta(days=1), time(hour))


def held_on(debut, **fields):
    """A date of a new event, published."""
    date = {name: fields.pop(name) for name in ("fin", "heure_connue") if name in fields}
    event = EvenementFactory(**fields)
    held = OccurrenceFactory(evenement=event, debut=debut, **date)
    planning.publish(event)
    return held


def told(client, thing):
    """What the page of a thing says to other sites."""
    page = client.get(thing.get_absolute_url()).content.decode()
    return [json.loads(text) for text in SCRIPT.findall(page)]


class TestAnEvent:
    def test_says_what_when_where_and_by_whom(self, client, house):
        held = held_on(tomorrow(10), titre="Café", maison=house, gratuit=True, resume="On cause.")

        (event,) = told(client, held.evenement)

        address = f"http://localhost:8000/agenda/{held.pk}/"
        place = {
            "name": "Maison des Lavoirs",
            "url": f"http://localhost:8000/maisons/{house.slug}/",
        }
        assert event["location"]["address"] == {
            "@type": "PostalAddress",
            "streetAddress": "12 quai",
            "addressLocality": "Rivemont",
            "addressCountry": "FR",
        }
        assert event["location"].items() >= place.items()
        assert event["organizer"] == {"@type": "Organization"} | place
        assert event["offers"] == {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "EUR",
            "url": address,
        }
        assert (event["@type"], event["name"], event["description"]) == (
            "Event",
            "Café",
            "On cause.",
        )
        assert event["url"] == address
        assert event["eventStatus"] == "https://schema.org/EventScheduled"

    @pytest.mark.parametrize(
        ("on", "offset"), [(date(2026, 10, 25), "+01:00"), (date(2027, 3, 28), "+02:00")]
    )
    def test_has_the_offset_of_the_day_when_the_hour_changes(self, client, on, offset):
        held = held_on(starts_at(on, time(14)))

        (event,) = told(client, held.evenement)

        assert event["startDate"] == f"{on}T14:00:00{offset}"
        assert event["endDate"] == f"{on}T16:00:00{offset}"

    def test_without_known_hours_it_is_whole_days(self, client):
        first, last = date(2027, 3, 27), date(2027, 3, 28)
        end = starts_at(last + timedelta(days=1))
        held = held_on(starts_at(first), fin=end, heure_connue=False)

        (event,) = told(client, held.evenement)

        assert (event["startDate"], event["endDate"]) == (first.isoformat(), last.isoformat())

    def test_a_price_in_words_is_not_made_a_number(self, client):
        (event,) = told(client, held_on(tomorrow(10), tarif="de 2 à 5 €").evenement)

        assert event["offers"]["description"] == "de 2 à 5 €"
        assert "price" not in event["offers"]

    def test_a_cancelled_one_keeps_its_date(self, client):
        held = held_on(tomorrow(10))
        planning.move(held, debut=tomorrow(11), fin=tomorrow(12))
        planning.cancel(held, Creneau.Motif.ORGANISATION, by=None)

        (event,) = told(client, held.evenement)

        assert event["eventStatus"] == "https://schema.org/EventCancelled"
        assert datetime.fromisoformat(event["startDate"]) == tomorrow(11)
        assert "previousStartDate" not in event

    def test_a_moved_one_says_when_it_was(self, client):
        held = held_on(tomorrow(10))
        for hour in (11, 12):
            planning.move(held, debut=tomorrow(hour), fin=tomorrow(14))
        planning.change(held, mention="complet")

        (event,) = told(client, held.evenement)

        assert event["eventStatus"] == "https://schema.org/EventRescheduled"
        assert datetime.fromisoformat(event["previousStartDate"]) == tomorrow(11)

    def test_a_move_before_it_was_public_is_nobodys(self, client):
        held = OccurrenceFactory(debut=tomorrow(10))
        planning.move(held, debut=tomorrow(11), fin=tomorrow(12))
        planning.publish(held.evenement)

        (event,) = told(client, held.evenement)

        assert event["eventStatus"] == "https://schema.org/EventScheduled"
        assert "previousStartDate" not in event

    def test_each_date_has_its_own_address(self, client):
        event = EvenementFactory(publie=True)
        OccurrenceFactory(evenement=event)

        found = [date["@id"] for date in told(client, event)]

        dates = event.occurrences.order_by("debut")
        assert found == [f"http://localhost:8000/agenda/{date.pk}/" for date in dates]
        for address in found:
            assert client.get(address.removeprefix("http://localhost:8000")).status_code == 302

    def test_no_text_ends_its_script(self, client):
        titre = "</script><script>alert(1)</script><!--"
        held = held_on(tomorrow(10), titre=titre)

        page = client.get(held.evenement.get_absolute_url()).content.decode()

        assert "<script>" not in page
        assert "<!--" not in page
        assert [event["name"] for event in told(client, held.evenement)] == [titre]

    def test_a_draft_says_nothing_even_to_who_looks_at_it(self, admin_client):
        draft = OccurrenceFactory(debut=tomorrow(10)).evenement

        page = admin_client.get(f"/gestion/maisons/evenement/{draft.pk}/apercu/")

        assert page.status_code == 200
        assert SCRIPT.findall(page.content.decode()) == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_its_cost_is_constant(self, client, django_assert_num_queries, count):
        event = EvenementFactory(publie=True)
        OccurrenceFactory.create_batch(count - 1, evenement=event)

        with django_assert_num_queries(5):  # event, dates, city, history, series
            page = client.get(event.get_absolute_url())

        assert len(SCRIPT.findall(page.content.decode())) == count


class TestAHouse:
    @pytest.fixture
    def day(self):
        """A day some weeks ahead."""
        return timezone.localdate() + timedelta(days=20)

    def exceptions(self, client, house):
        (place,) = told(client, house)
        return [
            (spec["validFrom"], spec["validThrough"], spec["opens"], spec["closes"])
            for spec in place.get("specialOpeningHoursSpecification", [])
        ]

    def test_says_where_it_is_and_when_it_opens(self, client, house):
        (place,) = told(client, house)

        hours = place["openingHoursSpecification"]
        assert place["address"]["streetAddress"] == "12 quai"
        assert place["telephone"] == "04 65 71 00 11"
        assert [hour["dayOfWeek"].rpartition("/")[2][:3] for hour in hours] == [
            *["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        ]
        assert {(hour["opens"], hour["closes"]) for hour in hours} == {("08:00", "22:00")}
        assert "specialOpeningHoursSpecification" not in place

    def test_a_closure_of_whole_days_is_one_exception(self, client, house, day):
        last = day + timedelta(days=90)
        span = {"debut": starts_at(day), "fin": starts_at(last + timedelta(days=1))}
        FermetureFactory(maison=house, **span)

        assert self.exceptions(client, house) == [
            (day.isoformat(), last.isoformat(), "00:00", "00:00")
        ]

    def test_what_is_left_of_a_day_stays_open(self, client, house, day):
        for begins, ends in ((10, 12), (14, 16)):
            debut, fin = (starts_at(day, time(hour)) for hour in (begins, ends))
            FermetureFactory(maison=house, debut=debut, fin=fin)

        on = day.isoformat()
        assert self.exceptions(client, house) == [
            (on, on, "08:00", "10:00"),
            (on, on, "12:00", "14:00"),
            (on, on, "16:00", "22:00"),
        ]

    def test_a_closure_that_begins_and_ends_in_the_day(self, client, house, day):
        days = [(day + timedelta(days=n)).isoformat() for n in range(4)]
        debut = starts_at(day, time(7))
        FermetureFactory(
            maison=house, debut=debut, fin=starts_at(day + timedelta(days=3), time(12))
        )

        assert self.exceptions(client, house) == [
            (days[0], days[0], "00:00", "00:00"),
            (days[1], days[2], "00:00", "00:00"),
            (days[3], days[3], "12:00", "22:00"),
        ]

    def test_a_room_that_closes_leaves_the_house_open(self, client, house, day):
        FermetureFactory(maison=house, salle=SalleFactory(maison=house), debut=starts_at(day))
        FermetureFactory(debut=starts_at(day))

        assert self.exceptions(client, house) == []

    def test_a_closure_that_is_over_is_not_told(self, client, house):
        past = timezone.now() - timedelta(days=3)
        FermetureFactory(maison=house, debut=past, fin=past + timedelta(days=1))

        assert self.exceptions(client, house) == []
