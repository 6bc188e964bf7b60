"""Appointments of the set, one in each state, and their pages."""

from datetime import time, timedelta

from django.utils import timezone

from comptes.models import Compte
from maisons.heures import starts_at
from permanences import vacations
from permanences.models import RendezVous
from portail.rivemont.comptes import RESIDENT
from tests.factories import (
    MotifFactory,
    PermanenceFactory,
    RendezVousFactory,
    ServiceFactory,
    VacationFactory,
)

SLUG = "rendez-vous-d-essai"
TAKEN = f"/permanences/{SLUG}/rendez-vous/"
PHONE = "+33465710001"  # reads no SMS


def prepare(house):
    """In a hall, two desks, ten weeks; some have an appointment in its first date."""
    service = ServiceFactory(
        nom="Conseil social d’essai",
        slug="conseil-social-d-essai",
        besoins=["conflit"],
        a_apporter="Votre dernier avis d’imposition\nUne pièce d’identité",
        rendez_vous_max=0,
    )
    for reason in ("Un premier rendez-vous", "La suite d’un dossier"):
        MotifFactory(service=service, libelle=reason)
    permanence = PermanenceFactory(
        slug=SLUG, service=service, maison=house, salle=None, guichets=2, avis="Bureau du fond"
    )
    first = starts_at(timezone.localdate() + timedelta(days=4), time(9))
    dates = [
        VacationFactory(
            permanence=permanence, debut=debut, fin=debut + timedelta(hours=3), personnes=None
        )
        for debut in (first + timedelta(days=7 * week) for week in range(10))
    ]
    vacations.publish(permanence)
    prepare_people(dates[0])


def prepare_people(vacation):
    """Taken, called off and over for the resident; by phone, kept and lost without an account."""
    me = {"compte": Compte.objects.get(courriel=RESIDENT), "nom": "", "courriel": ""}
    starts = [debut for debut, _ in vacation.slots()]
    soon, past = (timezone.now() + timedelta(minutes=shift) for shift in (300, -300))
    gone = {"annule_le": timezone.now()}
    people = [
        me,
        me | gone | {"etat": "annule"},
        {"nom": "Par téléphone", "courriel": "", "telephone": PHONE},
        {"nom": "En attente", "etat": "a_confirmer", "expire_le": soon},
        {"nom": "Perdue", "etat": "expire", "expire_le": past} | gone,
        {"nom": "Servie"},
        {"nom": "Servie aussi"},
    ]
    ranks = [0, 1, 2, 3, 4, 4, 4]
    for rank, person in zip(ranks, people, strict=True):
        RendezVousFactory(vacation=vacation, debut=starts[rank], **person)


def pages(at):
    """`at` makes one of them."""
    rows = RendezVous.objects.filter(vacation__permanence__slug=SLUG)
    mine = {row.etat: row for row in rows.filter(compte__courriel=RESIDENT)}
    known = {row.nom: row for row in rows.filter(compte=None)}
    phone, waiting = known["Par téléphone"], known["En attente"]
    create, act = "permanences:rendez_vous_create", "permanences:rendez_vous_act"
    free = rows.first().vacation.slots()[5][0]
    chosen = f"?moment={timezone.localtime(free):%Y-%m-%dT%H:%M}"
    nowhere = f"?jour={timezone.localdate() + timedelta(days=5)}"
    signed, steps = {"reader": RESIDENT}, {"qui": chosen, "sans place": nowhere}
    one, waits, opens = "permanences:rendez_vous", "permanences:attente", "comptes:code_open"
    return [
        at(create, SLUG),
        *[at(create, SLUG, query=query, state=state) for state, query in steps.items()],
        at(create, SLUG, query=chosen, state="en erreur", gesture="envoyer_vide"),
        at(create, SLUG, query=chosen, state="à vérifier", gesture="prendre_et_verifier"),
        at(create, SLUG, query=chosen, state="avec un compte", **signed),
        at("permanences:rendez_vous_list", **signed),
        *[at(one, row.pk, state=etat, **signed) for etat, row in mine.items()],
        *[at(act, mine["pris"].pk, name, state=name, **signed) for name in ("annuler", "deplacer")],
        *[at(waits, known[nom].jeton, state=nom) for nom in ("En attente", "Perdue")],
        at(waits, waiting.jeton, state="en erreur", gesture="envoyer_vide"),
        *[at(opens, row.code, state=f"rendez-vous {nom}") for nom, row in known.items()],
        *code_pages(at, phone.code),
    ]


def code_pages(at, code):
    """What its person does by code alone."""
    acts, route = {"annuler": "annuler", "deplacer": "déplacer"}, "comptes:code_act"
    faulty = {"state": "lettres, en erreur", "gesture": "envoyer_vide"}
    return [
        *[at(route, code, act, state=f"{verb} un rendez-vous") for act, verb in acts.items()],
        at(route, code, "annuler", **faulty),
    ]


def empty_pages(at):
    return [at("permanences:rendez_vous_list", state="ville vide", reader=RESIDENT)]
