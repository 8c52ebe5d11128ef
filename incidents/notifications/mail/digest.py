"""The digest: several updates in one mail, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from incidents.lib.durations import in_words
from incidents.notifications.mail.rendering import Marks, Rendered, render, shortened_line
from incidents.notifications.mail.story import Story
from incidents.notifications.mail.telling import story_of
from incidents.notifications.models import MailKind
from incidents.timeline.models import Event

TOLD_AT_MOST = 12
"""Updates of one digest that are written out; the page has them all."""

PREHEADER_LIMIT = 90


@dataclass(frozen=True, slots=True)
class Entry:
    """One update in a digest."""

    story: Story

    @property
    def html(self) -> SafeString:
        """Its text, sanitised at write time by incidents.lib.markdown."""
        return mark_safe(self.story.html)  # noqa: S308


@dataclass(frozen=True, slots=True)
class Digest:
    """Updates that are told together."""

    entries: tuple[Entry, ...]
    count: int
    span: timedelta

    @property
    def newest(self) -> Story:
        """What happened last."""
        return self.entries[0].story

    @property
    def left_out(self) -> int:
        """How many are only on the page."""
        return self.count - len(self.entries)

    @property
    def titles(self) -> str:
        """What the updates are about, the newest first, each once."""
        return ", ".join(dict.fromkeys(entry.story.title for entry in self.entries))

    @property
    def in_words(self) -> str:
        """How many within which time: "5 updates in 12 minutes"."""
        minutes = max(self.span, timedelta(minutes=1))
        pattern = ngettext("%(count)d update in %(time)s", "%(count)d updates in %(time)s", self.count)
        return pattern % {"count": self.count, "time": in_words(minutes)}


def digest_of(events: Sequence[Event], *, language: str, zone: ZoneInfo, room: int) -> Digest:
    """Return the digest of `events` (with their updates), whose texts may take `room` octets together."""
    ordered = sorted(events, key=lambda event: event.seq, reverse=True)
    told = ordered[:TOLD_AT_MOST]
    each = max(room // max(len(told), 1), 200)
    entries = tuple(Entry(story_of(event, language=language, zone=zone, room=each)) for event in told)
    posted = [event.update.posted_at for event in ordered if event.update is not None]
    return Digest(entries, len(ordered), max(posted) - min(posted))


def render_digest(digest: Digest, marks: Marks) -> Rendered:
    """Return the mail that tells a digest, with `marks` where readers differ."""
    phases = " · ".join(f"{entry.story.phase} {entry.story.posted}" for entry in digest.entries[:2])
    context = {
        "digest": digest,
        "story": replace(digest.newest, kind=MailKind.DIGEST, calendar=""),
        "logo": digest.newest.logo,
        "marks": marks,
        "language": digest.newest.language,
        "preheader": shortened_line(phases, PREHEADER_LIMIT),
    }
    return render(MailKind.DIGEST, context, title=digest.titles)
