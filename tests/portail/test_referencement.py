"""What search engines read: public pages, under the site's own name, and nothing else."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau
from tests.factories import (
    EvenementFactory,
    MaisonFactory,
    OccurrenceFactory,
    ReservationFactory,
    ReunionFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
CANONICAL = re.compile(r'<link rel="canonical" href="(.*?)">')


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def sitemap(client, **headers):
    """{address: when it changed, if known}"""
    tree = ElementTree.fromstring(client.get("/sitemap.xml", headers=headers).content)
    rows = [[u.findtext(f"s:{name}", None, NAMES) for name in ("loc", "lastmod")] for u in tree]
    return dict(rows)


class TestSitemap:
    def test_every_address_opens_and_is_ours(self, client, settings):
        settings.ALLOWED_HOSTS = ["*"]
        SalleFactory(maison=EvenementFactory(publie=True).maison)

        found = sitemap(client, host="ailleurs.example")

        assert len(found) > 10
        for address in found:
            assert address.startswith(f"{SITE}/")
            assert client.get(address.removeprefix(SITE)).status_code == 200, address

    def test_an_event_says_when_a_date_of_it_changed(self, client):
        event = EvenementFactory(publie=True)

        found = sitemap(client)[SITE + event.get_absolute_url()]

        assert found == timezone.localdate(Creneau.objects.get().modifie_le).isoformat()

    def test_drafts_bookings_and_what_is_long_over_stay_out(self, client):
        past = timezone.now() - timedelta(days=2)
        over = OccurrenceFactory(debut=past, evenement=EvenementFactory(publie_le=past)).evenement
        draft, booking = OccurrenceFactory(), ReservationFactory()
        private = SalleFactory(reservable=False)

        found = "\n".join(sitemap(client))

        assert found
        for hidden in (over, draft.evenement, booking, private):
            assert f"{hidden.get_absolute_url()}\n" not in f"{found}\n"

    @pytest.mark.parametrize("count", [1, 3])
    def test_its_cost_is_constant(self, client, django_assert_num_queries, count):
        for _ in range(count):
            SalleFactory(maison=EvenementFactory(publie=True).maison)
            ReunionFactory(publie=True)

        with django_assert_num_queries(19):  # thirteen kinds, and the numbers of six
            found = sitemap(client)

        assert sum("/evenements/" in address for address in found) == count
        assert sum("/reunions/" in address for address in found) == count


class TestRobots:
    @pytest.fixture
    def rules(self, client):
        """The paths refused to all, as RFC 9309 reads them: beginnings, where `*` is anything."""
        lines = client.get("/robots.txt").content.decode().splitlines()
        refused = [line.removeprefix("Disallow: ") for line in lines if "Disallow" in line]
        assert lines[0] == "User-agent: *"
        assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"
        return re.compile("|".join(re.escape(path).replace(r"\*", ".*") for path in refused))

    @pytest.mark.parametrize(
        "path",
        [
            *[
                "/gestion/",
                "/code/",
                "/code/K7M3-TPXQ-9WQF/",
                "/reservations/12/",
                "/compte/login/",
            ],
            *["/mon-espace/", "/demo/courriers/", "/remarque/"],
            *["/agenda/?quartier=bellevue", "/agenda.ics?q=a", "/agenda.atom?q=a", "/salles/?de=1"],
        ],
    )
    def test_staff_people_codes_and_endless_lists_are_closed(self, rules, path):
        assert rules.match(path)

    @pytest.mark.parametrize("path", ["/", "/agenda/", "/agenda.ics", "/evenements/x/", "/salles/"])
    def test_public_pages_are_open(self, rules, path):
        assert not rules.match(path)


class TestCanonical:
    def test_it_is_the_plain_address_under_the_sites_own_name(self, client, settings):
        settings.ALLOWED_HOSTS = ["*"]

        page = client.get("/agenda/?q=x", headers={"host": "ailleurs.example"}).content.decode()

        assert CANONICAL.findall(page) == [f"{SITE}/agenda/"]

    @pytest.mark.parametrize("path", ["/compte/login/", "/code/", "/remarque/", "/nulle-part/"])
    def test_other_pages_have_none(self, client, path):
        page = client.get(path).content.decode()

        assert "<html" in page
        assert CANONICAL.findall(page) == []
        assert "og:url" not in page

    def test_a_link_to_a_cancelled_event_says_so(self, client):
        event = EvenementFactory(publie=True, titre="Bal")
        planning.cancel(event.occurrences.get(), Creneau.Motif.ORGANISATION, by=None)

        page = client.get(event.get_absolute_url()).content.decode()

        assert re.search(r'property="og:title" content="Annulé.: Bal"', page)

    @pytest.mark.parametrize("kind", [MaisonFactory, EvenementFactory])
    def test_a_link_sent_in_a_message_shows_what_it_is(self, client, kind):
        name = {"nom" if kind is MaisonFactory else "titre": 'Le « "Lavoir" »'}
        thing = kind(**name) if kind is MaisonFactory else kind(publie=True, **name)

        page = client.get(thing.get_absolute_url()).content.decode()

        told = dict(re.findall(r'<meta property="og:(\w+)" content="(.*?)">', page))
        assert told["title"] == "Le « &quot;Lavoir&quot; »"
        assert told["url"] == SITE + thing.get_absolute_url()
