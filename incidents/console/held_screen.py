"""What the screen of a held post shows: the post as readers will see it, or what became of it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from incidents.console.bars import after
from incidents.console.drafting import address_of
from incidents.console.preview import preview_of_update
from incidents.publishing.documents.updates import Row
from incidents.timeline.arguments import unpacked
from incidents.timeline.models import Draft, Event, HeldPost, Incident, Page
from incidents.timeline.models.writing import facts_of
from incidents.timeline.refusals import Refused
from incidents.timeline.states import IncidentPhase

_ENDINGS = ("update.taken_back", "update.refused")


def held_where_written(incident: Incident, *, user: User, at: datetime) -> dict[str, Any]:
    """Return what stands in the place of the composer while this person can take back what they wrote there."""
    posts = HeldPost.objects.filter(incident=incident, by=user).pending().select_related("incident__phase", "page")
    post = posts.order_by("-pk").first()
    return {"held_here": post, "held_preview": preview_of(post, at=at) if post else None}


def preview_of(post: HeldPost, *, at: datetime) -> Row | None:
    """Return the update as readers will see it."""
    try:
        said = unpacked(post.arguments, page=post.page)
    except Refused:
        return None
    incident, states = post.incident, said.get("components") or {}
    posted_at = said.get("posted_at") or post.release_at or at
    started = said.get("impact_started_at") or (incident.impact_started_at if incident else posted_at)
    facts = facts_of(post.page, list(states), started, posted_at, said.get("next_update_due_at"))
    return preview_of_update(
        page=post.page,
        incident=incident,
        body=post.body,
        phase=said.get("phase") or (incident.phase if incident else post.page.phase(IncidentPhase.INVESTIGATING)),
        states=states,
        posted_at=posted_at,
        at=at,
        facts=facts if said.get("placeholders") else None,
    )


def outcome_of(page: Page, number: int, post: HeldPost | None) -> dict[str, Any]:
    """Return what became of a post that does not wait any more, and where to go on."""
    if post is not None:
        return {"state": "published", "sentence": "Published. The page shows it now.", "to": after(post), "held": post}
    events = Event.objects.filter(page=page, subject_kind="heldpost", subject_id=number, kind__in=_ENDINGS)
    event = events.order_by("-seq").first()
    if event is None:
        return {"state": "gone", "sentence": "There is no such post.", "to": reverse("console:now")}
    draft = Draft.of(page, str(event.payload.get("draft", "")))
    to = address_of(draft) if draft else reverse("console:now")
    if event.kind == "update.taken_back":
        return {
            "state": "taken_back",
            "sentence": f"Taken back by {event.actor_name}. Nothing was published.",
            "to": to,
        }
    because = str(event.payload.get("reason", ""))
    return {"state": "refused", "sentence": f"Not published. {because} Your text is a draft again.", "to": to}
