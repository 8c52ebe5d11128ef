"""Drafts in lists, what they are about, and when a save of one comes too late."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from incidents.console.forms.states import SEEN_PREFIX, STATE_PREFIX
from incidents.console.permitted import Permitted
from incidents.lib.codes import LENGTH, may_be_code
from incidents.lib.text import storable
from incidents.staff.standing import Standing
from incidents.timeline.models import Affected, Deed, Draft, Event, HeldPost, Incident, Page
from incidents.timeline.models.draft import DraftFields
from incidents.timeline.models.kinds import STEPS

LISTED_AT_MOST = 10

_SCREENS: dict[str, str] = {Deed.MOVE: "window", Deed.POSTMORTEM: "postmortem"}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list: what it is about, how it begins, and where it goes on."""

    draft: Draft
    address: str
    """Where the text is shown; "" where that is nowhere for somebody it does not belong to."""
    is_theirs: bool
    """Whether whoever looks answers for its components, so that they may go on writing or throw it away."""

    @property
    def title(self) -> str:
        """What it is about."""
        return self.draft.title or f"Untitled {self.draft.get_deed_display().lower()}"

    @property
    def words(self) -> str:
        """How the text begins."""
        return " ".join(self.draft.text.split())[:140]


def drafts_on(page: Page, *, standing: Standing, but: Incident | None = None) -> list[DraftLine]:
    """Return what is being written on a page, newest first, without the next update on the incident `but`.

    `standing` is that of whoever looks.
    """
    drafts = Draft.objects.filter(page=page).select_related("incident", "page")
    if but is not None:
        drafts = drafts.exclude(incident=but, deed=Deed.UPDATE)
    return [_line(draft, Permitted(standing).do) for draft in drafts[:LISTED_AT_MOST]]


def _line(draft: Draft, may: Permitted) -> DraftLine:
    if may.naming(lambda: concerned(draft))["draft_discard"]:
        return DraftLine(draft, address_of(draft), is_theirs=True)
    read_at = reverse("console:incident", kwargs={"code": draft.incident.code}) if draft.incident else ""
    return DraftLine(draft, read_at, is_theirs=False)


def concerned(draft: Draft) -> set[str]:
    """Return the codes of the components that a draft names and of those its incident affects."""
    affected = Affected.objects.filter(incident=draft.incident_id).values_list("component__code", flat=True)
    return {*named_in(draft.fields), *affected}


def named_in(fields: DraftFields) -> Iterator[str]:
    """Yield everything in the fields of a form that may be the code of a component about which it says something."""
    for name, values in fields.items():
        if name.startswith(STATE_PREFIX):
            code = name.removeprefix(STATE_PREFIX)
            seen = (fields.get(f"{SEEN_PREFIX}{code}") or [""])[-1]
            if any(value not in ("", seen) for value in values):
                yield code
        yield from (value for value in values if len(value) == LENGTH and may_be_code(value))


def address_of(draft: Draft) -> str:
    """Return where writing goes on."""
    if draft.incident is None:
        new = "maintenance_new" if draft.deed == Deed.SCHEDULE else "incident_new"
        return f"{reverse(f'console:{new}')}?draft={draft.code}"
    parts = {"code": draft.incident.code}
    if draft.deed in STEPS:
        return reverse("console:maintenance_step", kwargs={**parts, "name": draft.deed})
    return reverse(f"console:{_SCREENS.get(draft.deed, 'incident')}", kwargs=parts)


def text_of(draft: Draft) -> str:
    """Return where writing goes on with the caret in the text."""
    return f"{address_of(draft)}#{'id_draft' if draft.deed == Deed.POSTMORTEM else 'id_body'}"


def was_published(page: Page, request_key: str) -> bool:
    """Say whether the form with this key was published already, so that a late save of it keeps nothing."""
    request_key = storable(request_key)
    if not request_key:
        return False
    held = HeldPost.objects.filter(page=page, request_key=request_key)
    return held.exists() or Event.objects.filter(page=page, request_key=request_key).exists()
