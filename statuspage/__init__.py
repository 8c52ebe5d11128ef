"""Project package: settings, addresses, the Celery application and the ways to start."""

import gc

# Before anything else is loaded: all of it stays, and to search it for garbage again and again was a sixth of a start.
gc.set_threshold(10_000, 20, 20)

from statuspage.celery import app as celery_app  # noqa: E402 - only now, as said above

__all__ = ["celery_app"]
