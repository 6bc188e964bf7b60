"""What each page costs: CPU, times the ceiling, answers a second, waiting time, weight, SQL."""

import time
from collections import namedtuple
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.charge.clients import send
from tests.charge.mesures import Meter
from tests.charge.poids import first_visit
from tests.charge.serveur import Serveur

CLIENTS = 4  # each asks again as soon as it is answered
ROUNDS = 4


Sample = namedtuple("Sample", "answers meter")


@dataclass(frozen=True)
class Visit:
    name: str
    requests: Iterator[bytes]  # safe to share between threads: no generator
    act: Callable | None = None  # the same visit once, through Django's client
    status: int = 200
    clients: int = CLIENTS
    writes: bool = False


@dataclass(frozen=True)
class Site:
    """A server, and a line to its database."""

    serveur: Serveur
    observer: object


@dataclass(frozen=True)
class Releve:
    name: str
    rate: float  # answers a second
    app: float  # ms of CPU for one answer
    database: float
    median: float  # ms
    p95: float
    foreign: float  # cores
    size: int = 0  # bytes
    statements: int = 0
    personal: int = 0  # cookies given, statements about sessions
    points: int | None = None  # EcoIndex
    ceiling: "Releve | None" = None

    @property
    def cost(self):
        return self.app + self.database

    @property
    def times(self):
        """As many times what the ceiling costs."""
        return self.cost / self.ceiling.cost


def measure(site, ceiling, visit, seconds):
    """A page and its ceiling, in turns: what else the machine does slows both."""
    for warmed in (ceiling, (site, visit)):
        take(*warmed, seconds / 10)  # each process has read its templates
    before, samples = [], []
    for _ in range(ROUNDS):
        before.append(take(*ceiling, seconds / ROUNDS / 2))
        samples.append(take(site, visit, seconds / ROUNDS))
    answer = samples[0].answers[-1]
    statements, sessions = asked_once(visit)
    return summed(
        visit,
        samples,
        size=len(answer.body.encode()),
        statements=statements,
        personal=sessions + answer.head.lower().count("set-cookie:"),
        points=first_visit(site.serveur.port, answer),
        ceiling=summed(ceiling[1], before),
    )


def take(site, visit, seconds):
    with Meter(site.serveur.pid, site.observer) as meter:
        answers = load(site.serveur.port, visit, seconds)
    assert {answer.status for answer in answers} <= {visit.status}, visit.name
    return Sample(answers, meter)


def summed(visit, samples, **more):
    """One measure of several."""
    waits = [answer.seconds * 1000 for sample in samples for answer in sample.answers]
    number, meters = len(waits), [sample.meter for sample in samples]
    seconds, steps = sum(meter.seconds for meter in meters), quantiles(waits, n=20)
    return Releve(
        name=visit.name,
        rate=number / seconds,
        app=sum(meter.app for meter in meters) / number * 1000,
        database=sum(meter.database for meter in meters) / number * 1000,
        median=steps[9],
        p95=steps[18],
        foreign=sum(meter.foreign * meter.seconds for meter in meters) / seconds,
        **more,
    )


def asked_once(visit):
    """How many statements a visit takes, and how many of them are about a session."""
    visit.act()  # what a process reads once is read
    with CaptureQueriesContext(connection) as asked:
        visit.act()
    told = [each["sql"] for each in asked.captured_queries]
    return len(told), sum("django_session" in each for each in told)


def load(port, visit, seconds):
    """The answers to a few clients that ask without a pause, until nothing is left to ask."""
    until = time.monotonic() + seconds

    def ask(_):
        answers = []
        while (not answers or time.monotonic() < until) and (raw := next(visit.requests, None)):
            answers.append(send(port, raw))
        return answers

    with ThreadPoolExecutor(visit.clients) as pool:
        return [answer for answers in pool.map(ask, range(visit.clients)) for answer in answers]
