"""The permanences as open data: valid, nothing of a draft, nobody who comes."""

import json
from datetime import time, timedelta

import jsonschema
import pytest
from django.conf import settings
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from permanences import vacations
from permanences.models import Vacation
from tests.factories import (
    MaisonFactory,
    MediateurFactory,
    MotifFactory,
    PermanenceFactory,
    RendezVousFactory,
    SerieFactory,
    VacationFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
URL, LIEUX = "/donnees/permanences.json", "/donnees/mediation-numerique.json"
SCHEMAS = settings.BASE_DIR.parent / "shared" / "donnees" / "schemas"
REQUIRED = ["id", "nom", "pivot", "commune", "code_postal", "adresse", "date_maj"]


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory(
        nom="Rivemont", code_insee="34999", adresse="1 place de la République, 34000 Rivemont"
    )


@pytest.fixture
def maison():
    return MaisonFactory(
        nom="Maison des Lavoirs",
        adresse="12 quai des Lavandières",
        telephone="04 65 71 00 11",
        longitude=2.4,
        latitude=43.8,
    )


def read(client, url=URL):
    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    return json.loads(response.content)


def validator(name):
    schema = json.loads((SCHEMAS / f"data-inclusion-v1-{name}.schema.json").read_text())
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checker)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="../shared/donnees n’est pas là")
@pytest.mark.parametrize("mode", ["sans_rdv", "rdv", "mixte"])
def test_it_is_valid_under_the_schemas_of_data_inclusion(client, maison, mode):
    service = {"besoins": ["droits", "logement", "elu"], "langues": ["ar"], "a_apporter": "Le bail"}
    PermanenceFactory(
        maison=maison,
        mode=mode,
        publie=True,
        mediateur=MediateurFactory(),
        **{f"service__{name}": value for name, value in service.items()},
    )

    told = read(client)

    [house], [permanence] = told["structures"], told["services"]
    validator("structure").validate(house)
    validator("service").validate(permanence)
    assert permanence["structure_id"] == house["id"]
    assert permanence["code_postal"] == "34000"
    assert permanence["telephone"] == "+33465710011"
    assert "On y parle aussi : arabe." in permanence["description"]
    assert bool(permanence["lien_mobilisation"]) == (mode != "sans_rdv")
    assert ("se-presenter" in permanence["modes_mobilisation"]) == (mode != "rdv")


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="../shared/donnees n’est pas là")
def test_the_schema_refuses_what_is_not_of_it(client):
    PermanenceFactory(publie=True)
    [permanence] = read(client)["services"]

    with pytest.raises(jsonschema.ValidationError):
        validator("service").validate(permanence | {"frais": "Gratuit"})
    with pytest.raises(jsonschema.ValidationError):
        validator("service").validate(permanence | {"date_maj": "hier"})


def test_hours_say_what_comes_back_and_what_is_cancelled(client):
    permanence = PermanenceFactory(mode="sans_rdv")
    monday = timezone.localdate() + timedelta(days=-timezone.localdate().weekday() + 14)
    serie = SerieFactory.build(
        maison=permanence.maison,
        salle=permanence.salle,
        regle="FREQ=WEEKLY;BYDAY=MO",
        premier=monday,
        dernier=monday + timedelta(days=300),
        heure=time(9),
        duree=timedelta(hours=3),
        jours_feries=True,
    )
    vacations.plan(permanence, serie)
    vacations.publish(permanence)
    first = Vacation.objects.filter(permanence=permanence).order_by("debut").first()
    planning.cancel(first, Vacation.Motif.ORGANISATION, by=None)
    serie.premier = timezone.localdate()
    serie.save()

    [told] = read(client)["services"]

    assert told["horaires_accueil"].startswith("Mo 09:00-12:00; ")
    assert f"{monday:%Y %b %d} off" in told["horaires_accueil"]


def test_nothing_of_a_draft_nor_of_who_comes(client):
    PermanenceFactory(service__nom="Brouillon secret")
    known = {"service__theme": "numerique", "publie": True}
    debut = starts_at(timezone.localdate() + timedelta(days=9), time(9))
    vacation = VacationFactory(permanence=PermanenceFactory(**known), debut=debut)
    person = {"nom": "Camille Canari", "courriel": "canari@ville.example"}
    motif = MotifFactory(service=vacation.permanence.service, libelle="Canari")
    RendezVousFactory(vacation=vacation, motif=motif, **person)

    for url in (URL, LIEUX):
        text = client.get(url).content.decode()
        assert str(vacation.permanence.service) in text or url == LIEUX
        assert "Brouillon" not in text
        assert "anari" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_statements_whatever_their_number(client, django_assert_num_queries, count):
    for _ in range(count):
        permanence = PermanenceFactory(service__theme="numerique")
        place = {"maison": permanence.maison, "salle": permanence.salle}
        vacations.plan(permanence, SerieFactory.build(**place))
        vacations.publish(permanence)

    with django_assert_num_queries(9):
        assert len(read(client)["services"]) == count
    with django_assert_num_queries(9):
        assert len(read(client, LIEUX)["lieux"]) == count


def test_whoever_has_it_already_does_not_read_it_again(client):
    PermanenceFactory(publie=True)
    first = client.get(URL)

    again = client.get(URL, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "no-cache" in first["Cache-Control"]
    assert not first.cookies


def test_places_of_digital_mediation_say_what_their_schema_asks(client, maison):
    known = {"service__theme": "numerique", "service__besoins": ["numerique", "droits"]}
    PermanenceFactory(maison=maison, mode="sans_rdv", publie=True, **known)
    booked = PermanenceFactory(maison=maison, publie=True, **known)
    PermanenceFactory(publie=True)

    [place] = read(client, LIEUX)["lieux"]

    assert all(place[name] for name in REQUIRED)
    assert place["services"].split("|") == [
        "Aide aux démarches administratives",
        "Maîtrise des outils numériques du quotidien",
    ]
    assert place["prise_rdv"].endswith(f"/permanences/{booked.slug}/rendez-vous/")
    assert place["frais_a_charge"] == "Gratuit"
