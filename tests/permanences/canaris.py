"""Appointments of which each personal field holds a word of its own, and who might read them."""

from datetime import time, timedelta

from django.utils import timezone

from maisons.heures import starts_at
from notifications.models import Message
from permanences import courriers, questions, vacations
from permanences.models import Lecture, Vacation
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    EluFactory,
    FicheFactory,
    IntervenantFactory,
    MediateurFactory,
    MotifFactory,
    PermanenceFactory,
    QuestionEluFactory,
    RendezVousFactory,
    SalleFactory,
    SecretariatFactory,
    VacationFactory,
)
from tests.portail import canaris
from tests.portail.canaris import GUESSED, said, squeezed
from tests.portail.saisies import drawn
from tests.portail.voisines import house

NEAR = ("/gestion/permanences", "/gestion/notifications", "/gestion/comptes", "/permanences")
NEAR += (
    "/rendez-vous",
    "/agenda",
    "/donnees",
    "/elus",
    "/mon-espace",
    "/code",
    "/gestion/planning",
)
SOME = 15
UNCHOSEN = "zqmotifdepersonneqz"
PHONES = ["612345711", "612345722", "612345733", "612345744"]
# When each is, in days from today, and how its person is known.
COMING = {"compte": 0, "courriel": 0, "telephone": 1, "hier": -1}


class Scene:
    """A permanence of a house with four appointments, messages about them, and a neighbour."""

    def __init__(self):
        self.rows = house()
        self.house = self.rows["maison"]
        self.permanence = self.held_in(self.house)
        self.service = self.permanence.service
        MotifFactory(service=self.service, libelle=UNCHOSEN)
        self.agent = CompteFactory(nom="Agente d’accueil")
        self.appointments = {name: self.appointment(name) for name in COMING}
        self.tell_again("pris")
        self.secrets = {
            secret: name for name, row in self.appointments.items() for secret in secrets_of(row)
        }
        self.question = self.asked()
        self.secrets |= dict.fromkeys(
            [*secrets_of(self.question), "zqtextequestionqz", "zqreponsequestionqz"], "question"
        )
        self.reasons = {f"zqmotif{name}qz": name for name in self.appointments}

    def tell_again(self, what="deplace"):
        for row in self.appointments.values():
            courriers.tell(row, what)

    def asked(self):
        """A question to an élu of another permanence of this house."""
        elu = EluFactory()
        self.team = IntervenantFactory(permanence=PermanenceFactory(elu=elu, maison=self.house))
        vacations.publish(VacationFactory(permanence=self.team.permanence).permanence)
        told = {"nom": "zqnomquestionqz", "courriel": "zqmailquestionqz@rivemont.example"}
        row = QuestionEluFactory(elu=elu, texte="zqtextequestionqz", **told)
        other = QuestionEluFactory(elu=elu, texte="zqtextequestionqz", **told)
        questions.answer(other, "zqreponsequestionqz", by=self.team.compte)
        return row

    @staticmethod
    def held_in(maison):
        salle = SalleFactory(maison=maison)
        mediateur = MediateurFactory()
        permanence = PermanenceFactory(maison=maison, salle=salle, mediateur=mediateur, publie=True)
        FicheFactory().services.add(permanence.service)
        return permanence

    def appointment(self, name):
        rank = list(COMING).index(name)
        day = timezone.localdate() + timedelta(days=COMING[name])
        debut = starts_at(day, time(9))
        found = Vacation.objects.filter(permanence=self.permanence, debut=debut).first()
        vacation = found or VacationFactory(permanence=self.permanence, debut=debut)
        debut, fin = vacation.slots()[rank % 2]
        person = {"nom": f"zqnom{name}qz", "courriel": f"zqmail{name}qz@rivemont.example"}
        given = {"telephone": ["nom", "telephone"], "compte": []}.get(name, ["nom", "courriel"])
        known = {"courriel": ""} | {field: person.get(field) for field in given}
        if name == "compte":
            known |= {"compte": CompteFactory(**person), "nom": ""}
        if "telephone" in given:
            known |= {"telephone": f"+33{PHONES[rank]}", "saisi_par": self.agent}
        reason = MotifFactory(service=self.service, libelle=f"zqmotif{name}qz")
        return RendezVousFactory(vacation=vacation, debut=debut, fin=fin, motif=reason, **known)


def secrets_of(row):
    """What names the person of an appointment, reaches them, or opens it; without separators."""
    courriel, telephone = row.reached_at
    told = [row.person, courriel, telephone.removeprefix("0"), row.code]
    told += [str(row.jeton), str(row.graine)]
    return [squeezed(one) for one in told if one]


