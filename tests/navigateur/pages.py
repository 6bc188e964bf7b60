"""
Every page of the portal: where it is, who reads it, how one gets there.

Read on the site's own database (`decor.tell`); those of the admin follow from its registry.
"""

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from associations.models import Activite, Adhesion, Association, Charte, MiseADisposition
from comptes.limites import LIMITES, TooMany
from comptes.models import Compte
from conseils import convocations
from conseils.models import Conseiller, Reunion
from maisons import attente
from maisons.fermetures import unsettled
from maisons.models import (
    Evenement,
    Fermeture,
    InvitationAffectation,
    Maison,
    Occurrence,
    Reservation,
    Salle,
    Serie,
)
from notifications import suivi
from notifications.models import Abonnement, Message, Repere
from permanences import guichet
from permanences.admin.acces import attends
from permanences.models import Fiche, Permanence, QuestionElu, Vacation
from portail.courriers import letters_sent
from portail.rivemont.comptes import ADMIN, ASSOCIATION, COUNCIL, DESK, RESIDENT
from portail.urls import TEXT_PAGES
from portail.views.erreur import server_error
from quartiers.models import Elu, Quartier, Ville
from tests.connexion import note_factor
from tests.navigateur import benevoles, inscriptions, rendez_vous

BUSY = 40  # in so many days the room of the set is taken from 14 h to 16 h
ASKING = 12  # neighbours who wait for an answer of the desk
PASSWORDLESS = "sans-mot-de-passe@rivemont.example"
PROTECTED = "protegee@rivemont.example"  # by an application of codes and a key
FOLLOWED = "chorale"  # an event that the resident follows
DRESSED = "Salle d’essai réservée"  # a letter in HTML, with a file
CANAL = "Association du canal"  # books one room five times on two days; the first is closed
# 580 nodes, all others 340
LISTS = {
    *["portail:agenda", "maisons:planning", "maisons:salle", "maisons:salle_search"],
    "admin:maisons_fermeture_settle",
    "admin:maisons_serie_change",
    "admin:permanences_jour",
    "portail:conseils_recherche",
    "permanences:permanence_list",
}
# 200 KB, others 100
MAPS = {"portail:accueil", "portail:maison_list", "portail:quartier_list", "portail:quartier"}


@dataclass(frozen=True)
class Page:
    route: str  # its name in the resolver, or "erreur"
    path: str
    state: str = ""  # what tells it from the other pages of its route
    reader: str = ""  # the e-mail of who is signed in
    gesture: str = ""  # the function of `gestes` that leads there from `path`
    status: int = 200
    html: str = ""  # of a page that cannot be provoked from a browser

    def __str__(self):
        return " ".join(filter(None, [self.route, self.state]))

    @property
    def staff(self):
        return self.route.startswith("admin:")

    @property
    def looked_at(self):
        """Refusals of one page or another all show the same error page, listed once."""
        return self.status == 200 or self.route == "erreur"


def at(route, *args, query="", **fields):
    return Page(route, reverse(route, args=args) + query, **fields)


def all_pages():
    return [
        *text_pages(),
        *agenda_pages(),
        *city_pages(),
        *council_pages(),
        *help_pages(),
        *room_pages(),
        *search_pages(),
        *word_search_pages(),
        *account_pages(),
        *own_account_pages(),
        *booking_pages(),
        *without_account_pages(),
        *rendez_vous.pages(at),
        *inscriptions.pages(at),
        *access_pages(),
        *following_pages(),
        *letter_pages(),
        *error_pages(),
        *staff_pages(DESK),
        *staff_pages(COUNCIL),
        *staff_pages(benevoles.VOLUNTEER),
        *staff_pages(ADMIN),
        *staff_pages(ASSOCIATION),
        *[at("account_set_password", reader=PASSWORDLESS)],
    ]


def empty_pages():
    """What a city reads on its first day: no house, no event, an administrator and a resident."""
    lists = ["accueil", "agenda", "maison_list", "quartier_list", "plan_du_site", "recherche"]
    routes = [f"portail:{name}" for name in [*lists, *(name for _, name in TEXT_PAGES)]]
    routes += ["maisons:salle_search", "conseils:conseil_list", "associations:association_list"]
    routes.append("associations:activite_list")
    routes += ["permanences:permanence_list", "permanences:elu_list"]
    mine = ["portail:mon_espace", "maisons:reservation_list"]
    return [
        *rendez_vous.empty_pages(at),
        *inscriptions.empty_pages(at),
        *[at(route, state="ville vide") for route in routes],
        *[at(route, state="ville vide", reader=RESIDENT) for route in mine],
        *[page for page in staff_pages(ADMIN) if page.status == 200],
    ]


def text_pages():
    names = ["plan_du_site", "remarque", *(name for _, name in TEXT_PAGES)]
    return [
        *[at(f"portail:{name}") for name in names],
        at("portail:remarque", state="en erreur", gesture="envoyer_vide"),
        at("portail:remarque", query="?merci", state="envoyée"),
    ]


