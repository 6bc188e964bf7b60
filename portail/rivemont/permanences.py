"""The permanences of Rivemont: kinds of help, guides, who holds them, their dates around today."""

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.text import slugify

from comptes.models import Compte
from maisons import series
from maisons.heures import WEEKDAYS, starts_at
from maisons.models import Creneau, DateEcartee, Serie
from maisons.rythmes import Cadence, Rythme
from permanences import vacations
from permanences.models import (
    Fiche,
    Intervenant,
    Mediateur,
    Motif,
    Pause,
    Permanence,
    Service,
    Vacation,
)
from portail.copie import again, copy_creneaux
from portail.rivemont.comptes import MEDIATOR, NAMES, address
from portail.rivemont.maisons import clock
from portail.rivemont.occupation import Occupation
from quartiers.models import Elu

BACK, AHEAD = timedelta(days=84), timedelta(days=70)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
ANNOUNCED = timedelta(days=20)  # before its first date
SOON = timedelta(days=14)  # what is cancelled or replaced is known so long before
SINCE = date(2024, 9, 2)
WHEN = re.compile(
    r"(?:(?P<cadence>quinzaine|1er|2e|3e|4e|dernier) )?(?P<jours>[a-z ]+) "
    r"(?P<opens>[\d:]+)-(?P<closes>[\d:]+)(?P<feries> fériés)?"
)
CADENCES = {
    None: Cadence.SEMAINE,
    "quinzaine": Cadence.QUINZAINE,
    "1er": Cadence.PREMIER,
    "2e": Cadence.DEUXIEME,
    "3e": Cadence.TROISIEME,
    "4e": Cadence.QUATRIEME,
    "dernier": Cadence.DERNIER,
}
# name: (what they are, languages, phone, who they are)
MEDIATORS = {
    "Samira Haddou": (
        "médiatrice sociale",
        ["ar", "ber"],
        "04 65 71 00 41",
        "Vingt ans à Rivemont, dont dix au guichet d’une mairie annexe. Elle aide à comprendre, à "
        "écrire et à téléphoner.",
    ),
    "Tomasz Wilk": (
        "conseiller numérique",
        ["en", "pl"],
        "04 65 71 00 42",
        "Ancien réparateur d’ordinateurs. Il explique sans mots compliqués et ne touche jamais à "
        "votre souris.",
    ),
    "Awa Sarr": (
        "juriste",
        ["en", "wo"],
        "04 65 71 00 43",
        "Elle dit le droit simplement, et à quelle porte frapper ensuite.",
    ),
    "Inès Cordeiro": (
        "médiatrice, accompagnement des étrangers",
        ["es", "pt"],
        "04 65 71 00 44",
        "Elle prépare les dossiers de séjour et trouve une interprète quand il en faut une.",
    ),
    "Gaël Kermadec": (
        "médiateur de voisinage",
        ["en"],
        "04 65 71 00 45",
        "Il écoute chacun et ne donne raison à personne.",
    ),
}
REPLACING = ["Nadège Rolland", "Yacine Brahmi", "Elsa Prigent"]


@cache
def data(name):
    text = (Path(__file__).parent / "donnees" / f"{name}s.toml").read_text()
    return tomllib.loads(text)[name]


def add_permanences(city, now):
    """What is missing of them, and their dates; returns how many dates were written."""
    services, mediators = create_services(now), create_mediators()
    create_guides(services, now)
    today = timezone.localdate(now)
    window = starts_at(today - BACK), starts_at(today + AHEAD + DAY)
    occupation = Occupation(city.rooms.values(), *window)
    rows, left_out = [], []
    for line in data("permanence"):
        permanence, created = create_permanence(line, services, mediators, city, now)
        runs = begin(permanence, line, today) if created else going_on(permanence, today)
        for serie in runs:
            made, missing = dates(serie, permanence, occupation, now)
            rows += made
            left_out += missing
    DateEcartee.objects.bulk_create(left_out)
    copy_creneaux(Vacation, rows)
    return len(rows)


def create_services(now):
    """The kinds of help by their key; what is there already stays as it is."""
    services = {}
    for line in data("service"):
        known = {name: value for name, value in line.items() if name not in ("cle", "motifs")}
        known["a_apporter"] = "\n".join(line.get("a_apporter", []))
        known["publie_le"] = now - BACK - ANNOUNCED
        service, created = Service.objects.get_or_create(slug=line["cle"], defaults=known)
        services[line["cle"]] = service
        if created:
            Motif.objects.bulk_create(
                Motif(service=service, libelle=libelle, rang=rank)
                for rank, libelle in enumerate(line["motifs"])
            )
    return services


def create_guides(services, now):
    for line in data("fiche"):
        named = {name: line[name] for name in ("titre", "besoins", "texte", "source", "lien")}
        checked = timezone.localdate(now) - timedelta(days=line["jours"])
        named |= {"resume_facile": line["resume_facile"], "verifiee_le": checked}
        slug = slugify(line["titre"].replace("’", "-"))
        fiche, created = Fiche.objects.get_or_create(
            slug=slug, defaults=named | {"publie_le": now - timedelta(days=line["jours"])}
        )
        if created:
            fiche.services.set([services[cle] for cle in line["services"]])


