"""Pictures for previews, at addresses that hold a digest of what they say."""

from collections.abc import Iterable

from incidents.publishing import paths
from incidents.publishing.documents.drawing import png
from incidents.publishing.documents.pictures import (
    Picture,
    picture_of_incident,
    picture_of_nothing,
    picture_of_page,
)
from incidents.publishing.family import Family, Subject
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.scopes import each_lively_incident
from incidents.publishing.touched import Touched

PNG = "image/png"

NEVER_CHANGES = (
    ("Cache-Control", "public, max-age=31536000, immutable"),
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)


def _of_page(readings: Readings) -> tuple[Picture, ...]:
    return picture_of_page(readings.index), picture_of_nothing(readings.page)


def _each_of_page(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """Yield the picture of the state; the one that speaks of none changes only with the page itself."""
    pictures = _of_page(readings)
    return [(picture.digest,) for picture in (pictures if touched.everything else pictures[:1])]


def _each_of_incident(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """Yield one picture for each incident, that of its newest update; older ones stay where they are kept."""
    for (code,) in each_lively_incident(readings, touched):
        try:
            yield code, picture_of_incident(readings.incident(code), readings.page).digest
        except NothingThere:
            continue


def _page_picture(readings: Readings, subject: Subject) -> bytes:
    return _drawn(_of_page(readings), *subject)


def _incident_picture(readings: Readings, subject: Subject) -> bytes:
    code, digest = subject
    return _drawn((picture_of_incident(readings.incident(code), readings.page),), digest)


def _drawn(pictures: Iterable[Picture], digest: str) -> bytes:
    """Draw the picture of that digest only: no stranger's address makes work. Raises NothingThere."""
    for picture in pictures:
        if picture.digest == digest:
            return png(picture)
    raise NothingThere(digest)


FAMILIES = (
    Family(
        name="picture",
        route="og/<slug:digest>.png",
        address=paths.picture,
        content_type=PNG,
        headers=NEVER_CHANGES,
        scope=_each_of_page,
        make=_page_picture,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="picture_of_incident",
        route="og/<slug:code>/<slug:digest>.png",
        address=lambda code, digest: paths.picture(digest, code),
        content_type=PNG,
        headers=NEVER_CHANGES,
        scope=_each_of_incident,
        make=_incident_picture,
        is_urgent=False,
        is_spoken=True,
    ),
)
