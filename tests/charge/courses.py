"""Many people at one instant: for one room, then for a room each."""

import time
from uuid import uuid4

from django.apps import apps

from tests.charge.clients import Resident, at_once, first_free, open_forms, send

RIVALS = 50


def races(serveur):
    """What happened, as lines in French."""
    apps.get_model("maisons.Maison").objects.update(reservations_max=0)
    comptes = apps.get_model("comptes.Compte").objects.filter(courriel__startswith="habitant")
    signed_in = [Resident.sign_in(compte) for compte in comptes.order_by("pk")[:RIVALS]]
    # The offices of the houses need no time to tidy up: what is free there can be booked.
    offices = apps.get_model("maisons.Salle").objects.select_related("maison").filter(slug="bureau")
    paths = [f"/maisons/{office.maison.slug}/salles/bureau/" for office in offices]
    people = open_forms(serveur.port, f"{paths[0]}reserver/", signed_in)

    span = first_free(serveur.port, paths[0])
    same = at_once(serveur.port, [asks(one, paths[0], span) for one in people])
    won = [answer for answer in same if answer.status == 302]
    slowest = max(answer.seconds for answer in same)
    together, wins = timed(at_once, serveur.port, wishes(serveur.port, people, paths))
    in_turn, others = timed(one_by_one, serveur.port, wishes(serveur.port, people, paths))
    assert len(won) == 1
    assert {answer.status for answer in (*wins, *others)} == {302}
    return [
        "",
        f"{RIVALS} personnes demandent la même salle au même instant : une l’obtient, les "
        f"{RIVALS - 1} autres ont leur réponse et d’autres moments libres en {slowest:.1f} s au "
        "plus.",
        "",
        f"{len(paths)} personnes demandent chacune une autre salle au même instant : toutes "
        f"l’obtiennent, en {together:.1f} s. L’une après l’autre : {in_turn:.1f} s.",
    ]


def asks(one, path, span):
    typed = span | {"usage": "voisins", "personnes": 2, "etape": "confirmer"}
    return one.post(f"{path}reserver/", **typed, jeton=uuid4())


def wishes(port, people, paths):
    """One of these people for each of these rooms."""
    pairs = zip(people, paths, strict=False)
    return [asks(one, path, first_free(port, path)) for one, path in pairs]


def one_by_one(port, requests):
    return [send(port, raw) for raw in requests]


def timed(act, *args):
    begun = time.perf_counter()
    answers = act(*args)
    return time.perf_counter() - begun, answers
