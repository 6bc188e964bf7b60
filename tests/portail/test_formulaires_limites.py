"""Every public route that takes a form says by what it is limited, or why it needs no limit."""

import pytest
from django.urls import NoReverseMatch, reverse

from comptes.limites import LIMITES
from comptes.models import Compteur
from tests.factories import AttenteFactory, CompteFactory, VilleFactory
from tests.portail.voisines import house, route_names

pytestmark = pytest.mark.django_db

# {route: gestures that are counted}
LIMITED = {
    "account_login": {"mot_de_passe", "envoi_de_code"},
    "account_signup": {"envoi_de_code"},
    "account_request_login_code": {"envoi_de_code"},
    "account_reset_password": {"envoi_de_code"},
    "account_email": {"envoi_de_code"},
    "account_confirm_login_code": {"code_recu"},
    "account_email_verification_sent": {"code_recu"},
    "account_confirm_password_reset_code": {"code_recu"},
    "account_reauthenticate": {"mot_de_passe"},
    "account_change_password": {"mot_de_passe"},
    "mfa_authenticate": {"second_facteur"},
    "mfa_reauthenticate": {"second_facteur"},
    "comptes:code": {"code"},
    "comptes:code_open": {"code"},
    "comptes:code_act": {"code", "courriel", "deplacer", "lettres"},
    "maisons:attente": {"six", "courriel"},
    "maisons:reservation_create": {"reserver"},
    "maisons:reservation_act": {"deplacer"},
    "permanences:attente": {"six", "courriel"},
    "associations:attente": {"six", "courriel"},
    "associations:inscription_create": {"inscription"},
    "permanences:rendez_vous_create": {"rendez_vous"},
    "permanences:rendez_vous_act": {"deplacer"},
    "permanences:question_create": {"question"},
    "maisons:suivre": {"suivre"},
    "conseils:suivre": {"suivre"},
    "conseils:venir": {"venir"},
    "notifications:attente": {"six"},
    "portail:remarque": {"remarque"},
}
# {route: why}
FREE = {
    "account_logout": "ends a session",
    "account_set_password": "of one's own account, once: then the old one is asked for",
    "account_complete_password_reset": "after a code that was counted",
    "mfa_index": "reads",
    "mfa_view_recovery_codes": "reads",
    "mfa_activate_totp": "its own page shows the secret",
    "mfa_login_webauthn": "a signature: there is nothing to guess",
    "mfa_reauthenticate_webauthn": "a signature: there is nothing to guess",
    "mfa_deactivate_totp": "of one's own account, after a proof",
    "mfa_generate_recovery_codes": "of one's own account, after a proof",
    "mfa_add_webauthn": "of one's own account, after a proof",
    "mfa_remove_webauthn": "of one's own account, after a proof",
    "comptes:appareil_end": "ends a session of one's own",
    "comptes:appareil_end_all": "ends sessions of one's own",
    "comptes:donnees": "reads what is one's own",
    "comptes:nom_change": "one's own name, told to nobody",
    "maisons:adresse": "59 bits behind an address of 122; acts once",
    "maisons:reservation": "reads; acts have routes of their own",
    "permanences:rendez_vous": "reads; acts have routes of their own",
    "associations:adresse": "59 bits behind an address of 122; acts once",
    "associations:dossier": "reads; acts have routes of their own",
    "associations:agenda_renew": "one's own address",
    "associations:dossier_act": "gives up or takes what is one's own",
    "notifications:arreter": "a signature of 256 bits; ends letters",
    "conseils:convocations": "a signature of 256 bits; ends letters",
    "notifications:preferences": "ends letters of one's own",
    "portail:mon_quartier": "a cookie",
}
SECRET = "AAAA-BBBB-CCCC"


