"""
Every form of the portal, as its own page gives it, sent with what nobody should type.

A sample of fields × values, drawn from a seed that a failure prints (GRAINE=…); COMPLET=1 sends
them all. A new page enters by its route, a new field by its page.
"""

import re

import pytest

from tests.factories import VilleFactory
from tests.portail.formulaires import read
from tests.portail.saisies import CHANCE, MOMENTS, SEED, drawn, pairs, values
from tests.portail.visites import all_forms, busy_house
from tests.portail.voisines import contents

pytestmark = pytest.mark.django_db

SENT = 120  # bodies for a role
# Forms that a role is the first to open: fewer, and they are no longer found.
FEWEST = {"visiteur": 1, "habitant": 1, "accueil": 1, "secretaire": 1, "ville": 1}
ANSWERED = {200, 302, 400, 403, 404, 405, 429}
ENGLISH = re.compile(r"\b(This field|Enter a|Ensure|Select a|is not|are not|Please|must be)\b")
TYPED = {"text", "textarea", "email", "tel", "number", "url"}
PICKED = {"date", "time", "datetime-local"}
# Nothing is shown of them again, or not as a person typed it.
NOT_KEPT = {"password", "jeton", "etape", "code", "chiffres"}


def hostile(form):
    """[(what, the answers that replace ordinary ones)] to send."""
    for name in sorted(form.names):
        for what, value in values().items():
            yield f"{name} = {what}", {name: value}
    kinds = {name: question.kind for name, question in form.questions.items()}
    if PICKED & {*kinds.values()}:
        for what, (day, de, a) in MOMENTS.items():
            yield what, at_moment(kinds, day, de, a)


def at_moment(kinds, day, de, a):
    """The same day, from an hour to another, wherever a form asks for one."""
    hours = {"date": day, "datetime-local": f"{day}T{de}", "time": de}
    asked = {name: hours[kind] for name, kind in kinds.items() if kind in PICKED}
    ends = [name for name in asked if name.rpartition("-")[2] in ("a", "fin", "ferme")]
    return asked | {name: a if kinds[name] == "time" else f"{day}T{a}" for name in ends}


def faults(answer, form, typed, before):
    """What is wrong with the answer to hostile values."""
    if answer.error:
        yield answer.error
    elif answer.status not in ANSWERED:
        yield f"status {answer.status}"
    if answer.touched and answer.status != 302 and contents() != before:
        yield "written, though refused"
    if english := ENGLISH.search(answer.page):
        yield f"in English: {english[0]}"
    again = [found for found in read(answer.page, form.path) if found.path == form.path]
    for name, value in typed.items():
        question = form.questions.get(name)
        if answer.touched and answer.status == 302 and unfit(question, value):
            yield "accepted"
        for after in again if form.method == "post" else []:
            if name in after.questions:
                yield from told(after.questions[name], value)


def unfit(question, value):
    """Whether no page could send this, so that nothing may be made of it."""
    if question is None or isinstance(value, bytes) or value == "":
        return False
    if question.kind in ("select", "radio"):
        ignored = "unknown" in question.choices  # « on ne sait pas », whatever else is sent
        return not ignored and not isinstance(value, list) and value not in question.choices
    return question.kind in PICKED and not re.search(r"\d", str(value))


def told(question, value):
    """What is missing beside a question, or is no longer in it."""
    if question.invalid and not question.told.strip():
        yield "no sentence beside it"
    if isinstance(value, list) or question.kind not in TYPED | PICKED:
        return
    if question.name.rpartition("-")[2] in NOT_KEPT:
        return
    typed = value.decode(errors="replace") if isinstance(value, bytes) else value
    typed = typed.replace("\0", "")
    kept = "".join(question.values).replace("\0", "")
    if question.kind in TYPED and kept != typed:
        yield f"not kept: {kept[:40]!r}"


def report(reader, forms):
    """{form, field and value: what is wrong}."""
    before, wrong = contents(), {}
    print(f"GRAINE={SEED}")
    bodies = [(form, what, typed) for form in forms for what, typed in hostile(form)]
    for form, what, typed in drawn(bodies, SENT):
        button = CHANCE.choice(form.buttons or [None])
        with reader.sent(form, pairs(form, button, typed)) as answer:
            if found := list(faults(answer, form, typed, before)):
                wrong[f"{form.path} {button} {what}"] = found
    return wrong


@pytest.mark.parametrize("role", FEWEST)
def test_what_nobody_should_type_is_told_beside_the_field_and_writes_nothing(role):
    VilleFactory()
    rows = busy_house()

    reader, forms = all_forms(role, rows)

    assert len(forms) >= FEWEST[role]
    assert report(reader, forms) == {}
