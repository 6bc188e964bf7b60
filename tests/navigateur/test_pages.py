import re

import pytest
from django.urls import get_resolver

# Not pages: they lead elsewhere, act on POST, or speak to machines.
NOT_PAGES = {
    "portail:agenda_entry",
    "portail:agenda_ics",
    "portail:agenda_atom",
    "portail:robots",
    "portail:sitemap",
    "portail:courrier_mis_en_forme",  # a letter: test_courriers.py looks at it
    "portail:courrier_piece",
    "portail:sante",
    "admin:login",
    "admin:logout",
    "admin:password_change",
    "admin:app_list",
    "admin:autocomplete",
    "admin:jsi18n",
    "admin:maisons_reservation_confirm",
    "admin:maisons_reservation_unreachable",
    "admin:maisons_reservation_said",
    "admin:maisons_evenement_publish",
    "admin:notifications_message_resend",
    "admin:notifications_message_call",
    "admin:maisons_serie_put_back",
}
# Of every model: from any id to its page; and the 404 of what is nothing.
NAMELESS = {"<path:object_id>/", "(?P<url>.*)$"}
PHONE = re.compile(r"04\s65\s71\s00\s00")
FAULTY = re.compile(r"Erreur\s: ")  # the space may be non-breaking


def routes(resolver, space=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern, space + inner)
        else:
            yield space + (pattern.name or str(pattern.pattern))


def unlisted(pages):
    known = {page.route for page in pages} | NOT_PAGES
    nameless = {f"admin:{pattern}" for pattern in NAMELESS}
    return set(routes(get_resolver())) - known - nameless


def test_every_route_of_the_portal_is_a_page_of_the_list(site):
    assert unlisted(site.pages) == set()


def test_a_route_without_a_page_is_seen(site):
    pages = [page for page in site.pages if page.route != "maisons:salle"]

    assert unlisted(pages) == {"maisons:salle"}


def test_every_page_answers_as_the_list_says(visits):
    answered = {str(v.page): (v.status, v.page.status) for v in visits}

    assert {name: pair for name, pair in answered.items() if pair[0] != pair[1]} == {}


def test_every_page_has_one_h1_and_names_the_site(visits):
    faults = {
        str(v.page): (v.facts["title"], v.facts["headings"])
        for v in visits
        if len(v.facts["headings"]) != 1
        or v.facts["language"] != "fr"
        or not re.search(r"\S – (Maisons de quartier de|Gestion des maisons)", v.facts["title"])
    }

    assert faults == {}


def test_a_page_in_error_says_so_first_in_its_title(visits):
    in_error = [v for v in visits if "en erreur" in v.page.state]

    assert in_error
    assert [v.facts["title"] for v in in_error if not FAULTY.match(v.facts["title"])] == []


def test_two_addresses_never_share_a_title(visits):
    plain = [v for v in visits if not (v.page.state or v.page.reader)]
    titles = [v.facts["title"] for v in plain]

    assert sorted(titles) == sorted(set(titles))


def test_no_page_holds_a_frame_a_media_a_new_window_or_an_inline_script_or_style(visits):
    assert {str(v.page): v.facts["foreign"] for v in visits if v.facts["foreign"]} == {}


def test_every_page_gives_a_number_to_call(visits):
    rivemont = [v for v in visits if v.page.state != "ville vide" and not v.page.staff]

    assert [str(v.page) for v in rivemont if not PHONE.search(v.facts["footer"])] == []


@pytest.mark.parametrize("word", ["Annuler", "Cancel", "OK", "Valider"])
def test_no_button_is_a_bare_verb(visits, word):
    assert [str(v.page) for v in visits if word in v.facts["buttons"]] == []
