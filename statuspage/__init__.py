"""Project package: settings, addresses, the Celery application and the ways to start."""

from statuspage.celery import app as celery_app

__all__ = ["celery_app"]
