"""What /gestion/ calls things is French that volunteers read: no word of programmers (V8)."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.test import RequestFactory

from tests.factories import CompteFactory, VilleFactory

pytestmark = pytest.mark.django_db
BANNED = ["slug", "null", "parent link", "objets?", "instances?", "inline", "queryset", "id", "pk"]
BANNED += ["uuid", "token", "json", "url", "foreign key", "booléen", "string", "admin"]
JARGON = re.compile(rf"\b({'|'.join(BANNED)})\b", re.IGNORECASE)
# « L’objet d’une association » is what the law calls it; that of a message, what mailers do.
ALLOWED = {"objet"}


@pytest.fixture
def request_of_city():
    VilleFactory()
    request = RequestFactory().get("/gestion/")
    request.user = CompteFactory(is_superuser=True)
    return request


def words(model_admin, request):
    """All that names something on the pages of a model."""
    opts = model_admin.opts
    yield from (opts.verbose_name, opts.verbose_name_plural, model_admin.add_label)
    yield from (label for label, _ in model_admin.shortcuts(request))
    for name in model_admin.list_display:
        yield label_for_field(name, model_admin.model, model_admin)
    yield from (title for title, _ in model_admin.get_fieldsets(request) if title)
    forms = [model_admin.get_form(request)] if model_admin.has_add_permission(request) else []
    for inline in model_admin.get_inline_instances(request):
        yield from (inline.verbose_name, inline.verbose_name_plural)
        forms.append(inline.get_formset(request).form)
    for form in forms:
        for field in form.base_fields.values():
            yield from (field.label, field.help_text)
            yield from (label for _, label in getattr(field, "_choices", []) or [])


def test_no_label_is_jargon(request_of_city):
    found = {
        (opts, str(word))
        for model_admin in admin.site._registry.values()
        for opts in [model_admin.opts.label]
        for word in words(model_admin, request_of_city)
        for match in JARGON.findall(str(word or ""))
        if match.lower() not in ALLOWED
    }

    assert found == set()


def test_a_word_of_programmers_is_seen():
    assert JARGON.search("Le slug de la page")
    assert not JARGON.search("adresse de la page")
