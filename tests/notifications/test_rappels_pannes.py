"""G3, in small: killed at each step of a reminder; in full, `make bench ARGS=--rappels`."""

import pytest
from django.db import connection

from tests.charge.bases import url_of
from tests.charge.echeances import Appointments, Bookings
from tests.charge.rappels import STEPS, crash, scene_of

TIMES = 2


def killed(step, kind, times=TIMES):
    with scene_of(url_of(connection.settings_dict["NAME"]), kind) as scene:
        toll = crash(scene, step, times)
    print(toll)
    assert toll.held
    assert toll.doubled == toll.allowed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_none_is_lost_and_one_alone_may_double(step):
    killed(step, Bookings())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_nor_is_that_of_an_appointment(step):
    killed(step, Appointments(), times=1)