def agenda_pages():
    today = timezone.localdate()
    month, past = today + timedelta(days=29), today - timedelta(days=60)
    lasting = Occurrence.objects.public().filter(fin__gt=F("debut") + timedelta(days=2)).first()
    long_ago, begun = past.isoformat(), timezone.localdate(lasting.debut).isoformat()
    busy = Occurrence.objects.public().select_related("maison__quartier").first().maison
    filters = f"maison={busy.slug}&quartier={busy.quartier.slug}&nature=evenement&q=atelier"
    states = {
        "": "",
        "en 30 jours": f"?du={today}&au={month}",
        "filtré": f"?du={long_ago}&au={today}&{filters}",
        "vide": "?q=introuvable",
        "en cours": f"?du={begun}&au={begun}",
        "passé": f"?du={long_ago}&au={long_ago}",
        "en erreur": "?du=2026-02-31&quartier=nulle-part&age=cent",
        "du mois": f"?mois={today:%Y-%m}",
        "tous les filtres": "?theme=culture&public=familles&gratuit=oui&age=8&jour=samedi",
    }
    return [
        *[at("portail:agenda", query=query, state=state) for state, query in states.items()],
        at("portail:mon_quartier"),
        at("portail:mon_quartier", state="en erreur", gesture="envoyer_vide"),
    ]


def city_pages():
    essai = Salle.objects.get(slug="salle-a-demander").maison
    houses = ["maison-des-lavoirs", essai.slug]
    with_house = Quartier.objects.exclude(maisons=None).first()
    events = Evenement.objects.public()
    several = Occurrence.objects.public().filter(debut__gt=timezone.now()).first().evenement
    over = Occurrence.objects.public().order_by("fin").first().evenement
    shown = {
        "avec des dates": several,
        "passé": over,
        "annulé": events.get(slug="annule"),
        "le plus long": events.get(slug="le-plus-long"),
        "en série": events.get(slug="chorale"),
    }
    return [
        at("portail:accueil"),
        at("portail:maison_list"),
        at("portail:maison_list", query=f"?quartier={with_house.slug}", state="d’un quartier"),
        at("portail:maison_list", query="?ouvert=1", state="ouvertes maintenant"),
        at("portail:maison_list", query="?quartier=sans-maison&ouvert=1", state="sans maison"),
        *[at("portail:maison", slug, state=slug) for slug in houses],
        at("portail:quartier_list"),
        at("portail:quartier", with_house.slug),
        at("portail:quartier", "sans-maison", state="sans maison"),
        *[at("maisons:evenement", e.slug, state=state) for state, e in shown.items()],
        *association_pages(),
    ]


def association_pages():
    longest = Association.objects.get(slug="la-plus-longue")
    return [
        at("associations:association_list"),
        at("associations:association_list", query="?theme=sport&benevoles=oui", state="filtrées"),
        at("associations:association_list", query="?q=introuvable", state="aucune"),
        at("associations:association_list", query="?theme=nulle", state="en erreur"),
        at("associations:association", longest.slug, state="au plus long nom"),
        at("associations:charte"),
        at("associations:charte_version", 1),
        at("associations:association", Association.objects.exclude(benevoles="").first().slug),
        *activity_pages(),
    ]


def activity_pages():
    filters = "?theme=culture&age=8&jour=mercredi&gratuit=oui&libre=oui&q=atelier"
    return [
        at("associations:activite_list"),
        at("associations:activite_list", query=filters, state="filtrées"),
        at("associations:activite_list", query="?q=introuvable", state="aucune"),
        at("associations:activite_list", query="?age=cent&theme=nul", state="en erreur"),
        at("associations:activite", "la-plus-longue", state="au plus long titre"),
        at("associations:activite", Activite.objects.public().order_by("pk").first().slug),
    ]


def stop_pages():
    """Of a member of whom the council has the address, and of nobody that it knows."""
    member = Conseiller.objects.exclude(courriel="").order_by("pk").first()
    tokens = {"": member.courriel, "arrêtées": "personne@rivemont.example"}
    return [
        at("conseils:convocations", convocations.sign(member.conseil_id, courriel), state=state)
        for state, courriel in tokens.items()
    ]


def council_pages():
    essai = "conseil-d-essai"
    shown = {"longue, mixte": 1, "annulée": 2, "en retard": 3, "rectifiée": 4}
    shown |= {"compte rendu approuvé": 5, "compte rendu à approuver": 6}
    past = Reunion.objects.public().filter(fin__lt=timezone.now()).select_related("conseil").first()
    meeting = "conseils:reunion"
    return [
        at("conseils:conseil_list"),
        at("conseils:conseil", essai),
        at("conseils:conseil", past.conseil.slug, state="avec son passé"),
        *[at(meeting, essai, number, state=state) for state, number in shown.items()],
        at(meeting, past.conseil.slug, past.numero, state="passée"),
        at(meeting, essai, 1, query="?grand=oui", state="en grands caractères"),
        at("portail:conseils_recherche"),
        at("portail:conseils_recherche", query="?q=place", state="trouvés"),
        at(
            "portail:conseils_recherche", query="?q=introuvable&annee=1789", state="rien, en erreur"
        ),
        at("portail:donnees"),
        at("conseils:venir", essai, 1),
        at("conseils:venir", essai, 2, state="annulée"),
        *stop_pages(),
        at("conseils:suivre", essai),
        at("conseils:suivre", essai, state="en erreur", gesture="envoyer_vide"),
        at("conseils:suivre", essai, reader=RESIDENT),
        at("conseils:suivre", "conseil-des-rives", reader=RESIDENT, state="suivi"),
        *[at("conseils:rectificatif", essai, 4, number, state=f"n° {number}") for number in (1, 2)],
    ]


