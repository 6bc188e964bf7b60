"""What a closure hits, where it may go, and how all of it is settled at once."""

from dataclasses import dataclass, field
from itertools import chain

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, Count, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from maisons import heures, natures, planning
from maisons.models import Creneau, Fermeture
from maisons.prevenir import Settled, tell
from maisons.relogement import Relogement, Row

ANNULER = "annuler"
SHOWN = 20  # créneaux on one screen; the next come when these are settled

GONE = "Cette fermeture n’existe plus."
TAKEN = "la salle choisie n’est plus libre à cette heure."
NOT_OFFERED = "cette salle ne peut pas être donnée ici."


def hit(fermeture):
    """The créneaux to come, or going on, that a closure leaves without a place, by date."""
    whole = fermeture.salle.partie_de_id if fermeture.salle else None
    keys = [fermeture.maison_id, fermeture.salle_id, whole]
    keys = [Cast(key, BigIntegerField()) for key in keys]
    return closed_to(*keys, fermeture.debut, fermeture.fin).order_by("debut", "pk")


def unsettled(closures):
    """Those that still hit something, with the number of créneaux (`touches`)."""
    columns = ["maison", "salle", "salle__partie_de", "debut", "fin"]
    rows = closed_to(*map(OuterRef, columns)).order_by().values("maison")
    touches = Subquery(rows.annotate(number=Count("pk")).values("number"))
    return closures.filter(fin__gt=timezone.now()).annotate(touches=touches).filter(touches__gt=0)


def closed_to(maison, salle, whole, debut, fin):
    """
    Those that a closure of a house, or of one room of it, hits: `salle` is then not null.

    What takes a room takes its parts: closing the whole closes them, closing a part closes its
    `whole`. Each is an expression: a value, or the column of a closure.
    """
    rows = Creneau.objects.holding().exclude(portee=Creneau.Portee.HORS_LES_MURS)
    rows = rows.filter(maison=maison, fin__gt=timezone.now())
    rows = rows.occupying(debut, fin).during(debut, fin).by_length()
    # An exhibition in the hall goes on around a closed day; it holds no room.
    lasting = Q(portee=Creneau.Portee.SANS_SALLE, bref=False)
    rows = rows.filter(~lasting | Q(debut__gte=debut, fin__lte=fin))
    rows = rows.alias(closed=ExpressionWrapper(salle, BigIntegerField()))
    return rows.filter(
        Q(closed=None)
        | Q(portee=Creneau.Portee.MAISON)
        | Q(salle=salle)
        | Q(salle=whole)
        | Q(salle__partie_de=salle)
    )


def proposals(fermeture, by, most=SHOWN) -> list[Row]:
    """
    The first créneaux that a closure hits, each with the free rooms that `by` may give it.

    A fixed number of statements, whatever their number.
    """
    return rehouse(fermeture, hit(fermeture)[:most], by).rows()


def rehouse(fermeture, creneaux, by):
    """The créneaux as their natures read them, and the rooms that they may have."""
    keys = {}
    for creneau in creneaux:
        keys.setdefault(creneau.nature, []).append(creneau.pk)
    registry = natures.registry()
    children = chain.from_iterable(registry[key].children(some) for key, some in keys.items())
    children = sorted(children, key=lambda creneau: (creneau.debut, creneau.pk))
    return Relogement(fermeture.maison, children, by)


@dataclass
class Outcome:
    """What became of the choices of one screen."""

    gone: int  # chosen, but moved or cancelled meanwhile
    done: list[Settled] = field(default_factory=list)
    lost: list[tuple[Row, str]] = field(default_factory=list)  # with why, in a sentence
    messages: list = field(default_factory=list)


@planning.queued
def settle(fermeture, choices, by) -> Outcome:
    """
    Move or cancel what a closure hits, in one transaction; whoever is concerned is told once.

    `choices`: {key of a créneau: key of its new room, or ANNULER}; what is absent stays. What can
    no longer be done is in `lost`, and the rest is done. Raises ValidationError when the closure
    itself is gone.
    """
    lock_rooms(fermeture, choices)
    # Rooms first, then rows: two screens of one closure write their messages in turn.
    fermeture = Fermeture.objects.select_for_update(of=("self",)).filter(pk=fermeture.pk).first()
    if fermeture is None:
        raise ValidationError(GONE)
    known = rehouse(fermeture, hit(fermeture).filter(pk__in=choices), by)
    outcome = Outcome(gone=len(choices) - len(known.creneaux))
    for row in known.rows():
        try:
            outcome.done.append(act(known, row, choices[row.creneau.pk]))
        except ValidationError as error:
            outcome.lost.append((row, error.messages[0]))
    outcome.messages = tell(fermeture, outcome.done)
    for kind in {settled.row.kind for settled in outcome.done}:
        done = [settled for settled in outcome.done if settled.row.kind is kind]
        kind.tell_settled(done, fermeture)
    return outcome


def lock_rooms(fermeture, choices):
    """Every room concerned, the old and the new ones, in one statement and in id order."""
    old = list(hit(fermeture).filter(pk__in=choices))
    rooms = {room for room in choices.values() if room != ANNULER}
    rooms |= {creneau.salle_id for creneau in old if creneau.salle_id}
    places = [Creneau(portee=Creneau.Portee.SALLE, salle_id=room) for room in rooms]
    if any(creneau.portee == Creneau.Portee.MAISON for creneau in old):
        places.append(planning.whole_house(fermeture.maison))
    planning.lock_rooms(*places)


def act(known, row, choice):
    """Move or cancel one créneau, under the lock; returns how it is told."""
    creneau = row.creneau
    quand, before = heures.span(creneau.debut, creneau.fin), where(creneau)
    if choice == ANNULER:
        row.kind.cancel(creneau, Creneau.Motif.FERMETURE, known.by)
        return Settled(row, quand, before)
    room = next((room for room in row.free if room.pk == choice), None)
    if room is None:
        offered = choice in {room.pk for room in known.candidates}
        raise ValidationError(TAKEN if offered else NOT_OFFERED)
    row.kind.move(creneau, room, known.by)
    return Settled(row, quand, before, where(creneau))


def where(creneau):
    """« Salle du lavoir, Maison des Lavoirs, 12 quai des Lavandières »."""
    parts = [creneau.salle, creneau.maison, creneau.maison.adresse]
    return ", ".join(str(part) for part in parts if part)
