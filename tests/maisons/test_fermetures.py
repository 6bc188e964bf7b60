"""What a closure hits, where it may go, and how all of it is settled at once."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from maisons import fermetures, planning
from maisons.models import Creneau, Fermeture, Reservation
from notifications.models import Message
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    MaisonFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)


@pytest.fixture(autouse=True)
def new_year(time_machine):
    time_machine.move_to(at(8, on=date(2026, 1, 5)))


def at(hour, on=DAY):
    moment = datetime.combine(on, time(int(hour), int(hour % 1 * 60)), ZoneInfo("Europe/Paris"))
    return moment.astimezone(ZoneInfo("UTC"))


def days(number):
    return timedelta(days=number)


def booked(salle, first=10, last=12, on=DAY, **fields):
    return ReservationFactory(salle=salle, debut=at(first, on), fin=at(last, on), **fields)


def closed(maison, first=10, last=12, on=DAY, until=None, **fields):
    span = {"debut": at(first, on), "fin": at(last, until or on)}
    return planning.close(Fermeture(maison=maison, motif="travaux", **span | fields))


def keys(rows):
    return [row.pk for row in rows]


def agent_of(*houses):
    compte = CompteFactory()
    for maison in houses:
        AffectationFactory(compte=compte, maison=maison)
    return compte


class TestHit:
    """By query: the span, then the place; half-open on both sides."""

    @pytest.mark.parametrize(
        ("first", "last", "told"),
        [
            (8, 10, False),
            (12, 14, False),
            (9.5, 10.5, True),
            (10.5, 11.5, True),
            (8, 14, True),
            (11.5, 14, True),
        ],
    )
    def test_spans_that_touch_are_left_alone(self, first, last, told):
        salle = SalleFactory(battement=timedelta(minutes=30))
        held = booked(salle)

        closure = closed(salle.maison, first, last)

        assert keys(fermetures.hit(closure)) == [held.pk] * told

    @pytest.mark.parametrize(
        ("closure", "used", "told"),
        [
            *[("house", place, True) for place in ("whole", "half", "hall", "maison")],
            *[("house", "sans_salle", True), ("house", "hors_les_murs", False)],
            *[("whole", place, True) for place in ("whole", "half", "maison")],
            *[("whole", place, False) for place in ("hall", "sans_salle", "hors_les_murs")],
            *[("half", place, True) for place in ("half", "whole", "maison")],
            *[("half", place, False) for place in ("other half", "hall", "sans_salle")],
            *[("hall", place, True) for place in ("hall", "maison")],
            *[("hall", place, False) for place in ("whole", "half")],
        ],
    )
    def test_a_room_is_closed_with_its_parts_and_with_its_whole(self, closure, used, told):
        whole = SalleFactory(maison__adresse="3 place de l’Horloge")
        maison = whole.maison
        rooms = {"house": None, "whole": whole, "hall": SalleFactory(maison=maison, partagee=True)}
        for name in ("half", "other half"):
            rooms[name] = SalleFactory(maison=maison, partie_de=whole)
        place = {"salle": rooms.get(used), "portee": "salle" if used in rooms else used}
        if used == "hors_les_murs":
            place |= {"adresse_libre": "Jardin des plantes", "quartier": maison.quartier}
        held = OccurrenceFactory(maison=maison, debut=at(10), fin=at(12), personnes=4, **place)

        found = fermetures.hit(closed(maison, salle=rooms[closure]))

        assert keys(found) == [held.pk] * told
        unsettled = fermetures.unsettled(Fermeture.objects.all())
        assert [row.touches for row in unsettled] == [1] * told

    @pytest.mark.parametrize(
        ("on", "first", "last", "told"),
        [
            (DAY, 23, 1, ["evening"]),
            (DAY, 22, 1, ["evening"]),
            (DAY, 23.5, 9.5, ["morning"]),
            (DAY, 21, 10, ["evening", "morning"]),
            # 29 March 2026: 2 h becomes 3 h; 25 October: 3 h becomes 2 h again.
            (date(2026, 3, 28), 23, 9, ["evening"]),
            (date(2026, 10, 24), 23, 9, ["evening"]),
            (date(2026, 10, 24), 23.5, 9.5, ["morning"]),
        ],
    )
    def test_a_closure_over_midnight(self, on, first, last, told, time_machine):
        time_machine.move_to(at(8, on=on - days(2)))
        next_day, salle = on + days(1), SalleFactory()
        spans = {
            "evening": {"debut": at(21, on), "fin": at(23.5, on)},
            "morning": {"debut": at(9, next_day), "fin": at(11, next_day)},
        }
        held = {name: OccurrenceFactory(salle=salle, **span).pk for name, span in spans.items()}

        closure = closed(salle.maison, first, last, on=on, until=next_day)

        assert keys(fermetures.hit(closure)) == [held[name] for name in told]

    def test_what_is_over_or_cancelled_or_in_another_house_is_not_hit(self, time_machine):
        salle = SalleFactory()
        booked(salle, 8, 9)
        planning.cancel(booked(salle), Creneau.Motif.DEMANDE, by=None)
        booked(SalleFactory(), 9, 12)
        going_on = booked(salle, 9, 10)
        time_machine.move_to(at(9.5))

        closure = closed(salle.maison, 8, 22)

        assert keys(fermetures.hit(closure)) == [going_on.pk]

    @pytest.mark.parametrize(("first_day", "told"), [(-1, False), (0, True)])
    def test_an_exhibition_goes_on_around_a_closed_day(self, first_day, told):
        maison = MaisonFactory()
        lasting = {"debut": at(0, DAY + days(first_day)), "fin": at(0, DAY + days(3))}
        OccurrenceFactory(maison=maison, salle=None, portee="sans_salle", **lasting)

        closure = closed(maison, 0, 0, until=DAY + days(5))

        assert fermetures.hit(closure).exists() == told

    def test_a_closure_of_the_past_hits_nothing(self, time_machine):
        held = booked(SalleFactory())
        time_machine.move_to(at(8, on=DAY + days(1)))

        assert not fermetures.hit(closed(held.maison)).exists()
        assert not fermetures.unsettled(Fermeture.objects.all()).exists()


class TestSettle:
    @pytest.fixture
    def salle(self):
        return SalleFactory(maison__telephone="04 65 71 00 11", maison__nom="Maison des Lavoirs")

    @pytest.fixture
    def other(self, salle):
        return SalleFactory(maison=salle.maison, nom="Salle du lavoir")

    @pytest.fixture
    def by(self, salle):
        return agent_of(salle.maison)

    def test_moves_cancels_and_leaves_for_later(self, salle, other, by):
        moved, cancelled, left = (booked(salle, hour, hour + 1) for hour in (10, 12, 14))
        closure = closed(salle.maison, 8, 20, salle=salle)

        outcome = fermetures.settle(
            closure, {moved.pk: other.pk, cancelled.pk: fermetures.ANNULER}, by
        )

        rows = {row.pk: row for row in Reservation.objects.all()}
        assert (rows[moved.pk].salle, rows[moved.pk].sequence) == (other, 1)
        assert rows[moved.pk].history.first().history_user == by
        assert rows[cancelled.pk].motif_annulation == Creneau.Motif.FERMETURE
        assert keys(fermetures.hit(closure)) == [left.pk]
        assert (len(outcome.done), outcome.lost, outcome.gone) == (2, [], 0)

    def test_an_event_moves_and_its_page_says_it(self, salle, other, by):
        held = OccurrenceFactory(salle=salle, debut=at(10))

        outcome = fermetures.settle(closed(salle.maison, salle=salle), {held.pk: other.pk}, by)

        held.refresh_from_db()
        assert (held.salle, outcome.messages) == (other, [])
        assert not Message.objects.exists()

    def test_what_was_granted_is_not_asked_for_again(self, salle, by, time_machine):
        """Neither notice, nor horizon, nor quota, nor length: the house breaks its word."""
        salle.maison.reservations_max = 1
        salle.maison.save()
        held = booked(salle, 10, 13)
        strict = {"preavis": days(1), "duree_max": timedelta(hours=1), "horizon": 1}
        other = SalleFactory(maison=salle.maison, reservable=False, **strict)
        time_machine.move_to(at(9))

        outcome = fermetures.settle(closed(salle.maison, salle=salle), {held.pk: other.pk}, by)

        assert (len(outcome.done), outcome.lost) == (1, [])

    def test_a_confirmed_booking_stays_confirmed(self, salle, other, by):
        held = booked(salle)
        planning.confirm(held, by=by)

        fermetures.settle(closed(salle.maison, salle=salle), {held.pk: other.pk}, by)

        held.refresh_from_db()
        assert (held.salle, held.etat) == (other, Reservation.Etat.CONFIRMEE)

    def test_a_room_lost_meanwhile_is_told_and_the_others_go_through(self, salle, other, by):
        first, second = booked(salle, 10, 11), booked(salle, 11, 12)
        closure = closed(salle.maison, salle=salle)
        booked(other, 10, 11)

        outcome = fermetures.settle(closure, {first.pk: other.pk, second.pk: other.pk}, by)

        assert [settled.row.creneau.pk for settled in outcome.done] == [second.pk]
        assert [(row.creneau.pk, why) for row, why in outcome.lost] == [
            (first.pk, fermetures.TAKEN)
        ]
        assert keys(fermetures.hit(closure)) == [first.pk]

    def test_two_dates_sent_to_one_room_at_one_hour_do_not_both_get_it(self, salle, by):
        half = SalleFactory(maison=salle.maison)
        one, two = booked(salle), booked(half)
        target = SalleFactory(avec_accord=False)

        outcome = fermetures.settle(
            closed(salle.maison), {one.pk: target.pk, two.pk: target.pk}, by
        )

        assert (len(outcome.done), len(outcome.lost)) == (1, 1)
        assert Creneau.objects.holding().filter(salle=target).count() == 1

    def test_a_date_cancelled_meanwhile_is_told(self, salle, other, by):
        gone, held = booked(salle, 10, 11), booked(salle, 11, 12)
        closure = closed(salle.maison, salle=salle)
        planning.cancel(gone, Creneau.Motif.DEMANDE, by=None, quiet=True)

        outcome = fermetures.settle(closure, {gone.pk: other.pk, held.pk: other.pk}, by)

        assert (len(outcome.done), outcome.gone) == (1, 1)
        assert Message.objects.count() == 1

    @pytest.mark.parametrize("forged", ["foreign", "nothing"])
    def test_a_forged_room_is_refused_in_a_sentence(self, salle, by, forged):
        held = booked(salle)
        pk = SalleFactory().pk if forged == "foreign" else 0

        outcome = fermetures.settle(closed(salle.maison), {held.pk: pk}, by)

        assert [why for _, why in outcome.lost] == [fermetures.NOT_OFFERED]
        held.refresh_from_db()
        assert held.salle == salle

    def test_a_forged_date_of_another_house_is_left_alone(self, salle, by):
        foreign = booked(SalleFactory())

        outcome = fermetures.settle(closed(salle.maison), {foreign.pk: fermetures.ANNULER}, by)

        foreign.refresh_from_db()
        assert (outcome.gone, outcome.done, foreign.annule_le) == (1, [], None)

    def test_settling_again_does_and_tells_nothing(self, salle, other, by):
        held, closure = booked(salle), closed(salle.maison, salle=salle)
        fermetures.settle(closure, {held.pk: other.pk}, by)

        again = fermetures.settle(closure, {held.pk: fermetures.ANNULER}, by)

        held.refresh_from_db()
        assert (again.gone, again.done, held.annule_le, held.sequence) == (1, [], None, 1)
        assert Message.objects.count() == 1

    def test_a_closure_deleted_meanwhile_is_told(self, salle, other, by):
        held, closure = booked(salle), closed(salle.maison)
        Fermeture.objects.all().delete()

        with pytest.raises(ValidationError, match="n’existe plus"):
            fermetures.settle(closure, {held.pk: fermetures.ANNULER}, by)

    def test_deleting_a_closure_tells_nobody(self, salle):
        booked(salle)

        closed(salle.maison).delete()

        assert not Message.objects.exists()


class TestMessage:
    """One for each person, whatever the closure moves or cancels for them."""

    @pytest.fixture
    def closing(self):
        """Two rooms, the agent, and a closure of the first."""
        salle = SalleFactory(nom="Grande salle", maison__telephone="04 65 71 00 11")
        salle.maison.nom, salle.maison.adresse = "Maison des Lavoirs", "12 quai des Lavandières"
        salle.maison.save()
        other = SalleFactory(maison=salle.maison, nom="Salle du lavoir")
        return salle, other, agent_of(salle.maison)

    def test_three_dates_of_one_person_make_one_message(self, closing, settings):
        salle, other, by = closing
        settings.SITE_URL = "https://maisons.example"
        person = {"demandeur": None, "nom": "Zoé", "courriel": "zoe@rivemont.example"}
        held = [booked(salle, hour, hour + 1, **person) for hour in (9, 12, 15)]
        moved = {row.pk: other.pk for row in held[:2]}

        fermetures.settle(
            closed(salle.maison, 8, 20, salle=salle), moved | {held[2].pk: "annuler"}, by
        )

        message = Message.objects.get()
        text = message.texte.replace("\xa0", " ")
        assert (message.destinataire, message.creneau) == ("zoe@rivemont.example", held[0].pk)
        assert message.objet == "Grande salle ferme : 3 de vos dates changent"
        assert text.count("Maintenant : Salle du lavoir, Maison des Lavoirs, 12 quai") == 2
        assert text.count("Annulée : Grande salle, Maison des Lavoirs") == 1
        assert "Grande salle ferme jeudi 15 janvier, de 8 h à 20 h : travaux." in text
        assert "04 65 71 00 11" in text
        for row in held:
            assert f"https://maisons.example/code/{row.code}/" in text
            assert f'href="https://maisons.example/code/{row.code}/"' in message.html
        assert sorted(message.secrets) == sorted(row.code for row in held)
        assert message.expire_le == held[2].fin

    def test_somebody_with_a_phone_alone_is_to_be_called(self, closing):
        salle, other, by = closing
        held = booked(salle, demandeur=None, nom="Ahmed", telephone="+33612345678")

        fermetures.settle(closed(salle.maison, salle=salle), {held.pk: other.pk}, by)

        message = Message.objects.get()
        assert (message.etat, message.destinataire) == ("a_appeler", "06 12 34 56 78")
        assert "Bonjour Ahmed, ici Maison des Lavoirs." in message.texte
        assert "Salle du lavoir" in message.texte
        assert "http" not in message.texte + message.html

    def test_settled_in_two_times_is_told_in_two_messages(self, closing):
        salle, other, by = closing
        person = CompteFactory()
        first, second = (booked(salle, hour, hour + 1, demandeur=person) for hour in (10, 11))
        closure = closed(salle.maison, salle=salle)

        for held in (first, second):
            fermetures.settle(closure, {held.pk: other.pk}, by)

        keys = Message.objects.order_by("pk").values_list("cle", flat=True)
        assert [key.rpartition(":")[2] for key in keys] == ["1", "2"]
        assert len({key.rpartition(":")[0] for key in keys}) == 1

    def test_nobody_reads_the_codes_of_another_behind_the_same_phone(self, closing):
        salle, other, by = closing
        shared = {"demandeur": None, "telephone": "+33465710022"}
        held = [
            booked(salle, 9, 10, nom="Zoé", courriel="zoe@rivemont.example", **shared),
            booked(salle, 10, 11, nom="Léo", courriel="Leo@rivemont.example", **shared),
            booked(salle, 11, 12, nom="Léo", courriel="leo@rivemont.example", **shared),
            booked(salle, 12, 13, nom="Zoé", **shared),
        ]

        choices = {row.pk: "annuler" for row in held}
        fermetures.settle(closed(salle.maison, 8, 20, salle=salle), choices, by)

        secrets = {m.destinataire.lower(): len(m.secrets) for m in Message.objects.all()}
        assert secrets == {"zoe@rivemont.example": 2, "leo@rivemont.example": 2}

    def test_somebody_without_any_contact_is_settled_all_the_same(self, closing):
        salle, other, by = closing
        held = booked(salle, demandeur=None, nom="Zoé")

        outcome = fermetures.settle(closed(salle.maison, salle=salle), {held.pk: other.pk}, by)

        assert (len(outcome.done), outcome.messages) == (1, [])
