"""Entries: what they say, who sees them, where they were."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from incidents.guide.contents import Contents, range_of, slug_of
from incidents.guide.models import Entry, EntryState, FormerSlug
from incidents.guide.refusals import NotFinished, SlugTaken, UnusableCode, UnusableMessage, UnusableSlug
from incidents.guide.steps import steps_in_markdown
from incidents.timeline.models import Component, Event, Page
from incidents.timeline.refusals import ForeignComponent, TextTooLong, UnknownChoice
from tests.build import NOON, make_component, make_page
from tests.guide.making import DISABLED, make_entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_entry_gets_an_address_of_code_and_title_and_its_texts_as_html(page: Page) -> None:
    entry = make_entry(page)
    assert (entry.slug, entry.state) == ("403-this-application-has-been-disabled", EntryState.PUBLISHED)
    assert "<ol>" in entry.solution_html
    assert entry.solution_html.count("<li>") == 2
    assert Event.objects.get(kind="entry.added").payload["title"] == f"403 · {DISABLED}"


@pytest.mark.parametrize("lacking", ["title", "cause", "solution"])
def test_g01_an_entry_without_title_cause_or_solution_is_not_published(page: Page, lacking: str) -> None:
    with pytest.raises(NotFinished) as refused:
        make_entry(page, **{lacking: ""})
    assert refused.value.field == lacking
    draft = make_entry(page, publish=False, **{lacking: ""})
    with pytest.raises(NotFinished):
        draft.publish(by="test", at=NOON)
    entry = make_entry(page, slug="another")
    with pytest.raises(NotFinished):
        entry.edit(contents=replace(entry.contents, **{lacking: ""}), by="test", at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**{lacking: ""})


def test_g01_two_entries_under_one_code_do_not_collide(page: Page) -> None:
    first, second = make_entry(page), make_entry(page, title="Unauthorized")
    assert first.slug != second.slug
    with pytest.raises(SlugTaken):
        make_entry(page)


def test_a_renamed_entry_keeps_its_former_addresses_for_good(page: Page) -> None:
    entry = make_entry(page)
    former = entry.slug
    entry.edit(contents=replace(entry.contents, slug="403-disabled"), by="test", at=NOON)
    assert FormerSlug.objects.get().slug == former
    with pytest.raises(SlugTaken):
        make_entry(page)
    entry.edit(contents=replace(entry.contents, slug=former), by="test", at=NOON)
    assert [one.slug for one in FormerSlug.objects.all()] == ["403-disabled"]


def test_publishing_withdrawing_and_reviewing_are_events_of_their_own(page: Page) -> None:
    entry = make_entry(page, publish=False)
    entry.publish(by="test", at=NOON)
    entry.publish(by="test", at=NOON)
    entry.review(on=date(2026, 11, 21), due_on=date(2027, 5, 1), by="test", at=NOON)
    assert Entry.objects.due_for_review(on=date(2027, 5, 1)).get() == entry
    assert entry.next_review(date(2027, 5, 1)) == date(2027, 10, 9)
    entry.withdraw(by="test", at=NOON)
    assert not Entry.objects.published().exists()
    entry.remove(by="test", at=NOON)
    kinds = Event.objects.filter(kind__startswith="entry.").values_list("kind", flat=True)
    assert list(kinds) == ["entry.added", "entry.published", "entry.reviewed", "entry.withdrawn", "entry.removed"]


BAD: dict[str, tuple[type[Exception], dict[str, object]]] = {
    "no code": (UnusableCode, {"code": ""}),
    "two words": (UnusableCode, {"code": "403 Forbidden"}),
    "markup": (UnusableCode, {"code": "<b>"}),
    "capitals": (UnusableSlug, {"slug": "Not-a-slug"}),
    "a list's address": (UnusableSlug, {"slug": "400-499"}),
    "search": (UnusableSlug, {"slug": "search"}),
    "too short a message": (UnusableMessage, {"messages": ("*",)}),
    "too many messages": (TextTooLong, {"messages": tuple(f"message {one}" for one in range(60))}),
    "a long title": (TextTooLong, {"title": "x" * 300}),
    "perhaps": (UnknownChoice, {"retry": "perhaps"}),
    "a month": (UnknownChoice, {"retry": "after", "retry_after": 10**6}),
    "a stranger": (ForeignComponent, {"components": ("Nowhere",)}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_entries_change_nothing(page: Page, name: str) -> None:
    kind, said = BAD[name]
    with pytest.raises(kind):
        make_entry(page, **said)
    assert not Entry.objects.exists()
    assert not Event.objects.filter(kind__startswith="entry.").exists()


def test_components_of_another_page_are_strangers(page: Page, api: Component) -> None:
    make_component(make_page(name="Other", host="other.example"), name="Theirs")
    with pytest.raises(ForeignComponent):
        make_entry(page, components=("Theirs",))
    assert [one.name for one in make_entry(page, components=("API",)).components.all()] == ["API"]


def test_what_is_said_is_what_is_kept(page: Page, api: Component) -> None:
    other = make_entry(page, title="Unauthorized")
    contents = Contents(
        code="invalid_grant",
        title="The grant is over",
        sentence="It is over.",
        cause="It was used twice.",
        solution="Ask again.",
        messages=("The grant * is over",),
        providers=("Gmail", "Microsoft"),
        retry="after",
        retry_after=20,
        problem_type="https://api.example.com/problems/grant",
        slug="grant",
        reviewed_on=date(2026, 1, 1),
        review_due_on=date(2026, 7, 1),
        components=("API",),
        related=(other.slug,),
        is_linked_by_rule=False,
    )
    assert Entry.add(page=page, contents=contents, by="test", at=NOON).contents == contents


def test_ranges_and_slugs() -> None:
    assert [range_of(one) for one in ("400", "503", "600", "invalid_grant", "4031")] == [
        "400-499",
        "500-599",
        "other",
        "other",
        "other",
    ]
    assert slug_of("400", "", "Microsoft") == "400-microsoft"
    assert slug_of("429", "Wäre zu viel – user's fault") == "429-ware-zu-viel-users-fault"
    assert len(slug_of("400", "word " * 60)) <= 100


STEPS: dict[str, tuple[str, str]] = {
    "hyphens": ("- one\n- two", "1. one\n2. two"),
    "bullets": ("• one\n• two", "1. one\n2. two"),
    "numbers": ("1. one\n1. two", "1. one\n2. two"),
    "a paragraph": ("Wait.", "Wait."),
    "code below a step": ("- run:\n\n  ```\n  - x\n  ```\n- then", "1. run:\n\n   ```\n   - x\n   ```\n2. then"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_solution_becomes_numbered_steps(name: str) -> None:
    typed, wanted = STEPS[name]
    assert steps_in_markdown(typed) == wanted
