"""The bars every screen shows while something stands still: posts that can be taken back, and freezes."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from incidents.timeline.models import Deed, Freeze, HeldPost, Incident, Page


@dataclass(frozen=True, slots=True)
class HeldBar:
    """A post that has not left yet, as one person sees it."""

    post: HeldPost
    seconds_left: float
    is_mine: bool

    @property
    def seconds(self) -> int:
        """Whole seconds left, counted as people count down."""
        return ceil(self.seconds_left)

    @property
    def hold_seconds(self) -> int:
        """Seconds it is held in all."""
        return self.post.page.hold_seconds

    @property
    def to(self) -> str:
        """Whom it goes to, in words: "the page and 1,263 recipients"."""
        if not self.post.recipients:
            return "the page and its feeds"
        return f"the page and {self.post.recipients:,} recipient{'' if self.post.recipients == 1 else 's'}"

    @property
    def about(self) -> str:
        """What it is about, and what is done to that where it is more than saying something."""
        plain = self.post.deed in (Deed.REPORT, Deed.UPDATE)
        return self.post.title if plain else f"{self.post.title} · {self.post.get_deed_display()}"

    @property
    def spoken(self) -> str:
        """What is said aloud when it begins: to its author, or to whoever else is at a screen of the same incident."""
        who = self.post.by_name or "Automation"
        if self.post.is_asking:
            return "Waits for a second person." if self.is_mine else f"{who} asks you to agree: {self.about}."
        when = f"in {self.seconds} second{'' if self.seconds == 1 else 's'} to {self.to}"
        if self.is_mine:
            return f"Publishing {when}. Undo takes it back."
        return f"{who} publishes {when}: {self.about}."

    @property
    def may_agree(self) -> bool:
        """Whether this person may be the second one."""
        return self.post.is_asking and not self.is_mine


def held_bar(post: HeldPost, *, user: User, at: datetime) -> HeldBar:
    """Return the bar of a post, with the seconds left by the clock of the server."""
    left = (post.release_at - at).total_seconds() if post.release_at else 0.0
    return HeldBar(post, max(left, 0.0), is_mine=post.by_id == user.pk)


def held_bars(page: Page, *, user: User, at: datetime) -> list[HeldBar]:
    """Return what is held on a page, the one that leaves first on top."""
    posts = HeldPost.objects.filter(page=page).pending().select_related("incident", "page")
    bars = [held_bar(post, user=user, at=at) for post in posts]
    return sorted(bars, key=lambda bar: (bar.post.is_asking, bar.seconds_left))


def held_by_others(incident: Incident, *, user: User, at: datetime) -> list[HeldBar]:
    """Return what others than this person hold on one incident, the earliest first."""
    posts = HeldPost.objects.filter(incident=incident).exclude(by=user).pending().select_related("incident", "page")
    return [held_bar(post, user=user, at=at) for post in posts]


def bars(page: Page, *, user: User, at: datetime) -> dict[str, Any]:
    """Return what the frame of every screen shows. Two small queries."""
    freezes = list(Freeze.objects.in_force(at=at).filter(page=page))
    return {"held_bars": held_bars(page, user=user, at=at), "freezes": freezes}


def after(post: HeldPost) -> str:
    """Return where to go from a post that has left."""
    return seen_at(post.deed, post.incident)


def seen_at(deed: str, incident: Incident | None) -> str:
    """Return where staff see what was done."""
    if incident is None:
        return reverse("console:now")
    name = "postmortem" if deed == Deed.POSTMORTEM else "incident"
    return reverse(f"console:{name}", kwargs={"code": incident.code})
