"""After publication nothing changes silently: both versions are kept, whoever writes."""

import json
import re
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conseils import rectifier, seances
from conseils.models import Point, Rectificatif, Reunion
from conseils.ordre import arrange
from conseils.versions import snapshot
from maisons import fermetures, planning
from maisons.heures import starts_at
from maisons.models import Creneau
from tests.factories import (
    CompteFactory,
    FermetureFactory,
    PointFactory,
    ReunionFactory,
    SalleFactory,
    VilleFactory,
)

SOON = starts_at(timezone.localdate() + timedelta(days=12), time(18, 30))
MOTIF = "Le point des bancs est précisé."


def execute(sql, *args):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, args)


def published(*titles, **fields):
    """A public meeting with these items, in their order."""
    meeting = ReunionFactory(**{"debut": SOON} | fields)
    for titre in titles or ["Bancs"]:
        PointFactory(reunion=meeting, titre=titre)
    return seances.publish(meeting)


def renames(point, titre):
    return lambda: rename(point, titre)


def rename(point, titre):
    point.titre = titre
    point.save()


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


class TestTheDatabase:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE conseils_point SET titre = 'Autre'",
            "UPDATE conseils_point SET texte = 'Autre'",
            "UPDATE conseils_point SET rang = 9",
            "DELETE FROM conseils_point",
            "UPDATE maisons_creneau SET debut = debut + interval '5 min'",
            "UPDATE maisons_creneau SET fin = fin + interval '1 hour'",
            "UPDATE maisons_creneau SET portee = 'maison', salle_id = NULL",
            "UPDATE conseils_reunion SET mode = 'mixte'",
            "UPDATE conseils_reunion SET numero = 9",
        ],
    )
    def test_what_is_public_does_not_change_without_a_correction(self, sql):
        published()

        with pytest.raises(IntegrityError) as refused:
            execute(sql)

        assert refused.value.__cause__.diag.constraint_name == "reunion_rectifiee"

    def test_nor_does_an_item_come_or_go_to_another_meeting(self):
        meeting, draft = published(), PointFactory().reunion

        with pytest.raises(IntegrityError):
            PointFactory(reunion=meeting)
        with pytest.raises(IntegrityError):
            Point.objects.filter(reunion=draft).update(reunion=meeting, numero=8)
        with pytest.raises(IntegrityError):
            Point.objects.filter(reunion=meeting).update(reunion=draft, numero=8)

        assert [meeting.points.count(), draft.points.count()] == [1, 1]

    @pytest.mark.parametrize(
        ("sql", "constraint"),
        [
            ("UPDATE maisons_creneau SET publie_le = NULL", "reunion_publication_fixe"),
            (
                "UPDATE maisons_creneau SET publie_le = publie_le - interval '9 days'",
                "reunion_publication_fixe",
            ),
            (
                "DELETE FROM conseils_point; DELETE FROM conseils_reunion;"
                " DELETE FROM maisons_creneau",
                "reunion_publique_reste",
            ),
        ],
    )
    def test_it_stays_public_since_the_day_it_was(self, sql, constraint):
        published()

        with pytest.raises(IntegrityError) as refused:
            execute(sql)

        assert refused.value.__cause__.diag.constraint_name == constraint

    @pytest.mark.parametrize("numero", [1, 2])
    def test_the_number_of_an_item_that_was_public_is_not_given_again(self, numero):
        """C5: an address is of one thing, whoever writes."""
        meeting = published("Bancs", "Fête")

        def replace():
            meeting.points.get(numero=2).delete()
            if numero == 1:
                meeting.points.update(numero=2)
            else:
                PointFactory(reunion=meeting, numero=2)

        with pytest.raises(IntegrityError) as refused:
            rectifier.rectify(meeting, MOTIF, write=replace)

        assert refused.value.__cause__.diag.constraint_name == "point_numero_neuf"

    def test_a_draft_changes_and_goes_freely(self):
        draft = PointFactory().reunion

        draft.points.update(titre="Autre")
        planning.change(draft, lien_visio="https://visio.example/", mode="mixte")
        draft.delete()

        assert not Reunion.objects.exists()

    def test_what_is_not_read_changes_freely(self):
        meeting = published()

        Creneau.objects.filter(pk=meeting.pk).update(mention="complet")
        meeting.points.update(titre="Bancs")  # the same

        assert not Rectificatif.objects.exists()

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE conseils_rectificatif SET motif = 'Autre'",
            "UPDATE conseils_rectificatif SET quand = now()",
            "UPDATE conseils_rectificatif SET avant = '{}'",
            "DELETE FROM conseils_rectificatif",
        ],
    )
    def test_a_correction_stays_as_it_is(self, sql):
        meeting = published()
        rectifier.rectify(meeting, MOTIF, write=renames(meeting.points.get(), "Bancs et ombre"))

        with pytest.raises(IntegrityError) as refused:
            execute(sql)

        assert refused.value.__cause__.diag.constraint_name == "rectificatif_reste"

    def test_it_is_of_the_instant_of_what_it_tells_and_covers_nothing_else(self):
        meeting = published()
        old = {"motif": MOTIF, "avant": {}, "apres": {}, "reunion": meeting}
        Rectificatif.objects.create(numero=1, quand=SOON, **old)

        assert Rectificatif.objects.get().quand <= timezone.now()
        with pytest.raises(IntegrityError):
            meeting.points.update(titre="Autre")

    def test_it_outlives_the_account_of_who_wrote_it(self):
        meeting, by = published(), CompteFactory()
        rectifier.rectify(meeting, MOTIF, by, write=renames(meeting.points.get(), "Autre"))
        Reunion.history.all().delete()

        by.delete()

        assert Rectificatif.objects.get().compte is None

    def test_a_draft_has_none(self):
        with pytest.raises(IntegrityError) as refused:
            Rectificatif.objects.create(
                reunion=ReunionFactory(), numero=1, motif=MOTIF, avant={}, apres={}
            )

        assert refused.value.__cause__.diag.constraint_name == "rectificatif_de_publique"

    def test_a_correction_makes_the_change_possible_once(self):
        meeting, by = published(), CompteFactory()
        before = snapshot(meeting)

        told = rectifier.rectify(meeting, MOTIF, by, write=renames(meeting.points.get(), "Ombre"))

        kept = Rectificatif.objects.get()
        assert (kept, kept.numero, kept.compte, kept.motif) == (told, 1, by, MOTIF)
        assert (kept.avant, kept.apres) == (before, snapshot(Reunion.objects.get()))
        assert kept.apres["points"][0]["titre"] == "Ombre"
        with pytest.raises(IntegrityError):
            meeting.points.update(titre="Autre")


