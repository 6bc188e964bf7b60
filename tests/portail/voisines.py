"""Two neighbouring houses with a row of each kind, and who comes to them."""

from datetime import timedelta

from django.apps import apps
from django.urls import get_resolver
from django.utils import timezone

from associations import activites
from conseils import rectifier, tenue
from conseils.models import Presence
from maisons import planning
from tests.factories import (
    ActiviteFactory,
    AffectationFactory,
    AssociationFactory,
    AttestationFactory,
    BudgetHeuresFactory,
    CharteFactory,
    CogestionFactory,
    CompteFactory,
    ConseilFactory,
    ConseillerFactory,
    EluFactory,
    EvenementFactory,
    EvenementOrganiseFactory,
    FermetureFactory,
    FicheFactory,
    InscriptionFactory,
    IntervenantFactory,
    InvitationFactory,
    InvitationIntervenantFactory,
    InvitationMembreFactory,
    InvitationSecretariatFactory,
    MaisonFactory,
    MediateurFactory,
    MembreFactory,
    MiseADispositionFactory,
    PermanenceFactory,
    PieceFactory,
    PointFactory,
    QuestionEluFactory,
    RendezVousFactory,
    ReservationFactory,
    ReunionFactory,
    SalleFactory,
    SecretariatFactory,
    SerieFactory,
    ServiceFactory,
)
from tests.maisons.demandes import to_say

OURS = {"comptes", "conseils", "maisons", "notifications", "permanences", "portail", "quartiers"}
OURS |= {"admin", "associations"}
COUNTED = {"compteur"}  # tries are counted, refused or not


def house():
    """{kind: row} of a house that has a row of each kind."""
    maison = MaisonFactory()
    salle, other = SalleFactory.create_batch(2, maison=maison)
    asked, confirmed = ReservationFactory(salle=salle), ReservationFactory(salle=other)
    planning.confirm(confirmed, by=None)
    event = EvenementFactory(maison=maison, publie=True)
    serie = SerieFactory(maison=maison, salle=other)
    serie.ecartees.create(jour=serie.premier, cause="retiree")
    later = timezone.now() + timedelta(days=200)
    conseil = ConseilFactory(quartier=maison.quartier)
    draft = PointFactory(reunion__conseil=conseil, reunion__maison=maison).reunion
    announced = ReunionFactory(conseil=conseil, maison=maison, publie=True)
    permanence = PermanenceFactory(maison=maison, publie=True)
    vacation = permanence.vacations.get()
    return {
        "maison": maison,
        "salle": salle,
        "reservation": asked,
        "confirmee": confirmed,
        "fermeture": FermetureFactory(maison=maison, debut=later),
        "evenement": EvenementFactory(maison=maison),
        "occurrence": event.occurrences.get(),
        "serie": serie,
        "affectation": AffectationFactory(maison=maison, compte=CompteFactory()),
        "invitationaffectation": InvitationFactory(maison=maison),
        "conseil": conseil,
        "reunion": draft,
        "piece": PieceFactory(reunion=draft),
        "annoncee": announced,
        "rectificatif": corrected(announced),
        "tenue": held(conseil, maison),
        "secretariat": SecretariatFactory(conseil=conseil),
        "invitationsecretariat": InvitationSecretariatFactory(conseil=conseil),
        "permanence": permanence,
        "vacation": vacation,
        "rendezvous": RendezVousFactory(vacation=vacation),
        **helped(permanence),
        "questionelu": asked_of(permanence),
        "message": to_say(asked),
        "compte": asked.demandeur,
        **appointments(vacation, asked.demandeur),
        "quartier": maison.quartier,
        "elu": EluFactory(quartier=maison.quartier),
        "aide": PermanenceFactory(maison=maison, mediateur=MediateurFactory(), publie=True),
        "guide": FicheFactory(),
        **registered(maison),
        **mine_and_kept(maison, asked.demandeur),
    }


def registered(maison):
    """An association of the quartier with an activity to write, and one with its sessions."""
    association = AssociationFactory(quartier=maison.quartier)
    shared = {"association": association, "maison": maison, "salle": None}
    activite = ActiviteFactory(publie=True, **shared)
    serie = SerieFactory.build(maison=maison, salle=None, portee="sans_salle")
    activites.plan(activite, serie)
    return {
        **associated(association, maison),
        "activite": ActiviteFactory(**shared),
        "seance": activite.seances.filter(serie=None).get(),
        "seances": serie,
        "inscription": InscriptionFactory(activite=activite),
    }


