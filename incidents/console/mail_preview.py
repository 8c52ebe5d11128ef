"""The mail an act would send, before it is done: the act is tried, its mail written, and all of it taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation

from incidents.console.forms.maintenance import MoveForm, StepForm
from incidents.notifications.mail.languages import edition_language
from incidents.notifications.mail.rendering import Marks, Rendered, render_story
from incidents.notifications.mail.telling import story_of
from incidents.timeline.models import Event, Maintenance, Page, Update
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


def mail_of_step(
    maintenance: Maintenance, form: StepForm | MoveForm, verb: Callable[..., Update], *, by: User, at: datetime
) -> Rendered | None:
    """Return the mail that a filled form would send by a verb of `maintenance`; None while it says too little.

    The maintenance is good for nothing else afterwards: the row is as before, the object is not.
    """
    if not form.is_valid() or not form.cleaned_data["notify"]:
        return None
    return mail_of(maintenance.page, partial(verb, maintenance, by=by, at=at, **form.said()))


def _written(event: Event) -> Rendered:
    language = edition_language("", event.page.language)
    marks = Marks.fresh()
    with translation.override(language):
        rendered = render_story(story_of(event, language=language, zone=event.page.zone), marks)
    # Below that stands what is different for each reader: why they get it, and their links.
    return replace(rendered, text=rendered.text.partition(marks.why)[0].rstrip())
