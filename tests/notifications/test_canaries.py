"""Canaries: when a worker last took something from each queue."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.notifications.canaries import forget, hear, hearings
from incidents.notifications.models import Canary

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MINUTE = timedelta(minutes=1)


def test_the_newest_moment_of_a_queue_counts_whoever_took_it() -> None:
    Canary.objects.create(worker="old@host", queue="news", heard_at=now() - 9 * MINUTE)
    hear("new@host", "news")
    Canary.objects.create(worker="old@host", queue="hooks", heard_at=now() - 9 * MINUTE)
    silent = {hearing.queue: hearing.is_silent for hearing in hearings()}
    assert silent == {"hooks": True, "news": False}


def test_where_no_worker_ever_ran_there_is_nothing_to_say() -> None:
    assert hearings() == []


def test_a_moment_is_renewed_and_not_written_anew_every_time() -> None:
    hear("one@host", "news")
    first = Canary.objects.get().heard_at
    hear("one@host", "news")
    assert Canary.objects.get().heard_at == first
    Canary.objects.update(heard_at=Now() - MINUTE)
    hear("one@host", "news")
    assert Canary.objects.get().heard_at > now() - MINUTE / 2


def test_workers_that_come_no_more_are_forgotten_but_not_the_last_word_of_a_queue() -> None:
    Canary.objects.create(worker="gone@host", queue="news", heard_at=now() - 5_000 * MINUTE)
    Canary.objects.create(worker="last@host", queue="news", heard_at=now() - 4_000 * MINUTE)
    assert forget() == 1
    assert Canary.objects.get().worker == "last@host"
