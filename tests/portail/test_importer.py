import json
from datetime import date, time
from math import sin

import pytest

from maisons.heures import starts_at
from maisons.models import Maison, Occurrence
from quartiers.models import Quartier, SousQuartier, Ville
from tests.factories import MaisonFactory
from tests.portail.profils import (
    CARRES,
    CONTOURS,
    EVENEMENTS,
    MAISONS,
    QUARTIERS,
    SALLES,
    agenda,
    houses,
)

pytestmark = pytest.mark.django_db


def test_windows_1252_and_capitals_become_proper_french(importer):
    files = {"maisons.csv": houses("7;M.P.T DE L'ETE;1;3 rue de l'Église", "8;M.P.T. René;2;")}

    report = importer(QUARTIERS, MAISONS, files=files, encoding="cp1252")

    first, second = Maison.objects.order_by("reference")
    assert (first.nom, first.adresse) == ("Maison pour tous de l’Été", "3 rue de l’Église")
    assert first.slug == "maison-pour-tous-de-l-ete"
    assert (second.nom, second.adresse) == ("Maison pour tous René", "")
    assert str(second.quartier) == "Le Plateau"
    assert "Windows-1252, séparateur « ; »" in report
    assert "ligne 3 : adresse à compléter" in report
    assert Ville.objects.get().telephone == "01 99 00 00 00"


def test_dbf_headers_are_known_by_their_name(importer):
    files = {
        "maisons.csv": '"NUM,N,9,0","LIBEL,C,254","QUARTIER,C,2","ADRESSE,C,50"\n'
        '"1","Maison, dite rouge","1","2, rue Haute"\n'
    }

    importer(QUARTIERS, MAISONS, files=files)

    assert Maison.objects.get().nom == "Maison, dite rouge"


def test_a_second_run_doubles_nothing_and_follows_the_file(importer):
    files = {
        "maisons.csv": houses("7;Maison Haute;1;3 rue Haute"),
        "agenda.csv": agenda("a;Fête;;2022-05-14;2022-05-15;Parc"),
    }
    parts = [QUARTIERS, MAISONS, SALLES, EVENEMENTS]
    importer(*parts, files=files)
    files["agenda.csv"] = agenda("a;Fête;;2022-05-21;2022-05-21;Parc")

    same, changed = importer(*parts), importer(*parts, files=files)

    assert same.count("créés : 0, mis à jour : 0, inchangés : 1, laissés de côté : 0") == 2
    assert "créés : 0, mis à jour : 1" in changed
    assert Occurrence.objects.get().debut == starts_at(date(2022, 5, 21))
    assert Maison.objects.get().salles.count() == 2


def test_what_staff_wrote_where_the_file_is_silent_stays(importer):
    files = {"maisons.csv": houses("7;Maison Haute;1;")}
    importer(QUARTIERS, MAISONS, SALLES, files=files)
    Maison.objects.update(adresse="5 rue Neuve", avertissement="", telephone="01 99 00 00 01")

    importer(QUARTIERS, MAISONS, SALLES)

    maison = Maison.objects.get()
    assert maison.adresse == "5 rue Neuve"
    assert (maison.avertissement, maison.telephone) == ("", "01 99 00 00 01")


def test_fields_to_keep_are_written_once(importer):
    keep = MAISONS.replace('chemin = "maisons.csv"', 'chemin = "maisons.csv"\ngarder = ["adresse"]')
    importer(QUARTIERS, keep, files={"maisons.csv": houses("7;Maison Haute;1;1 rue Haute")})

    importer(QUARTIERS, keep, files={"maisons.csv": houses("7;Maison Basse;1;2 rue Basse")})

    assert Maison.objects.values_list("nom", "adresse").get() == ("Maison Basse", "1 rue Haute")


def test_a_house_written_by_staff_is_recognised_by_its_name(importer):
    house = MaisonFactory(nom="Maison Haute")

    importer(QUARTIERS, MAISONS, files={"maisons.csv": houses("7;MAISON HAUTE;1;1 rue Haute")})

    house.refresh_from_db()
    assert (house.reference, house.adresse) == ("rivemont:maisons:7", "1 rue Haute")


def test_rooms_and_hours_by_default_are_said_to_be_so(importer):
    importer(QUARTIERS, MAISONS, SALLES, files={"maisons.csv": houses("7;Maison Haute;1;")})

    maison = Maison.objects.get()
    assert [str(horaire) for horaire in maison.horaires.all()] == [
        "lundi 09:00–12:00",
        "lundi 14:00–18:30",
    ]
    assert maison.salles.get(nom="Moitié").partie_de.nom == "Grande salle"
    assert "Horaires et salles donnés par défaut" in maison.avertissement


