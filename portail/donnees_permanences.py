"""
The permanences as open data: where help is given, when, and how one comes. Never who comes.

Names of data·inclusion, schema 1 (structures are the houses, services the permanences), and of the
schema « lieux de médiation numérique » for the houses where somebody helps with computers.
"""

import re
from collections import defaultdict
from datetime import timedelta

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from phonenumber_field.phonenumber import PhoneNumber

from maisons import heures
from maisons.models import Maison, Serie
from permanences.langues import Langue
from permanences.models import Permanence, Service, Vacation
from permanences.models.service import Besoin
from portail import horaires_osm
from portail.donnees_ouvertes import LICENCE, LICENCE_NAME, absolute, address
from quartiers.models import Ville

LAW = "difficultes-administratives-ou-juridiques--"
THEMATIQUES = {
    Besoin.COURRIER: f"{LAW}accompagnement-aux-demarches-administratives",
    Besoin.DROITS: f"{LAW}accompagnement-pour-lacces-aux-droits",
    Besoin.CONFLIT: f"{LAW}prendre-en-compte-une-problematique-judiciaire",
    Besoin.LOGEMENT: "logement-hebergement--sinformer-sur-les-demarches-liees-a-lacces-au-logement",
    Besoin.SANTE: "sante--acces-aux-soins",
    Besoin.NUMERIQUE: "numerique--acceder-a-des-services-en-ligne",
}
# Those of the nine services of the schema that a need answers to.
NUMERIQUES = {
    Besoin.NUMERIQUE: "Maîtrise des outils numériques du quotidien",
    Besoin.DROITS: "Aide aux démarches administratives",
    Besoin.COURRIER: "Aide aux démarches administratives",
}
NO_SIRET = "0" * 14  # as the places that have none are told
POSTCODE = re.compile(r"\b\d{5}\b")


class Permanences:
    """Those that are public, in one answer; as many statements whatever their number."""

    def __init__(self, **only):
        self.ville, self.today = Ville.current(), timezone.localdate()
        rows = Permanence.objects.public().filter(service__publie_le__isnull=False, **only)
        rows = rows.select_related("service", "maison", "mediateur", "elu").order_by("slug")
        self.rows = list(rows)
        houses = Maison.objects.filter(pk__in={row.maison_id for row in self.rows})
        self.houses = list(houses.prefetch_related("horaires").order_by("slug"))
        self.spans, self.series = self.calendar()
        self.changed = {model: last_changes(model) for model in (Maison, Permanence, Service)}

    def calendar(self):
        """({permanence: {day: [(opens, closes)]}}, {permanence: [its series]}) of what comes."""
        ends = heures.starts_at(self.today + horaires_osm.TOLD + timedelta(days=1))
        dates = Vacation.objects.public().holding().filter(permanence__in=self.rows)
        # An index knows what is of one nature.
        window = {"debut__gte": heures.starts_at(self.today), "debut__lt": ends}
        dates = dates.filter(nature=Vacation.NATURE, **window)
        spans, known = defaultdict(lambda: defaultdict(list)), defaultdict(set)
        for row in dates.only("debut", "fin", "permanence", "serie"):
            debut, fin = heures.local(row.debut), heures.local(row.fin)
            spans[row.permanence_id][debut.date()].append((debut.time(), fin.time()))
            known[row.permanence_id].add(row.serie_id)
        rules = Serie.objects.in_bulk(set().union(*known.values()) - {None})
        return spans, {
            key: [rules[serie] for serie in sorted(series - {None})]
            for key, series in known.items()
        }

    def about(self):
        return {
            "license": LICENCE,
            "licenseName": LICENCE_NAME,
            "attribution": f"Ville de {self.ville}, maisons de quartier",
        }

    def content(self):
        return self.about() | {
            "structures": [self.structure(house) for house in self.houses],
            "services": [self.service(row) for row in self.rows],
        }

    @property
    def source(self):
        return f"maisons-de-quartier-{slugify(self.ville.nom)}"

    def key(self, row):
        return f"{self.source}--{row.slug}"

    def place(self, house):
        found = POSTCODE.search(house.adresse) or POSTCODE.search(self.ville.adresse)
        return {
            "commune": self.ville.nom,
            "code_postal": found and found[0],
            "code_insee": self.ville.code_insee or None,
            "adresse": house.adresse or None,
            "longitude": house.longitude,
            "latitude": house.latitude,
        }

    def structure(self, house):
        return self.place(house) | {
            "source": self.source,
            "id": self.key(house),
            "nom": house.nom,
            "description": house.presentation or house.chapeau or None,
            "date_maj": self.date_of(house),
            "lien_source": address(house),
            "telephone": international(house.telephone),
            "courriel": house.courriel or None,
            "site_web": address(house),
            "horaires_accueil": horaires_osm.of_house(house.horaires.all()) or None,
        }

    def service(self, row):
        kind = row.service
        return self.place(row.maison) | {
            "source": self.source,
            "structure_id": self.key(row.maison),
            "id": self.key(row),
            "nom": kind.nom,
            "description": description(row),
            "lien_source": address(row),
            "date_maj": max(self.date_of(row), self.date_of(kind)),
            "type": "information" if row.elu_id else "accompagnement",
            "thematiques": themes(kind) or None,
            "frais": "gratuit" if kind.gratuit else "payant",
            "publics": ["tous-publics"],
            "conditions_acces": f"À apporter : {to_bring(kind)}." if kind.a_apporter else None,
            "complement_adresse": row.avis or None,
            "telephone": international(kind.telephone or row.maison.telephone),
            "courriel": row.maison.courriel or None,
            "modes_accueil": ["en-presentiel"],
            "contact_nom_prenom": self.contact(row.person),
            "mobilisable_par": ["usagers", "professionnels"],
            **how_to_come(row),
            "horaires_accueil": self.opening_hours([row]),
        }

    def contact(self, person):
        """Somebody met in a public capacity, while they have it."""
        return person.nom if person and person.is_in_office(self.today) else None

    def opening_hours(self, rows):
        """Of one permanence, or of several that are one place's."""
        spans, series = defaultdict(list), []
        for row in rows:
            series += self.series.get(row.pk, [])
            for day, held in self.spans.get(row.pk, {}).items():
                spans[day] += held
        return horaires_osm.of_dates(series, spans, self.today, self.ville) or None

    def date_of(self, row):
        """The day of its last change; of its publication when no change is known."""
        at = self.changed[type(row)].get(row.pk) or getattr(row, "publie_le", None)
        return heures.local(at).date().isoformat() if at else self.today.isoformat()


