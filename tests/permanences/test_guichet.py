"""Taking an appointment for somebody, at the desk or by phone (parcours A1 to A4, A8, R10, R14)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from maisons.models import Salle
from notifications.models import Message
from permanences import rendez_vous
from permanences.models import Lecture, RendezVous
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    MotifFactory,
    PermanenceFactory,
    RendezVousFactory,
    ReservationFactory,
    VacationFactory,
)
from tests.permanences.conftest import TODAY, at

pytestmark = pytest.mark.django_db
PAGE = "/gestion/permanences/rendez-vous/"
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def coming(vacation):
    """Tomorrow's date of the permanence, public, with a list of reasons."""
    permanence = vacation.permanence
    permanence.publie_le = permanence.service.publie_le = at(8)
    permanence.save()
    permanence.service.save()
    MotifFactory(service=permanence.service, libelle="Un litige de loyer")
    type(vacation).objects.filter(pk=vacation.pk).update(publie_le=at(8))
    return VacationFactory(permanence=permanence, debut=at(10, on=TOMORROW))


def url(vacation):
    return f"{PAGE}?permanence={vacation.permanence_id}"


def answers(vacation, **changes):
    wanted = {"nom": "Linh O'Neill-Nguyễn", "contact": "", "jeton": uuid4(), "etape": "prendre"}
    wanted["moment"] = f"{vacation.pk} {vacation.debut.timestamp():.0f}"
    wanted["motif"] = vacation.permanence.service.motifs.get().pk
    return {name: str(value) for name, value in (wanted | changes).items()}


def take(client, user, vacation, **changes):
    client.force_login(user)
    return client.post(url(vacation), answers(vacation, **changes))


def read(response):
    return response.content.decode()


@pytest.mark.parametrize("who", ["holder", "desk"])
def test_it_is_taken_in_the_name_of_the_agent(client, request, coming, who):
    agent = request.getfixturevalue(who)

    response = take(client, agent, coming, contact="06 12 34 56 78")

    row = RendezVous.objects.get()
    assert response.url == f"{PAGE}{row.pk}/pris/"
    assert (row.etat, row.saisi_par, row.vacation) == ("pris", agent, coming)
    assert (row.nom, row.reached_at) == ("Linh O'Neill-Nguyễn", ("", "06 12 34 56 78"))
    assert (row.debut, str(row.motif)) == (at(10, on=TOMORROW), "Un litige de loyer")


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("linh@exemple.fr", ["attente"]),
        ("06 12 34 56 78", ["attente"]),
        ("04 65 71 44 12", ["a_appeler"]),
        ("", []),
    ],
)
def test_who_reads_messages_is_written_to_and_who_has_a_landline_called(
    client, desk, coming, settings, contact, told
):
    settings.SMS_URL = "https://sms.exemple.fr/"

    take(client, desk, coming, contact=contact)

    assert [message.etat for message in Message.objects.all()] == told


@pytest.mark.parametrize(
    ("provider", "contact", "said"),
    [
        ("console:", "04 65 71 44 12", "Ce numéro ne reçoit pas de SMS."),
        ("", "04 65 71 44 12", "Aucun SMS ne part d’ici."),
        ("", "06 12 34 56 78", "Aucun SMS ne part d’ici."),
        ("console:", "06 12 34 56 78", "Un message part à 06 12 34 56 78."),
    ],
)
def test_the_page_says_why_nothing_leaves(client, desk, coming, settings, provider, contact, said):
    settings.SMS_URL = provider

    page = read(client.get(take(client, desk, coming, contact=contact).url))

    assert said in page
    assert ("À appeler" in page) == ("SMS" in said)


def test_without_contact_the_card_comes_first(client, desk, coming):
    page = read(client.get(take(client, desk, coming).url))

    assert "Personne ne sera prévenu : remettez la carte." in page
    buttons = page[page.index('<div class="boutons">') :]
    assert buttons.index("Imprimer la carte") < buttons.index("Prendre un autre rendez-vous")


def test_it_is_read_aloud_with_what_to_bring_and_the_code_spelled(client, desk, coming):
    service = coming.permanence.service
    service.a_apporter = "La lettre\nUne pièce d’identité"
    service.save()

    response = client.get(take(client, desk, coming).url)

    told = " ".join(response.context["told"])
    row = RendezVous.objects.get()
    assert "demain, vendredi 16 janvier, à 10\u00a0h." in told
    assert "Apportez : La lettre, Une pièce d’identité." in told
    assert all(sign in told for sign in row.code.replace("-", ""))


def test_the_card_names_neither_theme_nor_reason(client, desk, coming):
    take(client, desk, coming)
    row = RendezVous.objects.get()

    page = read(client.get(f"{PAGE}{row.pk}/carte/"))

    service = coming.permanence.service
    assert row.code in page
    assert not any(word in page for word in (str(service), service.chapeau, "litige", row.nom))


