"""Badges of the page, of each component and of each group, in every scheme and size."""

from collections.abc import Iterable
from functools import partial

from incidents.lib.languages import speaking
from incidents.publishing import paths
from incidents.publishing.documents.badges import VARIANTS, Variant, badge, badge_of_component, badge_of_page
from incidents.publishing.documents.headline import headline
from incidents.publishing.family import Family, Subject
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.scopes import whole_page
from incidents.publishing.touched import Touched

SVG = "image/svg+xml"

AS_PICTURE = (
    # The dark colours are a style element inside the picture; nothing else may load or run in it.
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Cache-Control", "public, max-age=60, s-maxage=10, stale-while-revalidate=60, stale-if-error=86400"),
)


AHEAD_UP_TO = 100
"""Components and groups that have every variant of their badges made ahead; of more, only the usual one.

The others are made when they are asked for, and by the first change of state.
"""


def _each_part(readings: Readings, touched: Touched, *, variant: Variant) -> Iterable[Subject]:
    """Yield components and groups by code; a group is touched by its components."""
    groups = readings.now.groups
    if touched.everything:
        parts = readings.parts
        return [(code,) for code in parts] if len(parts) <= AHEAD_UP_TO or variant == Variant() else []
    with_members = [
        group.code for group in groups if any(member.code in touched.components for member in group.members)
    ]
    return [(code,) for code in (*sorted(touched.components), *with_members)]


def _of_page(readings: Readings, _subject: Subject, *, variant: Variant) -> bytes:
    with speaking(readings.page.language):
        return badge(badge_of_page(readings.page.name, headline(readings.index)), variant)


def _of_part(readings: Readings, subject: Subject, *, variant: Variant) -> bytes:
    name, status = readings.parts.get(subject[0], ("", ""))
    if not name:
        raise NothingThere(*subject)
    with speaking(readings.page.language):
        return badge(badge_of_component(name, status), variant)


def _families(variant: Variant) -> tuple[Family, Family]:
    page = Family(
        name=f"badge{variant.suffix}",
        route=f"badge{variant.suffix}.svg",
        content_type=SVG,
        headers=AS_PICTURE,
        scope=whole_page,
        make=partial(_of_page, variant=variant),
        is_urgent=False,
    )
    part = Family(
        name=f"badge_of{variant.suffix}",
        route=f"badge/<slug:code>{variant.suffix}.svg",
        address=partial(paths.badge, suffix=variant.suffix),
        content_type=SVG,
        headers=AS_PICTURE,
        scope=partial(_each_part, variant=variant),
        make=partial(_of_part, variant=variant),
        is_urgent=False,
    )
    return page, part


# The plain name comes last: as a route it would take "-dark" for a part of the code.
FAMILIES = tuple(
    family
    for variant in sorted(VARIANTS, key=lambda one: len(one.suffix), reverse=True)
    for family in _families(variant)
)
