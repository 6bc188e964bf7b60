"""Acts drawn at random, played at once by what writes appointments and by a small model of it."""

from collections import Counter
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from maisons import planning
from notifications.models import Message
from permanences import courriers, direct, disponibilites, presences, vacations
from permanences import rendez_vous as writer
from permanences.models import Pause, Permanence, RendezVous, Vacation
from tests.factories import (
    CompteFactory,
    MaisonFactory,
    PermanenceFactory,
    SalleFactory,
    ServiceFactory,
    VacationFactory,
    VilleFactory,
)
from tests.permanences.modele import VENUES, Day, Kind, Model, Refused

MONDAY, PARIS = date(2026, 1, 12), ZoneInfo("Europe/Paris")
MINUTE, OFTEN = timedelta(minutes=1), 0.2
KINDS = [("droits", 30, 2, (870, 880)), ("droits", 40, 1, ()), ("autre", 30, 1, ())]
DATES = [(0, 0), (0, 6), (1, 4), (2, 0)]  # of which permanence, in how many days
ACTS = {
    **{"take": 20, "confirm": 7, "send_again": 4, "cancel": 9, "move": 12, "note": 10, "wish": 2},
    **{"say": 3, "call_off": 2, "shift": 7, "resize": 5, "release": 5, "tick": 13},
}


def at(days, hour, minute=0):
    return datetime.combine(MONDAY + timedelta(days=days), time(hour, minute), PARIS)


class Scene:
    """Three permanences of a house and their dates, as all sequences find them."""

    now = at(0, 9)

    def __init__(self):
        VilleFactory()
        house = MaisonFactory()
        services = {
            name: ServiceFactory(nom=name, duree=30, rendez_vous_max=2)
            for name in ("droits", "autre")
        }
        self.permanences = [
            PermanenceFactory(
                service=services[service],
                maison=house,
                salle=SalleFactory(maison=house),
                duree=length,
                guichets=desks,
            )
            for service, length, desks, _ in KINDS
        ]
        Pause.objects.create(permanence=self.permanences[0], debut=time(14, 30), fin=time(14, 40))
        self.dates = [
            VacationFactory(permanence=self.permanences[k], debut=at(d, 14), fin=at(d, 16)).pk
            for k, d in DATES
        ]
        self.permanences = [vacations.publish(one).pk for one in self.permanences]
        self.agent = CompteFactory()
        self.accounts = CompteFactory.create_batch(2)

    def model(self):
        days = [Day(k, at(d, 14), at(d, 16), KINDS[k][2]) for k, d in DATES]
        kinds = [Kind(*kind) for kind in KINDS]
        return Model(self.now, kinds, days, most=2, notice=timedelta(hours=2))

    def people(self):
        """[(what is known of them, whether an agent asks)]."""
        yield from [({"compte": compte}, False) for compte in self.accounts]
        yield from [({"nom": "Linh", "courriel": f"{n}@rivemont.example"}, False) for n in "abc"]
        yield {"nom": "Ali", "telephone": "+33612345678"}, False
        yield {"nom": "Bo", "telephone": "+33465710000", "saisi_par": self.agent}, True
        yield {"nom": "Eve", "courriel": "a@rivemont.example", "saisi_par": self.agent}, True


