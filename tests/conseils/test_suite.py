"""The next meeting is prepared from the last one: its date, its room, what comes back."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conseils import suite
from conseils.models import Point, Reunion
from maisons import planning
from maisons.heures import starts_at
from maisons.models import Creneau
from tests.factories import (
    CompteFactory,
    ConseilFactory,
    ConseillerFactory,
    EluFactory,
    FermetureFactory,
    MaisonFactory,
    PointFactory,
    ReservationFactory,
    ReunionFactory,
    SalleFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-01-20T09:00+01:00")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def conseil(client):
    """Of the secretary who is signed in."""
    VilleFactory()
    mandate = SecretariatFactory()
    client.force_login(mandate.compte)
    return mandate.conseil


@pytest.fixture
def room(conseil):
    return SalleFactory(maison=MaisonFactory(quartier=conseil.quartier), nom="Salle du conseil")


def at(day, hour="18:30"):
    return starts_at(date.fromisoformat(day), time.fromisoformat(hour))


def follow(client, source, **answers):
    address = reverse("admin:conseils_reunion_follow", args=[source.pk])
    if not answers:
        return client.get(address)
    form = client.get(address).context["form"]
    asked = {"jour": "jour", "de": "de", "a": "a", "mode": "mode", "salle": "salle"}
    given = {name: form[name].value() or "" for name in asked}
    given |= {"de": f"{given['de']:%H:%M}", "a": f"{given['a']:%H:%M}"}
    given |= {"points": form["points"].value(), "lien_visio": "", "adresse_libre": ""}
    return client.post(address, given | answers)


def day_of(meeting, **kwargs):
    return timezone.localtime(suite.propose(meeting, NOW).debut)


@pytest.mark.parametrize(
    ("days", "proposed"),
    [
        (["2026-01-13"], "2026-03-10"),  # once: eight weeks
        (["2025-12-09", "2026-01-13"], "2026-02-17"),
        (["2025-10-14", "2025-11-18", "2025-12-09", "2026-01-13"], "2026-02-17"),
        (["2025-09-30", "2025-10-14"], "2026-02-03"),  # long ago: the first that leaves the delay
    ],
)
def test_the_next_one_comes_after_the_usual_interval(days, proposed):
    conseil = ConseilFactory(convocation=10)
    for day in days:
        last = ReunionFactory(conseil=conseil, debut=at(day), publie=True)

    assert day_of(last) == at(proposed)


def test_an_earlier_meeting_gives_its_weekday_and_hour_after_the_last_one():
    conseil = ConseilFactory()
    earlier = ReunionFactory(conseil=conseil, debut=at("2025-12-10", "17:00"))  # a Wednesday
    ReunionFactory(conseil=conseil, debut=at("2026-02-12"))

    assert day_of(earlier) == at("2026-04-15", "17:00")


def test_the_hour_stays_the_same_after_the_change_of_hour():
    conseil = ConseilFactory()
    last = ReunionFactory(conseil=conseil, debut=at("2026-02-10"))

    proposed = suite.propose(last, NOW)

    assert timezone.localtime(proposed.debut).isoformat() == "2026-04-07T18:30:00+02:00"
    assert proposed.fin - proposed.debut == last.fin - last.debut
    assert proposed.weeks == 8


def test_days_that_would_not_do_are_left_out_with_their_why():
    VilleFactory()
    conseil = ConseilFactory(convocation=None)
    ReunionFactory(conseil=conseil, debut=at("2026-03-10"))
    last = ReunionFactory(conseil=conseil, debut=at("2026-03-31"))  # three weeks: 21 April
    whole_day = {"debut": at("2026-04-21", "08:00"), "fin": at("2026-04-21", "22:00")}
    FermetureFactory(maison=last.maison, motif="travaux", **whole_day)
    held = {"debut": at("2026-04-28", "08:00"), "fin": at("2026-04-28", "22:00")}
    FermetureFactory(maison=last.maison, salle=last.salle, motif="peinture", **held)

    proposed = suite.propose(last, NOW)

    told = [(f"{timezone.localtime(day).date()}", why) for day, why in proposed.left_out]
    assert told == [("2026-04-21", "fermé, travaux"), ("2026-04-28", "fermé, peinture")]
    assert proposed.debut == at("2026-05-05")


def test_a_public_holiday_and_a_day_with_a_meeting_are_left_out():
    conseil = ConseilFactory(convocation=None)
    ReunionFactory(conseil=conseil, debut=at("2026-05-08"))
    last = ReunionFactory(conseil=conseil, debut=at("2026-04-10"))

    spans = [(at(day), at(day, "20:30")) for day in ("2026-05-01", "2026-05-08", "2026-05-15")]
    why = suite.reasons(last, spans, [date(2026, 5, 15)])

    told = [why[debut] for debut, _ in spans]
    assert [sentence.partition(",")[0] for sentence in told[:2]] == ["jour férié"] * 2
    assert told[2] == "une réunion est déjà prévue"


def test_rooms_held_at_that_hour_are_told_with_their_parts_and_tidying(conseil, room):
    half = SalleFactory(maison=room.maison, partie_de=room)
    other, near = SalleFactory.create_batch(2, maison=room.maison)
    near.battement = timedelta(hours=1)
    near.save()
    debut, fin = at("2026-03-10"), at("2026-03-10", "20:30")
    ReservationFactory(salle=half, debut=debut, fin=fin)
    ReservationFactory(salle=near, debut=fin, fin=fin + timedelta(hours=1))

    assert suite.taken([room, half, other, near], debut, fin) == {room.pk, half.pk, near.pk}


def test_the_page_proposes_and_one_button_makes_the_draft(client, conseil, room):
    """S1: house, room, mode, the items that come back, who presents them; then the editor."""
    mayor = EluFactory()
    before = ReunionFactory(conseil=conseil, salle=room, debut=at("2025-12-09"))
    PointFactory(reunion=before, titre="Budget participatif")
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))
    PointFactory(reunion=last, titre="Bancs")
    budget = {"elu": mayor, "rapporteur": str(mayor), "minutes": 20, "texte": "- un\n- deux"}
    PointFactory(reunion=last, titre="Budget participatif", **budget)
    PointFactory(reunion=last, titre="Questions de la salle", type="question", minutes=15)

    page = follow(client, last).content.decode().replace("\u00a0", " ")
    answered = follow(client, last, faire="1")

    assert "5 semaines après la dernière réunion" in page
    assert "Libres à ces heures : Salle du conseil." in page
    assert "à publier avant le samedi 7 février" in page
    made = Reunion.objects.latest("pk")
    assert answered.url == reverse("admin:conseils_reunion_change", args=[made.pk])
    assert (made.debut, made.salle, made.numero) == (at("2026-02-17"), room, 3)
    told = list(made.points.values_list("titre", "minutes", "rapporteur", "elu", "texte"))
    assert told == [
        ("Budget participatif", 20, str(mayor), mayor.pk, "- un\n- deux"),
        ("Questions de la salle", 15, "", None, ""),
    ]
    assert made.history.first().history_user == conseil.secretariats.get().compte


def test_items_are_taken_by_tick_and_the_approval_adds_itself(client, conseil, room):
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"), publie=True)
    chosen = PointFactory(reunion=last, titre="Bancs")
    PointFactory(reunion=last, titre="Approbation d’avant", type="approbation")

    follow(client, last, points=[chosen.pk])

    titles = Reunion.objects.latest("pk").points.values_list("titre", flat=True)
    assert [titre.split()[0] for titre in titles] == ["Approbation", "Bancs"]
    assert "13 janvier" in titles[0]


@pytest.mark.parametrize("kind", ["membre", "elu"])
def test_who_left_office_presents_nothing_any_more(client, conseil, room, kind):
    make = {"membre": ConseillerFactory, "elu": EluFactory}[kind]
    gone = make(fin=date(2026, 2, 1), debut=date(2020, 1, 1))
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))
    point = PointFactory(reunion=last, rapporteur=str(gone), **{kind: gone})

    follow(client, last, points=[point.pk])

    copied = Reunion.objects.latest("pk").points.get()
    assert (copied.rapporteur, copied.membre, copied.elu) == ("", None, None)


def test_another_room_is_proposed_when_the_usual_one_is_held(client, conseil, room):
    small = SalleFactory(maison=room.maison, nom="Bureau", capacite=5)
    large = SalleFactory(maison=room.maison, nom="Grande salle", capacite=60)
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))
    ReservationFactory(salle=room, debut=at("2026-03-10"))

    form = follow(client, last).context["form"]
    page = str(form["salle"])

    assert form["salle"].value() == large.pk
    assert f"Bureau ({room.maison}), libre" in page
    assert f"{room} ({room.maison}), prise" in page
    assert form.free == [small, large]
    assert "salle habituelle est prise" in follow(client, last).content.decode()


def test_looking_at_another_date_writes_nothing(client, conseil, room):
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))
    ReservationFactory(salle=room, debut=at("2026-03-17"))

    page = follow(client, last, jour="2026-03-17", voir="1").content.decode()

    assert "Aucune salle n’est libre à ces heures." in page
    assert Reunion.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"jour": "2026-02-31"}, "n’existe pas"),
        ({"jour": "2026-03-29", "de": "02:30", "a": "04:00"}, "L’heure change cette nuit-là"),
        ({"jour": "2026-10-25", "de": "02:30", "a": "04:00"}, "L’heure change cette nuit-là"),
        ({"a": "18:00"}, "La fin doit être après le début."),
        ({"salle": ""}, "Choisissez une salle"),
        ({"points": ["999999"]}, "999999"),
    ],
)
def test_bad_answers_get_a_sentence_and_make_no_meeting(client, conseil, room, answers, sentence):
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))

    page = follow(client, last, **answers)

    assert sentence in " ".join(told for e in page.context["form"].errors.values() for told in e)
    assert Reunion.objects.count() == 1


def test_items_and_rooms_of_another_council_are_not_taken(client, conseil, room):
    foreign = PointFactory()
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))
    before = Reunion.objects.count()

    for answers in ({"points": [foreign.pk]}, {"salle": foreign.reunion.salle_id}):
        assert follow(client, last, **answers).status_code == 200
    assert (
        client.get(reverse("admin:conseils_reunion_follow", args=[foreign.reunion_id])).status_code
        == 404
    )
    assert Reunion.objects.count() == before


@pytest.mark.parametrize("kind", ["en_ligne", "ailleurs"])
def test_a_meeting_elsewhere_is_followed_by_one_elsewhere(client, conseil, kind):
    place = {"mode": "en_ligne", "lien_visio": "https://visio.example/"}
    if kind == "ailleurs":
        place = {"portee": "hors_les_murs", "adresse_libre": "École", "quartier": conseil.quartier}
    here = {"salle": None, "maison": None, "debut": at("2026-01-13")}
    last = ReunionFactory(conseil=conseil, **here, **place)

    sent = {name: place[name] for name in ("mode", "lien_visio", "adresse_libre") if name in place}
    follow(client, last, salle="", **sent)

    made = Reunion.objects.latest("pk")
    assert made.pk != last.pk
    assert (made.adresse_libre, made.mode) == (last.adresse_libre, last.mode)


def test_it_may_be_made_from_a_meeting_cancelled(client, conseil, room):
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"), publie=True)
    planning.cancel(last, Creneau.Motif.ORGANISATION, by=None)

    follow(client, last, faire="1")

    assert Reunion.objects.latest("pk").annule_le is None


def test_the_next_meeting_is_begun_from_home_list_council_and_meeting(client, conseil, room):
    ReunionFactory(conseil=conseil, salle=room, debut=at("2025-12-09"))
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))
    pages = {
        "home": reverse("admin:index"),
        "list": reverse("admin:conseils_reunion_changelist"),
        "council": reverse("admin:conseils_conseil_change", args=[conseil.pk]),
        "meeting": reverse("admin:conseils_reunion_change", args=[last.pk]),
    }
    address = reverse("admin:conseils_reunion_follow", args=[last.pk])

    led = {
        name: f'href="{address}"' in client.get(path).content.decode()
        for name, path in pages.items()
    }

    assert led == dict.fromkeys(pages, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_constant_queries(client, conseil, room, django_assert_num_queries, count):
    last = ReunionFactory(conseil=conseil, salle=room, debut=at("2026-01-13"))
    PointFactory.create_batch(count, reunion=last)
    SalleFactory.create_batch(count, maison=room.maison)
    ReunionFactory()

    with django_assert_num_queries(24):
        page = follow(client, last)

    assert len(page.context["form"].free) == count + 1


def test_a_city_administrator_prepares_for_any_council(client, room):
    last = ReunionFactory(salle=room, conseil=ConseilFactory(quartier=room.maison.quartier))
    client.force_login(CompteFactory(is_superuser=True))

    follow(client, last, faire="1")

    assert Reunion.objects.count() == 2
    assert not Point.objects.exists()
