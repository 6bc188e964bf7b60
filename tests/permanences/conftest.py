from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.factories import (
    AffectationFactory,
    IntervenantFactory,
    PermanenceFactory,
    VacationFactory,
    VilleFactory,
)

TODAY = date(2026, 1, 15)


def at(hour, minute=0, on=TODAY):
    return datetime.combine(on, time(hour, minute), ZoneInfo("Europe/Paris"))


@pytest.fixture
def morning(time_machine):
    """Thursday 15 January, ten past ten: a permanence goes on since ten."""
    time_machine.move_to(at(10, 10), tick=False)
    VilleFactory()


@pytest.fixture
def vacation(morning):
    permanence = PermanenceFactory(mode="mixte", guichets=2)
    return VacationFactory(permanence=permanence, debut=at(10), fin=at(12))


@pytest.fixture
def holder(vacation):
    """Who holds that permanence."""
    return IntervenantFactory(permanence=vacation.permanence).compte


@pytest.fixture
def desk(vacation):
    """Who works at the desk of its house."""
    return AffectationFactory(maison=vacation.maison).compte
