"""Entries in files: several ways to write them, what is wrong by line, twice is once, out and in again."""

from dataclasses import replace

import pytest

from incidents.guide.files.markdown_files import read_markdown
from incidents.guide.files.taking_over import ADD, CHANGE, SAME, look_at, take_over
from incidents.guide.files.writing import as_markdown, as_yaml
from incidents.guide.files.yaml_files import read_yaml
from incidents.guide.models import Entry, EntryState
from incidents.timeline.models import Component, Event, Page
from tests.build import NOON
from tests.guide.making import EXAMPLE, make_entry, make_guide

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WAYS = {
    "headings": "## 403 - Blocked\n\nGmail\n\nIt is blocked.\n\n### Cause\n\nWhy.\n\n### Solution\n\n- Do.\n",
    "bold": "### 403: Blocked\n\n**Provider:** Gmail\n\nIt is blocked.\n\n**Cause**\n\nWhy.\n\n**Solution:** - Do.\n",
    "bold with colon": "## **403 – Blocked**\n\n`Gmail`\n\nIt is blocked.\n\n**Cause:** Why.\n\n**Solution:**\n- Do.\n",
    "same level": "# 403 - Blocked (Gmail)\n\nIt is blocked.\n\n# Cause\n\nWhy.\n\n# Solution\n\n* Do.\n",
    "plain": "403 - Blocked\n\nGmail\n\nIt is blocked.\n\nCause\n\nWhy.\n\nSolution\n\n  • Do.\n",
    "windows": "## 403 Blocked\r\n\r\nTags: Gmail\r\nIt is blocked.\r\n\r\nCause:\r\nWhy.\r\nFix:\r\n- Do.\r\n",
}


@pytest.mark.parametrize("name", WAYS)
def test_markdown_is_read_in_several_ways(name: str) -> None:
    read = read_markdown(f"# 400-499 Responses\n\nWords about them.\n\n{WAYS[name]}" if name != "plain" else WAYS[name])
    assert read.problems == []
    (block,) = read.blocks
    said = block.contents
    assert (said.code, said.title, said.providers) == ("403", "Blocked", ("Gmail",))
    assert (said.sentence, said.cause, said.solution.lstrip("-* ")) == ("It is blocked.", "Why.", "Do.")


def test_yaml_is_read_as_text() -> None:
    read = read_yaml(
        "- code: 403\n  title: Blocked\n  provider: Gmail\n  retry: no\n  solution:\n    - First.\n    - Second.\n"
        "- code: 0x1F\n  retry: after 2 hours\n  message: ['a b c', \"d e f\"]\n  reviewed: 2026-01-02\n"
    )
    assert read.problems == []
    first, second = (one.contents for one in read.blocks)
    assert (first.code, first.retry, first.solution) == ("403", "no", "- First.\n- Second.")
    assert (second.code, second.retry_after, second.messages) == ("0x1F", 120, ("a b c", "d e f"))
    assert str(second.reviewed_on) == "2026-01-02"


