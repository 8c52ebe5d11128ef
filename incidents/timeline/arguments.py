"""The arguments of a posting verb as plain JSON and back, for what is done later than it is said."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from incidents.timeline.models.component import Component
from incidents.timeline.models.page import Page
from incidents.timeline.models.phase import Phase
from incidents.timeline.refusals import ForeignComponent

MOMENTS = "_at"
"""How names of arguments end that are moments."""


def packed(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments as JSON: phases by slug, components by code, moments in ISO 8601."""
    return {name: _packed(value) for name, value in arguments.items()}


def unpacked(arguments: Mapping[str, Any], *, page: Page) -> dict[str, Any]:
    """Return what `packed` made them of. Raises ForeignComponent where one is gone."""
    return {name: _unpacked(name, value, page=page) for name, value in arguments.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, Phase):
        return value.slug
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [one.code if isinstance(one, Component) else one for one in value]
    if isinstance(value, Mapping):
        return {key.code if isinstance(key, Component) else str(key): state for key, state in value.items()}
    return value


def _unpacked(name: str, value: Any, *, page: Page) -> Any:
    if value is None:
        return None
    if name == "phase":
        return page.phases.get(slug=value)
    if name == "components":
        found = _components(value, page=page)
        return {found[code]: value[code] for code in value} if isinstance(value, Mapping) else list(found.values())
    return datetime.fromisoformat(value) if name.endswith(MOMENTS) and isinstance(value, str) else value


def _components(named: Iterable[str], *, page: Page) -> dict[str, Component]:
    codes = list(named)
    found = {component.code: component for component in Component.objects.on(page).living().filter(code__in=codes)}
    if len(found) < len(set(codes)):
        raise ForeignComponent("One of the components is not on this page any more.", field="components")
    return {code: found[code] for code in codes}
