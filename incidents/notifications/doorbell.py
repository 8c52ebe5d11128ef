"""The doorbell: tells a worker that rows wait. No ring is needed for correctness, only for speed."""

import logging

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

log = logging.getLogger(__name__)


def ring(task: str, **arguments: int) -> bool:
    """Ask for `task` to be run; return whether the broker took the message.

    Never raises and never waits beyond the broker's socket timeout: whoever posts an update
    must not learn from an error page that a cache server is down.
    """
    try:
        current_app.send_task(task, kwargs=arguments, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - each transport has errors of its own; the sweeper follows anyway
        log.warning("the broker did not take %s (%s); the sweeper will", task, error)
        return False
    return True