class MediationNumerique(Permanences):
    """The houses where somebody helps with a computer or a telephone."""

    def __init__(self):
        super().__init__(service__theme="numerique")

    def content(self):
        return self.about() | {"lieux": [self.lieu(house) for house in self.houses]}

    def lieu(self, house):
        rows = [row for row in self.rows if row.maison_id == house.pk]
        needs = {need for row in rows for need in row.service.besoins}
        services = {NUMERIQUES[need] for need in needs if need in NUMERIQUES}
        taken = [row for row in rows if row.by_appointment]
        return self.place(house) | {
            "id": self.key(house),
            "nom": house.nom,
            "pivot": NO_SIRET,
            "date_maj": max([self.date_of(house), *map(self.date_of, rows)]),
            "services": "|".join(sorted(services or {NUMERIQUES[Besoin.NUMERIQUE]})),
            "telephone": international(house.telephone),
            "courriels": house.courriel or None,
            "site_web": address(house),
            "presentation_resume": rows[0].service.chapeau,
            "presentation_detail": " ".join(
                dict.fromkeys(row.service.presentation for row in rows)
            ),
            "frais_a_charge": "Gratuit" if all(r.service.gratuit for r in rows) else "Payant",
            "modalites_acces": "Se présenter|Téléphoner",
            "modalites_accompagnement": "Accompagnement individuel",
            "itinerance": "Fixe",
            "horaires": self.opening_hours(rows),
            "prise_rdv": booking(taken[0]) if taken else None,
            "source": self.source,
        }


def last_changes(model):
    """{key: when it last changed}, from its history."""
    rows = model.history.order_by().values("id").annotate(at=Max("history_date"))
    return dict(rows.filter(~Q(history_type="-")).values_list("id", "at"))


def international(number):
    """« +33465710011 » when it can be read so."""
    if not number:
        return None
    found = PhoneNumber.from_string(number, region="FR")
    return found.as_e164 if found.is_valid() else number


def themes(kind):
    return [THEMATIQUES[need] for need in kind.besoins if need in THEMATIQUES]


def to_bring(kind):
    return ", ".join(thing[0].lower() + thing[1:] for thing in kind.things_to_bring)


def description(row):
    kind = row.service
    parts = [kind.chapeau, kind.presentation]
    parts += [f"Qui aide : {kind.organisme}."] * bool(kind.organisme)
    languages = ", ".join(sorted(Langue(code).label for code in row.spoken))
    parts += [f"On y parle aussi : {languages}."] * bool(row.spoken)
    return "\n\n".join(filter(None, parts))


def booking(row):
    return absolute(reverse("permanences:rendez_vous_create", args=[row.slug]))


def how_to_come(row):
    modes = ["se-presenter"] * row.drop_in + ["utiliser-lien-mobilisation"] * row.by_appointment
    modes += ["telephoner"] * bool(row.service.telephone or row.maison.telephone)
    return {
        "modes_mobilisation": modes,
        "lien_mobilisation": booking(row) if row.by_appointment else None,
        "mobilisation_precisions": row.get_mode_display().capitalize(),
    }