class Sequence:
    """One life of these dates; both sides play each act."""

    def __init__(self, scene, chance, move_to):
        self.scene, self.move_to, self.chance = scene, move_to, chance
        self.model, self.people = scene.model(), list(scene.people())
        self.keys, self.acts = [], []  # of its appointments, in order
        self.outcomes = Counter()

    def play(self):
        self.move_to(self.model.now, tick=False)
        with transaction.atomic():
            drawn = self.chance.choices([*ACTS], ACTS.values(), k=self.chance.randint(3, 7))
            for name in ["take", "take", *drawn]:
                self.step(name)
            self.compare_told()
            self.compare_offered()
            transaction.set_rollback(True)

    def step(self, name):
        if (asked := getattr(self, f"draw_{name}")()) is None:
            return
        self.acts.append((f"{self.model.now:%d %H:%M}", name, *asked))
        after = deepcopy(self.model)
        try:
            getattr(self, f"model_{name}")(after, *asked)
            wanted = True
        except Refused:
            wanted = False
        try:
            with transaction.atomic():
                getattr(self, name)(*asked)
                settle()
            done = True
        except ValidationError:
            done = False
        assert done == wanted
        self.outcomes[name, done] += 1
        if wanted:
            self.model = after
            self.model.freed = []  # by an act that tells nobody of it
        self.compare()
        if self.chance.random() < OFTEN:
            self.compare_offered()

    def compare(self):
        """Every appointment and every date."""
        fields = ["vacation", "guichet", "debut", "fin", "etat", "arrive_le", "avis_plus_tot"]
        rows = {key: rest for key, *rest in RendezVous.objects.values_list("pk", *fields)}
        places = [rows.pop(key) for key in self.keys]
        assert rows == {}
        there = [[*row[:5], bool(row[5]), row[6]] for row in places]
        assert there == [
            [self.scene.dates[p.date], p.desk, p.debut, p.fin, p.state, p.there, p.notices]
            for p in self.model.places
        ]
        kept = Vacation.objects.in_bulk(self.scene.dates)
        dates = [kept[key] for key in self.scene.dates]
        assert [(d.debut, d.fin, d.guichets, bool(d.annule_le)) for d in dates] == [
            (d.debut, d.fin, d.desks, d.cancelled) for d in self.model.days
        ]

    def compare_offered(self):
        """What the public may take."""
        shown = disponibilites.offered(Permanence.objects.select_related("service", "maison"))
        rank = self.scene.dates.index
        assert {(rank(s.vacation.pk), s.debut): s.desks for s in shown} == self.model.offered()

    def compare_told(self):
        told = Counter(
            (self.keys.index(courriers.row_of(message)), message.cle.split(":")[2])
            for message in Message.objects.all()
        )
        assert told == self.model.told

    def row(self, rank):
        return RendezVous.objects.get(pk=self.keys[rank])

    def vacation(self, rank):
        rows = Vacation.objects.select_related("permanence__service", "maison", "salle")
        return rows.get(pk=self.scene.dates[rank])

    def draw_place(self):
        """A date and a moment of it, most often one that is a slot."""
        rank = self.chance.choice([0, 0, 0, 1, 1, 2, 2, 3])
        slots = [debut for debut, _ in self.model.slots(rank)]
        return rank, self.chance.choice([*slots, *slots, self.model.days[rank].debut + 10 * MINUTE])

    def draw_row(self):
        if self.model.places:
            return (self.chance.randrange(len(self.model.places)),)
        return None

    def draw_take(self):
        who = self.chance.randrange(len(self.people))
        return *self.draw_place(), who, self.chance.random() < 0.6

    def model_take(self, model, date, debut, who, wishes):
        known, by_agent = self.people[who]
        contact = known["compte"].courriel if "compte" in known else ""
        contact = contact or known.get("courriel") or known["telephone"]
        proved = by_agent or "courriel" not in known
        model.take(date, debut, contact, proved, by_agent, wishes)

    def take(self, date, debut, who, wishes):
        vacation = self.vacation(date)
        fin = debut + vacation.permanence.length
        span = {"vacation": vacation, "debut": debut, "fin": fin}
        row = RendezVous(**span, plus_tot=wishes, **self.people[who][0])
        self.keys.append(writer.take(row).pk)

    def draw_confirm(self):
        return self.draw_row()

    def model_confirm(self, model, rank):
        model.confirm(model.places[rank])

    def confirm(self, rank):
        writer.confirm(self.row(rank))

    draw_send_again = draw_cancel = draw_confirm

    def model_send_again(self, model, rank):
        model.send_again(model.places[rank])

    def send_again(self, rank):
        row = self.row(rank)
        writer.send_again(row, row.courriel)

    def model_cancel(self, model, rank):
        model.cancel(model.places[rank])

    def cancel(self, rank):
        writer.cancel(self.row(rank))

    def draw_move(self):
        return (*self.draw_row(), *self.draw_place()) if self.model.places else None

    def model_move(self, model, rank, date, debut):
        model.move(model.places[rank], date, debut)

    def move(self, rank, date, debut):
        writer.move(self.row(rank), self.vacation(date), debut)

    def draw_note(self):
        return (*self.draw_row(), self.chance.choice([*VENUES])) if self.model.places else None

    def model_note(self, model, rank, venue):
        model.note(model.places[rank], venue)

    def note(self, rank, venue):
        presences.note(self.row(rank), venue)

    def draw_wish(self):
        if not self.model.places or not self.row(rank := self.draw_row()[0]).changeable:
            return None
        return rank, self.chance.random() < 0.7

    def model_wish(self, model, rank, wished):
        model.wish(model.places[rank], wished)

    def wish(self, rank, wished):
        writer.wish_earlier(self.row(rank), wished)

    def draw_date(self):
        return (self.chance.randrange(len(self.model.days)),)

    def draw_say(self):
        return *self.draw_date(), self.chance.random() < 0.5

    def model_say(self, model, date, full):
        model.say(date, full)

    def say(self, date, full):
        direct.say(self.vacation(date), "complete" if full else "ouverte")

    def draw_call_off(self):
        rank = self.draw_date()[0]
        return (rank,) if self.model.days[rank].fin > self.model.now else None

    def model_call_off(self, model, date):
        model.call_off(date)

    def call_off(self, date):
        vacations.cancel(self.vacation(date))

    def draw_shift(self):
        """As the form allows: to a moment to come, while it is not over."""
        rank = self.draw_date()[0]
        day, by = self.model.days[rank], self.chance.choice([-60, -30, -10, 10, 30, 1440])
        longer = self.chance.choice([0, 0, 0, -20, 30])
        debut, fin = day.debut + by * MINUTE, day.fin + (by + longer) * MINUTE
        allowed = debut > self.model.now and day.fin > self.model.now
        return (rank, debut, fin) if allowed else None

    def model_shift(self, model, date, debut, fin):
        model.shift(date, debut, fin)

    def shift(self, date, debut, fin):
        planning.move(self.vacation(date), debut=debut, fin=fin)

    def draw_resize(self):
        kind = self.chance.randrange(len(self.model.kinds))
        return kind, self.chance.choice([1, 2, 3]), self.chance.choice([20, 30, 40])

    def model_resize(self, model, kind, desks, length):
        model.resize(kind, desks, length)

    def resize(self, kind, desks, length):
        permanence = Permanence.objects.get(pk=self.scene.permanences[kind])
        permanence.guichets, permanence.duree = desks, length
        permanence.save()
        vacations.describe(permanence)

    def draw_release(self):
        return ()

    def model_release(self, model):
        model.release()

    def release(self):
        writer.release_expired()

    def draw_tick(self):
        """A few minutes, past the time to confirm, or to the day of one of the dates."""
        day = self.chance.choice(self.model.days)
        there = day.debut + self.chance.choice([-20, 20, 70]) * MINUTE
        to = [self.model.now + 10 * MINUTE, self.model.now + 31 * MINUTE, there]
        return (self.chance.choice([one for one in to if one > self.model.now]),)

    def model_tick(self, model, moment):
        model.now = moment

    def tick(self, moment):
        self.move_to(moment, tick=False)


def settle():
    """What PostgreSQL checks at the end of a transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