def associated(association, maison):
    """It runs the house with the city; and what goes with it."""
    adhesion = association.adhesions.get()  # without which nothing is published
    return {
        "association": association,
        "membreassociation": MembreFactory(association=association),
        "invitationmembre": InvitationMembreFactory(association=association),
        "adhesion": adhesion,
        "attestation": AttestationFactory(adhesion=adhesion),
        "cogestion": CogestionFactory(association=association, maison=maison),
        "charte": CharteFactory(brouillon=True),
        "miseadisposition": lent(association, maison),
        "budgetheures": BudgetHeuresFactory(association=association),
        "evenementorganise": EvenementOrganiseFactory(
            association=association, evenement__maison=maison
        ),
    }


def lent(association, maison):
    """A room asked for by the association."""
    salle = SalleFactory(maison=maison, nom="Salle prêtée", slug="salle-pretee")
    return MiseADispositionFactory(association=association, salle=salle)


def mine_and_kept(maison, compte):
    """A pass of an account, and one kept until an e-mail is answered."""
    offered = ActiviteFactory(maison=maison, salle=None, publie=True, questions=["photo"])
    mine = InscriptionFactory(activite=offered, compte=compte)
    kept = InscriptionFactory(activite=offered, courriel="garde@rivemont.example")
    return {
        "offerte": offered,
        "ligne": mine,
        "dossier": mine.dossier,
        "dossiergarde": kept.dossier,
    }


def appointments(vacation, compte):
    """Beside the first place: one of an account, and one kept until an e-mail is answered."""
    at, debut = vacation.slots()[1][0], vacation.slots()[2][0]
    mine = RendezVousFactory(vacation=vacation, debut=at, compte=compte, nom="", courriel="")
    soon = timezone.now() + timedelta(minutes=30)
    kept = {"etat": "a_confirmer", "expire_le": soon}
    return {
        "rendez_vous": mine,
        "gardee": RendezVousFactory(vacation=vacation, debut=debut, **kept),
    }


def asked_of(permanence):
    """A question to an élu who comes to the same permanence."""
    permanence.elu = EluFactory(quartier=permanence.maison.quartier)
    permanence.save()
    return QuestionEluFactory(elu=permanence.elu)


def helped(permanence):
    """What goes with a permanence; another one, and a service, that may be deleted."""
    return {
        "vide": PermanenceFactory(maison=permanence.maison, salle=None),
        "service": permanence.service,
        "inutile": ServiceFactory(),
        "fiche": FicheFactory(),
        "mediateur": MediateurFactory(),
        "intervenant": IntervenantFactory(permanence=permanence),
        "invitationintervenant": InvitationIntervenantFactory(permanence=permanence),
    }


def held(conseil, maison):
    """A meeting of last month, its minutes public and still to approve."""
    ago = timezone.now() - timedelta(days=30)
    meeting = ReunionFactory(conseil=conseil, maison=maison, debut=ago, publie=True)
    row = Presence(reunion=meeting, conseiller=ConseillerFactory(conseil=conseil), etat="present")
    tenue.keep(meeting, "Un avis favorable.", [row], tenue.fingerprint(meeting))
    tenue.propose(meeting)
    return meeting


def corrected(meeting):
    """A correction of a public meeting."""
    return rectifier.rectify(
        meeting, "Le sujet est précisé.", write=lambda: meeting.points.update(titre="Bancs")
    )


def somebody(role, maison):
    """Who asks; those who work do so in this house."""
    yesterday = timezone.localdate() - timedelta(days=1)
    match role:
        case "visiteur":
            return None
        case "habitant":
            return CompteFactory()
        case "mandat fini":
            return AffectationFactory(maison=maison, debut=yesterday, fin=yesterday).compte
        case "ville":
            return CompteFactory(is_superuser=True)
        case "secretaire":
            return SecretariatFactory(conseil=maison.quartier.conseils.get()).compte
        case "intervenant":
            return IntervenantFactory(permanence=maison.permanences.earliest("pk")).compte
        case "responsable" | "animateur":
            return MembreFactory(association=maison.cogestions.get().association, role=role).compte
    return AffectationFactory(maison=maison, role=role).compte


def contents():
    """{table: its rows} of the whole portal."""
    models = [m for config in apps.get_app_configs() for m in config.get_models()]
    return {
        model._meta.db_table: list(model._base_manager.order_by("pk").values())
        for model in models
        if model._meta.app_label in OURS and model._meta.model_name not in COUNTED
    }


def routes(resolver=None, space="", above=()):
    """(the name of each route with its namespace, else its pattern; what its address asks for)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        asked = (*above, *pattern.pattern.regex.groupindex)
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern, space + inner, asked)
        else:
            yield space + (pattern.name or str(pattern.pattern)), asked


def route_names():
    return [name for name, _ in routes()]
