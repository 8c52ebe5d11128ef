"""What a mail about an event says, as ready values: the templates only arrange them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.lib.languages import ENGLISH
from incidents.lib.names import in_a_row
from incidents.notifications.mail.logo import MailLogo
from incidents.notifications.models import MailKind
from incidents.timeline.states import ComponentStatus

_SUBJECT_HAS_THE_WINDOW = {
    MailKind.MAINTENANCE_PLANNED,
    MailKind.MAINTENANCE_REMINDER,
    MailKind.MAINTENANCE_MOVED,
}

NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Earlier:
    """A former update in short."""

    phase: str
    posted: str
    summary: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the mails of one event, language and zone have in common."""

    kind: MailKind
    page_name: str
    address: str
    """Scheme and host, without a slash at the end."""
    language: str
    incident_code: str
    title: str
    url: str
    glyph: str
    """The component state whose glyph is shown."""
    state: str
    """The word beside the glyph; empty (and then no glyph) while nothing is known to be down."""
    phase: str
    phase_before: str
    started: str
    posted: str
    text: str
    html: str
    text_in: str
    """Language of the text where it is not that of the mail."""
    is_shortened: bool
    affected: str
    components: tuple[str, ...]
    changes: tuple[str, ...]
    next_update: str
    earlier: tuple[Earlier, ...]
    duration: str = ""
    postmortem_due: str = ""
    window: str = ""
    window_in_utc: str = ""
    actions: tuple[str, ...] = ()
    legal_line: str = ""
    former: str = ""
    """What the text was before a correction, on one line."""
    calendar: str = ""
    """A calendar file (RFC 5545) to attach."""
    logo: MailLogo | None = None

    @property
    def is_trouble(self) -> bool:
        """Whether the state says more than the phase does."""
        return self.glyph != ComponentStatus.OPERATIONAL

    @property
    def phase_lower(self) -> str:
        """The phase inside a sentence; only English writes it small there."""
        return self.phase.lower() if self.language == ENGLISH else self.phase

    @property
    def phase_line(self) -> str:
        """The step this update takes: "Investigating → Identified", or the phase it stays in."""
        if self.phase_before in ("", self.phase):
            return self.phase
        # Translators: the phase before and the one now; the arrow points in the direction of reading.
        return _("{before} → {now}").format(before=self.phase_before, now=self.phase)

    @property
    def preheader(self) -> str:
        """What an inbox shows after the subject: facts the subject does not have."""
        names, count = in_a_row(self.components[:NAMED_AT_MOST]), len(self.components)
        if count > NAMED_AT_MOST:
            names = ngettext("%(count)d component", "%(count)d components", count) % {"count": count}
        last = self.posted
        if self.next_update:
            last = _("next update by %(moment)s") % {"moment": self.next_update}
        elif self.window:
            # The subject of a plan has the window already.
            last = self.duration if self.kind in _SUBJECT_HAS_THE_WINDOW else self.window
        return " · ".join(part for part in (self.phase_line, names, last) if part)