def help_pages():
    tested = Permanence.objects.get(slug="permanence-d-essai")
    states = {
        "": "",
        "d’un besoin": "?besoin=courrier",
        "filtré": f"?maison={tested.maison.slug}&langue=ar&sans_rdv=oui&besoin=courrier",
        "près de chez soi": f"?pres_de={tested.maison.quartier.slug}",
        "vide": "?theme=nature&sans_rdv=oui",
        "en erreur": "?besoin=argent&du=2026-02-31&jour=hier",
    }
    held = {p.slug: p for p in Permanence.objects.filter(slug__startswith="permanence-d-")}
    return [
        *[at("permanences:permanence_list", query=q, state=state) for state, q in states.items()],
        *[at("permanences:permanence", slug, state=slug) for slug in held],
        at("permanences:carte", tested.slug),
        at("permanences:service", tested.service.slug),
        at("permanences:fiche", "lire-un-courrier"),
        at("permanences:mediateur", "mediatrice-d-essai"),
        at("permanences:elu_list"),
        at("permanences:elu", Elu.objects.filter(permanences__isnull=False).first().pk),
        *question_pages(held["permanence-d-elue"].elu),
    ]


def question_pages(elu):
    """The form, faulty too, then what is said; and of one that nobody would read."""
    route, rows = "permanences:question_create", QuestionElu.objects.filter(elu=elu)
    waiting = rows.exclude(telephone="").first()
    return [
        at("permanences:elu", elu.pk, state="à qui poser une question"),
        at(route, elu.pk),
        at(route, elu.pk, state="en erreur", gesture="envoyer_vide"),
        at(route, elu.pk, state="avec un compte", reader=RESIDENT),
        at(route, elu.pk, query="?merci", state="envoyée"),
        at(route, elu.pk, query="?efface", state="effacée"),
        at(route, Elu.objects.filter(permanences=None).first().pk, state="que personne ne lit"),
        at("comptes:code_open", waiting.code, state="question"),
        at("comptes:code_open", rows.exclude(repondu_le=None).first().code, state="répondue"),
        at("comptes:code_act", waiting.code, "effacer", state="question"),
    ]


def room_pages():
    house = "maison-des-lavoirs"
    closed = timezone.localdate() - timedelta(days=400)
    rooms = Salle.objects.filter(maison__slug=house)
    part = Salle.objects.exclude(partie_de=None).select_related("maison").first()
    essai, week = "maison-d-essai", "?vue=semaine"
    later = f"{week}&jour={timezone.localdate() + timedelta(days=7)}"
    full = f"{week}&jour={timezone.localdate() + timedelta(days=21)}"
    return [
        at("maisons:planning", house),
        at("maisons:planning", house, query=week, state="d’une semaine"),
        at("maisons:planning", "douze-salles", query=later, state="d’une semaine de douze salles"),
        at("maisons:planning", "douze-salles", query=full, state="d’une semaine fermée"),
        at("maisons:planning", "douze-salles", state="de douze salles"),
        at("maisons:planning", "maison-sans-salle", query=week, state="d’une semaine, sans salle"),
        at("maisons:planning", house, query=f"?jour={closed}", state="un jour passé"),
        at("maisons:planning", "maison-sans-salle", state="sans salle"),
        at("maisons:salle", house, rooms.first().slug),
        at("maisons:salle", house, rooms.first().slug, query=week, state="d’une semaine"),
        at("maisons:salle", part.maison.slug, part.slug, state="une partie"),
        at("maisons:salle", essai, "salle-sur-place", state="qui se demande à l’accueil"),
    ]


def search_pages():
    day = timezone.localdate() + timedelta(days=3)
    near = Quartier.objects.exclude(maisons=None).first().slug
    all_of_it = f"personnes=4&equipement=imprimante&plain_pied=on&pres_de={near}&duree=60&de=09:00"
    states = {
        "": "",
        "un autre jour": f"?jour={day}&duree=30",
        "filtré": f"?jour={day}&{all_of_it}",
        "vide": f"?jour={day}&de=20:00&duree=600&personnes=4",
        "en erreur": "?jour=2026-02-31&personnes=10000&duree=9999&equipement=jacuzzi&pres_de=x",
    }
    return [at("maisons:salle_search", query=query, state=state) for state, query in states.items()]


def word_search_pages():
    states = {
        "": "",
        "sans mot": "?q=!",
        "trouvé": "?q=lavoirs",
        "corrigé": "?q=atellier",
        "avec le plus": "?q=atelier+salle+jardin+f%C3%AAte+quartier",
        "vide": "?q=introuvable",
        "tout un groupe": "?q=salle&dans=salles",
    }
    return [at("portail:recherche", query=query, state=state) for state, query in states.items()]


