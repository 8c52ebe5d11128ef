"""A template tried out: its placeholders filled with what might be true on a bad day."""

from datetime import datetime, timedelta

from incidents.console.forms.template import TemplateForm
from incidents.timeline.models import IncidentKind, Page
from incidents.timeline.placeholders import Facts, shown

_SO_FAR = timedelta(minutes=24)
_UNTIL_THE_NEXT = timedelta(minutes=30)
_WINDOW = timedelta(hours=2)
_A_COMPONENT = "your component"


def trial_of(form: TemplateForm, *, page: Page, at: datetime) -> tuple[str, str]:
    """Return title and text of a template as readers would get them, for a component it names or an invented one.

    An incident began 24 minutes ago, a maintenance is of two hours a day from now. Blanks stay: a person fills them.
    """
    is_planned = form["kind"].value() == IncidentKind.MAINTENANCE
    starts_at = at + timedelta(days=1) if is_planned else at - _SO_FAR
    facts = Facts(
        page=page.name,
        components=tuple(component.name for component in form.concerned()) or (_A_COMPONENT,),
        started_at=starts_at,
        posted_at=starts_at + _WINDOW if is_planned else at,
        next_update_at=None if is_planned else at + _UNTIL_THE_NEXT,
        zone=page.zone,
        language=page.language,
    )
    return shown(str(form["title"].value() or ""), facts), shown(str(form["body"].value() or ""), facts)