@pytest.mark.django_db
class TestACorrection:
    def test_calendars_and_feeds_follow_once(self):
        meeting = published("Bancs", "Fête")
        before = Creneau.objects.get()

        rectifier.rectify(meeting, MOTIF, write=renames(meeting.points.first(), "Bancs et ombre"))

        after = Creneau.objects.get()
        assert after.sequence == before.sequence + 1
        assert after.modifie_le > before.modifie_le
        assert after.resume == "Rectificatif n° 1. Bancs et ombre · Fête"
        assert after.mention.startswith("ordre du jour modifié le ")

    def test_another_day_is_told_as_postponed_and_stays_so(self):
        meeting = published()
        debut, fin = meeting.debut + timedelta(days=7), meeting.fin + timedelta(days=7)
        day = meeting.debut

        first = rectifier.rectify(meeting, "La salle ferme.", debut=debut, fin=fin)
        rectifier.rectify(meeting, MOTIF, write=renames(meeting.points.get(), "Ombre"))

        assert (first.moved, first.fate) == (True, "Reportée")
        told = Creneau.objects.get()
        assert (told.debut, told.sequence) == (debut, 2)
        assert told.mention.startswith("reportée, était le ")
        assert str(timezone.localtime(day).day) in told.mention

    @pytest.mark.parametrize("case", ["draft", "cancelled", "over", "unchanged", "no room"])
    def test_one_that_is_not_to_be_is_refused_and_writes_nothing(self, case):
        meeting = ReunionFactory() if case == "draft" else published()
        point = PointFactory(reunion=meeting)
        place, before_it = {}, point.titre
        titre = before_it if case == "unchanged" else "Autre"
        if case == "cancelled":
            planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
        if case == "over":
            past = timezone.now() - timedelta(hours=1)
            Creneau.objects.update(debut=past - timedelta(hours=2), fin=past)
        if case == "no room":
            place = {"salle": ReunionFactory(debut=meeting.debut).salle}
            place["maison"] = place["salle"].maison
        before = list(Creneau.objects.order_by("pk").values())

        with pytest.raises(ValidationError):
            rectifier.rectify(meeting, MOTIF, write=renames(point, titre), **place)

        assert list(Creneau.objects.order_by("pk").values()) == before
        assert not Rectificatif.objects.exists()
        assert Point.objects.get(pk=point.pk).titre == before_it

    def test_a_room_that_closes_makes_one_by_itself(self):
        """The desk of a house moves a public meeting: its closure says why."""
        VilleFactory()
        meeting, other = published(), SalleFactory(reservable=True, avec_accord=False)
        before, by = f"{meeting.salle}", CompteFactory(is_superuser=True)
        span = {"debut": meeting.debut, "fin": meeting.fin}
        closure = FermetureFactory(maison=meeting.maison, motif="travaux électriques", **span)

        outcome = fermetures.settle(closure, {meeting.pk: other.pk}, by)

        assert not outcome.lost
        told = Rectificatif.objects.get()
        assert (told.motif, told.compte) == (
            "La réunion change de salle : travaux électriques.",
            by,
        )
        assert before in told.before.lieu
        assert other.nom in told.after.lieu

    def test_a_draft_moves_with_its_house_without_a_word(self):
        VilleFactory()
        draft, other = ReunionFactory(), SalleFactory(reservable=True, avec_accord=False)
        span = {"debut": draft.debut, "fin": draft.fin}
        closure = FermetureFactory(maison=draft.maison, **span)

        fermetures.settle(closure, {draft.pk: other.pk}, CompteFactory(is_superuser=True))

        assert Reunion.objects.get().salle == other
        assert not Rectificatif.objects.exists()