def account_pages():
    forms = ["login", "signup", "request_login_code", "reset_password"]
    return [
        *[at(f"account_{name}") for name in forms],
        *[at(f"account_{n}", state="en erreur", gesture="envoyer_vide") for n in forms],
        at("account_login", state="mauvais mot de passe", gesture="mauvais_mot_de_passe"),
        *code_pages("account_confirm_login_code", "account_request_login_code", "code"),
        *code_pages("account_confirm_password_reset_code", "account_reset_password", "code"),
        *code_pages("account_email_verification_sent", "account_signup", "compte"),
        Page(
            "account_complete_password_reset",
            reverse("account_reset_password"),
            gesture="nouveau_mot_de_passe",
        ),
        at("account_password_reset_completed"),
        *[
            Page("mfa_authenticate", reverse("account_login"), gesture=gesture, state=state)
            for state, gesture in {
                "": "demander_la_preuve",
                "en erreur": "demander_la_preuve_et_envoyer_vide",
            }.items()
        ],
        at("account_inactive"),
    ]


def code_pages(route, begun_at, asked):
    begun = reverse(begun_at)
    return [
        Page(route, begun, gesture=f"demander_un_{asked}"),
        Page(route, begun, gesture=f"demander_un_{asked}_et_se_tromper", state="en erreur"),
    ]


def own_account_pages():
    forms = ["account_change_password", "account_email", "comptes:nom_change"]
    forms.append("account_reauthenticate")
    return [
        at("portail:mon_espace", reader=RESIDENT),
        at("comptes:donnees", reader=RESIDENT),
        at("account_logout", reader=RESIDENT),
        *[at(route, reader=RESIDENT) for route in forms],
        *[at(route, reader=RESIDENT, state="en erreur", gesture="envoyer_vide") for route in forms],
        *protection_pages(),
    ]


def protection_pages():
    """Without a second factor, then with one; what touches it asks for the password again."""
    confirm = {"gesture": "confirmer_le_mot_de_passe"}
    faulty = {"state": "en erreur", "reader": PROTECTED, "gesture": "envoyer_vide"}
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    mine = ["deactivate_totp", "view_recovery_codes", "generate_recovery_codes"]
    return [
        at("comptes:appareil_list", reader=RESIDENT),
        at("mfa_index", reader=RESIDENT),
        at("mfa_index", reader=PROTECTED, state="protégé"),
        at("mfa_activate_totp", reader=RESIDENT, **confirm),
        at(
            "mfa_activate_totp",
            reader=RESIDENT,
            state="en erreur",
            gesture="confirmer_le_mot_de_passe_et_envoyer_vide",
        ),
        *[at(f"mfa_{name}", reader=PROTECTED, **confirm) for name in mine],
        *[at("mfa_add_webauthn", reader=PROTECTED, **confirm)],
        at(
            "mfa_add_webauthn",
            reader=PROTECTED,
            state="en erreur",
            gesture="confirmer_le_mot_de_passe_et_envoyer_sans_cle",
        ),
        at("mfa_reauthenticate_webauthn", reader=PROTECTED),
        at("mfa_remove_webauthn", key.pk, reader=PROTECTED, **confirm),
        at("mfa_reauthenticate", reader=PROTECTED),
        at("mfa_reauthenticate", **faulty),
    ]


def booking_pages():
    wanted = reverse("maisons:salle", args=["maison-d-essai", "salle-a-demander"])
    steps = {"rempli": "reserver", "en erreur": "reserver_vide", "salle prise": "reserver_pris"}
    mine = Reservation.objects.filter(demandeur__courriel=RESIDENT, maison__slug="maison-d-essai")
    shown = {booking.etat: booking.pk for booking in mine}
    create = "maisons:reservation_create"
    return [
        at("maisons:reservation_list", reader=RESIDENT),
        at("maisons:reservation_list", reader=PASSWORDLESS, state="vide"),
        *[at("maisons:reservation", pk, reader=RESIDENT, state=etat) for etat, pk in shown.items()],
        *[
            at("maisons:reservation_act", shown["demandee"], act, reader=RESIDENT, state=act)
            for act in ("annuler", "deplacer")
        ],
        *[
            Page(create, wanted, reader=RESIDENT, state=state, gesture=gesture)
            for state, gesture in steps.items()
        ],
        Page(create, wanted, reader=RESIDENT, state="à vérifier", gesture="reserver_et_verifier"),
    ]


def access_pages():
    """What a code opens without an account; a wrong one opens the form."""
    booked = Reservation.objects.filter(demandeur__courriel=RESIDENT).first()
    season = Reservation.objects.filter(serie__isnull=False).first()
    typed = {"en erreur": "envoyer_vide", "en erreur, code faux": "code_faux"}
    return [
        at("comptes:code"),
        *[at("comptes:code", state=state, gesture=gesture) for state, gesture in typed.items()],
        at("comptes:code_open", booked.code),
        at("comptes:code_open", season.code, state="une série"),
        at("comptes:code_open", "FAUX", state="code faux", status=404),
        *invitation_pages(),
    ]


