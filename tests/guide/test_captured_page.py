"""The captured reference page comes in whole; what it lacks is named and not made up (acceptance 1)."""

import re
from collections.abc import Callable

import pytest

from incidents.guide.contents import Contents
from incidents.guide.files.taking_over import SAME, look_at, take_over
from incidents.guide.models import Entry
from incidents.timeline.models import Page
from tests.build import NOON

pytestmark = pytest.mark.django_db

ENTRIES = [
    ("400", "Bad Request", "", True, True),
    ("400", "Authentication Failed", "Gmail", True, True),
    ("400", "", "Microsoft", True, True),
    ("401", "Unauthorized", "", False, True),
    ("402", "Sending to at least one recipient failed", "", True, True),
    ("403", "Unauthorized", "", True, True),
    ("403", "Gmail API has not been used in project", "Gmail", True, True),
    ("403", "Different email address returned", "Microsoft", True, True),
    ("422", "Mail Provider Error", "", True, True),
    ("422", "Sending Error", "", True, True),
    ("429", "Account Throttled", "", True, True),
    ("429", "Quota Exceeded", "", True, True),
    ("429", "Nylas API Rate Limit", "", True, True),
    ("429", "Too Many Requests", "Gmail", True, True),
    ("429", "", "Microsoft", True, True),
]
"""Code, title, provider, whether there is a cause and a solution: as the page has them, in its order."""


def has(said: Contents) -> tuple[str, str, str, bool, bool]:
    return said.code, said.title, ", ".join(said.providers), bool(said.cause), bool(said.solution)


def as_markdown(text: str) -> str:
    """Return the captured text as somebody writes it down as Markdown."""
    text = re.sub(r"(?m)^(\d{3}(?: - .*)?)$", r"## \1", text.replace("  • ", "- "))
    text = re.sub(r"(?m)^(Cause|Solution)$", r"### \1", text)
    return re.sub(r"(?m)^(Gmail|Microsoft)$", r"**\1**", text)


@pytest.mark.parametrize("form", [str, as_markdown], ids=["as captured", "as Markdown"])
def test_every_entry_comes_in_with_all_it_has(page: Page, captured: str, form: Callable[[str], str]) -> None:
    text = form(captured)
    plan = look_at(page, text, is_yaml=False)
    assert plan.problems == ()
    told = [has(one.contents) for one in plan.items]
    assert told == ENTRIES
    assert take_over(plan, page=page, by="test", at=NOON) == []
    assert (Entry.objects.count(), Entry.objects.published().count()) == (15, 12)
    assert look_at(page, text, is_yaml=False).count(SAME) == 15


def test_what_the_page_lacks_is_review_work(page: Page, captured: str) -> None:
    notes = [one.sentence for one in look_at(page, captured, is_yaml=False).notes]
    assert [one.split(":")[0] for one in notes if "has no" in one] == [
        "400-microsoft has no title",
        "401-unauthorized has no cause",
        "429-microsoft has no title",
    ]
    assert [one[:32] for one in notes if "entries have the code" in one] == [
        "3 entries have the code 400 (lin",
        "3 entries have the code 403 (lin",
        "2 entries have the code 422 (lin",
        "5 entries have the code 429 (lin",
    ]


def test_no_word_of_a_cause_or_a_solution_is_lost(page: Page, captured: str) -> None:
    plan = look_at(page, captured, is_yaml=False)
    kept = " ".join(f"{one.contents.cause} {one.contents.solution} {one.contents.sentence}" for one in plan.items)
    body = captured.partition("400 responses return for errors on the client side.")[2]
    lines = [line.strip(" •") for line in body.splitlines() if line.strip()]
    heads = re.compile(r"\d{3}( - .*)?|Cause|Solution|Gmail|Microsoft")
    assert [line for line in lines if not heads.fullmatch(line) and line not in kept] == []
