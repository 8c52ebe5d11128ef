"""What differs from reader to reader of the same news."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.lib.names import joined
from incidents.notifications.mail.message import quoted
from incidents.notifications.mail.plain import wrapped
from incidents.notifications.mail.rendering import Marks
from incidents.notifications.mail.story import Story
from incidents.subscriptions.links import paths_of
from incidents.subscriptions.models import Scope

NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Followed:
    """What somebody follows of the news: the whole page, or components and incidents by name."""

    is_everything: bool = False
    components: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()


NOTHING = Followed()
WHOLE_PAGE = Followed(is_everything=True)

Reasons = dict[int, Followed]
"""What each subscriber (by key) follows."""

_SOFT_BREAK = b"=\r\n"


def reasons_of(subscribers: Iterable[int], *, incident_ids: Iterable[int]) -> Reasons:
    """Return what subscribers follow, for the line that says why they got a mail."""
    subscribers = set(subscribers)
    if not subscribers:
        return {}
    names: dict[int, list[str]] = defaultdict(list)
    titles: dict[int, list[str]] = defaultdict(list)
    whole_page: set[int] = set()
    scopes = Scope.objects.of_all(subscribers).order_by("component__position", "pk")
    concerned = set(incident_ids)
    # Outer joins: a scope has a component, an incident, or neither.
    rows: Iterable[tuple[int, str | None, int | None, str | None]] = scopes.values_list(
        "subscriber_id", "component__name", "incident_id", "incident__title"
    )
    for subscriber, component, incident, title in rows:
        if component is not None:
            names[subscriber].append(component)
        elif incident is None:
            whole_page.add(subscriber)
        elif incident in concerned:
            titles[subscriber].append(title or "")
    return {
        key: Followed(key in whole_page, tuple(names[key]), tuple(titles[key]))
        for key in {*names, *titles, *whole_page}
    }


@dataclass(slots=True)
class PersonalParts:
    """Makes what stands at the marks of one edition, ready in quoted-printable."""

    story: Story
    marks: Marks
    _whys: dict[Followed, tuple[bytes, bytes]] = field(default_factory=dict)
    _leave: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Make what is the same for every reader."""
        self._leave = quoted(f"?incident={self.story.incident_code}")

    def parts(self, code: str, consents: int, followed: Followed) -> tuple[str, dict[str, bytes]]:
        """Return the link to unsubscribe by, and the bytes for each mark, of the subscriber with that code."""
        marks, story = self.marks, self.story
        manage_path, unsubscribe_path = paths_of(code, consents)
        unsubscribe = story.address + unsubscribe_path
        link = quoted(unsubscribe)
        why, why_html = self._why(followed)
        return unsubscribe, {
            marks.manage: quoted(story.address + manage_path),
            marks.unsubscribe: link,
            # Both end in soft line breaks; one between them is enough.
            marks.leave: link.removesuffix(_SOFT_BREAK) + self._leave,
            marks.why: why,
            marks.why_html: why_html,
        }

    def _why(self, followed: Followed) -> tuple[bytes, bytes]:
        """Return the line that says why; few differ, so each is made once."""
        if followed not in self._whys:
            with translation.override(self.story.language):
                why = _why_words(followed, page=self.story.page_name)
            self._whys[followed] = (quoted(wrapped(why)), quoted(escape(why)))
        return self._whys[followed]


def _why_words(followed: Followed, *, page: str) -> str:
    """Return the line that says why somebody got a mail; call it with a language active."""
    if followed.is_everything:
        return _("You follow everything on %(page)s status.") % {"page": page}
    count = len(followed.components)
    if count > NAMED_AT_MOST:
        pattern = ngettext(
            "You follow %(count)d component on %(page)s status.",
            "You follow %(count)d components on %(page)s status.",
            count,
        )
        return pattern % {"count": count, "page": page}
    names = [*followed.components, *(_("“{title}”").format(title=title) for title in followed.incidents)]
    if not names:
        return _("You follow %(page)s status.") % {"page": page}
    return _("You follow %(followed)s on %(page)s status.") % {"followed": joined(names), "page": page}
