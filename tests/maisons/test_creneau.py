"""What the database refuses, whoever writes: style A, conception § 3."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau, Occurrence, Reservation
from tests.factories import (
    EvenementFactory,
    FermetureFactory,
    OccurrenceFactory,
    QuartierFactory,
    ReservationFactory,
    SalleFactory,
)

pytestmark = pytest.mark.django_db


@contextmanager
def refused(rule):
    """The database itself refuses, naming the rule."""
    with pytest.raises(IntegrityError) as caught:
        yield
    assert caught.value.__cause__.diag.constraint_name == rule


def raw(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize(("shift", "hours"), [(0, 2), (-1, 2), (1, 2), (0.5, 1), (-1, 4)])
@pytest.mark.parametrize("wanted", ["the room", "its half", "its house"])
def test_uses_never_overlap(shift, hours, wanted):
    whole = SalleFactory()
    half = SalleFactory(maison=whole.maison, partie_de=whole)
    held = ReservationFactory(salle=whole)
    debut = held.debut + timedelta(hours=shift)
    place = {"salle": half if wanted == "its half" else whole}
    if wanted == "its house":
        place = {"salle": None, "portee": "maison"}

    with pytest.raises(ValidationError, match="déjà prise"):
        OccurrenceFactory(
            maison=whole.maison, debut=debut, fin=debut + timedelta(hours=hours), **place
        )


def test_uses_that_touch_are_both_held():
    held = ReservationFactory()

    after = ReservationFactory(salle=held.salle, debut=held.fin)

    assert Creneau.objects.holding().count() == 2
    assert after.debut == held.fin


def test_the_buffer_of_a_room_is_held_too():
    salle = SalleFactory(battement=timedelta(minutes=15))
    held = ReservationFactory(salle=salle)

    with pytest.raises(ValidationError, match="déjà prise"):
        ReservationFactory(salle=salle, debut=held.fin + timedelta(minutes=10))


def test_the_two_halves_of_a_room_are_free_of_each_other():
    whole = SalleFactory()
    left, right = (SalleFactory(maison=whole.maison, partie_de=whole) for _ in range(2))
    held = ReservationFactory(salle=left)

    other = ReservationFactory(salle=right, debut=held.debut)

    assert (held.emprise, other.emprise) == ([left.pk], [right.pk])


def test_sql_cannot_overlap():
    held = ReservationFactory()

    with refused("creneau_sans_chevauchement"):
        raw(
            "INSERT INTO maisons_creneau (nature, titre, resume, mention, portee, maison_id,"
            " salle_id, adresse_libre, debut, fin, heure_connue, emprise, theme, public, tarif,"
            " motif_annulation) SELECT nature, titre, '', '', portee, maison_id, salle_id, '',"
            " debut, fin, true, '{}', '', '{}', '', '' FROM maisons_creneau WHERE id = %s",
            held.pk,
        )


def test_a_trigger_measures_what_sql_leaves_wrong():
    salle = SalleFactory(battement=timedelta(minutes=20))
    held = ReservationFactory(salle=salle)

    raw("UPDATE maisons_creneau SET emprise = '{}', libere_a = fin WHERE id = %s", held.pk)

    held.refresh_from_db()
    assert (held.emprise, held.libere_a - held.fin) == ([salle.pk], timedelta(minutes=20))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("nature = 'evenement'", "creneau_nature_fixe"),
        ("publie_le = now() + interval '1 hour'", "creneau_publie_passe"),
        ("fin = debut", "creneau_fin_apres_debut"),
        ("portee = 'maison'", "creneau_portee_et_lieu"),
        ("salle_id = NULL", "creneau_portee_et_lieu"),
        ("portee = 'hors_les_murs', salle_id = NULL", "creneau_portee_et_lieu"),
        ("annule_le = now()", "creneau_annulation_motivee"),
        ("age_min = 9, age_max = 6", "creneau_ages"),
    ],
)
def test_sql_cannot_write_nonsense(change, rule):
    held = ReservationFactory()

    with refused(rule):
        raw(f"UPDATE maisons_creneau SET {change} WHERE id = %s", held.pk)


@pytest.mark.parametrize(
    "change", ["longitude = 3", "latitude = 43", "longitude = 3, latitude = 91"]
)
def test_a_house_has_both_its_coordinates_or_none(change):
    house = SalleFactory().maison

    with refused("maison_coordonnees"):
        raw(f"UPDATE maisons_maison SET {change} WHERE id = %s", house.pk)


def test_sql_cannot_use_a_room_of_another_house():
    held, foreign = ReservationFactory(), SalleFactory()

    with refused("creneau_salle_de_la_maison"):
        raw("UPDATE maisons_creneau SET salle_id = %s WHERE id = %s", foreign.pk, held.pk)


def test_a_room_keeps_its_house_and_one_level_of_parts():
    whole = SalleFactory()
    half = SalleFactory(maison=whole.maison, partie_de=whole)
    other = SalleFactory()
    update = "UPDATE maisons_salle SET {} WHERE id = %s"

    with refused("salle_maison_fixe"):
        raw(update.format("maison_id = %s"), other.maison_id, whole.pk)
    with refused("salle_parties_un_niveau"):
        raw(update.format("partie_de_id = %s"), half.pk, other.pk)
    with refused("salle_parties_un_niveau"):
        raw(update.format("partagee = true"), whole.pk)


@pytest.mark.django_db(transaction=True)
def test_a_creneau_has_exactly_its_own_child():
    held = ReservationFactory()
    event = EvenementFactory(maison=held.maison)

    with refused("creneau_nature_juste"):
        raw("INSERT INTO maisons_occurrence VALUES (%s, %s)", held.pk, event.pk)
    with refused("creneau_a_son_enfant"):
        raw("DELETE FROM maisons_reservation WHERE creneau_id = %s", held.pk)
    assert Reservation.objects.get() == held


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("nature", "rule"),
    [("reservation", "creneau_a_son_enfant"), ("inconnue", "creneau_nature_connue")],
)
def test_a_creneau_alone_is_refused_at_commit(nature, rule):
    salle = SalleFactory()
    debut = timezone.now()
    alone = Creneau(
        nature=nature,
        titre="Seul",
        maison=salle.maison,
        salle=salle,
        debut=debut,
        fin=debut + timedelta(hours=1),
        libere_a=debut + timedelta(hours=1),
    )

    with refused(rule), transaction.atomic():
        alone.save_base(raw=True)


def test_outside_needs_an_address_and_its_quartier():
    place = {"salle": None, "portee": "hors_les_murs", "maison": None}
    event = EvenementFactory()

    with pytest.raises(ValidationError, match="une adresse et son quartier"):
        OccurrenceFactory(evenement=event, **place)

    found = OccurrenceFactory(
        evenement=event, adresse_libre="Place du Marché", quartier=QuartierFactory(), **place
    )
    assert (found.emprise, found.quartier) == ([], found.quartier)


def test_the_quartier_follows_the_house():
    held = ReservationFactory()

    assert held.quartier == held.maison.quartier


class TestSharedHall:
    """Several uses at once, within its places, checked under its lock."""

    def hall(self, capacite=10):
        return SalleFactory(partagee=True, capacite=capacite)

    def use(self, hall, personnes, **when):
        return ReservationFactory(salle=hall, personnes=personnes, **when)

    def test_holds_several_uses_until_it_is_full(self):
        hall = self.hall()
        first = self.use(hall, 6)
        second = self.use(hall, 4, debut=first.debut)

        with pytest.raises(ValidationError, match="il reste 0 places sur 10"):
            self.use(hall, 1, debut=first.debut + timedelta(hours=1))

        assert (first.emprise, second.emprise) == ([], [])

    def test_counts_the_fullest_instant_not_the_sum(self):
        hall = self.hall()
        first = self.use(hall, 8)
        self.use(hall, 8, debut=first.fin)

        with pytest.raises(ValidationError, match="il reste 2 places"):
            self.use(hall, 3, debut=first.debut, fin=first.fin + timedelta(hours=2))
        assert self.use(hall, 2, debut=first.debut, fin=first.fin + timedelta(hours=2))

    def test_and_the_whole_house_exclude_each_other(self):
        hall = self.hall()
        used = self.use(hall, 2)
        house = {"maison": hall.maison, "salle": None, "portee": "maison"}

        with pytest.raises(ValidationError, match="déjà inscrit"):
            OccurrenceFactory(debut=used.debut, **house)
        whole = OccurrenceFactory(debut=used.fin, **house)
        with pytest.raises(ValidationError, match="déjà prise"):
            self.use(hall, 1, debut=whole.debut)

    def test_asks_how_many_come(self):
        with pytest.raises(ValidationError, match="combien de personnes"):
            self.use(self.hall(), None)


@pytest.mark.parametrize(
    ("closed", "wanted"),
    [(None, "half"), ("half", "half"), ("half", "whole"), ("whole", "half"), ("whole", "whole")],
)
def test_a_closure_refuses_what_falls_in_it(closed, wanted):
    whole = SalleFactory()
    half = SalleFactory(maison=whole.maison, partie_de=whole)
    rooms = {"whole": whole, "half": half, None: None}
    when = ReservationFactory.build()
    span = {"debut": when.debut, "fin": when.fin}
    FermetureFactory(maison=whole.maison, salle=rooms[closed], **span)

    with pytest.raises(ValidationError, match="fermée à ce moment : travaux"):
        ReservationFactory(salle=rooms[wanted], **span)


def test_a_closed_half_leaves_the_other_half_open():
    whole = SalleFactory()
    halves = SalleFactory.create_batch(2, maison=whole.maison, partie_de=whole)
    when = ReservationFactory.build()
    FermetureFactory(maison=whole.maison, salle=halves[0], debut=when.debut, fin=when.fin)

    assert ReservationFactory(salle=halves[1], debut=when.debut)


def test_dates_are_told_what_their_event_says():
    event = EvenementFactory(publie=True)
    event.titre, event.gratuit = "Concert de Noël", True
    event.save()

    planning.describe(event)

    date = Occurrence.objects.get()
    assert (date.titre, date.gratuit, date.publie_le) == ("Concert de Noël", True, event.publie_le)
