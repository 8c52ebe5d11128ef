"""Badges of the page, of each component and of each group, in every scheme and size."""

from collections.abc import Iterable
from functools import partial

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


def _each_part(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """Yield components and groups by code; a group is touched by its components."""
    groups = readings.now.groups
    if touched.everything:
        return [(code,) for code in _parts(readings)]
    with_members = [
        group.code for group in groups if any(member.code in touched.components for member in group.members)
    ]
    return [(code,) for code in (*sorted(touched.components), *with_members)]


def _of_page(readings: Readings, _subject: Subject, *, variant: Variant) -> bytes:
    return badge(badge_of_page(readings.page.name, headline(readings.index)), variant)


def _of_part(readings: Readings, subject: Subject, *, variant: Variant) -> bytes:
    name, status = _parts(readings).get(subject[0], ("", ""))
    if not name:
        raise NothingThere(*subject)
    return badge(badge_of_component(name, status), variant)


def _parts(readings: Readings) -> dict[str, tuple[str, str]]:
    """Return name and state of every component and group, by code."""
    components = {one.code: (one.name, one.status) for one in readings.now.components}
    return components | {one.code: (one.name, one.status) for one in readings.now.groups}


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
        scope=_each_part,
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
