"""What the screen of a held post shows: the post as readers will see it, or what became of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from incidents.console.bars import HeldBar, after
from incidents.console.drafting import address_of
from incidents.console.preview import preview_of_text, preview_of_update
from incidents.lib.languages import OFFERED
from incidents.lib.names import joined
from incidents.publishing.documents.updates import Row
from incidents.timeline.arguments import unpacked
from incidents.timeline.models import Component, Deed, Draft, Event, HeldPost, Incident, Maintenance, Page, Phase
from incidents.timeline.models.kinds import NEWS
from incidents.timeline.models.writing import facts_of
from incidents.timeline.refusals import Refused
from incidents.timeline.states import IncidentPhase, MaintenancePhase

_ENDINGS = ("update.taken_back", "update.refused")


_ENTERED: dict[str, str] = {
    Deed.SCHEDULE: MaintenancePhase.SCHEDULED,
    Deed.START: MaintenancePhase.IN_PROGRESS,
    Deed.FINISH: MaintenancePhase.COMPLETED,
    Deed.CANCEL: MaintenancePhase.CANCELLED,
}
"""The phases that belong to a deed and are not chosen."""


def held_screen(bar: HeldBar, *, at: datetime) -> dict[str, Any]:
    """Return what stands on the screen of a post that has not left."""
    post = bar.post
    report = preview_of_text(post.body) if post.deed == Deed.POSTMORTEM else None
    agreeing = post.pk if bar.may_agree else None
    return {
        "bar": bar,
        "agreeing": agreeing,
        "preview": preview_of(post, at=at),
        "report": report,
        "also_in": joined(_languages(post)),
    }


def _languages(post: HeldPost) -> list[str]:
    """Return the names of the further languages it is said in."""
    texts = [*(post.arguments.get("titles") or {}).items(), *(post.arguments.get("translations") or {}).items()]
    said = {language for language, text in texts if text.strip()}
    return [name for language, name in OFFERED.items() if language in said]


def held_where_written(incident: Incident, *, user: User, at: datetime) -> dict[str, Any]:
    """Return what stands in the place of the composer while this person can take back what they said of it."""
    posts = HeldPost.objects.filter(incident=incident, by=user).pending().select_related("incident__phase", "page")
    post = posts.exclude(deed=Deed.POSTMORTEM).order_by("-pk").first()
    return {"held_here": post, "held_preview": preview_of(post, at=at) if post else None}


def held_acts(incidents: Iterable[Incident]) -> dict[int, HeldPost]:
    """Return, by the key of its incident, what is held of those deeds of which an incident bears one at a time.

    These are the steps and moves of a maintenance and the publication of a postmortem; another one beside them would
    be refused, or refuse the first when it leaves.
    """
    posts = HeldPost.objects.filter(incident__in=incidents).pending().exclude(deed__in=(*NEWS, Deed.UPDATE))
    return {post.incident_id: post for post in posts.order_by("-pk") if post.incident_id}


def held_act(incident: Incident) -> HeldPost | None:
    """Return what is held of such deeds on one incident."""
    return held_acts([incident]).get(incident.pk)


def preview_of(post: HeldPost, *, at: datetime) -> Row | None:
    """Return the update as readers will see it; None for a postmortem, which is no line of the timeline."""
    if post.deed == Deed.POSTMORTEM:
        return None
    try:
        said = unpacked(post.arguments, page=post.page)
    except Refused:
        return None
    posted_at = said.get("posted_at") or post.release_at or at
    states = _states(post, said)
    # A plan is told of with its window: that is how long it lasts.
    window = post.window if post.deed == Deed.SCHEDULE else None
    named: Iterable[Component] = said.get("components") or states
    facts = facts_of(post.page, named, *(window or (_began(post, said, posted_at), posted_at)), _promise(said))
    return preview_of_update(
        page=post.page,
        incident=post.incident,
        body=post.body,
        phase=_phase(post, said),
        states=states,
        posted_at=posted_at,
        at=at,
        facts=facts if said.get("placeholders") else None,
    )


def _began(post: HeldPost, said: Mapping[str, Any], posted_at: datetime) -> datetime:
    began: datetime = said.get("impact_started_at") or (post.incident.impact_started_at if post.incident else posted_at)
    return began


def _promise(said: Mapping[str, Any]) -> datetime | None:
    promised: datetime | None = said.get("next_update_due_at")
    return promised


def _phase(post: HeldPost, said: Mapping[str, Any]) -> Phase:
    if post.deed in _ENTERED:
        return post.page.phase(_ENTERED[post.deed], maintenance=True)
    chosen: Phase | None = said.get("phase") or (post.incident.phase if post.incident else None)
    return chosen or post.page.phase(IncidentPhase.INVESTIGATING)


def _states(post: HeldPost, said: Mapping[str, Any]) -> Mapping[Component, str]:
    """Return the states components will be in, those that a step of maintenance brings with it as well."""
    if post.incident is None or not post.incident.is_maintenance:
        return {} if post.deed == Deed.SCHEDULE else said.get("components") or {}
    maintenance = Maintenance.objects.get(pk=post.incident.pk)
    if post.deed == Deed.START:
        return maintenance.rested_components()
    if post.deed == Deed.FINISH or (post.deed == Deed.CANCEL and maintenance.is_running):
        return maintenance.released_components()
    return said.get("components") or {}


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
