"""The order of components and groups on the page, changed one place at a time."""

from datetime import datetime

from incidents.timeline.models import Actor, Component, ComponentGroup, Event, Page

Placed = Component | ComponentGroup


def move(thing: Placed, *, places: int, by: Actor, at: datetime) -> None:
    """Move `thing` by `places` (negative is up) among its neighbours, as far as there are any.

    The neighbours of a component in a group are the others of the group; groups and
    components without one stand in one row. What was removed, or changed its group, meanwhile
    stays where it is.
    """
    page = thing.page
    with page.locked():
        row = _row_of(thing, page)
        if thing not in row:
            return
        old = row.index(thing)
        new = min(max(old + places, 0), len(row) - 1)
        if new == old:
            return
        row.insert(new, row.pop(old))
        for position, neighbour in enumerate(row):
            if neighbour.position != position:
                type(neighbour).objects.filter(pk=neighbour.pk).update(position=position)
        thing.position = new
        kind = "group.edited" if isinstance(thing, ComponentGroup) else "component.edited"
        payload = {"position": new}
        Event.record(page=page, kind=kind, by=by, at=at, subject=thing, payload=payload)


def _row_of(thing: Placed, page: Page) -> list[Placed]:
    components = Component.objects.on(page).living()
    if isinstance(thing, Component) and thing.group_id is not None:
        return list(components.filter(group=thing.group_id).order_by("position", "pk"))
    row: list[Placed] = [*page.groups.all(), *components.filter(group=None)]
    return sorted(row, key=lambda one: (one.position, one.pk))
