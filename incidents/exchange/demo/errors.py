"""A few entries of the error guide: one that the Nylas incident was about, and one that the open incident causes."""

from datetime import datetime, timedelta

from incidents.exchange.demo.components import API, CALENDAR
from incidents.guide.contents import Contents
from incidents.guide.models import Entry
from incidents.timeline.models import Page

_ENTRIES = (
    Contents(
        code="400",
        title="Invalid JSON",
        sentence="The body of the request could not be read as JSON.",
        cause="A quote is not escaped, or a comma stands behind the last value.",
        solution="- Send the body through a JSON linter.\n- Set `Content-Type: application/json`.",
        retry="no",
    ),
    Contents(
        code="401",
        title="Refresh token revoked",
        sentence="Invalid or revoked refresh token.",
        cause="The person took the permission back, or the token was not used for six months.",
        solution="- Ask the person to sign in again.\n- Keep the new refresh token.",
        providers=("Gmail", "Microsoft"),
        retry="no",
    ),
    Contents(
        code="403",
        title="This application has been disabled",
        messages=("This application has been disabled",),
        cause="An application is disabled when its account is unpaid, or by an administrator.",
        solution="- Open the billing page and pay what is open.\n- Enable the application again in its settings.",
        components=(API,),
        retry="no",
        slug="403-application-disabled",
    ),
    Contents(
        code="409",
        title="Calendar is behind",
        messages=("The calendar has changes that are not synchronised yet",),
        cause="Changes of the provider are still on their way to us.",
        solution="Wait, then read the event again before you change it.",
        components=(CALENDAR,),
        retry="after",
        retry_after=20,
    ),
    Contents(
        code="429",
        title="Sending quota exceeded",
        sentence="The user has used up the number of messages their provider sends in a day.",
        cause="Each provider lets a mailbox send a number of messages per day.",
        solution="- Retry with exponential backoff.\n- Ask the provider for a larger quota.",
        providers=("Gmail",),
        retry="after",
        retry_after=24 * 60,
    ),
)


def write_guide(page: Page, *, by: str, at: datetime) -> None:
    """Publish the entries, each reviewed two weeks ago."""
    for contents in _ENTRIES:
        entry = Entry.add(page=page, contents=contents, publish=True, by=by, at=at)
        reviewed = page.today(at=at) - timedelta(days=14)
        entry.review(on=reviewed, due_on=reviewed + timedelta(days=182), by=by, at=at)
