"""How a page chose to look: its style sheet and its logo, at addresses that hold a digest of what they are."""

from collections.abc import Iterable

from incidents.publishing import paths
from incidents.publishing.documents import brand
from incidents.publishing.families.pictures import NEVER_CHANGES, PNG
from incidents.publishing.family import Family, Subject
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.touched import Touched

CSS = "text/css; charset=utf-8"


def _each_style(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """Yield the one style sheet of a page that has one; only a change of the page itself touches it."""
    look = readings.page.look
    return [(brand.digest_of(look),)] if touched.everything and look.has_style else []


def _each_logo(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """Yield the pictures that are shown now."""
    look = readings.page.look
    shown = (look.logo, look.logo_dark, look.icon)
    return dict.fromkeys((logo.digest,) for logo in shown if touched.everything and logo)


def _style(readings: Readings, subject: Subject) -> bytes:
    look = readings.page.look
    if not look.has_style or subject != (brand.digest_of(look),):
        raise NothingThere(*subject)
    return brand.style(look)


FAMILIES = (
    Family(
        name="style",
        route="brand/<slug:digest>.css",
        address=paths.style,
        content_type=CSS,
        headers=NEVER_CHANGES,
        scope=_each_style,
        make=_style,
    ),
    Family(
        name="logo",
        route="brand/<slug:digest>.png",
        address=paths.logo,
        content_type=PNG,
        headers=NEVER_CHANGES,
        scope=_each_logo,
        make=lambda readings, subject: readings.logo(*subject),
    ),
)
