"""Pages with very many components, written as rows: their verbs are not what such pages are made for."""

from incidents.timeline.models import Component, Page
from tests.build import make_group


def make_many(page: Page, count: int, *, of_each: int = 25, in_groups: bool = True) -> list[Component]:
    """Return so many components, "Part 0" and on, in groups "Region 0" and on."""
    groups = [make_group(page, name=f"Region {number}") for number in range(-(-count // of_each))] if in_groups else []
    return Component.objects.bulk_create(
        [
            Component(
                page=page,
                group=groups[number // of_each] if groups else None,
                name=f"Part {number}",
                position=number,
                created_at=page.created_at,
                updated_at=page.created_at,
            )
            for number in range(count)
        ]
    )
