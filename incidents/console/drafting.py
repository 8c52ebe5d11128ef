"""Drafts in lists, and when a save of one comes too late."""

from dataclasses import dataclass

from django.urls import reverse

from incidents.lib.text import storable
from incidents.timeline.models import Draft, Event, HeldPost, Incident, Page

LISTED_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list: what it is about, how it begins, and where it goes on."""

    draft: Draft
    address: str

    @property
    def title(self) -> str:
        """What it is about."""
        return self.draft.title or "Untitled report"

    @property
    def words(self) -> str:
        """How the text begins."""
        return " ".join(self.draft.text.split())[:140]


def drafts_on(page: Page, *, but: Incident | None = None) -> list[DraftLine]:
    """Return what is being written on a page, newest first, without the draft of the incident `but`."""
    drafts = Draft.objects.filter(page=page).select_related("incident", "page")
    if but is not None:
        drafts = drafts.exclude(incident=but)
    return [DraftLine(draft, address_of(draft)) for draft in drafts[:LISTED_AT_MOST]]


def address_of(draft: Draft) -> str:
    """Return where writing goes on."""
    if draft.incident is not None:
        return reverse("console:incident", kwargs={"code": draft.incident.code})
    return f"{reverse('console:incident_new')}?draft={draft.code}"


def was_published(page: Page, request_key: str) -> bool:
    """Say whether the form with this key was published already, so that a late save of it keeps nothing."""
    request_key = storable(request_key)
    if not request_key:
        return False
    held = HeldPost.objects.filter(page=page, request_key=request_key)
    return held.exists() or Event.objects.filter(page=page, request_key=request_key).exists()