def addresses(rows, waiting):
    """{route: its address}, for those that have arguments."""
    room = rows["salle"]
    args = {
        "portail:agenda_entry": [rows["reservation"].pk],
        "portail:maison": [room.maison.slug],
        "portail:quartier": [room.maison.quartier.slug],
        "portail:courrier": ["x"],
        "portail:courrier_mis_en_forme": ["x"],
        "portail:courrier_piece": ["x", 1],
        "maisons:planning": [room.maison.slug],
        "maisons:salle": [room.maison.slug, room.slug],
        "maisons:evenement": [rows["evenement"].slug],
        "maisons:reservation_create": [room.maison.slug, room.slug],
        "maisons:attente": [waiting.jeton],
        "maisons:adresse": [waiting.jeton, SECRET],
        "maisons:reservation": [rows["reservation"].pk],
        "maisons:reservation_act": [rows["reservation"].pk, "deplacer"],
        "permanences:attente": [rows["gardee"].jeton],
        "permanences:rendez_vous_create": [rows["permanence"].slug],
        "permanences:rendez_vous": [rows["rendez_vous"].pk],
        "permanences:rendez_vous_act": [rows["rendez_vous"].pk, "deplacer"],
        "permanences:question_create": [rows["questionelu"].elu_id],
        "maisons:suivre": [rows["occurrence"].evenement.slug],
        "associations:association": ["nulle-part"],
        "associations:activite": ["nulle-part"],
        "associations:charte_version": [9],
        "associations:image": ["nulle-part", 1, "photo.jpg"],
        "associations:agenda_ics": [SECRET],
        "associations:attente": [rows["dossiergarde"].jeton],
        "associations:adresse": [rows["dossiergarde"].jeton, SECRET],
        "associations:inscription_create": [rows["offerte"].slug],
        "associations:dossier": [rows["dossier"].pk],
        "associations:dossier_act": [rows["dossier"].pk, f"quitter-{rows['ligne'].pk}"],
        "conseils:conseil": ["nulle-part"],
        "conseils:suivre": [rows["conseil"].slug],
        "conseils:venir": [rows["conseil"].slug, rows["annoncee"].numero],
        "conseils:ics": ["nulle-part"],
        "conseils:atom": ["nulle-part"],
        "conseils:reunion": ["nulle-part", 1],
        "conseils:ordre_du_jour": ["nulle-part", 1],
        "conseils:reunion_ics": ["nulle-part", 1],
        "conseils:document": ["nulle-part", 1, 1, "avis.pdf"],
        "conseils:document_ancien": ["nulle-part", 1, 1, "avis.pdf"],
        "conseils:rectificatif": ["nulle-part", 1, 1],
        "notifications:attente": [waiting.jeton],
        "notifications:arreter": ["1:faux"],
        "conseils:convocations": ["1:faux"],
        "comptes:code_open": [SECRET],
        "comptes:code_act": [SECRET, "deplacer"],
    }
    return {name: at(name, args.get(name)) for name in route_names() if "admin:" not in name}


def at(name, args):
    """Of a route that has an argument more than we know, a row that is not."""
    try:
        return reverse(name, args=args or [])
    except NoReverseMatch:
        return reverse(name, args=[1])


def test_every_public_form_is_limited_or_says_why_not(client):
    VilleFactory()
    rows = house()
    client.force_login(CompteFactory(password="trois mots sans rapport"))

    answered = {
        name: client.post(address).status_code
        for name, address in addresses(rows, AttenteFactory()).items()
    }

    taken = {name for name, status in answered.items() if status not in (404, 405)}
    assert taken - LIMITED.keys() - FREE.keys() == set()
    assert (LIMITED.keys() | FREE.keys()) - answered.keys() == set()


def test_every_gesture_belongs_to_a_form():
    of_staff = {"inviter"}
    assert set().union(of_staff, *LIMITED.values()) == LIMITES.keys()


SENT = {
    "account_login": {"login": "zoe@ville.example", "password": "faux"},
    "account_signup": {"nom": "Zoé", "email": "zoe@ville.example"},
    "account_request_login_code": {"email": "zoe@ville.example"},
    "account_reset_password": {"email": "zoe@ville.example"},
    "comptes:code": {"code": SECRET},
    "comptes:code_open": {},
    "comptes:code_act": {},
    "maisons:attente": {"chiffres": "000000"},
    "permanences:attente": {"chiffres": "000000"},
    "maisons:suivre": {"courriel": "zoe@ville.example"},
    "conseils:suivre": {"courriel": "zoe@ville.example"},
    "conseils:venir": {},
    "portail:remarque": {"avis": "oui", "texte": "Bien."},
}
SIGNED_IN = {
    "account_email": {"email": "zoe@ville.example", "action_add": ""},
    "account_reauthenticate": {"password": "faux"},
    "account_change_password": {"oldpassword": "faux"},
}


@pytest.mark.parametrize("name", [*SENT, *SIGNED_IN])
def test_what_the_table_says_is_counted(client, name):
    VilleFactory()
    address = addresses(house(), AttenteFactory())[name]
    if name in SIGNED_IN:
        client.force_login(CompteFactory(password="trois mots sans rapport"))

    client.post(address, (SENT | SIGNED_IN)[name])

    counted = set(Compteur.objects.exclude(geste="six chiffres").values_list("geste", flat=True))
    assert counted
    assert counted <= LIMITED[name]
