"""What no page sends: rows counted by hand, keys of another house, columns that no form asks."""

import pytest

from comptes.gestion import MOST_NEW_ROWS
from comptes.models import Compte
from conseils.models import Conseil, Piece, Point, Reunion
from maisons.models import Evenement, Fermeture, Maison, Reservation, Salle, Serie
from permanences.models import Pause, Permanence, RendezVous, Vacation
from tests.factories import VilleFactory
from tests.portail.formulaires import read
from tests.portail.saisies import drawn, pairs
from tests.portail.visites import all_forms, busy_house
from tests.portail.voisines import contents

pytestmark = pytest.mark.django_db

SENT = 25  # bodies for a role; COMPLET=1 sends them all
COUNTS = ["100000", "9" * 20, "-1", "x", "", "1e9"]
KEYS = {"maison": Maison, "salle": Salle, "serie": Serie, "evenement": Evenement}
KEYS |= {"permanence": Permanence, "vacation": Vacation}
FORGED = {
    **{"etat": "confirmee", "nature": "evenement", "slug": "pris", "code": "AAAA-BBBB-CCCC"},
    **{"is_superuser": "on", "is_staff": "on", "role": "direction", "reference": "pris"},
    **dict.fromkeys(["annule_le", "publie_le", "decide_le", "expire_le"], "2020-01-01T00:00"),
}
MODELS = [Compte, Evenement, Fermeture, Maison, Reservation, Salle, Serie]
MODELS += [Conseil, Piece, Point, Reunion, Pause, Permanence, RendezVous, Vacation]


def posted(role, rows):
    reader, forms = all_forms(role, rows)
    return reader, [form for form in forms if form.method == "post"]


@pytest.mark.parametrize("role", ["accueil", "secretaire", "ville"])
def test_rows_counted_by_hand_are_told_and_none_is_written(role):
    VilleFactory()
    reader, forms = posted(role, busy_house())
    before, wrong = contents(), {}

    counted = [(form, name) for form in forms for name in form.names if name.endswith("_FORMS")]
    raised = [(form, name, count) for form, name in counted for count in COUNTS]
    for form, name, count in drawn(raised, SENT):
        with reader.sent(form, pairs(form, None, {name: count})) as answer:
            grown = len(read_rows(answer, form, name)) > MOST_NEW_ROWS + 20
            same = answer.status == 302 or not answer.touched or contents() == before
            if answer.error or grown or not same:
                wrong[f"{form.path} {name}={count}"] = answer.error or answer.status

    assert len(counted) >= 4
    assert wrong == {}


def read_rows(answer, form, name):
    """The rows that a page shows again of what was counted."""
    prefix = name.rpartition("-")[0]
    shown = {n for found in read(answer.page, form.path) for n in found.questions}
    return {n.split("-")[1] for n in shown if n.startswith(f"{prefix}-") and n.count("-") == 2}


def test_too_many_rows_are_told_in_a_sentence():
    VilleFactory()
    reader, forms = posted("accueil", busy_house())
    [form] = [f for f in forms if f.path.endswith("/evenement/add/")]

    with reader.sent(form, pairs(form, None, {"occurrences-TOTAL_FORMS": "100000"})) as answer:
        assert f"Ajoutez {MOST_NEW_ROWS} lignes au plus à la fois." in answer.page
    with reader.sent(form, pairs(form, None, {"occurrences-TOTAL_FORMS": "x"})) as answer:
        assert "Cette page est incomplète : rechargez-la." in answer.page


def touched(foreign, before):
    """What became of the rows of another house, and which new rows are of it."""
    after = contents()
    for table, rows in foreign.items():
        for row in rows:
            if row not in after[table]:
                yield f"changed in {table}: {row}"
    for model in MODELS:
        theirs = {row[model._meta.pk.attname] for row in foreign[model._meta.db_table]}
        for other in MODELS:
            for field in other._meta.concrete_fields:
                if field.related_model is not model:
                    continue
                rows = after[other._meta.db_table]
                new = [row for row in rows if row not in before[other._meta.db_table]]
                if any(row.get(field.attname) in theirs for row in new):
                    yield f"{other.__name__}.{field.name} is of another house"


def forged_bodies(form, theirs):
    """[(what, answers)]: all that no form asks at once, then each key of theirs in each field."""
    keys = {f"{name}{end}": f"{theirs[name].pk}" for name in KEYS for end in ("", "_id")}
    people = [
        "demandeur",
        "demandeur_id",
        "decide_par",
        "saisie_par",
        "saisi_par",
        "confirmee_par",
        "compte",
    ]
    keys |= dict.fromkeys(people, f"{theirs['compte'].pk}")
    keys |= dict.fromkeys(["pk", "id", "creneau", "creneau_ptr"], f"{theirs['reservation'].pk}")
    keys |= FORGED
    yield "all", {name: value for name, value in keys.items() if name not in form.names}
    pks = sorted({f"{row.pk}" for row in theirs.values() if hasattr(row, "pk")})
    for name in sorted(form.names):
        question = form.questions.get(name)
        if question is None or question.kind in ("select", "radio", "checkbox", "hidden"):
            for pk in pks:
                yield f"{name}={pk}", {name: pk if question else f"meme:{pk}"}


@pytest.mark.parametrize("role", ["visiteur", "habitant", "accueil", "secretaire", "intervenant"])
def test_a_forged_body_writes_nothing_of_another_house(role):
    VilleFactory()
    theirs = busy_house()
    foreign = contents()
    reader, forms = posted(role, busy_house())
    before, wrong, written = contents(), {}, 0

    bodies = [(form, *body) for form in forms for body in forged_bodies(form, theirs)]
    whole = [body for body in bodies if body[1] == "all"]  # these are accepted, for some forms
    keys = [body for body in bodies if body[1] != "all"]
    for form, what, typed in whole + drawn(keys, 3 * SENT):
        button = form.buttons[0] if form.buttons else None
        with reader.sent(form, pairs(form, button, typed)) as answer:
            found = list(touched(foreign, before)) if answer.touched else []
            written += answer.touched
            if answer.error or found:
                wrong[f"{form.path} {what}"] = answer.error or found

    assert written > 0
    assert wrong == {}