def invitation_pages():
    """To whoever is signed out, to its person, to somebody else; and one that is over."""
    sent = InvitationAffectation.objects.filter(maison__slug="maison-d-essai")
    waiting, over = sent.get(revoquee_le=None), sent.exclude(revoquee_le=None).get()
    readers = {"invitation": "", "mon invitation": waiting.courriel, "pas la mienne": RESIDENT}
    return [
        *[
            at("comptes:code_open", waiting.code, state=state, reader=reader)
            for state, reader in readers.items()
        ],
        at("comptes:code_open", over.code, state="invitation révoquée"),
    ]


def following_pages():
    """From an event to its letters, and to what ends them."""
    rows = Abonnement.objects.filter(compte=None, sujet__startswith="evenement:").order_by("pk")
    begun, followed = {row.sujet: row for row in rows}.values()
    coming = Occurrence.objects.public().filter(debut__gt=timezone.now()).holding().first()
    event, over = coming.evenement, Occurrence.objects.public().order_by("fin").first().evenement
    waiting, stop = "notifications:attente", "notifications:arreter"
    return [
        at("maisons:suivre", event.slug),
        at("maisons:suivre", event.slug, state="en erreur", gesture="envoyer_vide"),
        at("maisons:suivre", over.slug, state="passé"),
        at("maisons:suivre", event.slug, reader=RESIDENT),
        at("maisons:suivre", FOLLOWED, reader=RESIDENT, state="suivi"),
        at(waiting, begun.jeton),
        at(waiting, begun.jeton, state="en erreur", gesture="envoyer_vide"),
        at("comptes:code_open", begun.code, state="à suivre"),
        at("comptes:code_open", followed.code, state="suivi"),
        at(stop, suivi.sign(followed.pk)),
        at(stop, suivi.sign(987_654), state="arrêté"),
        at("notifications:preferences", reader=RESIDENT),
        at("notifications:preferences", reader=PASSWORDLESS, state="vide"),
    ]


def without_account_pages():
    """From the form to what the code opens, for somebody who has no account."""
    wanted = reverse("maisons:salle", args=["maison-d-essai", "salle-a-demander"])
    steps = {
        "sans compte": "reserver",
        "sans compte, en erreur": "reserver_sans_compte_vide",
        "sans compte, salle prise": "reserver_sans_compte_pris",
        "sans compte, à vérifier": "reserver_sans_compte_et_verifier",
    }
    begun = Reservation.objects.filter(demandeur=None, maison__slug="maison-d-essai")
    booked = {b.nom: b for b in begun.exclude(nom="")}
    waiting, called = booked["En attente"], booked["À appeler"]
    changing = booked["Adresse à prouver"]
    shown = ["En attente", "Confirmée", "Perdue", changing.nom]
    acts = ["annuler", "deplacer"]
    return [
        *[
            Page("maisons:reservation_create", wanted, state=state, gesture=gesture)
            for state, gesture in steps.items()
        ],
        *[at("maisons:attente", booked[name].jeton, state=name) for name in shown],
        at("maisons:attente", waiting.jeton, state="en erreur", gesture="envoyer_vide"),
        at("maisons:attente", waiting.jeton, state="corrigée, en erreur", gesture="corriger_vide"),
        at(
            "maisons:attente",
            changing.jeton,
            state="code faux, en erreur",
            gesture="six_chiffres_faux",
        ),
        at("maisons:adresse", changing.jeton, attente.proof(changing)),
        *[at("comptes:code_open", b.code, state=name) for name, b in booked.items()],
        *[at("comptes:code_act", booked["Confirmée"].code, act, state=act) for act in acts],
        at("comptes:code_act", called.code, "courriel", state="courriel"),
        at(
            "comptes:code_act",
            waiting.code,
            "courriel",
            state="courriel en erreur",
            gesture="envoyer_vide",
        ),
    ]


def letter_pages():
    [letter] = [sent for sent in letters_sent() if sent.subject == DRESSED]
    return [at("portail:courrier_list"), at("portail:courrier", letter.key)]


def error_pages():
    """Two of them no browser can provoke at will: they are rendered here."""
    limite = TooMany(LIMITES["reserver"], "reseau", timedelta(minutes=25))
    trop = render_to_string("429.html", {"ville": Ville.current(), "limite": limite})
    panne = server_error(RequestFactory().get("/")).content.decode()
    return [
        Page("erreur", "/nulle-part/", state="404", status=404),
        Page("erreur", "/agenda/?" + "a&" * 1001, state="400", status=400),
        Page("erreur", "/gestion/", state="403", status=404, reader=RESIDENT),
        Page("erreur", "/compte/login/", "formulaire expiré", gesture="expirer", status=403),
        Page("erreur", "/erreurs/429/", state="429", status=429, html=trop),
        Page("erreur", "/erreurs/500/", state="500", status=500, html=panne),
    ]