def test_hours_of_the_file_come_first(importer):
    hours = MAISONS.replace('reference = "NUM"', 'lundi = "OUVERT"')
    files = {
        "maisons.csv": "LIBEL;QUARTIER;ADRESSE;OUVERT\nHaute;1;;8:30 - 12:00 / 13h30-17h\n"
        "Basse;1;;Fermé\nNeuve;1;;sur rendez-vous\n"
    }

    report = importer(QUARTIERS, hours, files=files)

    spans = Maison.objects.get(nom="Haute").horaires.values_list("ouvre", "ferme")
    assert list(spans) == [(time(8, 30), time(12)), (time(13, 30), time(17))]
    assert "ligne 4 : horaires du lundi illisibles, « sur rendez-vous »" in report


@pytest.mark.parametrize("columns", [True, False])
def test_lambert_93_is_recognised_and_finds_its_quartier(importer, columns):
    fields = 'longitude = "X"\nlatitude = "Y"' if columns else 'position = "XY"'
    maisons = MAISONS.replace('quartier = "QUARTIER"', fields)
    files = {
        "carres.geojson": CARRES,
        "maisons.csv": "NUM;LIBEL;ADRESSE;X;Y;XY\n"
        '1;Haute;;"701220,1";"6211663,2";"701220.1, 6211663.2"\n',
    }

    importer(CONTOURS, maisons, files=files)

    maison = Maison.objects.get()
    assert maison.longitude == pytest.approx(3.015, abs=1e-4)
    assert maison.latitude == pytest.approx(43.0, abs=0.01)
    assert str(maison.quartier) == "Est"


def test_outlines_become_light_and_keep_their_shared_border(importer):
    wave = [[round(3.01 + 0.0002 * sin(n), 7), 43 + n / 40_000] for n in range(401)]
    west, east = (
        [[3, 43], *wave, [3, 43.01], [3, 43]],
        [[3.02, 43], *wave, [3.02, 43.01], [3.02, 43]],
    )
    shapes = [{"type": "Polygon", "coordinates": [ring]} for ring in (west, east)]
    features = [
        {"properties": {"NOM": name}, "geometry": shape}
        for name, shape in zip(["Ouest", "Est"], shapes, strict=True)
    ]

    importer(CONTOURS, files={"carres.geojson": json.dumps({"features": features})})

    rings = [row.contour[0] for row in Quartier.objects.all()]
    border = set(map(tuple, rings[0])) & set(map(tuple, rings[1]))
    assert len(json.dumps(rings)) < 7_000
    assert [len(border) + 3] * 2 == [len(ring) for ring in rings]


def test_an_outline_stays_when_a_file_has_none(importer):
    importer(CONTOURS, files={"carres.geojson": CARRES})

    importer(QUARTIERS.replace("Les Rives", "Ouest"))

    assert Quartier.objects.get(code="1").contour


def test_a_join_fills_an_address_by_name(importer):
    joined = MAISONS.replace('adresse = "ADRESSE"', 'adresse = ["ADRESSE", "{s.NO} {s.RUE}"]')
    joined += """
[fichier.jointures.s]
chemin = "sites.csv"
cle = "LIBEL"
avec = "NOM"
sans = "^(ensemble )?mpt "
vides = { "*" = "NULL" }
"""
    files = {
        "maisons.csv": houses("1;MPT Été;1;", "2;MPT Ours;1;", "3;MPT Lys;1;4 rue Longue"),
        "sites.csv": "NOM,NO,RUE\nENSEMBLE MPT ETE,5,rue Haute\nMPT OURS,NULL,rue Basse\n",
    }

    importer(QUARTIERS, joined, files=files)

    found = Maison.objects.order_by("reference").values_list("adresse", flat=True)
    assert list(found) == ["5 rue Haute", "", "4 rue Longue"]


def test_a_point_just_outside_belongs_to_the_nearest(importer):
    located = MAISONS.replace('quartier = "QUARTIER"', 'longitude = "X"\nlatitude = "Y"')
    files = {
        "carres.geojson": CARRES,
        "maisons.csv": "NUM;LIBEL;ADRESSE;X;Y\n1;Haute;;3.0225;43.005\n",
    }

    report = importer(CONTOURS, located, files=files)

    assert str(Maison.objects.get().quartier) == "Est"
    assert "m de Est" in report


def test_sous_quartiers_are_placed_by_their_outline(importer):
    parts = """
[[fichier]]
contient = "sous_quartiers"
chemin = "parts.geojson"
champs = { nom = "NOM" }
"""
    inside = CARRES.replace("OUEST", "Rive").replace("EST", "Gare")

    importer(CONTOURS, parts, files={"carres.geojson": CARRES, "parts.geojson": inside})

    found = SousQuartier.objects.order_by("nom").values_list("nom", "quartier__nom")
    assert list(found) == [("Gare", "Est"), ("Rive", "Ouest")]
