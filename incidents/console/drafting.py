"""Drafts in lists, and when a save of one comes too late."""

from dataclasses import dataclass

from django.urls import reverse

from incidents.lib.text import storable
from incidents.timeline.models import Deed, Draft, Event, HeldPost, Incident, Page
from incidents.timeline.models.kinds import STEPS

LISTED_AT_MOST = 10

_SCREENS: dict[str, str] = {Deed.MOVE: "window", Deed.POSTMORTEM: "postmortem"}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list: what it is about, how it begins, and where it goes on."""

    draft: Draft
    address: str

    @property
    def title(self) -> str:
        """What it is about."""
        return self.draft.title or f"Untitled {self.draft.get_deed_display().lower()}"

    @property
    def words(self) -> str:
        """How the text begins."""
        return " ".join(self.draft.text.split())[:140]


def drafts_on(page: Page, *, but: Incident | None = None) -> list[DraftLine]:
    """Return what is being written on a page, newest first, without the next update on the incident `but`."""
    drafts = Draft.objects.filter(page=page).select_related("incident", "page")
    if but is not None:
        drafts = drafts.exclude(incident=but, deed=Deed.UPDATE)
    return [DraftLine(draft, address_of(draft)) for draft in drafts[:LISTED_AT_MOST]]


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