def staff_pages(courriel):
    request = RequestFactory().get("/gestion/")
    request.user = Compte.objects.get(courriel=courriel)
    request.session = SessionStore()  # in memory: some pages are rendered here
    note_factor(request, request.user)
    pages = [at("admin:index"), at("admin:password_change_done")]
    for model_admin in admin.site._registry.values():
        if model_admin.has_view_permission(request):
            pages += model_pages(model_admin, request)
    if request.user.is_superuser:
        other = Compte.objects.exclude(pk=request.user.pk).first()
        pages.append(at("admin:comptes_compte_rescue", other.pk))
    pages += answer_pages(request)
    pages += held_pages(request)
    pages += desk_pages(request)
    pages += duty_pages(request.user)
    pages += series_pages(request.user)
    pages += permanence_pages(request.user)
    pages += benevoles.pages(at, request.user)
    pages += member_pages(request.user)
    pages += loan_pages(request.user)
    if not request.user.is_superuser:  # what one may not open is looked at once
        pages = [page for page in pages if page.status == 200]
    return [Page(**vars(page) | {"reader": courriel}) for page in pages]


def member_pages(user):
    """Certificates, and which association is at work; the charter as the public will read it."""
    if adhesion := Adhesion.objects.managed_by(user).exclude(attestations=None).first():
        route = "admin:associations_attestation_list"
        yield at(route, adhesion.pk)
        if not user.is_superuser:  # the first button of the city confirms
            yield at(route, adhesion.pk, state="en erreur", gesture="envoyer_vide")
    if user.courriel == ASSOCIATION:
        yield at("admin:au_travail")
    if user.is_superuser and (charte := Charte.objects.first()):
        yield at("admin:associations_charte_preview", charte.pk)


def loan_pages(user):
    """A season of them, looked at; what may be done to one, by the house that answers."""
    route = "admin:associations_miseadisposition"
    mine = MiseADisposition.objects.managed_by(user, "add").first()
    if mine:
        query = f"?association={mine.association_id}"
        yield at(f"{route}_add", query=query, state="à vérifier", gesture="demander_chaque_semaine")
    if pret := MiseADisposition.objects.answered_by(user).answerable().first():
        for act in ("accorder", "refuser", "deplacer", "annuler"):
            yield at(f"{route}_{act}", pret.pk)
        yield at(f"{route}_refuser", pret.pk, state="en erreur", gesture="envoyer_vide")


def held_pages(request):
    """Sending resumes on one page, which a restore alone fills: it is rendered here."""
    route = "admin:notifications_message_reprise"
    if not request.user.is_superuser:
        return
    yield at(route)
    for state in ("retenue", "retenue, sans dossier"):
        with transaction.atomic():
            repere, some = Repere.objects.get(), Message.objects.values("pk")[:3]
            Message.objects.filter(pk__in=some).update(etat=Message.Etat.ATTENTE)
            repere.hold(repere.mark if state == "retenue" else None)
            held = resolve(reverse(route)).func(request).content.decode()
            transaction.set_rollback(True)
        yield Page(route, f"/gestion/{state.replace(' ', '-')}/", state=state, html=held)


def model_pages(model_admin, request):
    """The list of a model, its form empty and faulty, and the pages of its last row."""
    name = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    rows = model_admin.get_queryset(request).order_by("pk")
    adds = 200 if model_admin.has_add_permission(request) else 403
    yield at(f"{name}_changelist")
    if model_admin.search_fields:
        yield at(f"{name}_changelist", query="?q=introuvable", state="rien de trouvé")
    yield at(f"{name}_add", status=adds)
    if adds == 200:
        yield at(f"{name}_add", state="en erreur", gesture="enregistrer_vide")
    if rows:
        yield from row_pages(model_admin, request, name, rows)


# Changed by the buttons of its page, which has no form to send; by a form that is never at fault.
BY_BUTTONS = {"admin:associations_inscription"}
ALL_OPTIONAL = {"admin:associations_association"}  # but for the city, which writes its name


def row_pages(model_admin, request, name, rows):
    first, last = rows.first(), rows.last()
    yield at(f"{name}_change", last.pk)
    if first != last and request.user.is_superuser:
        yield at(f"{name}_change", first.pk, state="du premier")
    fixed = BY_BUTTONS if request.user.is_superuser else BY_BUTTONS | ALL_OPTIONAL
    if name not in fixed and model_admin.has_change_permission(request, last):
        yield at(f"{name}_change", last.pk, state="en erreur", gesture="enregistrer_vide")
    yield at(f"{name}_history", last.pk, status=200 if hasattr(last, "history") else 404)
    yield at(f"{name}_simple_history", last.pk, 1, status=404)
    allowed = (row for row in rows.iterator(100) if model_admin.has_delete_permission(request, row))
    gone = next(allowed, None)
    yield at(f"{name}_delete", (gone or last).pk, status=200 if gone else 403)