def test_a_form_sent_twice_is_one_appointment(client, desk, coming):
    jeton = uuid4()

    first, second = (take(client, desk, coming, jeton=jeton) for _ in range(2))

    assert first.url == second.url
    assert RendezVous.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("nom", ""),
        ("contact", "linh@"),
        ("moment", ""),
        ("moment", "1 1"),
        ("moment", "x"),
        ("motif", ""),
        ("motif", "999999"),
        ("jeton", "x"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(client, desk, coming, field, typed):
    response = take(client, desk, coming, **{field: typed})

    assert field in response.context["form"].errors
    assert "O&#x27;Neill-Nguyễn" in read(response) or field == "nom"
    assert not RendezVous.objects.exists()


def test_a_place_that_was_just_taken_is_told_beside_the_moment(client, desk, coming):
    for _ in range(2):
        RendezVousFactory(vacation=coming)

    response = take(client, desk, coming)

    assert "n’est plus libre" in response.context["form"].errors["moment"][0]
    assert RendezVous.objects.count() == 2


def test_nothing_that_the_form_does_not_ask_is_written(client, desk, coming):
    other = CompteFactory()
    forged = {"etat": "honore", "compte": other.pk, "guichet": 2, "saisi_par": other.pk}
    forged |= {"vacation": 1, "debut": at(23), "courriel": "a@b.fr", "plus_tot": "on"}

    client.force_login(desk)
    client.post(url(coming), answers(coming) | forged)

    row = RendezVous.objects.get()
    assert (row.etat, row.compte, row.guichet, row.saisi_par) == ("pris", None, 1, desk)
    assert (row.debut, row.courriel, row.plus_tot) == (coming.debut, "", False)


def test_the_rules_of_the_public_hold_the_desk_back_nowhere_but_elsewhere(client, desk, coming):
    elsewhere = PermanenceFactory(publie=True)
    today = VacationFactory(permanence=elsewhere, debut=at(11))
    client.force_login(desk)

    here, there = (client.get(url(date)) for date in (coming, today))

    starts = [str(label) for _, label in here.context["form"].fields["moment"].choices]
    assert "jeudi 15 janvier, 10\u00a0h\u00a030" in starts  # in twenty minutes
    told = [label for _, label in there.context["form"].fields["moment"].choices]
    assert told[1] == "jeudi 15 janvier, 12\u00a0h\u00a030"  # not at eleven: two hours before


def test_who_helps_somebody_takes_an_appointment_with_a_partner(client, holder, vacation):
    partner = PermanenceFactory(publie=True)
    MotifFactory(service=partner.service)

    take(client, holder, VacationFactory(permanence=partner, debut=at(10, on=TOMORROW)))

    row = RendezVous.objects.get()
    assert (row.vacation.permanence, row.saisi_par) == (partner, holder)
    assert not RendezVous.objects.managed_by(holder).exists()


@pytest.mark.parametrize("state", ["draft", "drop-in", "missing"])
def test_nothing_is_taken_where_nothing_may_be(client, desk, coming, state):
    permanence = {
        "draft": PermanenceFactory(maison=coming.maison),
        "drop-in": PermanenceFactory(maison=coming.maison, mode="sans_rdv", publie=True),
        "missing": None,
    }[state]
    client.force_login(desk)

    for asked in (permanence.pk if permanence else 987654, "x"):
        assert client.get(f"{PAGE}?permanence={asked}").status_code == 404


def test_to_all_others_the_page_is_nowhere(client, coming):
    for user in (CompteFactory(), CompteFactory(is_superuser=True)):
        client.force_login(user)
        assert client.get(PAGE).status_code == 404
        assert client.post(url(coming), answers(coming)).status_code == 404
    assert not RendezVous.objects.exists()


@pytest.mark.parametrize("page", ["pris", "carte"])
def test_what_somebody_else_took_is_nowhere(client, holder, desk, coming, page, time_machine):
    take(client, desk, coming)
    path = f"{PAGE}{RendezVous.objects.get().pk}/{page}/"
    others = [holder, AffectationFactory(maison=coming.maison).compte]
    others += [AffectationFactory().compte, CompteFactory(is_superuser=True)]

    for user in others:
        client.force_login(user)
        assert client.get(path).status_code == 404
    assert not Lecture.objects.exists()
    client.force_login(desk)
    assert client.get(path).status_code == 200
    time_machine.move_to(at(9, on=TOMORROW))
    client.force_login(desk)

    assert client.get(path).status_code == 404
    assert Lecture.objects.count() == 1


def test_an_interrupted_request_is_put_aside_without_why_one_comes(client, desk, coming):
    jeton = uuid4()
    aside = take(client, desk, coming, contact="06 12 34 56 78", jeton=jeton, etape="cote")

    assert "Reprendre la demande de Linh" in read(client.get(aside.url))
    assert not RendezVous.objects.exists()
    assert set(client.session["permanences"][str(jeton)]["answers"]) == {"nom", "contact", "jeton"}
    form = client.get(f"{aside.url}&reprendre={jeton}").context["form"]
    assert form["contact"].value() == "06 12 34 56 78"
    take(client, desk, coming, jeton=jeton)
    assert "Reprendre" not in read(client.get(aside.url))


# Whom one knows already.


def search(client, user, vacation, typed, field="nom"):
    client.force_login(user)
    asked = {"nom": "", field: typed, "etape": "chercher"}
    return client.post(url(vacation), answers(vacation, **asked))


@pytest.mark.parametrize("typed", ["ngu", "oneill", "NGUYỄN", "0612345678"])
def test_three_letters_or_a_number_find_somebody(client, holder, coming, typed):
    known = RendezVousFactory(
        vacation=coming, nom="Linh O'Neill-Nguyễn", courriel="", telephone="0612345678"
    )
    RendezVousFactory(vacation=coming, nom="Léo d’Ailleurs")

    page = read(search(client, holder, coming, typed))

    assert "06 12 34 56 78" in page
    assert "Léo d’Ailleurs" not in page
    assert list(Lecture.objects.values_list("rendez_vous", flat=True)) == [known.pk]


def test_the_desk_finds_who_booked_a_room_and_who_comes_today_alone(client, desk, vacation, coming):
    salle = Salle.objects.get(pk=coming.salle_id)
    ReservationFactory(
        salle=salle,
        demandeur=None,
        nom="Aïcha Benhamou",
        courriel="aicha@exemple.fr",
        debut=at(18, on=TOMORROW),
        fin=at(19, on=TOMORROW),
    )
    today = RendezVousFactory(vacation=vacation, debut=at(11), nom="Benoît")
    RendezVousFactory(vacation=coming, nom="Benjamin")

    page = read(search(client, desk, coming, "ben"))

    assert "Aïcha Benhamou" in page
    assert "Benoît" in page
    assert "Benjamin" not in page
    assert list(Lecture.objects.values_list("rendez_vous", flat=True)) == [today.pk]


def test_a_likely_double_is_shown_before_anything_is_written(client, holder, coming):
    known = RendezVousFactory(
        vacation=coming, nom="Linh O'Neill-Nguyen", courriel="linh@exemple.fr"
    )

    shown = take(client, holder, coming, contact="06 12 34 56 78")
    assert "est-ce la même personne" in read(shown)
    assert RendezVous.objects.count() == 1

    take(client, holder, coming, contact="06 12 34 56 78", etape=f"meme:p{known.pk}")
    taken = RendezVous.objects.latest("pk")
    assert (taken.nom, taken.courriel) == ("Linh O'Neill-Nguyen", "linh@exemple.fr")


def test_somebody_else_of_that_name_is_somebody_else(client, holder, coming):
    RendezVousFactory(vacation=coming, nom="Linh O'Neill-Nguyen", courriel="linh@exemple.fr")

    take(client, holder, coming, contact="06 12 34 56 78", etape="autre")

    assert RendezVous.objects.latest("pk").courriel == ""


def test_the_people_of_others_are_known_to_nobody_else(client, desk, coming):
    foreign = RendezVousFactory(nom="Linh O'Neill-Nguyen", courriel="linh@exemple.fr")

    assert "linh@exemple.fr" not in read(search(client, desk, coming, "neill"))
    take(client, desk, coming, etape=f"meme:p{foreign.pk}")

    assert RendezVous.objects.latest("pk").courriel == ""
    assert not Lecture.objects.exists()


# What it costs.


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("one", "statements"), [(True, 14), (False, 12)], ids=["one", "choice"])
def test_each_screen_costs_constant_statements(
    client, django_assert_num_queries, desk, coming, count, one, statements
):
    for rank in range(count):
        RendezVousFactory(vacation=coming, debut=coming.slots()[rank][0])
        PermanenceFactory(publie=True, maison=coming.maison)
        PermanenceFactory(publie=True)
    client.force_login(desk)

    with django_assert_num_queries(statements):
        response = client.get(url(coming) if one else PAGE)

    assert response.status_code == 200


def test_the_week_shows_how_many_come_and_nobody(client, holder, vacation, coming):
    RendezVousFactory(vacation=coming, nom="Camille")
    gone = RendezVousFactory(vacation=coming, nom="Fatou")
    rendez_vous.cancel(gone)
    client.force_login(holder)

    page = read(client.get(reverse("admin:permanences_semaine")))

    assert "1 rendez-vous sur 8" in page
    assert "Camille" not in page
    assert not Lecture.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_week_costs_constant_statements(
    client, django_assert_num_queries, holder, coming, count
):
    days = range(2, 2 + count)
    for rank in days:
        VacationFactory(permanence=coming.permanence, debut=at(10, on=TODAY + timedelta(rank)))
    client.force_login(holder)

    with django_assert_num_queries(9):
        response = client.get(reverse("admin:permanences_semaine"))

    assert response.status_code == 200
