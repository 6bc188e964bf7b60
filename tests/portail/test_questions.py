"""
Fault 1: a list of staff answers no question about what its rows lead to. Each path of the graph of
models, three relations deep, is asked of each list as a key, and some through its page.
"""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from tests.factories import CompteFactory
from tests.portail.saisies import CHANCE, SEED

pytestmark = pytest.mark.django_db
DEEP, SOME = 3, 8
LISTS = list(admin.site._registry.values())


def paths(model, deep=DEEP, before=""):
    """Of each column that a row leads to through at least one relation."""
    for field in model._meta.get_fields():
        name = f"{before}{field.name}"
        if field.is_relation and field.related_model and deep:
            yield from paths(field.related_model, deep - 1, f"{name}__")
        elif before and not getattr(field, "primary_key", False):
            yield name


def test_the_lists_lead_far():
    assert sum(len([*paths(page.model)]) for page in LISTS) > 10_000


@pytest.mark.parametrize("page", LISTS, ids=lambda page: page.opts.label_lower)
def test_no_list_is_asked_about_what_its_rows_lead_to(rf, page):
    request = rf.get("/")
    request.user = CompteFactory.build(is_superuser=True)

    asked = [f"{path}__startswith" for path in paths(page.model)]

    assert [key for key in asked if page.lookup_allowed(key, "a", request)] == []


def test_a_key_about_it_is_like_one_that_is_not_known(client):
    print(f"GRAINE={SEED}")
    client.force_login(CompteFactory(is_superuser=True))
    shown = {page: address for page in LISTS if (address := address_of(page))}

    answered = {
        f"{address}?{key}": client.get(f"{address}?{key}=a").status_code
        for page, address in shown.items()
        for key in asked_of(page)
    }

    assert {query: status for query, status in answered.items() if status != 400} == {}


def asked_of(page):
    """Some paths, and a key that nothing has."""
    known = [f"{path}__startswith" for path in paths(page.model, 2)]
    return ["inconnu", *CHANCE.sample(known, min(SOME, len(known)))]


def address_of(page):
    """None for what has no list."""
    try:
        return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    except NoReverseMatch:
        return None
