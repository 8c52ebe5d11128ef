"""Taking in what was posted while the database was away."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError

from incidents.publishing.emergency import EmergencyFolder
from incidents.publishing.library import the_library
from incidents.publishing.marks import EmergencyPost
from incidents.timeline.models import Incident, Page, Phase
from incidents.timeline.refusals import Refused

log = logging.getLogger(__name__)


def take_in_emergency_posts(*, at: datetime) -> None:
    """Post what waits on this machine, oldest first, once each, and forget it.

    The request key makes a second try after a crash return the first one's update, which mails nobody again.
    """
    library = the_library()
    for page in Page.objects.filter(code__in=library.pages_on_disk()):
        folder = EmergencyFolder(library.folder / page.code)
        for post in reversed(folder.posts()):
            try:
                _post(post, page, at=at)
            except Refused as refusal:
                log.error("The emergency post %s is refused and set aside: %s", post.key, refusal.sentence)
                folder.set_aside(post)
            except (OperationalError, InterfaceError):
                # The database is away again; the post waits.
                raise
            except Exception:
                log.exception("The emergency post %s cannot be taken in and is set aside.", post.key)
                folder.set_aside(post)
            else:
                folder.forget(post)


def post_now(post: EmergencyPost, page_code: str, *, at: datetime) -> None:
    """Post at once, on a page given by code. Raises Refused, and what the database raises."""
    _post(post, Page.objects.get(code=page_code), at=at)


def _post(post: EmergencyPost, page: Page, *, at: datetime) -> None:
    incident = Incident.objects.on(page).public().filter(code=post.incident).first()
    phase = _phase(post, page, incident)
    if incident is None:
        Incident.open(
            page=page,
            title=post.title,
            body=post.body,
            phase=phase,
            by=post.by,
            at=at,
            posted_at=min(post.posted_at, at),
            notify=post.notify,
            request_key=post.key,
        )
        return
    incident.post_update(
        body=post.body,
        phase=phase,
        by=post.by,
        at=at,
        posted_at=min(post.posted_at, at),
        notify=post.notify,
        request_key=post.key,
    )


def _phase(post: EmergencyPost, page: Page, incident: Incident | None) -> Phase | None:
    """Return the phase of the post; None, for the present one, where the page has no such phase."""
    for_maintenance = incident is not None and incident.is_maintenance
    phase = page.phases.filter(slug=post.phase).first()
    return phase if phase is not None and phase.is_for_maintenance == for_maintenance else None
