"""What waits for the volunteers of the Jardins de la Rive, whatever the day of the visit."""

from datetime import time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ValidationError
from django.utils import timezone

from associations import activites, inscriptions, saison
from associations.models import Activite, Association, Dossier, Inscription
from comptes.models import Compte
from maisons import planning
from maisons.heures import WEEKDAYS, starts_at
from maisons.models import Serie
from maisons.rythmes import Cadence, Rythme
from portail.rivemont.accueil import PHONE
from portail.rivemont.charte import MINE
from portail.rivemont.comptes import ASSOCIATION, HABITANTS, address
from portail.rivemont.rendez_vous import FIRST
from quartiers.adresses import free_slug

HOUSE, ROOM = "lavoirs", "salle-de-danse"
DRAFT, FULL = "Tisanes et tressage", "Le potager du mercredi"
RHYTHM = "vendredi", time(16, 30), timedelta(minutes=75)


def add_volunteers(city, now):
    """A draft, a place offered, a call to make; returns how many things were written."""
    association = Association.objects.get(nom=MINE)
    by = Compte.objects.get(courriel=ASSOCIATION)
    written = add_draft(city, association, by)
    full = Activite.objects.filter(association=association, titre=FULL).exclude(publie_le=None)
    activite = full.going_on(timezone.localdate(now)).order_by("premier").first()
    until = activite and inscriptions.ends_at(activite, None)
    if until and until > now:
        written += add_call(activite, now) + add_offer(activite, by, now)
        written += add_session(activite, now)
    return written


def add_draft(city, association, by):
    """Of a season that goes on or comes, with its sessions: ready to be looked at and published."""
    today = timezone.localdate()
    # In May and June, of the next one: little is left of this one.
    first, last = saison.bounds(today.replace(month=7) if today.month in (5, 6) else today)
    drafts = Activite.objects.filter(association=association, publie_le=None)
    if drafts.going_on(timezone.localdate()).exists():
        return 0
    room = city.rooms[f"{HOUSE}/{ROOM}"]
    activite = Activite(
        association=association,
        titre=DRAFT,
        resume="Sécher, infuser, tresser ce que le jardin donne.",
        theme="nature",
        public=["adultes"],
        gratuit=True,
        maison=room.maison,
        salle=room,
        contact=association.courriel,
        premier=first,
        dernier=last,
        places=12,
    )
    activite.slug, activite._history_user = free_slug(activite, DRAFT), by
    activite.save()
    jour, heure, duree = RHYTHM
    serie = Serie(
        maison=room.maison,
        salle=room,
        regle=Rythme(Cadence.SEMAINE, (WEEKDAYS.index(jour),)).rule,
        premier=first,
        dernier=last,
        heure=heure,
        duree=duree,
        regime=Serie.Regime.HORS_VACANCES,
    )
    activites.plan(activite, serie, by=by)
    return 1


def add_call(activite, now):
    """Each week a grandmother without e-mail, who has to be told what she cannot read."""
    year, week, _ = timezone.localdate(now).isocalendar()
    asked = {"nom": "Mme Castella", "telephone": f"{PHONE}71"}
    return register(activite, f"{year}:{week}", asked, FIRST[week % len(FIRST)])


def add_offer(activite, by, now):
    """When nobody has 48 hours to answer: it is full, somebody waits, somebody leaves."""
    inscriptions.release_expired()
    rows, day, written = activite.inscriptions, timezone.localdate(now), 0
    if rows.filter(etat=Inscription.Etat.PROPOSEE).exists():
        return 0
    for nom in HABITANTS:
        if rows.waiting().exists():
            break
        asked = {"nom": nom, "courriel": f"enfant.{address(nom)}", "saisi_par": by}
        written += register(activite, day, asked, nom.split()[0])
    if rows.waiting().exists():
        held = rows.filter(etat=Inscription.Etat.INSCRITE)
        inscriptions.leave(held.order_by("-place").first(), quiet=True)
    return written


def add_session(activite, now):
    """One today, whatever the day: there is a sheet to tick; nobody is told."""
    day = timezone.localdate(now)
    today = {"debut__gte": starts_at(day), "debut__lt": starts_at(day + timedelta(days=1))}
    if activite.seances.holding().filter(**today).exists() or day < activite.premier:
        return 0
    span = {"debut": starts_at(day, time(17)), "fin": starts_at(day, time(18))}
    try:
        planning.book(activites.make(activite, salle=None, portee="sans_salle", **span))
    except ValidationError:  # the house is closed
        return 0
    return 1


def register(activite, when, asked, prenom):
    """Once for each `when`; as a parent does it, or `saisi_par` a member."""
    words = ["rivemont", "benevoles", activite.slug, str(when), asked["nom"]]
    jeton = uuid5(NAMESPACE_URL, ":".join(words))
    if Dossier.objects.filter(jeton=jeton).exists():
        return 0
    first, last = activite.births
    born = first + jeton.int % (last - first + 1)
    row = Inscription(activite=activite, prenom=prenom, naissance=born)
    try:
        inscriptions.register(Dossier(jeton=jeton, **asked), [row])
    except ValidationError:  # a child of that name is there already
        return 0
    return 1
