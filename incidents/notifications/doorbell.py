"""The doorbell: tells a worker that rows wait. No ring is needed for correctness, only for speed."""

import logging
import time
from collections.abc import Mapping
from threading import Thread

from celery import current_app

FAN_OUT = "notifications.fan_out"
DELIVER = "notifications.deliver"
RETRY = "notifications.retry"
POST_HOOKS = "notifications.post_hooks"
SWEEP = "notifications.sweep"
WATCH = "notifications.watch"
PURGE = "notifications.purge"
CANARY = "notifications.canary"
READ_BOUNCES = "notifications.read_bounces"
TRUTH = "notifications.tell_of_doubts"

PATIENCE = 0.5
"""Seconds a ring is waited for. A frozen broker takes a connection and says nothing."""

REST = 3.0
"""Seconds for which a broker that did not take a ring is left alone; sweeper and lookout come every five."""

_resting: dict[str, float] = {}
"""Until when (time.monotonic) this process rings no more, by the broker's address."""

log = logging.getLogger(__name__)


def ring(task: str, **arguments: int) -> bool:
    """Ask for `task` to be run; return whether the broker took the message in time.

    Never raises and never waits longer than PATIENCE, and that once in a few seconds: whoever posts
    an update must not learn from an error page that a cache server is down, and a worker that rings
    for others must not stand still with each of its bells. A ring that takes longer goes on by itself.
    """
    broker = str(current_app.conf.broker_url)
    if time.monotonic() < _resting.get(broker, 0.0):
        return False
    if broker.startswith("memory:"):
        return _send(broker, task, arguments)
    ringing = Thread(target=_send, args=(broker, task, arguments), name="doorbell", daemon=True)
    ringing.start()
    ringing.join(PATIENCE)
    if ringing.is_alive():
        _resting[broker] = time.monotonic() + REST
        log.warning("the broker did not take %s within %s s; the sweeper will", task, PATIENCE)
    return broker not in _resting


def _send(broker: str, task: str, arguments: Mapping[str, int]) -> bool:
    try:
        current_app.send_task(task, kwargs=dict(arguments), retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - each transport has errors of its own; the sweeper follows anyway
        _resting[broker] = time.monotonic() + REST
        log.warning("the broker did not take %s (%s); the sweeper will", task, error)
        return False
    _resting.pop(broker, None)
    return True
