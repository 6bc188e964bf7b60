"""What each public page of the permanences says, to people and to machines."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from permanences import vacations
from permanences.models import Vacation
from tests.factories import (
    EluFactory,
    FicheFactory,
    MaisonFactory,
    MediateurFactory,
    PermanenceFactory,
    QuartierFactory,
    SerieFactory,
    ServiceFactory,
    VacationFactory,
    VilleFactory,
)
from tests.permanences.test_orientation import public

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def read(client, path):
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


class TestPermanence:
    def test_what_decides_is_there(self, client):
        permanence = public(
            service__a_apporter="La lettre\n\nUne pièce d’identité",
            service__resume_facile="On lit avec vous.\nOn répond avec vous.",
            service__organisme="Les Écrivains",
            langues=["ar"],
            avis="Bureau au 1er étage.",
        )
        fiche = FicheFactory()
        fiche.services.add(permanence.service)

        page = read(client, permanence.get_absolute_url())

        for told in [
            *["<li>La lettre</li>", "<li>On lit avec vous.</li>", "Avec : Les Écrivains."],
            *["Bureau au 1er étage.", 'dir="rtl">العربية', "Venez sans rendez-vous", "gratuit"],
            *[fiche.get_absolute_url(), str(permanence.maison), "confidentiel"],
        ]:
            assert told in page
        assert page.index("facile à lire") < page.index("Apportez")

    @pytest.mark.parametrize("mode", ["rdv", "mixte"])
    def test_one_main_act(self, client, mode):
        """R2."""
        permanence = public(mode=mode, service__telephone="04 65 71 00 98")

        page = read(client, permanence.get_absolute_url())

        acts = re.findall(r'<a class="bouton" href="[^"]*">([^<]*)</a>', page)
        assert len(acts) == 1
        assert "rendez-vous" in acts[0]

    def test_dates_left_out_are_told_with_their_cause(self, client):
        permanence = PermanenceFactory(mode="sans_rdv")
        serie = SerieFactory.build(maison=permanence.maison, salle=permanence.salle)
        vacations.plan(permanence, serie)
        vacations.publish(permanence)
        serie.ecartees.create(jour=serie.premier + timedelta(days=1), cause="retiree")

        assert "1 jour sans date" in read(client, permanence.get_absolute_url())

    def test_dates_of_machines_are_those_that_hold_and_no_appointment(self, client):
        """F8."""
        permanence = public(mode="rdv", langues=["tr"])
        cancelled = VacationFactory(permanence=permanence)
        planning.cancel(cancelled, Vacation.Motif.ORGANISATION, by=None)

        page = read(client, permanence.get_absolute_url())

        (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        told = json.loads(script)
        held = permanence.vacations.exclude(pk=cancelled.pk).get()
        assert told["@type"] == "GovernmentService"
        assert told["serviceType"] == "Droits et démarches"
        assert told["availableLanguage"] == ["fr", "tr"]
        assert told["isAccessibleForFree"] is True
        assert told["areaServed"]["name"] == "Rivemont"
        (hours,) = told["hoursAvailable"]
        assert hours["validFrom"] == timezone.localdate(held.debut).isoformat()
        assert (hours["opens"], hours["closes"]) == ("14:00", "16:00")

    def test_the_card_says_nothing_of_why(self, client):
        """A8: no personal theme, nor in what its address and its QR code say."""
        permanence = public(
            service__nom="Dettes et surendettement", service__a_apporter="Vos factures"
        )

        page = read(client, f"{permanence.get_absolute_url()}carte/")

        card = page[page.index('<section class="carte-a5"') : page.index("</section>")]
        assert str(permanence.maison) in card
        assert f"/agenda/{permanence.vacations.get().pk}/" in card
        for word in ("ettes", "factures", permanence.slug, permanence.service.slug):
            assert word not in card

    def test_its_cost_is_constant(self, client, django_assert_num_queries):
        for number in (1, 3):
            permanence = public(mode="rdv", mediateur=MediateurFactory())
            VacationFactory.create_batch(number, permanence=permanence)
            with django_assert_num_queries(5):
                client.get(permanence.get_absolute_url())


class TestOthers:
    def test_a_service_tells_where_and_when(self, client):
        here = public(service__telephone="04 65 71 00 98")
        public()

        page = client.get(here.service.get_absolute_url())

        assert [row.permanence for row in page.context["rows"]] == [here]
        assert "04 65 71 00 98" in page.content.decode()

    def test_a_service_without_a_date_says_whom_to_call(self, client):
        service = ServiceFactory(publie_le=timezone.now(), telephone="04 65 71 00 98")

        assert "Pas de date annoncée" in read(client, service.get_absolute_url())

    def test_a_guide_tells_its_source_and_when_it_was_checked(self, client):
        fiche = FicheFactory(lien="javascript:x", texte="**Gardez** tout <script>")

        page = read(client, fiche.get_absolute_url())

        assert "Source : service-public.fr" in page
        assert "Vérifiée le" in page
        assert "javascript:x" not in page
        assert "<strong>Gardez</strong> tout &lt;script&gt;" in page

    @pytest.mark.parametrize("kind", ["service", "fiche"])
    def test_a_draft_is_as_one_that_is_not(self, client, kind):
        draft = ServiceFactory() if kind == "service" else FicheFactory(publie_le=None)

        assert client.get(draft.get_absolute_url()).status_code == 404

    def test_a_mediator_tells_who_where_when_and_languages(self, client):
        mediator = MediateurFactory(langues=["pt"], telephone="04 65 71 00 97")
        here = public(mediateur=mediator)
        public()

        page = client.get(mediator.get_absolute_url())

        assert [row.permanence for row in page.context["rows"]] == [here]
        for told in ("Médiatrice sociale", "português", "04 65 71 00 97"):
            assert told in page.content.decode()

    def test_who_holds_no_office_any_more_has_no_page(self, client):
        ended = {"debut": timezone.localdate() - timedelta(days=9)}
        ended["fin"] = timezone.localdate() - timedelta(days=1)
        mediator, elu = MediateurFactory(**ended), EluFactory(**ended)

        for path in (
            mediator.get_absolute_url(),
            reverse("permanences:elu", args=[elu.pk]),
        ):
            assert client.get(path).status_code == 404
        assert elu.nom not in read(client, "/elus/")

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_elected_tell_when_one_meets_them(self, client, django_assert_num_queries, count):
        elus = EluFactory.create_batch(count)
        for elu in elus:
            public(elu=elu)
        public()

        with django_assert_num_queries(4):  # the city, the dates, those lost, the elected
            page = client.get("/elus/")

        assert all(date for _, date in page.context["rows"])
        shown = client.get(reverse("permanences:elu", args=[elus[0].pk])).context["rows"]
        assert [row.permanence.elu_id for row in shown] == [elus[0].pk]


class TestElsewhere:
    """What leads there from the other pages."""

    def test_a_house_and_a_quartier_show_theirs(self, client):
        here = public()
        public()

        for place in (here.maison, here.maison.quartier):
            page = client.get(place.get_absolute_url())
            assert [row.permanence for row in page.context["permanences"]] == [here]
            assert "Se faire aider" in page.content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_what_they_cost_is_constant(self, client, django_assert_num_queries, count):
        maison = MaisonFactory()
        for rank in range(count):
            public(mode="rdv", salle=None, maison=maison, hour=9 + rank)

        with django_assert_num_queries(12):  # the dates, those lost, three for the free moments
            client.get(maison.get_absolute_url())

    @pytest.mark.parametrize("path", ["/", "/plan-du-site/", "/agenda/"])
    def test_the_way_is_on_every_page(self, client, path):
        assert '<a href="/permanences/"' in read(client, path)

    def test_the_agenda_filters_them(self, client):
        public(1)

        page = read(client, "/agenda/?nature=permanence")

        assert '<b class="puce permanence">Permanence</b>' in page
        assert "Permanences (1)" in page

    @pytest.mark.parametrize("words", ["impôts", "papiers", "CAF"])
    def test_everyday_words_find_the_service_and_the_guide(self, client, words):
        service = ServiceFactory(
            nom="Accès aux droits",
            chapeau="CAF, impôts, titre de séjour : on fait le point.",
            publie_le=timezone.now(),
        )
        fiche = FicheFactory(titre="Impôts, CAF et papiers", texte="Gardez une copie.")

        page = read(client, f"/recherche/?q={words}")

        assert service.get_absolute_url() in page
        assert fiche.get_absolute_url() in page

    def test_near_me_goes_through_the_quartier_that_is_kept(self, client):
        QuartierFactory(nom="Gare", slug="gare")
        asked = "/mon-quartier/?vers=permanences&besoin=courrier"

        chosen = client.post(asked, {"quartier": "gare"})
        again = client.get(asked)

        for answer in (chosen, again):
            assert answer["Location"] == "/permanences/?besoin=courrier&pres_de=gare"
        assert client.get(f"{asked}&changer=oui").status_code == 200
        assert client.get("/mon-quartier/")["Location"] == "/agenda/?quartier=gare"
