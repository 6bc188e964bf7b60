"""Every page of the list, seen once: what all of them hold, what they weigh, what protects them."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver

from portail.journal import SECRET_PATHS
from portail.middleware import NO_ADDRESS
from tests.navigateur.ecoindex import grade, score
from tests.navigateur.pages import LISTS, MAPS

# Not pages: they lead elsewhere, act on POST, or speak to machines.
NOT_PAGES = {
    "portail:agenda_entry",
    "portail:agenda_ics",
    "portail:agenda_atom",
    "portail:robots",
    "portail:sitemap",
    *[
        "conseils:ordre_du_jour",
        "conseils:reunion_ics",
        "admin:conseils_reunion_pdf",
        "portail:donnees_conseils",
        "portail:donnees_permanences",
        "portail:donnees_mediation_numerique",
    ],
    "portail:courrier_mis_en_forme",  # a letter: test_courriers.py looks at it
    "portail:courrier_piece",
    "portail:sante",
    *["conseils:ics", "conseils:atom", "associations:agenda_ics", "associations:agenda_renew"],
    *["mfa_login_webauthn", "comptes:appareil_end", "comptes:appareil_end_all"],
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
    "admin:conseils_invitationsecretariat_resend",
    "admin:conseils_invitationsecretariat_revoke",
    "admin:maisons_invitationaffectation_resend",
    "admin:maisons_invitationaffectation_revoke",
    "admin:notifications_message_resend",
    "admin:notifications_message_call",
    "admin:maisons_serie_put_back",
    "admin:permanences_tableur",
    *[f"admin:permanences_{kind}_publish" for kind in ("permanence", "fiche")],
    *[f"admin:permanences_invitationintervenant_{act}" for act in ("resend", "revoke")],
    *[f"admin:associations_invitationmembre_{act}" for act in ("resend", "revoke")],
    *[f"admin:associations_attestation_{act}" for act in ("file", "confirm")],
    "admin:associations_charte_publish",
    "admin:conseils_piece_file",
    "admin:conseils_reunion_propose",
    "admin:conseils_reunion_approve",
    "conseils:document",
    *[f"admin:permanences_vacation_{act}" for act in ("say", "move", "call_off", "count")],
    "admin:permanences_rendezvous_note",
    "conseils:document_ancien",
    "admin:permanences_rendezvous_said",
    *[f"admin:associations_activite_{act}" for act in ("publish", "csv", "xlsx")],
    *[f"admin:associations_inscription_{act}" for act in ("accept", "said")],
    "admin:associations_seance_note",
    *[f"admin:associations_image_{act}" for act in ("remove", "file")],
    "associations:image",
}
# Of every model: from any id to its page; and the 404 of what is nothing.
NAMELESS = {"<path:object_id>/", "(?P<url>.*)$"}
PHONE = re.compile(r"04\s65\s71\s00\s00")
FAULTY = re.compile(r"Erreur\s: ")  # the space may be non-breaking
REFERENCES = [
    ((100, 100, 100), 72),
    ((100, 100, 1000), 67),
    ((100, 100, 10000), 58),
    ((200, 200, 10000), 46),
    ((2355, 267, 2493), 10),
    ((240, 20, 331), 83),
]
KILO = 1000  # bytes, as EcoIndex counts
REQUESTS = 12
# Of what a visitor reads, these alone hold a form to send: it needs a cookie against forgery.
FORMS = ("account_", "comptes:code", "maisons:adresse", "maisons:attente")
FORMS += ("portail:mon_quartier", "portail:remarque", "maisons:suivre", "notifications:")
FORMS += ("conseils:suivre", "permanences:attente", "permanences:rendez_vous_create")
FORMS += ("permanences:question_create",)
FORMS += ("associations:adresse", "associations:attente", "associations:inscription_create")
# A button alone, on a page that is the same for all: where it is sent from proves enough.
BUTTONS = ("conseils:reunion", "conseils:venir", "conseils:convocations")


# An agenda as the public will see it, in two widths: {route: (X-Frame-Options, who may frame it)}.
FRAMES = {
    "admin:conseils_reunion_preview": ("SAMEORIGIN", "'self'"),
    "admin:conseils_reunion_screens": ("DENY", "'none'"),
}


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


@pytest.fixture(scope="module")
def public(visits):
    return [v for v in visits if not v.page.staff]


def budget(page):
    """(nodes, kB) that a page may cost."""
    if page.staff:
        return None, 200
    return 580 if page.route in LISTS else 340, 200 if page.route in MAPS else 100


def size(visit):
    return sum(visit.sizes) / KILO


def points(visit):
    return score(visit.facts["nodes"], len(visit.sizes), size(visit))


@pytest.mark.parametrize(("measures", "expected"), REFERENCES)
def test_the_score_is_that_of_the_reference_values(measures, expected):
    assert score(*measures) == expected


@pytest.mark.parametrize(("points", "letter"), [(81, "A"), (80, "B"), (70, "C"), (10, "G")])
def test_a_grade_is_strictly_above_its_bound(points, letter):
    assert grade(points) == letter


def test_no_public_page_has_too_many_nodes(public):
    counts = {str(v.page): (v.facts["nodes"], budget(v.page)[0]) for v in public}

    assert {name: pair for name, pair in counts.items() if pair[0] > pair[1]} == {}


def test_reading_pages_and_forms_have_an_a_and_lists_a_b(public):
    letters = {str(v.page): (grade(points(v)), v.page.route in LISTS) for v in public}

    assert {name for name, (letter, is_list) in letters.items() if letter > "AB"[is_list]} == set()


def test_no_page_asks_for_more_than_twelve_files(public):
    assert {str(v.page): len(v.sizes) for v in public if not 2 <= len(v.sizes) <= REQUESTS} == {}


def test_no_page_weighs_more_than_its_budget(visits):
    sizes = {str(v.page): (size(v), budget(v.page)[1]) for v in visits}

    assert {name: pair for name, pair in sizes.items() if not 1 < pair[0] <= pair[1]} == {}


def test_nothing_is_asked_of_another_host(visits):
    asked = {urlsplit(address) for v in visits for address in v.asked}

    assert {address.hostname for address in asked if address.scheme != "data"} == {"127.0.0.1"}


def test_the_console_stays_empty(visits):
    assert {str(v.page): v.faults for v in visits if v.faults} == {}


def test_every_page_has_the_same_strict_policy(visits):
    plain = [v for v in visits if not (v.page.html or v.page.route in FRAMES)]
    told = {v.headers.get("content-security-policy", "") for v in plain}
    policies = {frozenset(policy.split("; ")) for policy in told}

    assert len(policies) == 1
    policy = policies.pop()
    assert policy >= {"default-src 'none'", "script-src 'self'", "style-src 'self'"}
    assert policy >= {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"}
    assert [directive for directive in policy if "unsafe" in directive or "*" in directive] == []


def test_a_preview_is_framed_by_our_own_pages_alone(visits):
    sent = {v.page.route: v.headers for v in visits if v.page.route in FRAMES}

    assert sent.keys() == FRAMES.keys()
    for route, (framing, ancestors) in FRAMES.items():
        assert sent[route]["x-frame-options"] == framing
        policy = sent[route]["content-security-policy"].split("; ")
        assert f"frame-ancestors {ancestors}" in policy
        assert [
            directive for directive in policy if "unsafe" in directive or "*" in directive
        ] == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
    ],
)
def test_every_page_is_sent_with_its_protections(visits, header, value):
    framed = {route for route, (framing, _) in FRAMES.items() if value == "DENY" != framing}
    plain = [v for v in visits if not (v.page.html or v.page.route in framed)]

    assert {str(v.page) for v in plain if v.headers.get(header) != value} == set()


def test_no_other_site_learns_the_address_of_a_page(visits):
    sent = [v for v in visits if not v.page.html]
    told = {(v.page.path.startswith(SECRET_PATHS), v.headers["referrer-policy"]) for v in sent}

    assert told == {(False, "same-origin"), (True, NO_ADDRESS)}


def visitors(visits, posting):
    """What somebody without an account reads at once: with a form to send, or without."""
    direct = [v for v in visits if not (v.page.reader or v.page.gesture)]
    return [v for v in direct if bool(v.facts["posted"]) is posting]


def test_a_reading_page_sets_no_cookie(visits):
    read = visitors(visits, posting=False)
    read += [v for v in visitors(visits, posting=True) if v.page.route in BUTTONS]

    shown = {"portail:agenda", "maisons:evenement", "erreur", "conseils:reunion"}
    assert {v.page.route for v in read} >= shown
    assert {str(v.page): v.cookies for v in read if v.cookies} == {}


def test_a_form_to_send_sets_the_cookie_against_forgery_alone(visits):
    sent = [v for v in visitors(visits, posting=True) if v.page.route not in BUTTONS]

    assert [str(v.page) for v in sent if not v.page.route.startswith(FORMS)] == []
    assert {cookie["name"] for v in sent for cookie in v.cookies} == {"csrf"}


def test_what_is_shown_to_one_person_stays_in_no_cache(visits):
    personal = [v for v in visits if v.page.reader and not v.page.html]

    assert personal
    assert {str(v.page) for v in personal if "no-store" not in v.headers["cache-control"]} == set()


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(visits):
    given = [cookie for v in visits for cookie in v.cookies]

    assert {cookie["name"] for cookie in given} == {"session", "csrf"}
    assert all(cookie["sameSite"] == "Lax" for cookie in given)
    assert all(cookie["httpOnly"] for cookie in given if cookie["name"] == "session")
