"""A public meeting is cancelled or postponed with a sentence, and stays where people look."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conseils import rectifier
from conseils.models import Rectificatif, Reunion
from maisons import fermetures, planning
from maisons.models import Creneau
from tests.conseils.test_admin import conseil, room, url
from tests.conseils.test_rectifier import published, read
from tests.factories import (
    CompteFactory,
    FermetureFactory,
    ReservationFactory,
    ReunionFactory,
    VilleFactory,
)

__all__ = ["conseil", "room"]
WHY = "La salle est prise par les élections."


@pytest.mark.django_db(transaction=True)
class TestTheDatabase:
    def execute(self, sql):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_a_public_meeting_is_not_cancelled_without_a_sentence(self):
        with pytest.raises(IntegrityError) as refused:
            planning.cancel(published(), Creneau.Motif.ORGANISATION, by=None)

        assert refused.value.__cause__.diag.constraint_name == "reunion_annulation_expliquee"

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE maisons_creneau SET annule_le = NULL, motif_annulation = ''",
            "UPDATE maisons_creneau SET annule_le = annule_le - interval '1 day'",
            "UPDATE conseils_reunion SET explication = 'Autre'",
            "UPDATE conseils_reunion SET reportee = true",
        ],
    )
    def test_what_was_told_of_it_stays(self, sql):
        rectifier.call_off(published(), WHY)

        with pytest.raises(IntegrityError) as refused:
            self.execute(sql)

        assert refused.value.__cause__.diag.constraint_name == "reunion_annulation_fixe"

    def test_a_draft_is_cancelled_without_a_word(self):
        planning.cancel(ReunionFactory(), Creneau.Motif.ORGANISATION, by=None)

        assert Creneau.objects.get().annule_le

    def test_two_who_cancel_at_once_do_it_once(self):
        published()

        def cancels(why):
            try:
                return bool(rectifier.call_off(Reunion.objects.get(), why))
            except ValidationError:
                return False
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(cancels, ["Une.", "Deux."]))

        assert sorted(done) == [False, True]
        row = Reunion.objects.get()
        assert (row.explication, row.sequence) == ("Une." if done[0] else "Deux.", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("postponed", [False, True])
def test_its_room_is_free_and_it_is_told_in_words(client, postponed):
    VilleFactory()
    meeting, word = published(), "Reportée" if postponed else "Annulée"

    rectifier.call_off(meeting, WHY, postponed=postponed)

    ReservationFactory(salle=meeting.salle, debut=meeting.debut)
    page = read(client, meeting.get_absolute_url())
    assert f"{word}</b>" in page
    assert re.search(rf"{word} le [^<]+:</strong> {WHY}", page)
    assert ("Une nouvelle date sera annoncée." in page) == postponed
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert data["eventStatus"].endswith("EventPostponed" if postponed else "EventCancelled")
    assert word in read(client, meeting.conseil.get_absolute_url())
    day = timezone.localtime(meeting.debut).date()
    line = "reportée, nouvelle date à venir" if postponed else "réunion annulée"
    assert line in read(client, f"/agenda/?du={day}&au={day}")
    feed = client.get(f"/agenda.ics?du={day}&au={day}").content.decode()
    assert "STATUS:CANCELLED" in feed
    assert "SEQUENCE:1" in feed


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["draft", "twice", "over"])
def test_one_that_is_not_to_be_is_refused(case):
    ago = {"debut": timezone.now() - timedelta(days=1)} if case == "over" else {}
    meeting = ReunionFactory() if case == "draft" else published(**ago)
    if case == "twice":
        rectifier.call_off(meeting, WHY)
    before = Reunion.objects.values().get()

    with pytest.raises(ValidationError):
        rectifier.call_off(meeting, "Autre.")

    assert Reunion.objects.values().get() == before


@pytest.mark.django_db
def test_a_house_that_closes_says_why():
    VilleFactory()
    meeting, by = published(), CompteFactory(is_superuser=True)
    span = {"debut": meeting.debut, "fin": meeting.fin}
    closure = FermetureFactory(maison=meeting.maison, motif="travaux électriques", **span)

    fermetures.settle(closure, {meeting.pk: fermetures.ANNULER}, by)

    row = Reunion.objects.get()
    assert (row.called_off, row.motif_annulation) == ("Annulée", Creneau.Motif.FERMETURE)
    assert row.explication == "La réunion est annulée : travaux électriques."


@pytest.mark.django_db
class TestThePageOfTheSecretary:
    @pytest.fixture
    def meeting(self, conseil, room):
        return ReunionFactory(conseil=conseil, salle=room, publie=True)

    @pytest.mark.parametrize(
        ("sort", "word"), [("annuler", "Annulée"), ("sans_date", "Reportée"), ("autre_date", "")]
    )
    def test_each_of_the_three(self, client, meeting, sort, word):
        day = timezone.localdate() + timedelta(days=50)
        form = {"sort": sort, "explication": WHY, "jour": f"{day}", "de": "19:00", "a": "21:00"}

        seen = client.get(url("reunion_change", meeting.pk)).content.decode()
        response = client.post(url("reunion_call_off", meeting.pk), form)

        assert url("reunion_call_off", meeting.pk) in seen
        assert response.url == url("reunion_change", meeting.pk)
        row = Reunion.objects.get()
        assert row.called_off == word
        if word:
            assert row.explication == WHY
        else:
            assert timezone.localtime(row.debut).date() == day
            assert Rectificatif.objects.get().motif == WHY
        assert client.get(response.url).status_code == 200

    @pytest.mark.parametrize(
        ("answers", "sentence"),
        [
            ({"sort": ""}, "Choisissez ce que devient la réunion."),
            ({"explication": ""}, "Dites en une phrase pourquoi."),
            ({"jour": ""}, "Choisissez un jour."),
            ({"de": ""}, "Choisissez une heure."),
            ({"a": "18:00"}, "La fin doit être après le début."),
            ({"jour": "2020-01-01"}, "Choisissez une date à venir."),
        ],
    )
    def test_bad_answers_get_a_sentence_and_change_nothing(
        self, client, meeting, answers, sentence
    ):
        day = timezone.localdate() + timedelta(days=50)
        form = {"sort": "autre_date", "explication": WHY, "jour": f"{day}"}
        form |= {"de": "19:00", "a": "21:00"} | answers
        before = Reunion.objects.values().get()

        page = client.post(url("reunion_call_off", meeting.pk), form).content.decode()

        assert sentence in page
        assert Reunion.objects.values().get() == before

    def test_the_new_date_is_not_said_to_be_optional(self, client, meeting):
        """It is asked for one of the three alone: its label says neither."""
        page = client.get(url("reunion_call_off", meeting.pk)).content.decode()

        assert "(facultatif)" not in page
        group = page[page.index('aria-labelledby="autre-date"') :]
        assert group.index("Nouveau jour") < group.index("Pourquoi")

    def test_a_room_that_is_taken_on_the_new_day_is_told(self, client, meeting):
        held = ReunionFactory(salle=meeting.salle, debut=meeting.debut + timedelta(days=9))
        local = timezone.localtime(held.debut)
        form = {"sort": "autre_date", "explication": WHY, "jour": f"{local.date()}"}
        form |= {"de": f"{local:%H:%M}", "a": f"{local + timedelta(hours=1):%H:%M}"}

        page = client.post(url("reunion_call_off", meeting.pk), form).content.decode()

        assert "déjà prise" in page

    def test_another_council_is_not_found(self, client, conseil):
        foreign = ReunionFactory(publie=True)

        assert client.get(url("reunion_call_off", foreign.pk)).status_code == 404
        assert client.post(url("reunion_call_off", foreign.pk)).status_code == 404
