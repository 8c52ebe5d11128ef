"""What is held leaves when its time has come, whichever process looks first."""

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from incidents.lib.failpoints import failpoint
from incidents.timeline.models import Draft, HeldPost, HeldState
from incidents.timeline.refusals import TooLate

FORGET_AFTER = timedelta(days=7)
"""How long it is kept which update a held post became; screens ask for seconds."""

DRAFTS_FORGOTTEN_AFTER = timedelta(days=30)
"""How long a text nobody came back to is kept."""

log = logging.getLogger(__name__)


def release_due(*, at: datetime) -> int:
    """Release what is due at `at`, each in a transaction of its own; return how many were published.

    Safe to run in parallel and to be killed anywhere: the page's lock lets one runner through, and what it made and
    that it was made are one commit. What fails for a reason nobody foresaw becomes a draft again, so that a person
    sees it; a database that is away is simply asked again.
    """
    return sum(_released(held, at=at) for held in list(HeldPost.objects.due(at=at).select_related("page")))


def forget(*, at: datetime) -> None:
    """Remove what nobody asks for any more: how held posts ended, and drafts left alone."""
    HeldPost.objects.filter(state=HeldState.PUBLISHED, held_at__lt=at - FORGET_AFTER).delete()
    Draft.objects.filter(saved_at__lt=at - DRAFTS_FORGOTTEN_AFTER).delete()


def _released(held: HeldPost, *, at: datetime) -> bool:
    try:
        update = held.release(at=at)
        failpoint("held-left")
        return update is not None
    except TooLate:
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("What %s published could not be released.", held.by_name)
        held.give_up(because=f"It could not be published ({type(error).__name__}).", at=at)
        return False
