import pytest
from django.core.management import CommandError

from maisons.models import Maison
from quartiers.models import Quartier, Ville
from tests.factories import MaisonFactory, QuartierFactory, VilleFactory
from tests.portail.profils import (
    CARRES,
    CONTOURS,
    MAISONS,
    QUARTIERS,
    SALLES,
    houses,
)

pytestmark = pytest.mark.django_db


def test_a_missing_column_imports_nothing_and_names_those_there_are(importer):
    files = {"maisons.csv": "NUM;NOM;QUARTIER\n1;Haute;1\n"}

    with pytest.raises(CommandError) as refused:
        importer(QUARTIERS, MAISONS, files=files)

    assert "les colonnes « LIBEL », « ADRESSE » manquent" in str(refused.value)
    assert "Colonnes du fichier : NUM, NOM, QUARTIER" in str(refused.value)
    assert not Quartier.objects.exists()
    assert not Ville.objects.exists()


def test_bad_rows_are_left_out_with_their_line(importer):
    files = {
        "maisons.csv": houses(
            "1;Haute;1;", "", "2;;1;", "3;HAUTE;1;", "4;Perdue;9;", "5;Basse;2;", "5;Neuve;2;"
        )
    }

    report = importer(QUARTIERS, MAISONS, files=files)

    assert list(Maison.objects.values_list("nom", flat=True)) == ["Basse", "Haute"]
    assert "ligne 3 : vide" in report
    assert "ligne 4 : nom vide" in report
    assert "ligne 5 : même nom que ligne 2 : HAUTE" not in report  # told as it would be written
    assert "ligne 5 : même nom que ligne 2 : Haute" in report
    assert "ligne 6 : quartier « 9 » inconnu" in report
    assert "ligne 8 : même référence que ligne 7" in report


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("0;0", "ni quartier ni coordonnées"),
        ("120;430", "ni en degrés ni en Lambert-93"),
        ("ici;43", "n’est pas un nombre"),
        ("3.2;43.2", "hors de tout quartier"),
    ],
)
def test_a_point_nowhere_leaves_the_row_out(importer, place, reason):
    located = MAISONS.replace('quartier = "QUARTIER"', 'longitude = "X"\nlatitude = "Y"')
    files = {
        "carres.geojson": CARRES,
        "maisons.csv": f"NUM;LIBEL;ADRESSE;X;Y\n1;Haute;;{place}\n",
    }

    report = importer(CONTOURS, located, files=files)

    assert reason in report
    assert not Maison.objects.exists()


def test_a_trial_keeps_nothing(importer):
    report = importer(QUARTIERS, essai=True)

    assert "créés : 2" in report
    assert not Quartier.objects.exists()


def test_another_city_is_refused_and_a_demonstration_replaced_on_demand(importer):
    VilleFactory(nom="Ailleurs", demonstration=True)
    QuartierFactory(nom="Loin", code="1")
    MaisonFactory()

    with pytest.raises(CommandError, match="--remplacer-demonstration"):
        importer(QUARTIERS)
    report = importer(QUARTIERS, remplacer_demonstration=True)

    assert "« Ailleurs » est effacée" in report
    assert list(Quartier.objects.values_list("nom", flat=True)) == ["Le Plateau", "Les Rives"]
    assert Ville.objects.values_list("nom", "demonstration").get() == ("Rivemont", True)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("[fichier]\n", "« fichier » doit être une liste"),
        ("[[fichier]]\ncontient = 'salles'\n", "« contient » doit être l’un de"),
        ("[[fichier]]\ncontient = 'maisons'\n", "donnez « chemin » ou « lignes »"),
        (MAISONS.replace("nom =", "titre ="), "« titre » est inconnu ; possibles : nom"),
        (MAISONS.replace("[['^M", "[['(^M"), "l’expression"),
        (MAISONS + SALLES.replace("= 80", "= 0"), "capacite"),
        (MAISONS + SALLES.replace("9:00-12", "9:00–neuf"), "écrivez les heures"),
        (MAISONS + "[fichier.defauts]\nplain_pied = 'peut-être'\n", "n’est ni oui ni non"),
        (MAISONS, "n’est pas dans le dossier"),
        ("[[fichier\n", "n’est pas du TOML"),
    ],
)
def test_a_bad_profile_is_told_in_french(importer, part, sentence):
    with pytest.raises(CommandError, match=sentence.replace("(", r"\(")):
        importer(part)

    assert not Quartier.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "est vide"),
        (b"PK\x03\x04", "enregistrez-le en CSV"),
        (b'{"a": [', "n’est pas du JSON"),
        (b'{"a": 1}', "pas de liste d’enregistrements"),
        (b"[]", "manquent"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_french(importer, tmp_path, content, sentence):
    (tmp_path / "maisons.csv").write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        importer(QUARTIERS, MAISONS)

    assert not Quartier.objects.exists()
