"""The mail an act would send, before it is done: the act is tried, its mail written, and all of it taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.utils import translation

from incidents.notifications.mail.languages import edition_language
from incidents.notifications.mail.rendering import Marks, Rendered, render_story
from incidents.notifications.mail.telling import story_of
from incidents.timeline.models import Event, Page
from incidents.timeline.refusals import Refused


def mail_of(page: Page, act: Callable[[], object]) -> Rendered | None:
    """Return the mail readers of the page's language would get of `act`, None where it is refused or nobody is told.

    Nothing of it remains: no row, no event, nothing sent.
    """
    with transaction.atomic():
        try:
            act()
            mail = _written(Event.objects.filter(page=page, notify=True).latest("seq"))
        except (Refused, Event.DoesNotExist):
            mail = None
        finally:
            transaction.set_rollback(True)
    return mail


def _written(event: Event) -> Rendered:
    language = edition_language("", event.page.language)
    marks = Marks.fresh()
    with translation.override(language):
        rendered = render_story(story_of(event, language=language, zone=event.page.zone), marks)
    # Below that stands what is different for each reader: why they get it, and their links.
    return replace(rendered, text=rendered.text.partition(marks.why)[0].rstrip())
