"""
Who comes and why reaches nobody but who receives them (G13, G18): every route × who asks, what is
written to others, logged, queued and cached, for a word of its own in each personal field.
"""

import logging
import sys
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter

from notifications.models import Message
from notifications.tasks import drain
from permanences.models import Lecture, RendezVous
from portail.journal import DiscreetFormatter
from tests.factories import VilleFactory
from tests.permanences.canaris import Scene, addresses, found, keys_of, person, visits
from tests.portail.canaris import said, squeezed
from tests.portail.saisies import drawn
from tests.portail.test_acces import ANSWERS

pytestmark = pytest.mark.django_db
OUTSIDERS = [
    *["visiteur", "habitant", "intervenant voisin", "intervenant fini", "accueil fini"],
    *["accueil d’ailleurs", "direction d’ailleurs", "secretaire", "ville"],
]
TODAY = {"compte", "courriel"}
ALL = {*TODAY, "telephone", "hier"}


@pytest.fixture(scope="module")
def scene(standing):
    return standing(lambda: VilleFactory() and Scene())


def sign_in(client, role, scene):
    if compte := person(role, scene):
        client.force_login(compte)


def is_account_list(path):
    """Whose account it is, city administrators know; not that they come."""
    return path.startswith("/gestion/comptes/compte/")


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_page_tells_an_outsider_who_comes_nor_why(client, scene, role):
    sign_in(client, role, scene)

    told = {
        path: (people, reasons)
        for path, _, people, reasons, _ in visits(client, scene)
        if (people or reasons) and not is_account_list(path)
    }

    assert told == {}
    assert not Lecture.objects.exists()


@pytest.mark.parametrize("role", ["accueil", "direction"])
def test_the_desk_reads_who_comes_today_and_never_why(client, scene, role):
    sign_in(client, role, scene)

    seen = set()

    for path, _, people, reasons, read in visits(client, scene):
        assert path.startswith("/gestion/") or not people, path
        assert reasons == set(), path
        assert sorted(read) == sorted(keys_of(scene, people)), path
        seen |= people

    assert seen == TODAY


def test_who_holds_it_reads_who_comes_and_why_and_each_reading_is_noted(client, scene):
    sign_in(client, "intervenant", scene)
    explained, seen = set(), set()

    for path, _, people, reasons, read in visits(client, scene):
        assert path.startswith("/gestion/") or not people | reasons, path
        assert reasons <= people, path
        assert sorted(read) == sorted(keys_of(scene, people)), path
        seen |= people
        explained |= reasons

    assert seen == explained == ALL


def test_the_team_of_an_elu_reads_what_is_asked_and_nothing_else(client, scene):
    sign_in(client, "équipe de l’élu", scene)
    seen = []

    for path, _, people, reasons, _ in visits(client, scene):
        assert path.startswith("/gestion/permanences/questions/") or not people, path
        assert reasons == set(), path
        seen += people
        assert Lecture.objects.exclude(question=None).count() == len(seen), path

    assert set(seen) == {"question"}
    assert Lecture.objects.filter(rendez_vous=None).count() == Lecture.objects.count()


def test_somebody_reads_their_own_and_nobody_else_s(client, scene):
    sign_in(client, "personne", scene)

    seen = [people | reasons for _, _, people, reasons, _ in visits(client, scene)]

    assert set().union(*seen) == {"compte"}
    assert not Lecture.objects.exists()


def forged(scene):
    """Addresses of staff and of appointments, to post to."""
    starts = ("/gestion/permanences", "/gestion/notifications", "/permanences/", "/rendez-vous/")
    return [path for path in sorted({*addresses(scene)}) if path.startswith(starts)]


def state():
    rows = Message.objects.filter(confidentiel=True)
    return [list(some.order_by("pk").values()) for some in (RendezVous.objects, rows)]


@pytest.mark.parametrize("role", OUTSIDERS[1:])
def test_nothing_that_is_posted_tells_or_changes_anything(client, scene, role):
    sign_in(client, role, scene)
    client.raise_request_exception = False
    before = state()

    told = {path: found(scene, said(client.post(path, ANSWERS))) for path in forged(scene)}

    assert {path: found for path, found in told.items() if any(found)} == {}
    assert state() == before


@pytest.mark.parametrize(
    ("role", "known"),
    [("intervenant", ALL), ("accueil", TODAY), ("intervenant voisin", set()), ("ville", set())],
)
def test_people_are_searched_for_among_those_one_may_read(client, scene, role, known):
    sign_in(client, role, scene)
    page = f"/gestion/permanences/rendez-vous/?permanence={scene.permanence.pk}"

    response = client.post(page, {"nom": "zqnom", "etape": "chercher"})

    people, reasons = found(scene, said(response))
    assert people <= known
    assert reasons == set()
    read = Lecture.objects.values_list("rendez_vous", flat=True)
    assert sorted(read) == sorted(keys_of(scene, people))
    assert response.status_code == (404 if role == "ville" else 200)


# Fault 1: what a list could be asked about the people behind its rows.
PATHS = [
    *["nom", "courriel", "telephone", "compte__nom", "compte__courriel", "motif__libelle"],
    *["saisi_par__courriel", "empreinte", "graine", "jeton", "lectures__lecteur"],
]
ROADS = ["", "rendez_vous__", "vacations__rendez_vous__", "permanences__vacations__rendez_vous__"]
ROADS += ["creneau__vacation__rendez_vous__", "vacation__rendez_vous__"]


