"""Rehearsal: what cannot be turned into a mail is not published."""

import logging
from typing import Any

from django.db import DatabaseError

from incidents.notifications.mail.languages import edition_language
from incidents.notifications.writing import edition_of
from incidents.timeline.models import Event
from incidents.timeline.refusals import CannotBeRendered

log = logging.getLogger(__name__)


def rehearse_mail(*, event: Event, **_signal: Any) -> None:
    """Render the mail of an event inside its transaction.

    Only updates readers see; what an importer brings in is never mailed. Raises
    CannotBeRendered, which refuses the change.
    """
    update = event.update
    if update is None or update.removed_at is not None or update.incident.imported_from:
        return
    try:
        edition_of(event, language=edition_language("", event.page.language), zone=event.page.zone, at=event.at)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("update %s cannot be rendered as a mail", update.code)
        raise CannotBeRendered(
            "This text cannot be turned into a mail; remove unusual characters and try again.", field="body"
        ) from error
