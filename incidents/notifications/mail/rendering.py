"""Stories to subject, text and HTML, by the templates in templates/email/<kind>/."""

import re
import secrets
from dataclasses import dataclass, fields, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from incidents.lib.site import page_address
from incidents.lib.text import clean_line
from incidents.notifications.mail.logo import logo_of
from incidents.notifications.mail.plain import wrapped
from incidents.notifications.mail.story import Story
from incidents.notifications.models import MailKind
from incidents.subscriptions.links import request_link
from incidents.subscriptions.models import RequestKind, SubscriptionRequest
from incidents.timeline.states import ComponentStatus

SUBJECT_LIMIT = 78
"""Characters of a subject line (RFC 5322, section 2.1.1, advises 78 for the whole line)."""

PREHEADER_LIMIT = 90

_TONES = {
    ComponentStatus.OPERATIONAL: "#29885e",
    ComponentStatus.DEGRADED_PERFORMANCE: "#9a730f",
    ComponentStatus.PARTIAL_OUTAGE: "#c15d11",
    ComponentStatus.MAJOR_OUTAGE: "#db4144",
    ComponentStatus.UNDER_MAINTENANCE: "#6b72cf",
}
"""Mid-tones that keep 4.3 : 1 on white and on near-black, for programs that invert by force."""

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a mail is different for each reader. Random, so that no text can hold one by chance."""

    manage: str
    unsubscribe: str
    leave: str
    why: str
    why_html: str

    @classmethod
    def fresh(cls) -> "Marks":
        """Return marks that occur nowhere else."""
        return cls(*(f"x{secrets.token_hex(8)}x" for _ in fields(cls)))


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words."""

    subject: str
    text: str
    html: str
    calendar: str = ""


def render_story(story: Story, marks: Marks) -> Rendered:
    """Return the mail that tells `story`, with `marks` where readers differ."""
    context = {
        "story": story,
        "logo": story.logo,
        "marks": marks,
        "language": story.language,
        "glyph_file": f"email/{story.glyph}.png",
        "tone": _TONES[ComponentStatus(story.glyph)],
        "html": mark_safe(story.html),  # noqa: S308 - sanitised at write time by incidents.lib.markdown
        "preheader": shortened_line(story.preheader, PREHEADER_LIMIT),
    }
    return replace(render(story.kind, context, title=story.title), calendar=story.calendar)


def render_request(request: SubscriptionRequest, *, language: str) -> Rendered:
    """Return the mail with the link of a request, in `language`, which is active.

    Raises Refused where nothing is left to confirm.
    """
    page = request.subscriber.page
    is_first = request.kind != RequestKind.MANAGE
    context = {
        "language": language,
        "page_name": page.name,
        "page_address": page_address(page.host),
        "logo": logo_of(page),
        "address": request.subscriber.shown_address,
        "link": request_link(request),
        "wish": request.wish().in_words() if is_first else "",
        "hours": request.life_hours,
        "preheader": _("One press of a button, and the first mail can come.") if is_first else _("The link inside."),
    }
    return render(MailKind.CONFIRM if is_first else MailKind.MANAGE_LINK, context, title=page.name)


def render(kind: str, context: dict[str, Any], *, title: str) -> Rendered:
    """Return the mail that the templates in email/<kind>/ make of `context`; `title` is cut to fit the subject."""
    subject = _subject(kind, context, title)
    text = render_to_string(f"email/{kind}/body.txt", context)
    html = render_to_string(f"email/{kind}/body.html", context | {"title": subject})
    return Rendered(subject, wrapped(_BLANK_LINES.sub("\n\n", text)) + "\n", html)


def _subject(kind: str, context: dict[str, Any], title: str) -> str:
    """Return the subject; where it is too long the title is cut, not what stands around it."""

    def with_title(text: str) -> str:
        return clean_line(render_to_string(f"email/{kind}/subject.txt", context | {"title": text}))

    subject = with_title(title)
    surplus = len(subject) - SUBJECT_LIMIT
    return subject if surplus <= 0 else with_title(shortened_line(title, max(12, len(title) - surplus)))


def shortened_line(text: str, limit: int) -> str:
    """Return `text` in at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
