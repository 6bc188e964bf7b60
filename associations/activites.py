"""
Activities and their sessions, written through planning: planned, published, changed, called off.

The activity is locked before the rooms: who registers, moves or cancels queues there.
"""

from functools import partial, wraps

from django.core.exceptions import ValidationError
from django.utils import timezone

from associations import adhesions, inscriptions
from associations.models import Activite, Seance
from maisons import heures, planning, series
from maisons.models import Creneau
from maisons.verrou import queued

DEJA_PUBLIEE = "Cette activité est déjà publiée."
SANS_SEANCE = "Ajoutez au moins une séance avant de publier."
SANS_PRIX = "Dites le prix, ou que c’est gratuit."


def make(activite, **values):
    """An unsaved session of an activity, at its place."""
    portee = Creneau.Portee.SALLE if activite.salle else Creneau.Portee.SANS_SALLE
    place = {"portee": portee, "maison": activite.maison, "salle": activite.salle}
    place["personnes"] = activite.places  # of a hall that is shared
    mention = inscriptions.in_words(activite) if activite.pk else ""
    return Seance(activite=activite, mention=mention, **place | values)


def coming(activite):
    """Its sessions that are held and have not begun, in time order."""
    rows = Seance.objects.upcoming(timezone.now()).filter(activite=activite).holding()
    return rows.select_related("maison", "salle")


def hold(activite):
    """The activity as it stands, locked before anything of it is written."""
    return inscriptions.lock(activite.pk)[activite.pk]


def widen(activite, by=None):
    """A season lasts until its last session: lists and erasure read its end."""
    last = activite.seances.holding().order_by("-debut").values_list("debut", flat=True).first()
    if last and heures.local(last).date() > activite.dernier:
        activite.dernier, activite._history_user = heures.local(last).date(), by
        activite.save()


@queued
def plan(activite, serie, by=None):
    """
    Book the sessions of a series; those that the place refuses are left out with their cause.

    Whoever is registered already is told of them once.
    """
    activite = hold(activite)
    found = series.plan(serie, lambda debut, fin: make(activite, debut=debut, fin=fin), by)
    widen(activite, by)
    if activite.publie_le and found.booked:
        series.tell(found.booked, "ajoutee", found.left_out)
    return found


@queued
def add(activite, by=None, **values):
    """One session more, public at once when the activity is; who is registered is told."""
    activite = hold(activite)
    seance = planning.book(make(activite, **values), by=by)
    widen(activite, by)
    if activite.publie_le:
        planning.tell(seance, "ajoutee")
    return seance


@queued
def publish(activite, by=None):
    """Make an activity and its sessions public, in one transaction."""
    activite = hold(activite)
    if activite.publie_le:
        raise ValidationError(DEJA_PUBLIEE)
    if not (activite.gratuit or activite.tarif):
        raise ValidationError({"tarif": SANS_PRIX})
    if not coming(activite).exists():
        raise ValidationError(SANS_SEANCE)
    adhesions.check(activite.association, max(activite.premier, timezone.localdate()))
    activite.publie_le, activite._history_user = timezone.now(), by
    activite.save()
    describe(activite)
    return activite


def describe(activite):
    """Tell the sessions to come what their activity says now; spans and rooms stay as they are."""
    rows = Seance.objects.upcoming(timezone.now()).filter(activite=activite)
    rows.order_by().update(**activite.repeated())


@queued
def change(activite, by=None, **values):
    """Change what is told of an activity, and of its sessions to come; never its places."""
    activite = hold(activite)
    for name, value in values.items():
        setattr(activite, name, value)
    activite._history_user = by
    activite.full_clean()
    activite.save()
    describe(activite)
    return activite


@queued
def move(seance, by=None, **place):
    """Give a session another span or place; everybody registered is told once."""
    activite = hold(seance.activite)
    moved = planning.move(seance, by=by, **place)
    widen(activite, by)
    return moved


@queued
def cancel(seance, by=None):
    """Call a session off and tell who is registered; what nobody has read is taken away."""
    hold(seance.activite)
    if seance.publie_le is None and not seance.inscriptions.exists():
        planning.lock_rooms(seance)
        planning.reread(seance)
        seance._history_user = by
        return series.take_out(seance)
    return planning.cancel(seance, Creneau.Motif.ORGANISATION, by=by)


def of_series(act):
    """The same act of `series`, once the activity of its sessions is locked."""

    @wraps(act)
    def run(serie, *args, **kwargs):
        activite = hold(Activite.objects.filter(seances__serie=serie.pk).distinct().get())
        done = act(serie, *args, **kwargs)
        widen(activite, kwargs.get("by"))
        return done

    return queued(run)


change_from = of_series(series.change_from)
cancel_from = of_series(partial(series.cancel_from, motif=Creneau.Motif.ORGANISATION))
extend = of_series(series.extend)


@queued
def stop(activite, by=None):
    """
    Call off all the sessions to come and end the registrations; each person is told once.

    Returns the sessions cancelled; raises ValidationError when none is left.
    """
    activite = hold(activite)
    sessions = list(coming(activite))
    if not sessions:
        raise ValidationError(series.NOTHING_LEFT)
    for seance in sessions:
        planning.cancel(seance, Creneau.Motif.ORGANISATION, by, quiet=True)
    activite.ouverte, activite._history_user = False, by
    activite.save()
    waiting = activite.inscriptions.waiting().with_person()
    sessions[0].ended = [*sessions[0].ended, *waiting]
    planning.tell(sessions[0], "annulee", dates=sessions)
    for row in activite.inscriptions.alive():
        row.activite = activite
        inscriptions.end(row, row.Etat.ANNULEE)
    return sessions


def new_season(activite) -> Activite:
    """An unsaved activity like this one, a draft of the same association: nobody is copied."""
    kept = [*Activite.REPEATED, "description", "maison", "salle", "contact", "inscription"]
    kept += ["places", "minimum", "liste_attente", "questions", "association"]
    values = {name: getattr(activite, name) for name in kept} | {"publie_le": None}
    return Activite(precedente=activite, **values)
