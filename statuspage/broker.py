"""The connection to the broker: one that was lost is asked for again every two seconds, for ever."""

from functools import cached_property
from typing import Any, Self

from celery.app.amqp import AMQP
from kombu import Connection
from redis.exceptions import OutOfMemoryError

LONGEST_WAIT = 2.0
"""Seconds between questions. Celery's own wait grows to half a minute, in which nobody hears the bell."""


class PatientConnection(Connection):
    """A connection whose waits do not grow, and which a broker without memory left does not end.

    Such a broker refuses the first thing a consumer writes. Celery takes that for a fault in the
    program and ends the worker, again and again, before it could look for work by itself.
    """

    @cached_property
    def connection_errors(self) -> tuple[type[BaseException], ...]:
        """What a worker goes on after."""
        return (*self.get_transport_cls().connection_errors, OutOfMemoryError)

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Self:
        """Return it connected; waits for the broker as Celery has it, but never longer than LONGEST_WAIT at once."""
        super().ensure_connection(*args, **{**kwargs, "interval_max": LONGEST_WAIT})
        return self


class Doorbell(AMQP):
    """Celery's way to its broker, by such connections."""

    Connection = PatientConnection
