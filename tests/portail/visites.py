"""Where the forms of the portal are, for those who open them."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse

from conseils import convocations
from maisons.journee import filled_in
from maisons.suivre import subject
from notifications import suivi
from permanences.forms.prise import moment
from tests.connexion import SigningClient
from tests.factories import AttenteFactory, FermetureFactory, ReservationFactory, SalleFactory
from tests.portail.formulaires import read
from tests.portail.saisies import Reader, pairs
from tests.portail.test_acces import (
    ACCOUNT,
    ANYBODY,
    CITY,
    DESK,
    DIRECTION,
    DUTY,
    GRANTED,
    MANAGER,
    MEMBER,
    NOBODY,
    ORGANISED,
    SECRETARY,
    address,
)
from tests.portail.voisines import house, somebody

STAFFED = {
    "accueil": DESK | DUTY | GRANTED | ORGANISED,
    "secretaire": SECRETARY,
    "intervenant": MANAGER,
    "responsable": MEMBER,
    "ville": DIRECTION | CITY | NOBODY,
}


def busy_house():
    """The rows of a house, one of them waiting on each page that asks something."""
    rows = house()
    room = rows["salle"]
    touched = ReservationFactory(salle=room, demandeur=rows["compte"])
    span = {"debut": touched.debut, "fin": touched.fin}
    waiting = AttenteFactory(salle=SalleFactory(maison=rows["maison"], avec_accord=False))
    debut = touched.debut + timedelta(days=2)
    return rows | {
        "fermeture": FermetureFactory(maison=room.maison, salle=room, **span),
        "attente": waiting,
        "abonnement": suivi.ask(subject(rows["occurrence"].evenement_id), "linh@exemple.fr"),
        "demande": urlencode(filled_in(debut, debut + timedelta(hours=2))),
    }


def public_addresses(rows):
    """{route: addresses} of those that need to be told of what."""
    maison, salle, mine, held = (rows[k] for k in ("maison", "salle", "reservation", "attente"))
    acts = ["annuler", "deplacer", "courriel", "confirmer"]
    following = rows["abonnement"]
    asked = reverse("maisons:reservation_create", args=[maison.slug, salle.slug])
    return {
        "portail:maison": [f"/maisons/{maison.slug}/"],
        "portail:quartier": [f"/quartiers/{rows['quartier'].slug}/"],
        "portail:agenda_entry": [f"/agenda/{rows['occurrence'].pk}/"],
        "maisons:planning": [reverse("maisons:planning", args=[maison.slug])],
        "maisons:salle": [salle.get_absolute_url()],
        "associations:association": [rows["association"].get_absolute_url()],
        "associations:image": [],  # a file
        "associations:activite": [rows["seance"].get_absolute_url()],
        "associations:charte_version": ["/associations/charte/1/"],
        **registration_addresses(rows),
        "conseils:conseil": [rows["conseil"].get_absolute_url()],
        "conseils:suivre": [reverse("conseils:suivre", args=[rows["conseil"].slug])],
        "conseils:venir": [f"{rows['annoncee'].get_absolute_url()}venir/"],
        "conseils:convocations": [
            reverse("conseils:convocations", args=[convocations.sign(rows["conseil"].pk, "a@b.fr")])
        ],
        "conseils:ics": [reverse("conseils:ics", args=[rows["conseil"].slug])],
        "conseils:atom": [reverse("conseils:atom", args=[rows["conseil"].slug])],
        "conseils:reunion": [rows["annoncee"].get_absolute_url()],
        **dict.fromkeys(["conseils:ordre_du_jour", "conseils:reunion_ics"], []),  # files
        **dict.fromkeys(["conseils:document", "conseils:document_ancien"], []),  # files
        "conseils:rectificatif": [rows["rectificatif"].get_absolute_url()],
        "permanences:permanence": [rows["aide"].get_absolute_url()],
        "permanences:carte": [f"{rows['aide'].get_absolute_url()}carte/"],
        "permanences:service": [rows["aide"].service.get_absolute_url()],
        "permanences:fiche": [rows["guide"].get_absolute_url()],
        "permanences:mediateur": [rows["aide"].mediateur.get_absolute_url()],
        "permanences:elu": [reverse("permanences:elu", args=[rows["elu"].pk])],
        "permanences:question_create": [
            reverse("permanences:question_create", args=[rows["questionelu"].elu_id])
        ],
        "maisons:evenement": [rows["occurrence"].evenement.get_absolute_url()],
        "maisons:reservation_create": [f"{asked}?{rows['demande']}"],
        "maisons:reservation": [mine.get_absolute_url()],
        "maisons:reservation_act": [f"{mine.get_absolute_url()}{act}/" for act in acts],
        **appointment_addresses(rows),
        "maisons:suivre": [f"{rows['occurrence'].evenement.get_absolute_url()}suivre/"],
        "notifications:attente": [reverse("notifications:attente", args=[following.jeton])],
        "notifications:arreter": [
            reverse("notifications:arreter", args=[suivi.sign(following.pk)])
        ],
        "maisons:attente": [reverse("maisons:attente", args=[held.jeton])],
        "maisons:adresse": [reverse("maisons:adresse", args=[held.jeton, "preuve"])],
        "comptes:code_open": [
            reverse("comptes:code_open", args=[row.code])
            for row in (held, rows["gardee"], rows["questionelu"])
        ],
        "comptes:code_act": [
            *[reverse("comptes:code_act", args=[held.code, act]) for act in acts],
            *[reverse("comptes:code_act", args=[rows["rendez_vous"].code, a]) for a in acts[:2]],
        ],
        "mfa_remove_webauthn": [reverse("mfa_remove_webauthn", args=[rows["compte"].pk])],
        "comptes:appareil_end": [],  # a button
        # Of the demonstration alone, without a form.
        "portail:courrier": [],
        "portail:courrier_mis_en_forme": [],
        "portail:courrier_piece": [],
    }


def appointment_addresses(rows):
    mine, kept = rows["rendez_vous"], rows["gardee"]
    taken = reverse("permanences:rendez_vous_create", args=[rows["permanence"].slug])
    acts = ["annuler", "deplacer", "plus-tot"]
    free = moment(kept.vacation.slots()[3][0])
    return {
        "permanences:rendez_vous_create": [taken, f"{taken}?moment={free}"],
        "permanences:attente": [reverse("permanences:attente", args=[kept.jeton])],
        "permanences:rendez_vous": [mine.get_absolute_url()],
        "permanences:rendez_vous_act": [f"{mine.get_absolute_url()}{act}/" for act in acts],
    }


def registration_addresses(rows):
    mine, kept, line = rows["dossier"], rows["dossiergarde"], rows["ligne"].pk
    acts = [f"{act}-{line}" for act in ("quitter", "accepter", "attestation")]
    asked = reverse("associations:inscription_create", args=[rows["offerte"].slug])
    return {
        "associations:inscription_create": [asked],
        "associations:attente": [reverse("associations:attente", args=[kept.jeton])],
        "associations:adresse": [reverse("associations:adresse", args=[kept.jeton, "preuve"])],
        **dict.fromkeys(["associations:agenda_renew", "associations:agenda_ics"], []),  # files
        "associations:dossier": [mine.get_absolute_url()],
        "associations:dossier_act": [f"{mine.get_absolute_url()}{act}/" for act in acts],
    }


def addresses(role, rows):
    """Where the pages are that a role is the first to open."""
    if role in STAFFED:
        return [address(route, rows) for route in sorted(STAFFED[role])]
    known = public_addresses(rows)
    taken = {"maisons:reservation_create", "permanences:rendez_vous_create"}
    taken |= {"associations:inscription_create"}
    routes = ACCOUNT | taken if role == "habitant" else ANYBODY
    told = [known[route] if route in known else [reverse(route)] for route in sorted(routes)]
    return [path for paths in told for path in paths]


def reader_of(role, rows):
    compte = rows["compte"] if role == "habitant" else somebody(role, rows["maison"])
    return Reader(SigningClient(), compte)


def all_forms(role, rows):
    """(who opens them, each form once), those that an ordinary answer leads to as well."""
    reader, found = reader_of(role, rows), {}
    for path in addresses(role, rows):
        for form in reader.forms(path):
            found.setdefault((form.path, *sorted(form.names)), form)
    for form in list(found.values()):
        for button in form.buttons or [None]:
            with reader.sent(form, pairs(form, button)) as answer:
                for after in read(answer.page, form.path):
                    found.setdefault((after.path, *sorted(after.names)), after)
    return reader, list(found.values())