def answer_pages(request):
    """The pages that our own admin classes add."""
    user = request.user
    waiting = Reservation.objects.managed_by(user).filter(etat=Reservation.Etat.DEMANDEE).first()
    draft = Evenement.objects.managed_by(user).filter(publie_le=None).first()
    dates = Occurrence.objects.managed_by(user).public().holding()
    if waiting:
        yield from booking_acts(waiting)
    if user.has_perm("maisons.change_reservation"):
        yield at("admin:maisons_reservation_answer")
        yield at("admin:maisons_reservation_answer", query="?cocher=tout", state="tout coché")
    if waiting:
        yield at("admin:maisons_reservation_answer", state="en erreur", gesture="refuser_vide")
    if draft:
        yield at("admin:maisons_evenement_preview", draft.pk)
    if date := dates.filter(debut__gt=timezone.now()).first():
        yield at("admin:maisons_occurrence_cancel", date.pk)
    yield from closure_pages(user)
    yield from settled_pages(user)
    for meeting in Reunion.objects.managed_by(user).filter(publie_le=None).order_by("-pk")[:1]:
        yield at("admin:conseils_reunion_preview", meeting.pk)
        yield at("admin:conseils_reunion_publish", meeting.pk)
        yield at(
            "admin:conseils_reunion_publish", meeting.pk, state="en erreur", gesture="programmer"
        )
        for screen in ("telephone", "ordinateur"):
            query = f"?ecran={screen}"
            yield at("admin:conseils_reunion_screens", meeting.pk, query=query, state=screen)
        yield at("admin:conseils_reunion_follow", meeting.pk)
        yield at(
            "admin:conseils_reunion_follow", meeting.pk, state="en erreur", gesture="envoyer_vide"
        )
        yield from document_pages(meeting)
    public = Reunion.objects.managed_by(user).public().filter(annule_le=None).exclude(pieces=None)
    for meeting in public.filter(fin__gt=timezone.now()).order_by("pk")[:1]:
        yield from document_pages(meeting, "publié")


def document_pages(meeting, state=""):
    """The documents of a draft, or of what is public: then each change says why."""
    faulty = {"state": f"{state} en erreur".strip(), "gesture": "envoyer_vide"}
    for route, row in {
        "admin:conseils_reunion_documents": meeting,
        "admin:conseils_piece_change": meeting.pieces.first(),
    }.items():
        if row:
            yield at(route, row.pk, state=state)
            yield at(route, row.pk, **faulty)
    if piece := meeting.pieces.first():
        yield at("admin:conseils_piece_remove", piece.pk, state=state)


def settled_pages(user):
    """What may be done of a meeting that is public, and of one that was held."""
    meetings = Reunion.objects.managed_by(user).public().holding()
    for meeting in meetings.past(timezone.now())[:1]:
        yield at("admin:conseils_reunion_minutes", meeting.pk)
    coming = meetings.upcoming(timezone.now())
    for meeting in coming[:1]:
        yield at("admin:conseils_reunion_rectify", meeting.pk)
        yield at("admin:conseils_reunion_call_off", meeting.pk)
        yield at(
            "admin:conseils_reunion_call_off",
            meeting.pk,
            state="en erreur",
            gesture="envoyer_vide",
        )


def closure_pages(user):
    """What a closure hits: some to settle, and nothing any more."""
    closures = Fermeture.objects.managed_by(user)
    if first := unsettled(closures).order_by("-debut").first():
        yield at("admin:maisons_fermeture_settle", first.pk)
    if over := closures.filter(fin__lt=timezone.now()).first():
        yield at("admin:maisons_fermeture_settle", over.pk, state="réglé")


def desk_pages(request):
    """The planning and the booking screen of a house, and what follows a booking."""
    user = request.user
    if user.is_superuser:  # an agent of one house is led to its planning
        yield at("admin:planning")
    house = Maison.objects.managed_by(user).exclude(salles=None).first()
    if house is None:
        return
    day = timezone.localdate() + timedelta(days=BUSY)
    span = f"?salle={house.salles.first().pk}&jour={day}&de=10:00&a=12:00"
    week, create = f"?vue=semaine&jour={day}", "admin:guichet_create"
    yield at("admin:planning_maison", house.slug)
    yield at("admin:planning_maison", house.slug, query=week, state="d’une semaine")
    yield at(create, house.slug, query=span)
    for state, gesture in {
        "en erreur": "envoyer_vide",
        "une personne connue": "guichet_chercher",
        "un double": "guichet_doubler",
        "une série à vérifier": "guichet_repeter",
        "une série en erreur": "guichet_repeter_sans_fin",
    }.items():
        yield at(create, house.slug, query=span, state=state, gesture=gesture)
    granted = Reservation.objects.managed_by(user).filter(etat=Reservation.Etat.CONFIRMEE)
    if booked := granted.exclude(empreinte=None).select_related("maison").first():
        yield at("admin:guichet_done", booked.maison.slug, booked.pk)
        yield at("admin:guichet_card", booked.maison.slug, booked.pk)
    if season := granted.filter(serie__isnull=False).select_related("maison").first():
        yield at("admin:guichet_done", season.maison.slug, season.pk, state="une série")
        yield at("admin:guichet_card", season.maison.slug, season.pk, state="une série")
        yield at("admin:maisons_serie_change", season.serie_id, state="de réservations")


