"""
Every page about an association × who asks × own, foreign, missing and draft rows, GET and POST.

What is another's is as what is not, and no word of theirs is read, whatever is asked or sent
(issue 8). All of it with COMPLET=1, else a draw. A new model must have rows in `Scene`, and the
first part of the name of a new page in `/gestion/` must be that of its rows.
"""

import pytest

from notifications.models import Message
from notifications.tasks import drain
from tests.associations.matrice import (
    LISTS,
    MEMBERS,
    NEAR,
    OUTSIDERS,
    addresses,
    asked_for_more,
    is_for,
    keys_of_others,
    of_one_pass,
    person,
    roads,
    sign_in,
    theirs,
    visits,
)
from tests.associations.scene import MODELS, Scene, path_to
from tests.connexion import SigningClient
from tests.factories import VilleFactory
from tests.portail.saisies import Reader, drawn, pairs
from tests.portail.test_acces import answer
from tests.portail.voisines import contents

pytestmark = pytest.mark.django_db
SOME = 15
# What is written by itself and shown nowhere in `/gestion/`.
UNSHOWN = {
    (kind, name) for kind in ("attestation", "imageactivite") for name in ("titre", "resume")
}
UNSHOWN |= {("seance", "mention"), ("seance", "resume")}
CLOSED = {403, 404, 405}


@pytest.fixture
def scene():
    VilleFactory()
    return Scene()


def test_each_model_has_rows_here_and_each_says_whose_it_is(scene):
    rows = {model: scene.rows["b"][model._meta.model_name] for model in MODELS}
    lost = {model.__name__ for model in MODELS if not path_to(model) and not rows[model]}
    assert lost == {"Charte"}
    assert {model.__name__ for model, found in rows.items() if not found} == {"Charte"}


def foreign(scene, role):
    """[(address, that of nothing)] of all that is closed to them: to members, what is of others."""
    owners = "bc" if role in MEMBERS else "abc"
    found = [pair for owner in owners for pair in addresses(scene, owner, closed=True)]
    nowhere = dict(addresses(scene))
    near = {(path, nowhere[name]) for name, path in found if name.startswith(NEAR)}
    return sorted((path, nothing) for path, nothing in near if path != nothing)


def browsers(scene, roles):
    """{role: a browser of somebody who has it}."""
    found = {role: SigningClient() for role in roles}
    for role, client in found.items():
        client.raise_request_exception = False
        sign_in(client, role, scene)
    return found


@pytest.mark.parametrize("roles", [OUTSIDERS, MEMBERS], ids=["outsiders", "members"])
def test_what_is_anothers_is_as_what_is_not(scene, roles):
    found = browsers(scene, roles)
    before, wrong = contents(), {}

    for role, client in found.items():
        asked = foreign(scene, role)
        if role == "personne":
            asked = [pair for pair in asked if not is_of(scene.own["dossier"], pair[0])]
        for method in ("get", "post"):
            for path, nowhere in drawn(asked, SOME):
                got, missing = (answer(client, method, one) for one in (path, nowhere))
                closed = CLOSED | {302} if role == "visiteur" else CLOSED
                if got != missing or got[0] not in closed:
                    wrong[role, method, path] = got[0], missing[0]

    assert wrong == {}
    assert contents() == before


def is_of(keys, path):
    return path.startswith(tuple(f"/inscriptions/{key}/" for key in keys))


def paths(scene, owners="abc"):
    """(all about an association, some of the other pages)."""
    every = {pair for owner in owners for pair in addresses(scene, owner)}
    near = sorted({path for name, path in every if name.startswith(NEAR)})
    return near, sorted({path for _, path in every} - {*near})


