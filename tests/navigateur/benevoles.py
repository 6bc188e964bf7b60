"""A volunteer of the set, what she leads, and the pages of it."""

from datetime import timedelta

from django.utils import timezone

from associations import activites, inscriptions
from associations.models import Activite, Inscription, Seance
from tests.factories import (
    ActiviteFactory,
    AssociationFactory,
    InscriptionFactory,
    MembreFactory,
    SeanceFactory,
    SerieFactory,
)

VOLUNTEER = "benevole@rivemont.example"
TITLE = "Atelier d’écriture intergénérationnel et de lecture à voix haute, pour petits et grands"


def prepare(house, compte):
    """One that goes on today, full, with people who wait; a draft with a rhythm."""
    association = AssociationFactory(nom="Les Plumes d’essai", quartier=house.quartier)
    MembreFactory(association=association, compte=compte)
    shared = {"association": association, "maison": house, "salle": None}
    asked = {"questions": ["photo", "repart_seul"], "minimum": 3, "places": 3}
    going_on = ActiviteFactory(titre=TITLE, slug="atelier-d-essai", publie=True, **shared, **asked)
    now = timezone.now()
    SeanceFactory(activite=going_on, debut=now, fin=now + timedelta(minutes=30))
    people = ["Linh O’Neill-Nguyễn", "Odile d’Ângelo", "Zoé", "Yacine", "Ali"]
    rows = [InscriptionFactory(activite=going_on, nom=nom) for nom in people]
    inscriptions.leave(rows[0])
    InscriptionFactory(activite=going_on, nom="Camille", prenom="Inès", naissance=2018)
    draft = ActiviteFactory(titre="Chorale d’essai", slug="chorale-d-essai", **shared)
    rule = SerieFactory.build(maison=house, salle=None, portee="sans_salle")
    activites.plan(draft, rule)


def pages(at, user):
    """`at` makes one of them; those that the registry of the admin does not know."""
    going_on = Activite.objects.managed_by(user).filter(slug="atelier-d-essai").first()
    if going_on is None:
        return
    name, faulty = "admin:associations", {"state": "en erreur", "gesture": "envoyer_vide"}
    draft = Activite.objects.get(slug="chorale-d-essai")
    coming = Seance.objects.upcoming(timezone.now()).filter(activite=going_on).first()
    today = going_on.seances.order_by("debut").first()
    serie = draft.seances.exclude(serie=None).first().serie
    yield at(f"{name}_activite_change", going_on.pk, state="publiée")
    yield at(f"{name}_activite_add", query=f"?saison={going_on.pk}", state="saison suivante")
    for act in ("date", "repeat", "register", "announce", "places", "image"):
        yield at(f"{name}_activite_{act}", going_on.pk)
        yield at(f"{name}_activite_{act}", going_on.pk, **faulty)
    yield at(f"{name}_activite_stop", going_on.pk)
    yield at(f"{name}_activite_preview", draft.pk)
    yield at(f"{name}_seance_date", coming.pk)
    yield at(f"{name}_seance_cancel", coming.pk)
    for seance, state in ((today, "du jour"), (coming, "à venir")):
        yield at(f"{name}_seance_attendance", seance.pk, state=state)
    yield at(f"{name}_seance_sheet", today.pk)
    for act in ("modifier", "annuler", "prolonger"):
        yield at(f"{name}_serie_{act}", serie.pk)
    yield at(f"{name}_appels")
    for row in Inscription.objects.filter(activite=going_on, etat="proposee"):
        yield at(f"{name}_inscription_change", row.pk, state="place proposée")
        for act in ("leave", "done", "card", "address"):
            yield at(f"{name}_inscription_{act}", row.pk)
        yield at(f"{name}_inscription_address", row.pk, **faulty)