WRONG = {
    "no list": ("code: 403\n", 1, "no list of entries"),
    "no YAML": ("- code: 403\n  title: [\n", 3, "not YAML"),
    "unknown": ("- code: 403\n  colour: red\n", 2, "“colour”"),
    "no mapping": ("- code: 403\n- word\n", 2, "no entry"),
    "a day": ("- code: 403\n  title: x\n  reviewed: tomorrow\n", 1, "not a day"),
    "a retry": ("- code: 403\n- code: 404\n  retry: perhaps\n", 2, "retry"),
    "anchors": ("- &a {code: 403}\n- *a\n", 0, "Anchors"),
    "nesting": ("- " + "[" * 5000 + "\n", 0, "deeper"),
    "signs": ("- code: \x07\n", 0, "not YAML"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_yaml_is_told_by_line(name: str) -> None:
    text, line, words = WRONG[name]
    problem = read_yaml(text).problems[0]
    assert words in problem.sentence
    assert problem.line == line


def test_what_is_wrong_with_markdown_is_told_by_line(page: Page) -> None:
    text = (
        "## 403 - First\n\n### Cause\n\nx\n\n### Solution\n\ny\n\n"
        "## 403 - Second\n\nComponents: Nowhere\n\n### Cause\n\nx\n\n### Solution\n\ny\n\n"
        "## 403 - Third\n\nRetry: perhaps\n\n### Cause\n\nx\n\n### Solution\n\ny\n\n"
        "## 403 - First\n\n### Cause\n\nz\n\n### Solution\n\ny\n"
    )
    plan = look_at(page, text, is_yaml=False)
    assert [one.contents.title for one in plan.items] == ["First"]
    assert [(one.line, one.sentence[:25]) for one in plan.problems] == [
        (11, "This page has no componen"),
        (23, "“perhaps” does not say wh"),
        (35, "This is “403-first” once "),
    ]


@pytest.mark.parametrize("text", ["", "Nothing.", "# 400-499 Responses\n", "\x00", "-" * 10])
def test_a_file_without_entries_says_so(page: Page, text: str) -> None:
    plan = look_at(page, text, is_yaml=False)
    assert plan.items == ()
    assert plan.problems


def test_a_file_too_large_is_refused(page: Page) -> None:
    assert "2,000,000 is the most" in look_at(page, "x" * 2_000_001, is_yaml=False).problems[0].sentence


def test_looking_writes_nothing_and_taking_twice_is_taking_once(page: Page, api: Component) -> None:
    before = Event.objects.count()
    plan = look_at(page, EXAMPLE.read_text(), is_yaml=False)
    assert (plan.count(ADD), Event.objects.count()) == (10, before)
    make_guide(page)
    assert Entry.objects.published().count() == 10
    events = Event.objects.count()
    again = look_at(page, EXAMPLE.read_text(), is_yaml=False)
    assert again.count(SAME) == 10
    assert take_over(again, page=page, by="test", at=NOON) == []
    assert Event.objects.count() == events


def test_what_staff_changed_since_stays_until_the_file_changes(page: Page, api: Component) -> None:
    make_guide(page)
    entry = Entry.objects.get(error_code="402")
    entry.edit(contents=replace(entry.contents, cause="Ours.", slug="402-plan"), by="ada", at=NOON)
    assert look_at(page, EXAMPLE.read_text(), is_yaml=False).count(SAME) == 10
    changed = EXAMPLE.read_text().replace("part of the plan of", "in the plan of")
    plan = look_at(page, changed, is_yaml=False)
    assert [one.contents.slug for one in plan.items if one.action == CHANGE] == ["402-plan"]
    take_over(plan, page=page, by="test", at=NOON)
    entry.refresh_from_db()
    assert "in the plan of" in entry.cause


def test_incomplete_entries_stay_drafts_and_are_named(page: Page) -> None:
    plan = look_at(page, "## 401\n\nGmail\n\n### Cause\n\n### Solution\n\nDo.\n", is_yaml=False)
    take_over(plan, page=page, by="test", at=NOON)
    assert Entry.objects.get().state == EntryState.DRAFT
    assert plan.notes[0].sentence.startswith("401-gmail has no title, no cause")


def test_as_drafts_publishes_only_what_the_file_calls_published(page: Page) -> None:
    text = WAYS["headings"] + WAYS["headings"].replace("Blocked\n", "Open\n\nState: published\n")
    plan = look_at(page, text, is_yaml=False, as_drafts=True)
    assert [one.state for one in plan.items] == ["draft", "published"]


@pytest.mark.parametrize("is_yaml", [True, False])
def test_what_is_written_out_is_read_the_same(page: Page, api: Component, is_yaml: bool) -> None:
    entries = make_guide(page)
    first = entries[0]
    told = replace(
        first.contents,
        messages=("Mailbox * is locked: “x” #1", "- not a list", "Type: neither"),
        related=(entries[1].slug,),
        retry="after",
        retry_after=90,
        problem_type="https://api.example.com/p/x",
        is_linked_by_rule=False,
        sentence="It is: “quoted” — and *marked*.",
        solution="- run:\n\n  ```\n  a: b\n  ```\n\n- wait",
    )
    first.edit(contents=told, by="test", at=NOON)
    make_entry(page, title="", cause="", publish=False, slug="empty")
    written = (as_yaml if is_yaml else as_markdown)(Entry.objects.on(page))
    plan = look_at(page, written, is_yaml=is_yaml)
    assert plan.problems == ()
    assert [one.contents.slug for one in plan.items if one.action != SAME] == []
    assert len(plan.items) == 11


def test_entries_that_name_each_other_are_joined(page: Page) -> None:
    text = WAYS["headings"].replace("Gmail\n", "Gmail\nRelated: 403-open\n") + WAYS["headings"].replace(
        "Blocked", "Open"
    )
    take_over(look_at(page, text, is_yaml=False), page=page, by="test", at=NOON)
    assert Entry.objects.get(slug="403-blocked").contents.related == ("403-open",)
    assert look_at(page, text, is_yaml=False).count(SAME) == 2