@pytest.mark.parametrize("roles", [OUTSIDERS, MEMBERS], ids=["outsiders", "members"])
def test_no_page_says_a_word_that_is_not_for_who_asks(scene, roles):
    near, far = paths(scene)
    more = [*asked_for_more(scene)]
    told = {}

    for role, client in browsers(scene, roles).items():
        some = [*drawn(near, SOME), *drawn(far, 10), *drawn(more, 10)]
        wrong, _known = visits(client, role, scene, some)
        told |= {(role, path): words for path, words in wrong.items()}

    assert told == {}


@pytest.mark.parametrize("role", ["responsable", "ville"])
def test_who_leads_it_opens_its_pages_and_reads_its_words(client, scene, role):
    """Without which the tests above would prove nothing."""
    sign_in(client, role, scene)
    near, _ = paths(scene, "a")

    wrong, known = visits(client, role, scene, near)

    assert wrong == {}
    fields = {(told.kind, told.field) for told in scene.told.values() if told.owner == "a"}
    assert fields - {(told.kind, told.field) for told in known} <= UNSHOWN


def test_no_form_takes_the_key_of_what_is_anothers(scene):
    """Each form of one's own pages, right but for keys of others, in its fields or beside them."""
    reader = Reader(SigningClient(), person("responsable", scene))
    near, _ = paths(scene, "a")
    forms = {(f.path, *sorted(f.names)): f for path in near for f in reader.forms(path)}
    forms = [form for form in forms.values() if form.method == "post" and "/gestion/" in form.path]
    keys, before, last = keys_of_others(scene), theirs(scene), Message.objects.latest("pk").pk

    wrong, written = {}, 0
    for form, inside in drawn([(form, inside) for form in forms for inside in (0, 1)], SOME):
        typed = {name: key for name, key in keys.items() if (name in form.names) == bool(inside)}
        for button in form.buttons or [None]:
            with reader.sent(form, pairs(form, button, typed)) as got:
                letters = Message.objects.filter(pk__gt=last).values_list("objet", "texte", "html")
                told = scene.read_in(f"{got.page} {[*letters]}").values()
                foreign = [one for one in told if not is_for("responsable", scene, form.path, one)]
                written += got.touched
                if foreign or got.status >= 500 or theirs(scene) != before:
                    wrong[form.path, inside, button] = got.status, foreign

    assert wrong == {}
    assert written


def test_no_list_answers_a_question_about_what_it_does_not_show(client, scene):
    sign_in(client, "responsable", scene)

    asked = [
        f"/gestion/associations/{model._meta.model_name}/?{road}=zq"
        for model in MODELS
        if model._meta.model_name in LISTS
        for road in sorted({*roads(model)})
    ]
    answered = {path: client.get(path).status_code for path in drawn(asked, SOME)}

    assert {path for path, status in answered.items() if status not in (400, 403)} == set()


def test_a_message_is_of_one_person_and_reaches_nobody_else(scene, mailoutbox):
    """What waits, and what leaves: no word of a draft, of a neighbour or of another association."""
    drain()

    rows = [" ".join(map(str, row)) for row in Message.objects.values_list()]
    letters = [f"{mail.to} {mail.message().as_string()} {mail.body}" for mail in mailoutbox]
    told = [[*scene.read_in(text).values()] for text in rows + letters]

    assert [one for one in told if not of_one_pass(scene, one)] == []
    assert {one.owner for some in told for one in some} == {*"abc"}
    assert mailoutbox


def test_nobody_manages_a_row_of_another(scene):
    """Those that no role has a verb on as well, whose pages answer 403 whatever their rows."""
    found = {}
    for role in [*MEMBERS, "membre fini", "direction", "habitant"]:
        compte = person(role, scene)
        compte.at_work = scene.of["a"].pk if role == "une au travail" else None
        others = [scene.of[owner].pk for owner in ("bc" if role in MEMBERS else "abc")]
        for model in MODELS:
            if hasattr(model.objects.all(), "managed_by"):
                rows, path = model.objects.managed_by(compte), path_to(model)
                rows = rows.filter(**{f"{path}__in": others}) if path else rows
                found |= {(role, model.__name__): [*rows]} if rows else {}

    assert found == {}
