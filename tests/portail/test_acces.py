"""Every route of the portal × who asks × reading and writing × own, foreign and missing rows."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from tests.portail.voisines import contents, house, route_names, somebody

pytestmark = pytest.mark.django_db

MODEL = ["changelist", "add", "change", "delete", "history"]


def pages(model, *names):
    return {f"admin:{model}_{name}" for name in names}


# Pages and acts of staff, each with the first of the roles that opens it; the next ones do too.
DESK = {
    *["admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:jsi18n"],
    *["admin:planning", "admin:planning_maison"],
    *["admin:guichet_create", "admin:guichet_done", "admin:guichet_card"],
    *pages("maisons_maison", "changelist", "change", "history"),
    *pages("maisons_salle", "changelist", "add", "change", "history"),
    *pages("maisons_fermeture", *MODEL, "settle"),
    *pages("maisons_evenement", "changelist", "add", "change", "history", "preview", "publish"),
    *pages("maisons_occurrence", "cancel"),
    *pages("maisons_serie", "changelist", "change", "history", "repeat", "put_back"),
    *pages("maisons_serie", "modifier", "annuler", "prolonger"),
    *pages("maisons_reservation", "changelist", "change", "history", "answer", "confirm", "refuse"),
    *pages("maisons_reservation", "unreachable", "said", "move", "cancel", "absence"),
    *pages("permanences_permanence", "changelist", "change", "history", "absence"),
    *pages("permanences_permanence", "preview"),
    *pages("permanences_vacation", "date"),
}
# Of whoever holds a permanence, and of who directs a house.
HELD = {
    *pages("permanences_permanence", "date", "repeat", "publish"),
    *["admin:permanences_chiffres", "admin:permanences_tableur"],
}
MANAGER = {
    *pages("permanences_permanence", "changelist", "change", "history", "absence"),
    *pages("permanences_permanence", "preview"),
    *pages("permanences_vacation", "date"),
    *HELD,
}
DIRECTION = {
    *HELD,
    *pages("permanences_permanence", "add"),
    *pages("maisons_salle", "delete"),
    *pages("maisons_evenement", "delete"),
    *pages("maisons_affectation", "changelist", "add", "change"),
    *pages("maisons_invitationaffectation", "changelist", "add", "change", "resend", "revoke"),
}
# Who comes to a permanence: nowhere for a city administrator.
DUTY = {
    *["admin:permanences_jour", "admin:permanences_semaine", "admin:permanences_appels"],
    *pages("permanences_vacation", "say", "move", "call_off", "count"),
    *pages("permanences_rendezvous", "add", "done", "card", "note", "said"),
}
# What residents ask an élu: for who holds a permanence of theirs alone.
ASKED = {"admin:permanences_questions", *pages("permanences_questionelu", "read")}
HOLDER = {
    *["admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:jsi18n"],
}
SECRETARY = {
    *["admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:jsi18n"],
    *pages("conseils_conseil", "changelist", "change", "history"),
    *pages(
        "conseils_reunion", *MODEL, "preview", "screens", "publish", "follow", "pdf", "documents"
    ),
    *pages("conseils_reunion", "rectify", "call_off"),
    *pages("conseils_reunion", "minutes", "propose", "approve"),
    *pages("conseils_piece", "change", "remove", "file"),
}
# Rooms lent to an association: it asks for them and changes them, as the house that answers.
LOAN = {*pages("associations_miseadisposition", "changelist", "change", "history")}
LOAN |= {*pages("associations_miseadisposition", "deplacer", "annuler")}
ORGANISED = {*pages("associations_evenementorganise", "changelist", "add", "change", "delete")}
GRANTED = {*pages("associations_miseadisposition", "accorder", "refuser")}
# Of whoever acts for an association, then of those who answer for it.
LEADER = {
    *["admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:jsi18n"],
    "admin:au_travail",
    *pages("associations_association", "changelist", "change", "history"),
    *pages("associations_activite", *MODEL, "publish", "date", "repeat", "stop"),
    *pages("associations_activite", "register", "csv", "xlsx", "announce", "places"),
    *pages("associations_seance", "date", "cancel", "attendance", "note", "sheet"),
    *pages("associations_inscription", "changelist", "change", "accept", "leave", "said"),
    *pages("associations_inscription", "done", "card", "address"),
    *pages("associations_activite", "image", "preview"),
    *pages("associations_image", "remove", "file"),
    "admin:associations_appels",
    *LOAN,
    *pages("associations_miseadisposition", "add"),
    *pages("associations_budgetheures", "changelist", "change", "history"),
    *pages("associations_serie", "modifier", "annuler", "prolonger"),
}
MEMBER = {
    *LEADER,
    *pages("associations_membreassociation", "changelist", "add", "change"),
    *pages("associations_invitationmembre", "changelist", "add", "change", "resend", "revoke"),
    *pages("associations_adhesion", "changelist", "change", "history"),
    *pages("associations_attestation", "list", "file"),
}
CITY = {
    *pages("maisons_maison", "add", "delete"),
    *pages("maisons_affectation", "delete"),
    *pages("comptes_compte", "changelist", "add", "change", "rescue"),
    *pages("quartiers_ville", "changelist", "add", "change"),
    *pages("quartiers_quartier", "changelist", "add", "change", "delete"),
    *pages("quartiers_elu", "changelist", "add", "change", "delete"),
    *pages("portail_remarque", "changelist", "change", "delete"),
    *pages("notifications_message", "changelist", "change", "resend", "call", "reprise"),
    *pages("associations_association", *MODEL),
    *pages("associations_membreassociation", "delete"),
    *pages("associations_adhesion", "add", "delete"),
    *pages("associations_attestation", "confirm"),
    *pages("associations_cogestion", *MODEL),
    *pages("associations_budgetheures", "add", "delete"),
    *pages("associations_charte", *MODEL, "preview", "publish"),
    *pages("conseils_conseil", "add"),
    *pages("conseils_secretariat", "changelist", "add", "change", "delete"),
    *pages("conseils_invitationsecretariat", "changelist", "add", "change", "resend", "revoke"),
    *pages("permanences_permanence", "delete"),
    *pages("permanences_service", *MODEL),
    *pages("permanences_fiche", *MODEL, "preview", "publish"),
    *pages("permanences_mediateur", "changelist", "add", "change", "delete"),
    *pages("permanences_intervenant", "changelist", "add", "change", "delete"),
    *pages("permanences_invitationintervenant", "changelist", "add", "change"),
    *pages("permanences_invitationintervenant", "resend", "revoke"),
}
NOBODY = {
    "admin:autocomplete",
    *pages("maisons_reservation", "add", "delete"),
    *pages("maisons_serie", "add", "delete"),
    *pages("associations_inscription", "add", "delete", "history"),
    *pages("associations_miseadisposition", "delete"),
    *pages("associations_evenementorganise", "history"),
    *pages("maisons_affectation", "history"),
    *pages("maisons_invitationaffectation", "delete", "history"),
    *pages("comptes_compte", "delete", "history"),
    *pages("quartiers_ville", "delete", "history"),
    *pages("quartiers_quartier", "history"),
    *pages("quartiers_elu", "history"),
    *pages("portail_remarque", "add", "history"),
    *pages("notifications_message", "add", "delete", "history"),
    *pages("conseils_conseil", "delete"),
    *pages("conseils_secretariat", "history"),
    *pages("conseils_invitationsecretariat", "delete", "history"),
    *pages("associations_membreassociation", "history"),
    *pages("associations_invitationmembre", "delete", "history"),
    *pages("permanences_mediateur", "history"),
    *pages("permanences_intervenant", "history"),
    *pages("permanences_invitationintervenant", "delete", "history"),
}
# Of every model or app: from any id to its page, and back to the home page; the 404 of nothing.
LEADING = {"admin:<path:object_id>/", "admin:(?P<url>.*)$", "admin:app_list"}
LEADING |= {"admin:password_change_done"}
ACCOUNT = {
    *["portail:mon_espace", "comptes:nom_change", "maisons:reservation_list"],
    *["maisons:reservation", "maisons:reservation_act", "notifications:preferences"],
    *["permanences:rendez_vous_list", "permanences:rendez_vous", "permanences:rendez_vous_act"],
    *["associations:dossier_list", "associations:dossier", "associations:dossier_act"],
    "associations:agenda_renew",
    *["account_change_password", "account_set_password", "account_email"],
    *["account_reauthenticate"],
    *["mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"],
    *["mfa_view_recovery_codes", "mfa_generate_recovery_codes"],
    *["comptes:appareil_list", "comptes:appareil_end", "comptes:appareil_end_all"],
    *["mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"],
    "comptes:donnees",
}
# What anybody opens: nothing of a person, or something that a secret in the address opens.
ANYBODY = {
    *["portail:accueil", "portail:agenda", "portail:agenda_entry", "portail:plan_du_site"],
    "portail:mon_quartier",
    *["portail:agenda_ics", "portail:agenda_atom", "portail:robots", "portail:sitemap"],
    *["portail:maison_list", "portail:maison", "portail:quartier_list", "portail:quartier"],
    *["portail:aide", "portail:accessibilite", "portail:mentions_legales"],
    *["portail:confidentialite", "portail:remarque", "portail:sante"],
    "portail:recherche",
    *["portail:courrier_list", "portail:courrier", "portail:courrier_mis_en_forme"],
    *["portail:courrier_piece"],
    *["associations:association_list", "associations:association", "associations:image"],
    *["associations:activite_list", "associations:activite"],
    *["associations:charte", "associations:charte_version"],
    *["associations:inscription_create", "associations:attente", "associations:agenda_ics"],
    "associations:adresse",
    *["conseils:conseil_list", "conseils:conseil", "conseils:reunion"],
    *["conseils:ordre_du_jour", "conseils:reunion_ics", "portail:conseils_recherche"],
    *["portail:donnees", "portail:donnees_conseils", "portail:donnees_permanences"],
    "portail:donnees_mediation_numerique",
    *["conseils:document", "conseils:document_ancien", "conseils:rectificatif"],
    *["conseils:suivre", "conseils:venir", "conseils:ics", "conseils:atom"],
    *["permanences:permanence_list", "permanences:permanence", "permanences:carte"],
    *["permanences:service", "permanences:fiche", "permanences:mediateur"],
    *["permanences:elu_list", "permanences:elu", "permanences:question_create"],
    "conseils:convocations",
    *["maisons:salle_search", "maisons:planning", "maisons:salle", "maisons:evenement"],
    *["maisons:reservation_create", "maisons:attente", "maisons:adresse"],
    *["permanences:rendez_vous_create", "permanences:attente"],
    *["maisons:suivre", "notifications:attente", "notifications:arreter"],
    *["comptes:code", "comptes:code_open", "comptes:code_act"],
    *["account_login", "account_logout", "account_signup", "account_inactive"],
    *["account_request_login_code", "account_confirm_login_code"],
    *["account_email_verification_sent", "account_reset_password"],
    *["account_confirm_password_reset_code", "account_complete_password_reset"],
    *["account_password_reset_completed"],
    *["mfa_authenticate", "mfa_login_webauthn"],
}
STAFF = (
    LOAN
    | ORGANISED
    | GRANTED
    | ASKED
    | DUTY
    | HOLDER
    | MANAGER
    | DESK
    | DIRECTION
    | SECRETARY
    | MEMBER
    | CITY
    | NOBODY
)
OPEN = {
    "accueil": DESK | DUTY | LOAN | GRANTED | ORGANISED,
    "direction": DESK | DIRECTION | DUTY | LOAN | GRANTED | ORGANISED,
    "intervenant": HOLDER | DUTY | MANAGER | ASKED,
    "secretaire": SECRETARY,
    "animateur": LEADER,
    "responsable": MEMBER,
    "ville": GRANTED
    | ORGANISED
    | DESK
    | DIRECTION
    | SECRETARY
    | CITY
    | MEMBER - {"admin:au_travail"},
}
# Those whose row is not the one that their name says.
ABOUT = {
    "admin:maisons_reservation_said": "message",
    "admin:permanences_rendezvous_said": "message",
    "admin:associations_inscription_said": "message",
    **dict.fromkeys(pages("associations_image", "remove", "file"), "activite"),
    "admin:maisons_serie_repeat": "evenement",
    "admin:associations_attestation_list": "adhesion",
    "admin:guichet_done": "confirmee",
    "admin:guichet_card": "confirmee",
    "admin:permanences_permanence_delete": "vide",
    **dict.fromkeys(pages("associations_serie", "modifier", "annuler", "prolonger"), "seances"),
    **dict.fromkeys(pages("permanences_service", "delete"), "inutile"),
    **dict.fromkeys(pages("conseils_reunion", "rectify", "call_off"), "annoncee"),
    **dict.fromkeys(pages("conseils_reunion", "minutes", "propose", "approve"), "tenue"),
}
ROWLESS = ("_add", "_changelist", "_answer", "_reprise")
NOWHERE = SimpleNamespace(pk=987_654_321, slug="nulle-part")
# What the forms of acts ask for, so that nothing but the row is wrong.
ANSWERS = {
    **{"motif_refus": "besoin", "motif": "demande", "reponse": "Non.", "absent": "oui"},
    **{
        "post": "yes",
        "faire": "1",
        "etape": "confirmer",
        "is_superuser": "on",
        "role": "direction",
    },
}


def address(route, rows):
    """Where a route is for the rows of a house."""
    name, args = route.removeprefix("admin:"), []
    if name.startswith(("planning_maison", "guichet")):
        args.append(rows["maison"].slug)
    if route in ABOUT or (name.count("_") >= 2 and not name.endswith(ROWLESS)):
        args.append(rows.get(ABOUT.get(route) or name.split("_")[1], NOWHERE).pk)
    return reverse(route, args=args)


def answer(client, method, path):
    """(status, page) of a path; the page without what differs from one request to the next."""
    response = getattr(client, method)(path, ANSWERS if method == "post" else None)
    content = response.getvalue() if response.streaming else response.content
    page = content.decode(errors="replace").replace(path, "")
    return response.status_code, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.fixture(scope="module")
def houses(standing):
    return standing(lambda: (house(), house()))


@pytest.fixture
def here(houses):
    return houses[0]


@pytest.fixture
def elsewhere(houses):
    return houses[1]


@pytest.fixture
def nowhere(here):
    return dict.fromkeys(here, NOWHERE)


def sign_in(client, role, here):
    if compte := somebody(role, here["maison"]):
        client.force_login(compte)


def test_every_route_says_who_opens_it():
    histories = {name for name in route_names() if name.endswith("_simple_history")}

    assert set(route_names()) - histories == STAFF | LEADING | ACCOUNT | ANYBODY


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("role", "status"), [("visiteur", 302), ("habitant", 404), ("mandat fini", 404)]
)
def test_without_a_mandate_no_page_of_staff_opens(client, here, role, status, method):
    sign_in(client, role, here)
    before = contents()

    answered = {route: answer(client, method, address(route, here))[0] for route in STAFF}

    if (role, method) == ("visiteur", "post"):  # what was typed is kept in the page
        status = 403
        assert answered.pop("admin:login") == 302
    assert {route: got for route, got in answered.items() if got != status} == {}
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", OPEN)
def test_without_a_second_factor_staff_reach_the_page_that_makes_one(here, role, method):
    browser = Client()
    browser.force_login(somebody(role, here["maison"]))
    before = contents()

    answered = {r: getattr(browser, method)(address(r, here), ANSWERS) for r in STAFF}

    assert {response.status_code for response in answered.values()} == {302}
    led = {route: response.url for route, response in answered.items()}
    assert led.pop("admin:login").startswith(reverse("account_login"))
    assert {*led.values()} == {reverse("mfa_index")}
    assert contents() == before


@pytest.mark.parametrize("role", OPEN)
def test_a_role_opens_its_pages_on_its_rows(client, here, role):
    sign_in(client, role, here)

    answered = {route: answer(client, "get", address(route, here))[0] for route in STAFF}

    opened = {route for route, status in answered.items() if status in (200, 302)}
    # Acts are asked for by GET here: 405 comes before 403, and says nothing.
    opened |= {route for route, status in answered.items() if status == 405} & OPEN[role]
    post_only = pages("notifications_message", "resend", "call")  # 405 comes before 403
    post_only |= pages("maisons_invitationaffectation", "resend", "revoke")
    post_only |= pages("conseils_invitationsecretariat", "resend", "revoke")
    post_only |= pages("permanences_invitationintervenant", "resend", "revoke")
    post_only |= pages("associations_invitationmembre", "resend", "revoke")
    no_row = {"admin:quartiers_ville_change", *pages("portail_remarque", "change", "delete")}
    no_row |= pages("associations_image", "file")  # none was given
    no_row |= pages("permanences_rendezvous", "done", "card")  # of what one has taken oneself
    assert opened - post_only == OPEN[role] - post_only - no_row


@pytest.mark.parametrize("role", OPEN)
def test_what_a_role_does_not_open_writes_nothing(client, here, role):
    sign_in(client, role, here)
    before = contents()

    closed = STAFF - OPEN[role]
    answered = {route: answer(client, "post", address(route, here))[0] for route in closed}

    assert {route for route, status in answered.items() if status not in (403, 404, 405)} == set()
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [role for role in OPEN if role != "ville"])
def test_a_row_of_another_house_is_as_one_that_is_not(
    client, here, elsewhere, nowhere, role, method
):
    sign_in(client, role, here)
    before = contents()
    of_a_row = [route for route in STAFF if address(route, here) != address(route, nowhere)]

    foreign = {route: answer(client, method, address(route, elsewhere)) for route in of_a_row}
    missing = {route: answer(client, method, address(route, nowhere)) for route in of_a_row}

    assert {route for route in of_a_row if foreign[route] != missing[route]} == set()
    assert {status for status, page in foreign.values()} <= {403, 404, 405}
    reached = {route for route in OPEN[role] if foreign.get(route, (404,))[0] == 403}
    assert reached == set()
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_signs_in_first(client, here, method):
    rows = {"maisons:reservation": [here["reservation"].pk]}
    rows["maisons:reservation_act"] = [here["reservation"].pk, "annuler"]
    rows["permanences:rendez_vous"] = [here["rendez_vous"].pk]
    rows["permanences:rendez_vous_act"] = [here["rendez_vous"].pk, "annuler"]
    rows["associations:dossier"] = [here["dossier"].pk]
    rows["associations:dossier_act"] = [here["dossier"].pk, "calendrier"]
    rows["mfa_remove_webauthn"] = rows["comptes:appareil_end"] = [NOWHERE.pk]
    before = contents()

    answered = [
        getattr(client, method)(reverse(route, args=rows.get(route, []))) for route in ACCOUNT
    ]

    assert {response.status_code for response in answered} == {302}
    assert all(response.url.startswith("/compte/login/") for response in answered)
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("act", ["", "confirmer", "annuler", "deplacer", "courriel", "calendrier"])
def test_a_booking_of_somebody_else_is_as_one_that_is_not(client, here, method, act):
    sign_in(client, "habitant", here)
    before = contents()

    paths = [f"/reservations/{pk}/{act and act + '/'}" for pk in (here["reservation"].pk, 987654)]
    foreign, missing = [answer(client, method, path) for path in paths]

    assert foreign == missing
    assert foreign[0] == 404
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("act", ["", "annuler", "deplacer", "plus-tot", "calendrier", "voir"])
def test_an_appointment_of_somebody_else_is_as_one_that_is_not(client, here, method, act):
    sign_in(client, "habitant", here)
    before = contents()

    paths = [f"/rendez-vous/{pk}/{act and act + '/'}" for pk in (here["rendez_vous"].pk, 987654)]
    foreign, missing = [answer(client, method, path) for path in paths]

    assert foreign == missing
    assert foreign[0] == 404
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "act", ["", "quitter", "accepter", "courriel", "attestation", "calendrier", "voir"]
)
def test_a_pass_of_somebody_else_is_as_one_that_is_not(client, here, method, act):
    sign_in(client, "habitant", here)
    before = contents()
    line = f"{act}-{here['ligne'].pk}/" if act not in ("", "courriel", "calendrier", "voir") else ""

    paths = [
        f"/inscriptions/{pk}/{line or (act and act + '/')}" for pk in (here["dossier"].pk, 987654)
    ]
    foreign, missing = [answer(client, method, path) for path in paths]

    assert foreign == missing
    assert foreign[0] == 404
    assert contents() == before


# Of what the rows of a list lead to; to a list without such a field the key is unknown.
PROBES = [
    *["demandeur__courriel__startswith=a", "demandeur__password__startswith=p"],
    *["decide_par__courriel__contains=a", "saisie_par__password__startswith=p"],
    *["maison__affectations__compte__courriel__startswith=a", "creneaux__titre__startswith=S"],
    *["serie__creneaux__pk=1", "occurrences__decide_par__courriel=a", "_to_field=graine"],
    *["maison__salles__nom=a", "salle__creneaux__pk=1", "salles__creneaux__pk=1"],
    *["emprise__contains=x", "empreinte=x", "telephone__startswith=%2B336", "motif__gt=a", "x=1"],
]
LISTS = ["reservation", "evenement", "fermeture", "serie", "maison", "salle"]


@pytest.mark.parametrize("model", LISTS)
def test_a_list_answers_no_question_about_what_it_does_not_show(client, here, model):
    sign_in(client, "accueil", here)
    shown = reverse(f"admin:maisons_{model}_changelist")

    answered = {query: client.get(f"{shown}?{query}").status_code for query in PROBES}

    assert {query for query, status in answered.items() if status != 400} == set()


@pytest.mark.parametrize("model", LISTS)
def test_no_query_shows_a_row_of_another_house(client, here, elsewhere, model):
    sign_in(client, "accueil", here)
    shown, foreign = reverse(f"admin:maisons_{model}_changelist"), elsewhere["maison"]
    queries = ["o=99", "o=-1.2.3", "p=9999", "_popup=1", "all=", "q=Maison"]
    queries += [f"maison__id__exact={foreign.pk}", f"maison={foreign.pk}", "maison__id__exact=x"]

    found = {query: client.get(f"{shown}?{query}", follow=True) for query in queries}

    # 400: a key that this list does not offer as a filter.
    assert {query for query, page in found.items() if page.status_code not in (200, 400)} == set()
    assert {q for q, page in found.items() if str(foreign) in page.content.decode()} == set()
