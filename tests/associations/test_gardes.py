"""What a volunteer gets wrong is told beside the question, and nothing she typed goes."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from associations import activites
from maisons.heures import local
from maisons.models.creneau import SALLE_PRISE
from tests.associations.test_a_plusieurs import opened
from tests.factories import (
    ActiviteFactory,
    AdhesionFactory,
    CompteFactory,
    InscriptionFactory,
    MaisonFactory,
    ReservationFactory,
    SalleFactory,
    SeanceFactory,
    SerieFactory,
)

pytestmark = pytest.mark.django_db


def url(page, *args):
    return reverse(f"admin:associations_{page}", args=args)


@pytest.fixture
def draft(ours):
    return ActiviteFactory(association=ours, salle=None, places=12)


def beside(page, name):
    return page.context["adminform"].form.errors[name]


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({"age_min": "10", "age_max": "5"}, "age_max"),
        ({"premier": "2027-06-30", "dernier": "2027-06-01"}, "dernier"),
        ({"gratuit": "on", "tarif": "60 €"}, "tarif"),
        ({"minimum": "13"}, "minimum"),
        ({"age_max": "99999"}, "age_max"),
        ({"places": "0"}, "places"),
        ({"minimum": "-1"}, "minimum"),
    ],
)
def test_each_fault_stands_once_beside_its_question(client, draft, answers, name, time_machine):
    time_machine.move_to("2026-11-30 10:00+01:00")
    address, known = opened(client, "activite", draft)

    page = client.post(address, known | answers)

    assert len(beside(page, name)) == 1
    assert "32767" not in page.content.decode()


def test_a_minimum_over_the_places_that_are_locked_is_told_not_a_breakdown(client, ours):
    activite = ActiviteFactory(association=ours, salle=None, places=12, publie=True)
    InscriptionFactory(activite=activite)
    address, known = opened(client, "activite", activite)

    page = client.post(address, known | {"minimum": "13"})

    assert "minimum ne peut pas dépasser" in beside(page, "minimum")[0]


def test_places_changed_while_somebody_registered_are_not_lost_in_silence(client, ours):
    activite = ActiviteFactory(association=ours, salle=None, places=12, publie=True)
    address, known = opened(client, "activite", activite)
    InscriptionFactory(activite=activite)

    page = client.post(address, known | {"places": "20", "resume": "gardé"})

    assert "s’est inscrit pendant ce temps" in page.content.decode()
    assert 'value="gardé"' in page.content.decode()
    client.post(address, known | {"resume": "gardé"})
    activite.refresh_from_db()
    assert (activite.places, activite.resume) == (12, "gardé")


def test_a_new_adhesion_is_to_the_charter_in_use(client):
    client.force_login(CompteFactory(is_superuser=True))
    adhesion = AdhesionFactory()

    page = client.get(f"{url('adhesion_add')}?association={adhesion.association_id}")

    form = page.context["adminform"].form
    assert form["charte"].value() == adhesion.charte.pk
    assert form["association"].value() == str(adhesion.association_id)


def test_a_season_that_is_over_asks_for_another_end(client, draft):
    address, known = opened(client, "activite", draft)

    page = client.post(address, known | {"premier": "2020-09-01", "dernier": "2021-06-30"})

    assert "déjà finie" in beside(page, "dernier")[0]


def test_a_season_does_not_end_before_its_sessions(client, draft):
    later = timezone.now() + timedelta(days=40)
    SeanceFactory(activite=draft, debut=later, fin=later + timedelta(hours=1))
    address, known = opened(client, "activite", draft)

    page = client.post(address, known | {"dernier": f"{local(later).date() - timedelta(days=1)}"})

    assert "Une séance est prévue" in beside(page, "dernier")[0]


def test_a_season_lasts_until_the_last_session_of_its_series(draft):
    rule = SerieFactory.build(maison=draft.maison, salle=None, portee="sans_salle")
    activites.plan(draft, rule)
    serie = draft.seances.first().serie

    activites.extend(serie, draft.dernier + timedelta(days=30))

    draft.refresh_from_db()
    last = draft.seances.order_by("debut").last()
    assert draft.dernier == local(last.debut).date()


def test_a_session_that_moves_after_the_season_takes_its_end_along(draft):
    begins = timezone.now() + timedelta(days=5)
    seance = SeanceFactory(activite=draft, debut=begins, fin=begins + timedelta(hours=1))
    later = begins + timedelta(days=400)

    activites.move(seance, debut=later, fin=later + timedelta(hours=1))

    draft.refresh_from_db()
    assert draft.dernier == local(later).date()


def test_a_room_taken_at_one_date_names_those_that_are_free(client, ours):
    house = MaisonFactory()
    taken, free = SalleFactory(maison=house), SalleFactory(maison=house, nom="Petite salle")
    activite = ActiviteFactory(association=ours, maison=house, salle=taken)
    begins = timezone.now().replace(hour=12, minute=0) + timedelta(days=10)
    booked = ReservationFactory(salle=taken, debut=begins, fin=begins + timedelta(hours=2))
    hours = {"de": f"{local(booked.debut):%H:%M}", "a": f"{local(booked.fin):%H:%M}"}
    answers = {"jour": f"{local(booked.debut).date()}", "salle": taken.pk} | hours

    page = client.post(url("activite_date", activite.pk), answers)

    assert page.context["form"].errors == {"salle": [f"{SALLE_PRISE} Libres : {free}."]}
    assert f"?jour={local(booked.debut):%Y-%m-%d}" in page.content.decode()


def test_a_draft_says_at_once_that_the_charter_is_over(client, ours):
    ours.adhesions.all().delete()
    AdhesionFactory(association=ours, signe_le=date(2020, 1, 1), jusqu_au=date(2021, 1, 1))
    draft = ActiviteFactory(association=ours, salle=None, charte=False)

    text = client.get(url("activite_change", draft.pk)).content.decode()

    assert "demandez à la ville de la renouveler" in text


def test_the_preview_says_what_will_be_and_leads_back(client, draft):
    begins = timezone.now() + timedelta(days=5)
    SeanceFactory(activite=draft, debut=begins, fin=begins + timedelta(hours=1))

    text = client.get(url("activite_preview", draft.pk)).content.decode()

    assert "est complet" not in text
    assert "une fois l’activité publiée" in text
    assert url("activite_change", draft.pk) in text
    assert url("activite_publish", draft.pk) in text


def test_what_is_no_picture_is_not_answered_with_a_list_of_office_files(client, draft):
    sent = ContentFile(b"<html>bonjour" * 99, "photo.jpg")

    page = client.post(url("activite_image", draft.pk), {"fichier": sent, "credit": "Louise"})

    text = page.content.decode()
    assert "Choisissez une image : JPG, PNG ou WebP." in text
    assert "PowerPoint" not in text
    assert page.context["form"].errors["alternative"]


def test_sessions_follow_one_by_one_when_the_activity_goes_to_another_house(client, ours):
    activite = ActiviteFactory(association=ours, salle=None)
    begins = timezone.now().replace(hour=12, minute=0) + timedelta(days=10)
    seance = SeanceFactory(activite=activite, debut=begins, fin=begins + timedelta(hours=1))
    room = SalleFactory(maison=MaisonFactory())
    activites.change(activite, maison=room.maison, salle=room)
    answers = {"jour": f"{local(begins).date()}", "de": "14:00", "a": "15:00", "salle": room.pk}

    client.post(url("seance_date", seance.pk), answers)

    seance.refresh_from_db()
    assert (seance.maison, seance.salle) == (room.maison, room)
