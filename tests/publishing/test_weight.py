"""What the first view weighs: the page as it is published and what it loads, as a browser gets them (brotli)."""

import re
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from incidents.publishing.family import HTML
from incidents.publishing.published import packed
from incidents.timeline.models import StatusChange
from tests.build import NOON, make_incident, make_page, minutes
from tests.publishing.many import make_many
from tests.publishing.reading import index_html

pytestmark = pytest.mark.django_db

KB = 1024
STATES = ("degraded_performance", "partial_outage", "major_outage")


def first_page(count: int) -> str:
    """Return the first page of so many components, each with trouble in its past, and two open incidents."""
    page = make_page()
    parts = make_many(page, count, of_each=max(5, count // 20))
    rows = []
    for number, part in enumerate(parts):
        for turn in range(3):
            at = NOON - timedelta(days=2 + (number * 7 + turn * 29) % 80, minutes=number % 50)
            state = STATES[(number + turn) % 3]
            rows.append(StatusChange(component=part, at=at, old="operational", new=state))
            rows.append(StatusChange(component=part, at=at + minutes(5 + number % 100), old=state, new="operational"))
    StatusChange.objects.bulk_create(rows)
    make_incident(page, at=NOON, components=dict.fromkeys(parts[:3], "partial_outage"))
    make_incident(page, at=NOON, title="Slow exports", components={parts[-1]: "major_outage"})
    return index_html(page, at=NOON + minutes(1))


def loaded(html: str, suffix: str) -> int:
    """Return what the page loads of one kind before anybody touches it, as collected for a server."""
    head = html.partition("</head>")[0]
    found = re.findall(rf' (?:href|src)="{settings.STATIC_URL}([^"]+\.{suffix})"', head)
    assert found
    names = [re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name) for name in found]
    return sum(len(brotli.compress((Path(settings.BASE_DIR) / "static" / name).read_bytes())) for name in names)


@pytest.mark.parametrize(("count", "of_html", "altogether"), [(25, 14, 50), (200, 28, 65), (1000, 28, 65)])
def test_f01_html_styles_and_scripts_stay_within_their_budget(count: int, of_html: int, altogether: int) -> None:
    html = first_page(count)
    smaller, _ = packed(html.encode(), HTML)
    styles, scripts = loaded(html, "css"), loaded(html, "js")
    assert len(smaller) <= of_html * KB
    assert styles <= 12 * KB
    assert scripts <= 20 * KB
    assert len(smaller) + styles + scripts <= altogether * KB


@pytest.mark.parametrize(("count", "nodes"), [(25, 900), (200, 4500), (1000, 4500)])
def test_t01_f01_no_page_is_a_heap_of_elements(count: int, nodes: int) -> None:
    html = first_page(count)
    assert len(re.findall(r"<[a-z]", html)) <= nodes
    strips = re.findall(r"<svg viewBox[^>]*>((?:<path[^>]*/>)*)</svg>", html)
    assert strips
    assert all(strip.count("<path") <= 6 for strip in strips), "six paths at most, however many days"


def test_f01_p12_the_font_is_one_file_and_nothing_comes_from_elsewhere() -> None:
    html = first_page(25)
    fonts = re.findall(r'href="([^"]+\.woff2)"', html)
    assert len(fonts) == 1
    assert all((file.stat().st_size <= 30 * KB) for file in (Path(settings.BASE_DIR) / "static/fonts").glob("*.woff2"))
    own = re.findall(r'(?:src|rel="(?:stylesheet|preload|icon)" href)="([^"]+)"', html)
    assert own
    assert all(address.startswith("/") and not address.startswith("//") for address in own)