def duty_pages(user):
    """The day of who is on duty, and taking an appointment for somebody."""
    if not attends(user):
        return
    day, create = "admin:permanences_jour", "admin:permanences_rendezvous_add"
    dates = Vacation.objects.attended_by(user).on(timezone.localdate())
    held = Permanence.objects.held_by(user)
    mine = dates.filter(permanence__in=held).exclude(rendez_vous=None).first()
    desk = dates.exclude(permanence__in=held).exclude(rendez_vous=None).first()
    if not (mine and desk):  # of who holds one alone: looked at as an agent of the desk
        return
    query, row = f"?date={desk.pk}", desk.rendez_vous.first()
    yield at(day)
    yield at(day, query=f"?date={mine.pk}", state="de qui la tient")
    yield at(day, query=query, state="à l’accueil")
    yield at(day, query=f"{query}&noms=1", state="à l’accueil, les noms")
    yield at(day, query=f"{query}&servi={row.pk}", state="à l’accueil, une personne")
    yield at(day, query=f"?jour={timezone.localdate() + timedelta(days=99)}", state="vide")
    yield at("admin:permanences_semaine")
    yield at("admin:permanences_appels")
    yield at(create)
    asked = QuestionElu.objects.managed_by(user, "change")
    yield at("admin:permanences_questions")
    read = "admin:permanences_questionelu_read"
    yield at(read, asked.waiting().first().pk)
    yield at(read, asked.waiting().first().pk, state="en erreur", gesture="envoyer_vide")
    yield at(read, asked.exclude(repondu_le=None).first().pk, state="répondue")
    query = f"?permanence={mine.permanence_id}"
    for state, gesture in {
        "d’une permanence": "",
        "en erreur": "envoyer_vide",
        "une personne connue": "prise_chercher",
        "un double": "prise_doubler",
    }.items():
        yield at(create, query=query, state=state, gesture=gesture)
    for taken in guichet.taken_by(user).held():
        state = "" if any(taken.reached_at) else "sans contact"
        yield at("admin:permanences_rendezvous_done", taken.pk, state=state)
        yield at("admin:permanences_rendezvous_card", taken.pk, state=state)


def booking_acts(booked):
    """What the desk may do of one booking, each page with its faulty form if it has one."""
    for act in ("refuse", "cancel", "move"):
        yield at(f"admin:maisons_reservation_{act}", booked.pk)
        faulty = {"state": "en erreur", "gesture": "envoyer_vide"}
        yield at(f"admin:maisons_reservation_{act}", booked.pk, **faulty)
    day = (timezone.localdate() + timedelta(days=8)).isoformat()
    yield at(
        "admin:maisons_reservation_move", booked.pk, query=f"?jour={day}", state="un autre jour"
    )
    yield at("admin:maisons_reservation_absence", booked.pk)


def permanence_pages(user):
    """What is done of a permanence and of its dates, each form faulty, each act looked at."""
    rows = Permanence.objects.managed_by(user, "change").filter(slug="permanence-geree")
    if not (mine := rows.first()):
        return
    faulty = {"state": "en erreur", "gesture": "envoyer_vide"}
    acts = {"date": None, "repeat": "repeter_la_permanence", "absence": "noter_une_absence"}
    for act, gesture in acts.items():
        route = f"admin:permanences_permanence_{act}"
        yield at(route, mine.pk)
        yield at(route, mine.pk, **faulty)
        if gesture:
            yield at(route, mine.pk, state="à vérifier", gesture=gesture)
    date = mine.vacations.filter(debut__gt=timezone.now(), annule_le=None).earliest("debut")
    yield at("admin:permanences_vacation_date", date.pk)
    yield at("admin:permanences_vacation_date", date.pk, **faulty)
    house = f"?maison={mine.maison_id}"
    draft = Permanence.objects.managed_by(user, "change").filter(publie_le=None).first()
    yield at("admin:permanences_permanence_preview", draft.pk)
    yield at("admin:permanences_chiffres", query=house)
    yield at("admin:permanences_chiffres", query=f"{house}&mois=1999-01", state="en erreur")
    if user.is_superuser:
        fiche = Fiche.objects.filter(publie_le=None).first() or Fiche.objects.first()
        yield at("admin:permanences_fiche_preview", fiche.pk)


def series_pages(user):
    """Each act on a series: asked for, faulty, looked at."""
    events = Evenement.objects.managed_by(user).filter(maison__slug="maison-d-essai")
    events = events.public().filter(occurrences__serie__isnull=False)
    if not (event := events.first()):
        return
    serie = Serie.objects.of_event(event.pk).first()
    repeat = "admin:maisons_serie_repeat"
    acts = {
        "modifier": "changer_l_heure",
        "annuler": "voir_les_dates",
        "prolonger": "prolonger_la_serie",
    }
    yield at(repeat, event.pk)
    yield at(repeat, event.pk, state="en erreur", gesture="envoyer_vide")
    yield at(repeat, event.pk, state="à vérifier", gesture="repeter_et_verifier")
    for act, gesture in acts.items():
        route = f"admin:maisons_serie_{act}"
        yield at(route, serie.pk)
        yield at(route, serie.pk, state="en erreur", gesture="envoyer_vide")
        yield at(route, serie.pk, state="à vérifier", gesture=gesture)