@pytest.mark.django_db
class TestThePages:
    @pytest.fixture(autouse=True)
    def ville(self):
        VilleFactory()

    def test_a_meeting_tells_its_corrections_before_the_agenda(self, client):
        """C8, C5: an item that goes keeps its address, a new one has another."""
        meeting = published("Bancs", "Fête")
        rectifier.rectify(meeting, MOTIF, write=renames(meeting.points.first(), "Ombre"))
        rectifier.rectify(meeting, "La fête est retirée.", write=meeting.points.last().delete)
        new = Point(titre="Halle")
        rectifier.rectify(
            meeting,
            "La halle est ajoutée.",
            write=lambda: arrange(meeting, [*meeting.points.all(), new], [new]),
        )

        page = read(client, meeting.get_absolute_url())

        told = [page.index(words) for words in ("halle est ajoutée", MOTIF, 'id="ordre"')]
        assert told == sorted(told)
        assert re.findall(r'id="point-(\d)"', page) == ["1", "3", "2"]
        assert "Point retiré le " in page
        assert f'href="{meeting.get_absolute_url()}rectificatifs/3/"' in page

    def test_both_versions_are_read_and_what_differs_is_in_words(self, client):
        meeting = published("Bancs")
        by = CompteFactory(nom="Ursule Discrète")
        rectifier.rectify(
            meeting, MOTIF, by, write=renames(meeting.points.get(), "<script>alert(1)</script>")
        )

        page = read(client, f"{meeting.get_absolute_url()}rectificatifs/1/")

        assert MOTIF in page
        assert "retiré : </span>Bancs" in page
        assert "ajouté : </span>&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "Avant</h2>" in page
        assert "Après</h2>" in page
        assert "Discrète" not in page
        assert by.courriel not in page

    def test_another_day_is_told_in_words_and_as_data(self, client):
        meeting = published()
        before = timezone.localtime(meeting.debut)
        week = timedelta(days=7)
        rectifier.rectify(meeting, MOTIF, debut=meeting.debut + week, fin=meeting.fin + week)

        page = read(client, meeting.get_absolute_url())

        assert "Reportée :</strong> la réunion était prévue le" in page
        data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
        assert data["eventStatus"].endswith("EventRescheduled")
        assert data["previousStartDate"] == before.isoformat(timespec="seconds")

    @pytest.mark.parametrize("number", [0, 2, 99])
    def test_a_correction_that_is_not_is_not_found(self, client, number):
        meeting = published()
        rectifier.rectify(meeting, MOTIF, write=renames(meeting.points.get(), "Autre"))

        page = client.get(f"{meeting.get_absolute_url()}rectificatifs/{number}/")

        assert page.status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_pages_cost_constant_queries(self, client, django_assert_num_queries, count):
        meeting = published(*"ABCD"[: count + 1])
        for rank in range(count):
            point = meeting.points.all()[rank]
            rectifier.rectify(meeting, MOTIF, write=renames(point, f"Autre {rank}"))
        other = published()
        rectifier.rectify(other, MOTIF, write=renames(other.points.get(), "Ailleurs"))

        with django_assert_num_queries(6):  # with documents, corrections, who comes
            page = client.get(meeting.get_absolute_url())
        with django_assert_num_queries(3):  # correction, files it replaced, city
            client.get(f"{meeting.get_absolute_url()}rectificatifs/1/")

        assert len(page.context["corrections"]) == count
