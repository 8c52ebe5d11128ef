"""Notes: what a chat message says, as plain values in a reader's language; each channel gives them its form."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from incidents.notifications.mail.story import Story
from incidents.timeline.states import ComponentStatus

TONES = {
    ComponentStatus.OPERATIONAL: "#29885e",
    ComponentStatus.DEGRADED_PERFORMANCE: "#9a730f",
    ComponentStatus.PARTIAL_OUTAGE: "#c15d11",
    ComponentStatus.MAJOR_OUTAGE: "#db4144",
    ComponentStatus.UNDER_MAINTENANCE: "#6b72cf",
}
"""The colours of mails, for the bars and words of chats: legible on white and on near-black."""

_BLOCK_END = re.compile(r"</(?:p|h\d|pre|blockquote|ul|ol|table)>")
_LINE_END = re.compile(r"<br[^>]*>|</(?:tr|li)>")
_ITEM = re.compile(r"<li[^>]*>")
_CELL_END = re.compile(r"</t[dh]>")
_SPACES = re.compile(r"[ \t]+")
_BLANK_LINES = re.compile(r"\n\s*\n+")

ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True)
class Note:
    """One message. `text` has paragraphs and no markup; `facts` are labels with their values."""

    page_name: str
    title: str
    url: str
    """Where the title and the button lead."""
    button: str
    status: str
    """Value of the ComponentStatus whose colour is shown."""
    headline: str
    """State and step in a line: "Partial outage · Investigating → Identified"."""
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    manage_url: str = ""
    """Where the subscription is changed or ended; empty where there is none yet."""
    manage_button: str = "Manage or unsubscribe"

    @property
    def tone(self) -> str:
        """The colour as "#rrggbb"."""
        return TONES[ComponentStatus(self.status)]

    @property
    def summary(self) -> str:
        """The whole in one line, for notifications on a lock screen."""
        return f"{self.page_name}: {self.headline} – {self.title}"


SILENT = Note("", "", "", "", ComponentStatus.OPERATIONAL.value, "", "")
"""For messages that are no words."""


def note_of(story: Story, *, manage_url: str) -> Note:
    """Return the message that tells `story`; call it with the story's language active."""
    state = story.state if story.is_trouble else ""
    return Note(
        page_name=story.page_name,
        title=story.title,
        url=story.url,
        button=_("Open the status page"),
        status=story.glyph,
        headline=" · ".join(part for part in (state, story.phase_line) if part),
        text=in_paragraphs(story.html),
        facts=tuple((label, value) for label, value in _facts(story) if value),
        manage_url=manage_url,
        manage_button=_("Manage or unsubscribe"),
    )


def consent_note(*, page_name: str, wish: str, link: str) -> Note:
    """Return the message that asks a chat whether it wants to be told of `wish`; call it with a language active."""
    text = _(
        "Somebody asked for updates on %(wish)s to be posted here. Open the link to agree. "
        "If nobody here asked for it, do nothing: nothing else will come."
    ) % {"wish": wish}
    return Note(
        page_name=page_name,
        title=_("Confirm the updates of %(page)s") % {"page": page_name},
        url=link,
        button=_("Confirm"),
        status=ComponentStatus.OPERATIONAL.value,
        headline=_("Confirmation"),
        text=text,
    )


def manage_note(*, page_name: str, link: str) -> Note:
    """Return the message with the link to a chat's subscription; call it with a language active."""
    return Note(
        page_name=page_name,
        title=_("Your updates of %(page)s") % {"page": page_name},
        url=link,
        button=_("Manage or unsubscribe"),
        status=ComponentStatus.OPERATIONAL.value,
        headline=_("Link"),
        text=_("Somebody asked for the link to what is posted here. Open it to change or end it."),
    )


def in_paragraphs(html: str) -> str:
    """Return the words of sanitised HTML: paragraphs apart, list items with a bullet, no markup."""
    marked = _BLOCK_END.sub("\n\n", _CELL_END.sub(" ", _LINE_END.sub("\n", _ITEM.sub("• ", html))))
    text = _SPACES.sub(" ", unescape(strip_tags(marked)))
    lines = (line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def cut(text: str, limit: int, *, size: Callable[[str], int] = len) -> str:
    """Return `text` with at most `limit` in `size`, cut between words and marked with "…".

    `size` is how the product counts, e.g. UTF-16 units. A letter is never parted from its accents.
    """
    if size(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(f"{text[:middle]} …") <= limit else (low, middle - 1)
    while low > 0 and unicodedata.combining(text[low]):
        low -= 1
    head = text[:low]
    at_word = max(head.rfind(" "), head.rfind("\n"))
    return f"{head[: at_word if at_word > low // 2 else low].rstrip()} …"


def utf16(text: str) -> int:
    """Return the number of UTF-16 units, in which some products count."""
    return len(text.encode("utf-16-le")) // 2


def without_mentions(text: str) -> str:
    """Return `text` with nothing in it that a chat takes for a mention: an invisible space follows each "@"."""
    return text.replace("@", f"@{ZERO_WIDTH_SPACE}")


def _facts(story: Story) -> tuple[tuple[str, str], ...]:
    return (
        (_("Affected"), story.affected),
        (_("Changed"), "; ".join(story.changes)),
        (_("Window"), " · ".join(part for part in (story.window, story.window_in_utc) if part)),
        (_("Next update by"), story.next_update),
        (_("Duration"), story.duration),
        (_("Posted"), story.posted),
    )