@pytest.mark.parametrize("role", ["accueil", "intervenant voisin", "ville"])
def test_no_list_of_staff_answers_a_question_about_who_comes(client, scene, role):
    sign_in(client, role, scene)
    roads = [f"{road}{field}__startswith=z" for road in ROADS for field in PATHS]
    shown = [path for path in addresses(scene) if "cl" in (client.get(path).context or {})]

    queries = [f"{path}?{asked}" for path in shown for asked in drawn(roads, 4)]
    answered = {query: client.get(query).status_code for query in queries}

    assert answered
    assert {query for query, status in answered.items() if status != 400} == set()


def test_no_public_list_answers_a_question_about_who_comes(client, scene):
    paths = ["/permanences/", "/agenda/", f"/maisons/{scene.house.slug}/", "/recherche/"]
    paths = [path for path in paths if client.get(path).status_code == 200]

    for path in paths:
        unknown = len(client.get(f"{path}?inconnu__startswith=zqnom").content)
        for road in ROADS:
            query = f"{path}?{road}nom__startswith=zqnom"
            assert abs(len(client.get(query).content) - unknown) < 2 * len(query), query


@pytest.mark.parametrize("secret", ["zqnomcourrielqz", "zqmailcompteqz", "0612345733", "zqnom"])
def test_the_messages_of_the_city_are_not_searched_for_who_comes(client, scene, secret):
    sign_in(client, "ville", scene)
    page = reverse("admin:notifications_message_changelist")

    response = client.get(page, {"q": secret})

    assert list(response.context["cl"].result_list) == []
    for order in ("2", "-2", "1", "5"):
        assert found(scene, said(client.get(page, {"o": order}))) == (set(), set())


def test_a_letter_says_to_nobody_but_its_person_who_comes(scene, mailoutbox):
    Message.objects.update(expire_le=timezone.now() + timedelta(hours=1))  # one is of yesterday
    drain()

    rows = scene.appointments | {"question": scene.question}
    own = {row.reached_at[0]: name for name, row in rows.items()}
    told = 0
    for mail in mailoutbox:
        people, reasons = found(scene, mail.message().as_string() + mail.body)
        assert people <= {own.get(mail.to[0])}, mail.to
        assert reasons == set()
        told += bool(people)
    assert told >= 3


def test_what_is_kept_of_a_message_is_its_person_s_alone(scene):
    neighbour = scene.rows["questionelu"].courriel  # whose words are no canary
    for message in Message.objects.filter(confidentiel=True).exclude(destinataire=neighbour):
        text = f"{message.objet} {message.texte} {message.html} {message.sms} {message.pieces}"
        people, reasons = found(scene, f"{message.nom} {message.destinataire} {text}")
        assert len(people) == 1
        assert reasons == set()


def test_every_message_about_an_appointment_is_confidential(scene):
    dates = RendezVous.objects.values("vacation")

    assert Message.objects.filter(creneau__in=dates).exists()
    assert not Message.objects.filter(creneau__in=dates, confidentiel=False).exists()


def test_neither_queue_nor_cache_holds_who_comes(client, scene, django_capture_on_commit_callbacks):
    """All that Valkey holds: what workers are told, what is kept of pages, and under which keys."""
    with django_capture_on_commit_callbacks(execute=True):
        scene.tell_again()
    for role in ("visiteur", "accueil", "intervenant"):
        sign_in(client, role, scene)
        for path in ("/", "/agenda/", "/permanences/", "/gestion/", "/gestion/permanences/jour/"):
            client.get(path)
    store = redis.Redis.from_url(settings.REDIS_URL)

    kept = [*store.scan_iter("*")]
    kept += [store.dump(key) or b"" for key in kept]
    kept += [part for key in store.scan_iter("tests.*") for part in listed(store, key)]

    told = " ".join(one.decode(errors="replace") for one in kept)
    assert "notifications.tasks.drain" in told
    assert found(scene, told) == (set(), set())


def listed(store, key):
    return store.lrange(key, 0, -1) if store.type(key) == b"list" else []


def test_no_log_names_who_comes(client, scene, caplog):
    caplog.set_level(logging.DEBUG)
    row = scene.appointments["courriel"]
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        RendezVous.objects.filter(pk=row.pk).update(annule_le=row.debut)
    logging.getLogger("django.request").error("Failed", exc_info=refused.value)
    for role in ("intervenant", "accueil"):
        sign_in(client, role, scene)
        for path in addresses(scene):
            if path.startswith("/gestion/permanences"):
                client.get(path)
    drain()

    lines = [DiscreetFormatter("%(message)s").format(record) for record in caplog.records]
    assert any("rendezvous_annule" in line for line in lines)
    assert found(scene, " ".join(lines)) == (set(), set())
    assert squeezed(row.nom) not in " ".join(map(str, scene.appointments.values()))


def test_a_report_of_a_failure_hides_what_was_typed_and_what_variables_held(rf, scene):
    row = scene.appointments["courriel"]
    request = rf.post("/permanences/", {"nom": row.nom, "contact": row.courriel})
    nom, courriel = row.nom, row.courriel
    try:
        raise RuntimeError(f"a failure of {len(nom + courriel)} signs")
    except RuntimeError:
        reporter = ExceptionReporter(request, *sys.exc_info())

    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert "a failure of" in report
        assert found(scene, report) == (set(), set())
