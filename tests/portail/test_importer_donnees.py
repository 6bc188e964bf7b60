"""The real files of Montpellier, when they are beside the repository."""

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from maisons.heures import starts_at
from maisons.models import Evenement, Maison, Occurrence
from portail.importation.lecture import read
from quartiers.models import Quartier, SousQuartier, Ville

MTP = "montpellier-2014/VilleMTP_MTP_"
ADRESSES = {
    "Marcel-Pagnol": "64 route de Lavérune",  # by name
    "Jacques-Prévert": "13 rue des Sureaux",  # by street code
    "Rosa-Lee-Parks": "10 rue François Henry d’Harcourt",  # by name, in another file
    "Fanfonne-Guillierme": "33 rue des Avant-Monts",  # by building and street
    "Michel-Colucci": "",
}
DONNEES = settings.BASE_DIR.parent / "shared" / "donnees"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DONNEES.is_dir(), reason="../shared/donnees n’est pas là"),
]


def run(profile="montpellier.toml"):
    out = StringIO()
    path = settings.BASE_DIR / "imports" / profile
    call_command("importer", str(path), dossier=DONNEES, stdout=out)
    return out.getvalue()


def test_montpellier_is_loaded_once():
    first, second = run(), run()

    for count in (7, 31, 27, 24):
        assert f"créés : {count}, mis à jour : 0, inchangés : 0, laissés de côté : 0" in first
        assert f"créés : 0, mis à jour : 0, inchangés : {count}, laissés de côté : 0" in second
    assert "enregistrements 92, 332 : adresse à compléter" in first
    counts = [model.objects.count() for model in (Quartier, SousQuartier, Maison, Evenement)]
    assert counts == [7, 31, 27, 24]
    assert Ville.objects.values_list("nom", "code_insee").get() == ("Montpellier", "34172")


def test_names_addresses_and_outlines_are_fit_for_a_page():
    run()

    quartiers = dict(Quartier.objects.values_list("nom", "contour"))
    parts = dict(SousQuartier.objects.values_list("nom", "contour"))
    houses = {row.nom.split()[-1]: row for row in Maison.objects.all()}
    assert {"Hôpitaux-Facultés", "Les Cévennes", "Près d’Arènes"} < set(quartiers)
    assert len(json.dumps(list(quartiers.values()))) < 10_000
    assert len(json.dumps(list(parts.values()))) < 25_000
    assert houses["Léo-Lagrange"].nom == "Maison pour tous Léo-Lagrange"
    assert houses["Emma-Calvé"].nom == "Maison de quartier Emma-Calvé"
    assert [name for name in houses if houses[name].plain_pied] == ["Rosa-Lee-Parks"]
    assert {name: houses[name].adresse for name in ADRESSES} == ADRESSES


def test_regional_events_are_days_without_hours():
    run()

    week = Occurrence.objects.public().during(
        starts_at(date(2022, 5, 16)), starts_at(date(2022, 5, 23))
    )
    assert week.count() == 14
    show = week.get(titre="Killian Couppey dans MOI")
    assert (show.heure_connue, show.theme) == (False, "culture")
    assert (show.debut, show.fin) == (starts_at(date(2022, 5, 20)), starts_at(date(2022, 5, 23)))
    assert str(show.quartier) == "Montpellier Centre"
    assert show.evenement.description.endswith("Le moi ce…")


@pytest.mark.parametrize(
    ("name", "forme", "rows"),
    [
        (f"{MTP}ListeAssoc_2011.csv", "Windows-1252, séparateur « , »", 2452),
        (f"{MTP}EtabliPublic.csv", "Windows-1252, séparateur « ; »", 1024),
        (f"{MTP}Quartiers.csv", "UTF-8, séparateur « ; »", 7),
        (f"{MTP}SitesProx.csv", "Windows-1252, séparateur « , »", 7),
        ("france-services-2022/liste-fs-20221201-extrait.csv", "UTF-8, séparateur « , »", 418),
        ("mediation-numerique-villes/angers.json", "JSON", 63),
    ],
)
def test_files_of_every_shape_are_read(name, forme, rows):
    table = read(DONNEES / name, name)

    assert (table.forme, len(table.rows)) == (forme, rows)
