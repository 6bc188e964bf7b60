"""Lists of associations, with their repetitions and their mistakes."""

import pytest

from associations.models import Association
from quartiers.models import Quartier
from tests.factories import AssociationFactory
from tests.portail.profils import CARRES, CONTOURS, QUARTIERS
from tests.portail.test_importer_donnees import DONNEES, run

pytestmark = pytest.mark.django_db
ASSOCIATIONS = """
[[fichier]]
contient = "associations"
chemin = "assos.csv"
[fichier.champs]
reference = "ID"
nom = "Nom"
adresse = "Adresse"
telephone = "Tel"
quartier = "Quartier"
rna = "RNA"
siret = "SIRET"
benevoles = "Aide"
themes = "Themes"
"""
HEADER = "ID;Nom;Adresse;Tel;Quartier;RNA;SIRET;Aide;Themes"


def assos(*rows):
    return {"assos.csv": "\n".join([HEADER, *rows, ""])}


def test_lines_that_tell_the_same_association_are_one_and_the_report_says_so(importer):
    files = assos(
        "1;Chœur;3 rue Haute;;1;;;;culture",
        "2;CHOEUR;3, rue haute;04 65 71 00 01;1;;;Chanter;",
        "3;Chœur;5 rue Basse;04 65 71 00 01;2;;;;",
        "4;Chœur;9 rue Neuve;;2;;;;",
        "5;Amis;;;1;W123456789;;;",
        "6;Les amis;;;1;w 123456789;;;",
    )

    report = importer(QUARTIERS, ASSOCIATIONS, files=files)

    assert "3 répétitions" in report
    assert "ligne 3 : même nom et même adresse qu’une ligne d’avant : réunies" in report
    assert "ligne 4 : même nom et même téléphone qu’une ligne d’avant : réunies" in report
    assert "ligne 7 : même numéro RNA qu’une ligne d’avant : réunies" in report
    first, second, friends = Association.objects.order_by("pk")
    assert (first.telephone, first.benevoles) == ("04 65 71 00 01", "Chanter")
    assert (first.adresse, second.adresse) == ("3 rue Haute", "9 rue Neuve")
    assert (first.slug, second.slug, friends.rna) == ("choeur", "choeur-2", "W123456789")


def test_a_second_run_doubles_nothing(importer):
    files = assos("1;Chœur;3 rue Haute;;1;;;;", "2;Chœur;3 rue Haute;;1;;;;")
    importer(QUARTIERS, ASSOCIATIONS, files=files)

    again = importer(QUARTIERS, ASSOCIATIONS)

    assert "créés : 0, mis à jour : 0" in again
    assert Association.objects.count() == 1


def test_a_name_too_long_is_cut_and_the_report_says_so(importer):
    report = importer(QUARTIERS, ASSOCIATIONS, files=assos(f"1;Club {'x' * 200};;;1;;;;"))

    assert "ligne 2 : nom trop long, coupé : « Club… »" in report
    assert Association.objects.get().nom == "Club…"


def test_a_number_with_a_mistake_is_left_out_and_the_association_kept(importer):
    report = importer(
        QUARTIERS,
        ASSOCIATIONS,
        files=assos("1;Chœur;;;05;W12;732 829 320 00075;;", "2;Danse;;;2;;732 829 320 00074;;"),
    )

    first, second = Association.objects.order_by("pk")
    assert (first.rna, first.siret, second.siret) == ("", "", "73282932000074")
    assert "RNA ignoré, « W12 »" in report
    assert "SIRET ignoré" in report
    assert "quartier « 05 » inconnu : de toute la ville" in report


def test_a_code_with_a_zero_before_is_the_same(importer):
    importer(QUARTIERS, ASSOCIATIONS, files=assos("1;Chœur;;;02;;;;"))

    assert str(Association.objects.get().quartier) == "Le Plateau"


def test_a_point_elsewhere_than_its_column_says_is_reported(importer):
    placed = ASSOCIATIONS.replace('rna = "RNA"', 'longitude = "RNA"')
    placed = placed.replace('siret = "SIRET"', 'latitude = "SIRET"')
    files = assos("1;Chœur;;;Ouest;3,015;43,005;;", "2;Danse;;;;3,015;43,005;;")

    report = importer(CONTOURS, placed, files=files | {"carres.geojson": CARRES})

    assert "ligne 2 : le point est dans Est, le fichier dit Ouest" in report
    assert [str(row.quartier) for row in Association.objects.order_by("pk")] == ["Ouest", "Est"]


def test_a_part_of_the_quartier_is_that_of_its_column(importer):
    here = ASSOCIATIONS.replace('themes = "Themes"', 'sous_quartier = "Themes"')
    parts = """
[[fichier]]
contient = "sous_quartiers"
lignes = [{ nom = "Le Port", quartier = "1" }]
"""

    report = importer(
        QUARTIERS, parts, here, files=assos("1;Chœur;;;1;;;;Le Port", "2;Danse;;;1;;;;Ailleurs")
    )

    names = [str(row.sous_quartier) for row in Association.objects.order_by("pk")]
    assert names == ["Le Port", "None"]
    assert "ligne 3 : sous-quartier « Ailleurs » inconnu" in report


def test_one_that_staff_wrote_is_taken_up_and_another_origin_refused(importer):
    AssociationFactory(nom="Chœur", adresse="3 rue Haute", objet="Chanter")
    AssociationFactory(nom="Danse", adresse="1 rue Haute", reference="ailleurs:1")
    files = assos("1;Chœur;3 rue Haute;;1;;;;", "2;Danse;1 rue Haute;;1;;;;")

    report = importer(QUARTIERS, ASSOCIATIONS, files=files)

    assert Association.objects.count() == 2
    assert Association.objects.get(nom="Chœur").objet == "Chanter"
    assert "existe déjà, venue d’ailleurs" in report


@pytest.mark.skipif(not DONNEES.is_dir(), reason="../shared/donnees n’est pas là")
def test_the_associations_of_montpellier():
    run()
    first, second = (run("montpellier-associations.toml") for _ in range(2))

    assert "ListeAssoc_2011.csv (Windows-1252, séparateur « , ») : 2452 lignes" in first
    assert "créés : 2280, mis à jour : 0, inchangés : 0, laissés de côté : 0" in first
    assert "172 répétitions" in first
    assert "même nom et même adresse qu’une ligne d’avant : réunies" in first
    assert "le point est dans" in first
    assert "créés : 0, mis à jour : 0, inchangés : 2280" in second
    rows = Association.objects.all()
    assert not rows.filter(nom__contains="æ").exists()
    assert rows.filter(quartier=None).count() == 200
    assert rows.filter(themes__contains=["sport"]).count() > 450
    assert Quartier.objects.count() == 7
