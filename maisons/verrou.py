"""One transaction for each write of the planning; what PostgreSQL refuses of it, in words."""

from functools import wraps

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from maisons.models import Creneau
from maisons.models.creneau import SALLE_PRISE


def queued(write, lost=SALLE_PRISE, models=()):
    """
    Run `write` in a transaction; after a lost lock, once more in a new one.

    Inside an outer atomic block there is no new transaction to be had and its locks stay: one
    try, in a savepoint. A last loss reads like a taken slot (`lost`); the outer block stays usable.
    `models` are others than créneaux whose constraints have a sentence.
    """

    @wraps(write)
    def wrapper(*args, **kwargs):
        tries = 1 if connection.in_atomic_block else 2
        while True:
            try:
                with transaction.atomic():
                    return write(*args, **kwargs)
            except (IntegrityError, OperationalError) as error:
                tries -= 1
                lost_lock = isinstance(error.__cause__, (DeadlockDetected, LockNotAvailable))
                if lost_lock and tries:
                    continue
                if told := lost if lost_lock else sentence(error, models):
                    raise ValidationError(told) from error
                raise

    return wrapper


def sentence(error, models=()):
    """What the constraint of a créneau that PostgreSQL held says to people, or None."""
    broken = getattr(error.__cause__, "diag", None)
    models = Creneau, *Creneau.__subclasses__(), *models
    for constraint in (one for model in models for one in model._meta.constraints):
        if broken and constraint.name == broken.constraint_name:
            return constraint.get_violation_error_message()