def create_mediators():
    mediators = {}
    for nom, (qualite, langues, telephone, presentation) in MEDIATORS.items():
        known = {"nom": nom, "qualite": qualite, "langues": langues, "telephone": telephone}
        mediators[nom], _ = Mediateur.objects.get_or_create(
            slug=slugify(nom), defaults=known | {"presentation": presentation, "debut": SINCE}
        )
    return mediators


def create_permanence(line, services, mediators, city, now):
    """(permanence, whether it is new)."""
    house, _, room = line["lieu"].partition("/")
    person = line.get("elu") or line.get("mediateur")
    elu = Elu.objects.get(nom=line["elu"]) if "elu" in line else None
    slug = f"rencontrer-{slugify(person)}" if elu else f"{line['service']}-{house}"
    told = {name: line[name] for name in ("mode", "guichets", "avis", "langues") if name in line}
    permanence, created = Permanence.objects.get_or_create(
        slug=slug,
        defaults=told
        | {
            "service": services[line["service"]],
            "maison": city.houses[house],
            "salle": city.rooms[line["lieu"]] if room else None,
            "mediateur": None if elu else mediators.get(person),
            "elu": elu,
            "publie_le": now - BACK - ANNOUNCED,
        },
    )
    if created:
        spans = [span.split("-") for span in line.get("pauses", [])]
        Pause.objects.bulk_create(
            Pause(permanence=permanence, debut=clock(debut), fin=clock(fin)) for debut, fin in spans
        )
        if permanence.mediateur:
            hold(permanence, person)
    return permanence, created


def hold(permanence, nom):
    """Its mediator signs in to see who comes; only the one of the launcher has a known password."""
    courriel = MEDIATOR if NAMES[MEDIATOR] == nom else address(nom)
    known = {"nom": nom, "password": make_password(None)}
    compte, _ = Compte.objects.get_or_create(courriel=courriel, defaults=known)
    Intervenant.objects.create(compte=compte, permanence=permanence, debut=SINCE)


def begin(permanence, line, today):
    """A run of dates for each of its sentences, « quinzaine mardi 9:00-12:00 »."""
    for sentence in line["quand"]:
        found = WHEN.fullmatch(sentence)
        jours = tuple(WEEKDAYS.index(jour) for jour in found["jours"].split())
        opens, closes = clock(found["opens"]), clock(found["closes"])
        minutes = 60 * (closes.hour - opens.hour) + closes.minute - opens.minute
        serie = Serie(
            maison=permanence.maison,
            salle=permanence.salle,
            portee=vacations.make(permanence).portee,
            regle=Rythme(CADENCES[found["cadence"]], jours).rule,
            premier=today - BACK,
            dernier=today + AHEAD,
            heure=opens,
            duree=timedelta(minutes=minutes),
            regime=line.get("regime", Serie.Regime.TOUJOURS),
            jours_feries=bool(found["feries"]),
        )
        serie.save()
        yield serie


def going_on(permanence, today):
    """Its runs, made longer once a week is missing; not those that somebody has ended."""
    ours = Serie.objects.filter(creneaux__vacation__permanence=permanence).distinct()
    for serie in ours.filter(dernier__lte=today + AHEAD - WEEK).order_by("pk"):
        if series.dates(serie).last().annule_le is None:
            serie.dernier = today + AHEAD
            serie.save()
            yield serie


def dates(serie, permanence, occupation, now):
    """(its new dates, the days left out with their cause), none of them saved."""
    rows, left_out, first = [], [], None

    def make(debut, fin):
        return vacations.make(permanence, debut=debut, fin=fin)

    for day, span, told in series.against(serie, make, series.untried(serie)):
        if not told:
            if first is None:
                first = make(*span)
                first.clean()
            row = again(first, *span)
            row.serie, row.jour_serie = serie, day
            if row.emprise and not occupation.is_free(row):
                told = DateEcartee.Cause.SALLE, "salle déjà réservée"
            else:
                happen(row, Random(f"{permanence.slug}:{day}"), now)
                rows.append(row)
                if not row.annule_le:
                    occupation.hold(row)
        if told:
            cause, detail = told
            left_out.append(DateEcartee(serie=serie, jour=day, cause=cause, detail=detail))
    return rows, left_out


def happen(row, random, now):
    """Now and then a date is cancelled, or somebody stands in; never what is far ahead."""
    chance, held = random.random(), row.permanence.mediateur
    if row.debut > now + SOON:
        return
    if chance < 0.03 and not (held and held.nom == NAMES[MEDIATOR]):
        told = row.debut - timedelta(hours=random.randint(20, 100))
        row.annule_le = min(told, now - timedelta(hours=1))
        row.motif_annulation = Creneau.Motif.ORGANISATION
    elif chance > 0.95 and held:
        row.remplacant = random.choice(REPLACING)
