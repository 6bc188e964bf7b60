"""Registrations of the set, one in each state, and their pages."""

from datetime import timedelta

from django.utils import timezone

from associations import adresses, inscriptions
from associations.models import Activite, Dossier, Inscription, Question
from comptes.models import Compte
from portail.rivemont.comptes import RESIDENT
from tests.factories import ActiviteFactory, AssociationFactory, SalleFactory

SLUG, FULL, ALONE = "judo-d-essai", "poterie-d-essai", "cirque-d-essai"
NARROW = "vannerie-d-essai"  # one place, and nobody has it
ASKED = f"/activites/{SLUG}/inscription/"
PHONE = "+33465710002"  # reads no SMS


def prepare(house):
    """Three seasons of one association, one of them full, and one joined session by session."""
    club = AssociationFactory(nom="Club d’essai", slug="club-d-essai")
    kept = {"association": club, "maison": house, "publie": True, "gratuit": False}
    kept["tarif"] = "60 € l’année"
    places = {"Judo d’essai": 900, "Chant d’essai": 900, "Théâtre d’essai": 900}
    for rank, (titre, number) in enumerate(places.items()):
        name = f"Salle du club {rank}"
        salle = SalleFactory(maison=house, nom=name, slug=f"salle-du-club-{rank}")
        slug = titre.split()[0].lower().replace("é", "e").replace("â", "a") + "-d-essai"
        asked = [Question.PHOTO, Question.REPART_SEUL, Question.BENEVOLE] if rank == 0 else []
        fields = kept | {"titre": titre, "slug": slug, "salle": salle, "places": number}
        ActiviteFactory(**fields, questions=asked)
    salle = SalleFactory(maison=house, nom="Salle du four", slug="salle-du-four")
    full = ActiviteFactory(**kept, titre="Poterie d’essai", slug=FULL, salle=salle, places=2)
    ActiviteFactory(**kept, titre="Vannerie d’essai", slug=NARROW, salle=None, places=1)
    salle = SalleFactory(maison=house, nom="Salle du cirque", slug="salle-du-cirque")
    single = {"inscription": Activite.Inscription.SEANCE, "age_min": 6, "age_max": 12}
    ActiviteFactory(**kept, **single, titre="Cirque d’essai", slug=ALONE, salle=salle)
    prepare_people(full)


def prepare_people(full):
    """Registered and waiting for the resident; offered, over, to confirm for others."""
    me = Compte.objects.get(courriel=RESIDENT)
    judo = Activite.objects.get(slug=SLUG)
    child = {"prenom": "Inès", "naissance": timezone.localdate().year - 8}
    phoned = Dossier(nom="Par téléphone", telephone=PHONE)
    inscriptions.register(phoned, [Inscription(activite=full)])
    offered = Dossier(nom="Place proposée", telephone=PHONE.replace("2", "3"))
    gone = Dossier(nom="Partie", telephone=PHONE.replace("2", "4"))
    inscriptions.register(gone, [Inscription(activite=full)])
    inscriptions.register(offered, [Inscription(activite=full)])
    rows = [Inscription(activite=judo, **child), Inscription(activite=full, **child)]
    inscriptions.register(Dossier(compte=me, telephone="+33612345678"), rows)
    inscriptions.leave(gone.inscriptions.get())
    kept = Dossier(nom="À confirmer", courriel="a-confirmer@rivemont.example")
    inscriptions.register(kept, [Inscription(activite=judo)])
    late = Dossier(nom="En retard", courriel="en-retard@rivemont.example")
    inscriptions.register(late, [Inscription(activite=judo)])
    late.inscriptions.update(
        etat="expiree", place=None, expire_le=None, annule_le=timezone.now() - timedelta(hours=1)
    )
    kept.inscriptions.update(expire_le=timezone.now() + timedelta(hours=5))
    moves = Dossier(nom="Change d’adresse", courriel="avant@rivemont.example", saisi_par=me)
    inscriptions.register(moves, [Inscription(activite=judo)])
    adresses.propose(moves, "apres@rivemont.example")


def pages(at):
    """`at` makes one of them."""
    mine = Dossier.objects.filter(compte__courriel=RESIDENT, inscriptions__activite__slug=FULL)
    mine = mine.latest("pk")
    known = {row.nom: row for row in Dossier.objects.filter(compte=None)}
    judo = mine.inscriptions.get(activite__slug=SLUG)
    wait, late = known["À confirmer"], known["En retard"]
    moves = known["Change d’adresse"]
    create, act, one = (
        f"associations:{n}" for n in ("inscription_create", "dossier_act", "dossier")
    )
    signed = {"reader": RESIDENT}
    return [
        *[at(create, slug, state=slug) for slug in (SLUG, FULL, ALONE)],
        at(create, SLUG, state="en erreur", gesture="envoyer_vide"),
        at(create, SLUG, state="à vérifier", gesture="inscrire_et_verifier"),
        at(create, SLUG, state="avec un compte", **signed),
        at("associations:dossier_list", **signed),
        at(one, mine.pk, **signed),
        *[
            at(act, mine.pk, f"{n}-{judo.pk}", state=n, **signed)
            for n in ("quitter", "attestation")
        ],
        *[at("associations:attente", row.jeton, state=row.nom) for row in (wait, late)],
        at("associations:attente", wait.jeton, state="en erreur", gesture="envoyer_vide"),
        at("associations:attente", moves.jeton, state="autre adresse"),
        at("associations:adresse", moves.jeton, adresses.proof(moves)),
        *code_pages(at, known),
    ]


def code_pages(at, known):
    """What its person reads and does by code alone."""
    names = ["Par téléphone", "Place proposée", "Partie", "À confirmer", "En retard"]
    offered = known["Place proposée"]
    line = offered.inscriptions.get().pk
    return [
        *[at("comptes:code_open", known[n].code, state=f"inscription {n}") for n in names],
        *[
            at("comptes:code_act", offered.code, f"{act}-{line}", state=f"{act} une inscription")
            for act in ("accepter", "quitter")
        ],
        at(
            "comptes:code_act",
            offered.code,
            f"quitter-{line}",
            state="quitter, en erreur",
            gesture="envoyer_vide",
        ),
        *[
            at("comptes:code_act", offered.code, "courriel", state=f"adresse{state}", **gesture)
            for state, gesture in (("", {}), (", en erreur", {"gesture": "envoyer_vide"}))
        ],
    ]


def empty_pages(at):
    return [at("associations:dossier_list", state="ville vide", reader=RESIDENT)]
