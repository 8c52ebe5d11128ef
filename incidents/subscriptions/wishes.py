"""A wish: what somebody wants to hear about, before and after it was agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from incidents.lib.codes import may_be_code
from incidents.lib.names import joined
from incidents.subscriptions.preferences import USUAL, Preferences
from incidents.subscriptions.refusals import ChoiceGone, IncidentOver, NothingChosen
from incidents.timeline.models import Component, Incident, Page

MOST_COMPONENTS = 1_000
"""Components one form may name; more is no person's choice."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The whole page where nothing is named, else some components or one incident."""

    components: tuple[Component, ...] = ()
    incident: Incident | None = None
    preferences: Preferences = USUAL

    @property
    def is_everything(self) -> bool:
        """Whether it is the whole page."""
        return not self.components and self.incident is None

    def as_json(self) -> dict[str, Any]:
        """Return the codes to keep until the person confirms."""
        return {
            "components": [component.code for component in self.components],
            "incident": self.incident.code if self.incident else "",
            "preferences": self.preferences.as_json(),
        }

    def in_words(self) -> str:
        """Return what is followed: "everything", "API and Webhooks (only incidents)", "the incident “…”"."""
        if self.incident is not None:
            if self.incident.is_maintenance:
                return gettext("the maintenance “{title}” until it is over").format(title=self.incident.title)
            return gettext("the incident “{title}” until it is over").format(title=self.incident.title)
        names = [component.name for component in self.components]
        followed = joined(names) if names else gettext("everything")
        left_out = self.preferences.in_words()
        if not left_out:
            return followed
        # Translators: what is followed, and what of it: "API and Webhooks (only incidents)".
        return gettext("{followed} ({left_out})").format(followed=followed, left_out=left_out)


def wish_for_components(
    page: Page,
    *,
    components: Sequence[str],
    groups: Sequence[str] = (),
    preferences: Preferences = USUAL,
) -> Wish:
    """Return the wish for components and whole groups by code.

    Raises NothingChosen, and ChoiceGone for a component that is of another page, archived or
    not public; the sentence is the same for all, so that nobody learns what exists elsewhere.
    """
    if not components and not groups:
        raise NothingChosen(gettext("Choose at least one component, or everything."), field="components")
    codes = [*components, *groups]
    if len(codes) > MOST_COMPONENTS or not all(may_be_code(code) for code in codes):
        raise _gone()
    public = Component.objects.public().on(page)
    named = list(public.filter(code__in=components))
    grouped = list(public.filter(group__code__in=groups).select_related("group"))
    known_groups = {component.group.code for component in grouped if component.group}
    if len(named) != len(set(components)) or known_groups != set(groups):
        raise _gone()
    chosen = {component.pk: component for component in [*named, *grouped]}
    in_order = tuple(sorted(chosen.values(), key=lambda one: (one.position, one.pk)))
    return Wish(components=in_order, preferences=preferences)


def wish_for_incident(page: Page, code: str, *, preferences: Preferences = USUAL) -> Wish:
    """Return the wish for one incident. Raises ChoiceGone, IncidentOver."""
    incident = Incident.objects.public().on(page).filter(code=code).select_related("phase").first()
    if incident is None:
        raise ChoiceGone(gettext("This incident is not on this page."), field="what")
    if not incident.is_open:
        raise IncidentOver(gettext("This is over; there is nothing left to hear about it."), field="what")
    return Wish(incident=incident, preferences=preferences)


def kept_wish(page: Page, kept: dict[str, Any]) -> Wish:
    """Return a wish from its codes, less the components that have gone since.

    Raises ChoiceGone where nothing of it is left, IncidentOver.
    """
    preferences = Preferences.kept(kept.get("preferences", {}))
    if kept["incident"]:
        return wish_for_incident(page, kept["incident"], preferences=preferences)
    if not kept["components"]:
        return Wish(preferences=preferences)
    living = Component.objects.public().on(page).filter(code__in=kept["components"])
    components = tuple(living.order_by("position", "pk"))
    if not components:
        raise _gone()
    return Wish(components=components, preferences=preferences)


def _gone() -> ChoiceGone:
    return ChoiceGone(gettext("One of the chosen components does not exist any more."), field="components")