def person(role, scene):
    """Who asks. The first five may know something."""
    yesterday = timezone.localdate() - timedelta(days=1)
    over = {"debut": yesterday, "fin": yesterday}
    house, permanence = scene.house, scene.permanence
    match role:
        case "intervenant":
            return IntervenantFactory(permanence=permanence).compte
        case "accueil" | "direction":
            return AffectationFactory(maison=house, role=role).compte
        case "équipe de l’élu":
            return scene.team.compte
        case "personne":
            return scene.appointments["compte"].compte
        case "ville":
            return CompteFactory(is_superuser=True)
        case "visiteur":
            return None
        case "habitant":
            return CompteFactory()
        case "intervenant voisin":
            return IntervenantFactory(permanence=Scene.held_in(house)).compte
        case "intervenant fini":
            return IntervenantFactory(permanence=permanence, **over).compte
        case "accueil fini":
            return AffectationFactory(maison=house, **over).compte
        case "accueil d’ailleurs":
            return AffectationFactory().compte
        case "direction d’ailleurs":
            return AffectationFactory(role="direction").compte
        case "secretaire":
            return SecretariatFactory(conseil=house.quartier.conseils.get()).compte


def keys(scene, name):
    """The keys that the address of a route may ask for."""
    kind = name.partition(":")[2]
    appointments = [row.pk for row in scene.appointments.values()]
    dates = [row.vacation_id for row in scene.appointments.values()]
    if kind.startswith("notifications_message"):
        return set(Message.objects.filter(creneau__in=dates).values_list("pk", flat=True))
    if kind.startswith("comptes_compte"):
        return {scene.appointments["compte"].compte_id}
    if name.startswith("permanences:") or kind.startswith("permanences"):
        service = [scene.permanence.pk, scene.service.pk, scene.permanence.mediateur_id]
        return {*appointments, *dates, *service, scene.question.pk, scene.question.elu_id}
    return {appointments[0], dates[0]}


def addresses(scene):
    """Of every route, with each value that leads to an appointment or to what is around."""
    house, permanence = scene.house, scene.permanence
    slugs = [permanence.slug, scene.service.slug, permanence.mediateur.slug, house.slug]
    slugs += [house.quartier.slug, scene.rows["conseil"].slug]
    slugs += [fiche.slug for fiche in scene.service.fiches.all()]
    fixed = GUESSED | {
        "slug": slugs,
        "maison_slug": [house.slug],
        "salle_slug": [permanence.salle.slug],
        "app_label": ["permanences"],
    }
    for _, path in canaris.addresses(
        lambda name: fixed | dict.fromkeys(["pk", "object_id"], keys(scene, name))
    ):
        yield path


def found(scene, text):
    """(whose person is told, whose reason) in a text; a list of all reasons tells none."""
    text = squeezed(text)
    people = {name for secret, name in scene.secrets.items() if secret in text}
    whole = UNCHOSEN in text
    reasons = {name for secret, name in scene.reasons.items() if secret in text and not whole}
    return people, reasons


def asked_for_more(scene):
    """Pages, with what makes them tell more, or about another day, or that search for somebody."""
    day, dates = "/gestion/permanences/jour/", {r.vacation_id for r in scene.appointments.values()}
    yield from [f"{day}?date={date}&noms=1" for date in dates]
    figures, house = "/gestion/permanences/chiffres", scene.house.pk
    for month in {timezone.localdate() + timedelta(days=away) for away in COMING.values()}:
        yield f"{figures}/?mois={month:%Y-%m}&maison={house}"
        yield f"{figures}.csv?annee={month.year}"
    for row in scene.appointments.values():
        word = row.person[:-2]  # a page says again what was searched for
        yield from [f"/recherche/?q={word}", f"/permanences/?q={word}", f"/agenda/?q={word}"]
        yield f"{scene.permanence.get_absolute_url()}rendez-vous/?jour={row.debut.date()}"
    for away in COMING.values():
        on = timezone.localdate() + timedelta(days=away)
        yield f"{day}?jour={on}&noms=1"
        yield f"/gestion/permanences/semaine/?jour={on}"
        for row in scene.appointments.values():
            yield f"{day}?jour={on}&date={row.vacation_id}&servi={row.pk}"


def chosen(scene):
    """All that has to do with appointments, and of the other pages some: all with COMPLET=1."""
    paths = sorted({*addresses(scene)})
    near = [path for path in paths if path.startswith(NEAR)]
    far = [path for path in paths if not path.startswith(NEAR)]
    return [*near, *asked_for_more(scene), *drawn(far, SOME)]


def visits(client, scene):
    """[(address, status, whose person, whose reason, appointments noted as read)] of them all."""
    client.raise_request_exception = False  # the page of an error is looked into like the others
    for path in chosen(scene):
        before = Lecture.objects.count()
        response = client.get(path)
        people, reasons = found(scene, said(response))
        noted = Lecture.objects.order_by("pk").values_list("rendez_vous", flat=True)[before:]
        read = [key for key in noted if key in keys_of(scene, COMING)]
        yield path, response.status_code, people, reasons, read


def keys_of(scene, names):
    return {scene.appointments[name].pk for name in names}
