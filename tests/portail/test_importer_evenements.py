from datetime import date

import pytest
from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau, Evenement, Occurrence
from tests.factories import MaisonFactory
from tests.portail.profils import (
    EVENEMENTS,
    QUARTIERS,
    agenda,
)

pytestmark = pytest.mark.django_db


def test_events_of_several_days_without_hours(importer):
    row = 'a;"Foire &amp; f&#234;te";"Du monde&nbsp;(...)";14/05/2022;15/05/2022;Parc'

    importer(QUARTIERS, EVENEMENTS, files={"agenda.csv": agenda(row)})

    evenement, date_ = Evenement.objects.get(), Occurrence.objects.get()
    assert (evenement.titre, evenement.description) == ("Foire & fête", "Du monde…")
    assert not date_.heure_connue
    assert date_.debut == starts_at(date(2022, 5, 14))
    assert date_.fin == starts_at(date(2022, 5, 16))
    assert date_.portee == Creneau.Portee.HORS_LES_MURS
    assert date_.publie_le <= timezone.now()


@pytest.mark.parametrize(
    ("debut", "fin", "hours"),
    [
        ("2022-05-14T16:00:00Z", "2022-05-14T20:00:00+02:00", (18, 20)),
        ("14/05/2022 18h", "14/05/2022 20:00", (18, 20)),
        ("2022-05-14T22:00:00Z", "2022-05-15T22:00:00Z", None),
        ("samedi 14 mai 2022", "", None),
        ("20220514", "", None),
        ("2022-05-14 18:00", "", None),
    ],
)
def test_dates_in_every_writing(importer, debut, fin, hours):
    row = f"a;Fête;;{debut};{fin};Parc"

    importer(QUARTIERS, EVENEMENTS, files={"agenda.csv": agenda(row)})

    occurrence = Occurrence.objects.get()
    local = timezone.localtime(occurrence.debut), timezone.localtime(occurrence.fin)
    assert occurrence.heure_connue is (hours is not None)
    assert [moment.hour for moment in local] == list(hours or (0, 0))


def test_bad_dates_are_left_out_and_multi_line_cells_counted(importer):
    files = {
        "agenda.csv": agenda(
            'a;Fête;"deux\nlignes";2022-05-14;;Parc',
            'b;Bal;"deux\nlignes";2022-02-30;;Parc',
            "c;Jeu;;2022-05-14;2022-05-13;Parc",
            "d;Dé;;;;Parc",
            "e;;;2022-05-14;;Parc",
            "f;Thé;;2022-05-14;;",
            "g;Roi;;0022-05-14;;Parc",
        )
    }

    report = importer(QUARTIERS, EVENEMENTS, files=files)

    assert list(Evenement.objects.values_list("titre", flat=True)) == ["Fête"]
    assert "ligne 4 : le début « 2022-02-30 » n’est pas une date" in report
    assert "ligne 6 : la fin (13/05/2022) est avant le début (14/05/2022)" in report
    assert "ligne 7 : la date de début manque" in report
    assert "ligne 8 : titre vide" in report
    assert "ligne 9 : ni adresse ni maison connue" in report
    assert "ligne 10 : le début « 0022-05-14 »" in report


def test_an_event_in_a_known_house_holds_no_room(importer):
    house = MaisonFactory(nom="Maison Haute")

    importer(
        QUARTIERS,
        EVENEMENTS,
        files={"agenda.csv": agenda("a;Fête;;2022-05-14;;MAISON HAUTE")},
    )

    occurrence = Occurrence.objects.get()
    assert (occurrence.maison, occurrence.portee) == (house, Creneau.Portee.SANS_SALLE)
    assert occurrence.emprise == []


def test_a_date_cancelled_by_staff_stays_cancelled(importer):
    importer(QUARTIERS, EVENEMENTS, files={"agenda.csv": agenda("a;Fête;;2022-05-14;;Parc")})
    planning.cancel(Occurrence.objects.get(), Creneau.Motif.ORGANISATION, by=None)

    report = importer(
        QUARTIERS, EVENEMENTS, files={"agenda.csv": agenda("a;Fête;;2022-05-21;;Parc")}
    )

    assert Occurrence.objects.get().annule_le
    assert "laissées ainsi" in report


def test_events_of_one_title_have_pages_of_their_own(importer):
    rows = ["a;L'Été;;2022-05-14;;Parc", "b;L’été;;2022-05-21;;Parc"]

    importer(QUARTIERS, EVENEMENTS, files={"agenda.csv": agenda(*rows)})

    slugs = Evenement.objects.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["l-ete", "l-ete-2"]
