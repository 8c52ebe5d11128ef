"""Entry: one error, its cause and its solution."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from incidents.guide.contents import LONGEST_CODE, LONGEST_SLUG, Contents, range_of
from incidents.guide.refusals import NotFinished, SlugTaken
from incidents.guide.steps import steps_in_markdown
from incidents.lib.codes import new_code
from incidents.lib.markdown import render_markdown
from incidents.timeline.checks import TITLE_LIMIT, plausible_day
from incidents.timeline.models import Actor, Component, Event, Page
from incidents.timeline.refusals import ForeignComponent

HALF_A_YEAR = timedelta(days=182)


class EntryState(models.TextChoices):
    """Who may see an entry."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Adjectives for entries."""

    def on(self, page: Page) -> EntryQuerySet:
        """Those of `page`."""
        return self.filter(page=page)

    def published(self) -> EntryQuerySet:
        """Those readers see."""
        return self.filter(state=EntryState.PUBLISHED)

    def due_for_review(self, *, on: date) -> EntryQuerySet:
        """Those that were to be looked at again by a day."""
        return self.filter(review_due_on__lte=on)


class Entry(models.Model):
    """An error of the product: what it says, why it comes, what to do, and which components cause it.

    A published entry has a title, a cause and a solution; the database holds it to that.
    """

    code = models.CharField(max_length=12, default=new_code, unique=True)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="entries")
    slug = models.SlugField(max_length=LONGEST_SLUG)
    error_code = models.CharField(max_length=LONGEST_CODE)
    title = models.CharField(max_length=TITLE_LIMIT, blank=True)
    sentence = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    cause_html = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    solution_html = models.TextField(blank=True)
    messages = models.JSONField(default=list, blank=True)
    """What the error says, word for word; `*` stands for anything."""
    providers = models.JSONField(default=list, blank=True)
    retry = models.CharField(max_length=5, blank=True)
    retry_after = models.PositiveIntegerField(null=True, blank=True)
    """Minutes."""
    problem_type = models.CharField(max_length=200, blank=True)
    components = models.ManyToManyField(Component, related_name="entries", blank=True)
    """Whose trouble causes it."""
    related = models.ManyToManyField("self", symmetrical=False, related_name="related_from", blank=True)
    is_linked_by_rule = models.BooleanField(default=True)
    state = models.CharField(max_length=9, choices=EntryState.choices, default=EntryState.DRAFT)
    reviewed_on = models.DateField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    imported_digest = models.CharField(max_length=64, blank=True)
    """Of the block of a file it was last taken from: the same block again changes nothing."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "slug"], name="entry_slug_once_per_page"),
            models.CheckConstraint(condition=~Q(error_code=""), name="entry_has_a_code"),
            models.CheckConstraint(
                condition=Q(state="draft") | ~(Q(title="") | Q(cause="") | Q(solution="")),
                name="entry_published_is_finished",
            ),
        ]
        ordering = ["error_code", "title", "pk"]

    def __str__(self) -> str:
        return self.name

    # Factories

    @classmethod
    def add(
        cls, *, page: Page, contents: Contents, by: Actor, at: datetime, publish: bool = False, digest: str = ""
    ) -> Entry:
        """Add a draft, or with `publish` what readers see at once, and return it.

        `digest` is that of the block of a file it comes from. Raises what `Contents.clean` does, SlugTaken,
        ForeignComponent, NotFinished.
        """
        contents = contents.clean()
        with page.locked():
            entry = cls(page=page, created_at=at, imported_digest=digest)
            entry._take(contents, at=at, state=EntryState.PUBLISHED if publish else EntryState.DRAFT)
            Event.record(page=page, kind="entry.added", by=by, at=at, subject=entry, payload=entry._named())
        return entry

    # Verbs

    def edit(self, *, contents: Contents, by: Actor, at: datetime, digest: str | None = None) -> Entry:
        """Say everything anew. A former slug leads here for good. Raises as `add`."""
        contents = contents.clean()
        with self.page.locked():
            self.refresh_from_db()
            former, place = self.slug, self._place()
            self.imported_digest = self.imported_digest if digest is None else digest
            self._take(contents, at=at, state=self.state)
            if former != self.slug:
                self.former_slugs.get_or_create(page=self.page, slug=former)
                self.former_slugs.filter(slug=self.slug).delete()
            payload = {**self._named(), "leaves": self.is_published and place != self._place()}
            Event.record(page=self.page, kind="entry.edited", by=by, at=at, subject=self, payload=payload)
        return self

    def publish(self, *, by: Actor, at: datetime) -> Entry:
        """Let readers see it. Raises NotFinished."""
        return self._move_to(EntryState.PUBLISHED, "entry.published", by=by, at=at)

    def withdraw(self, *, by: Actor, at: datetime) -> Entry:
        """Make it a draft again, which readers do not see."""
        return self._move_to(EntryState.DRAFT, "entry.withdrawn", by=by, at=at)

    def review(self, *, on: date, due_on: date | None, by: Actor, at: datetime) -> Entry:
        """Note that somebody looked at it and found it right, and by when to look again. Raises ImplausibleTime."""
        with self.page.locked():
            self.refresh_from_db()
            self.reviewed_on = plausible_day(on, at=at, field="reviewed_on", what="The review")
            self.review_due_on = plausible_day(due_on, at=at, field="review_due_on", what="The next review")
            self.updated_at = at
            self.save()
            Event.record(page=self.page, kind="entry.reviewed", by=by, at=at, subject=self, payload=self._named())
        return self

    def remove(self, *, by: Actor, at: datetime) -> None:
        """Delete it with its former addresses."""
        with self.page.locked():
            payload = {**self._named(), "leaves": self.is_published}
            Event.record(page=self.page, kind="entry.removed", by=by, at=at, subject=self, payload=payload)
            self.delete()

    # Questions

    @property
    def name(self) -> str:
        """Code and title: "403 · This application has been disabled"."""
        return f"{self.error_code} · {self.title}" if self.title else self.error_code

    @property
    def is_published(self) -> bool:
        """Say whether readers see it."""
        return self.state == EntryState.PUBLISHED

    def next_review(self, on: date) -> date:
        """Return by when to look again after a review on a day: as far away as it was before, or half a year."""
        known = self.reviewed_on and self.review_due_on and self.review_due_on - self.reviewed_on
        return on + (known if known and known > timedelta(0) else HALF_A_YEAR)

    @property
    def contents(self) -> Contents:
        """Everything it says."""
        return Contents(
            code=self.error_code,
            title=self.title,
            sentence=self.sentence,
            cause=self.cause,
            solution=self.solution,
            messages=tuple(self.messages),
            providers=tuple(self.providers),
            retry=self.retry,
            retry_after=self.retry_after,
            problem_type=self.problem_type,
            slug=self.slug,
            reviewed_on=self.reviewed_on,
            review_due_on=self.review_due_on,
            components=tuple(one.name for one in self.components.all()),
            related=tuple(one.slug for one in self.related.all()),
            is_linked_by_rule=self.is_linked_by_rule,
        )

    # Inner steps

    def _take(self, contents: Contents, *, at: datetime, state: str) -> None:
        """Write the row and what hangs on it, inside the lock of the page."""
        refuse_unfinished(contents.missing, state)
        plausible_day(contents.reviewed_on, at=at, field="reviewed_on", what="The review")
        plausible_day(contents.review_due_on, at=at, field="review_due_on", what="The next review")
        self._refuse_taken(contents.slug)
        components = _components(self.page, contents.components)
        for name in (
            *("slug", "title", "sentence", "cause", "solution", "retry", "retry_after", "problem_type"),
            *("reviewed_on", "review_due_on", "is_linked_by_rule"),
        ):
            setattr(self, name, getattr(contents, name))
        self.error_code, self.state = contents.code, state
        self.messages, self.providers = list(contents.messages), list(contents.providers)
        self.cause_html = render_markdown(self.cause)
        self.solution_html = render_markdown(steps_in_markdown(self.solution))
        self.updated_at = at
        self.save()
        self.components.set(components)
        self.related.set(Entry.objects.on(self.page).filter(slug__in=contents.related).exclude(pk=self.pk))

    def _move_to(self, state: EntryState, kind: str, *, by: Actor, at: datetime) -> Entry:
        with self.page.locked():
            self.refresh_from_db()
            if self.state == state:
                return self
            refuse_unfinished(self.contents.missing, state)
            self.state, self.updated_at = state, at
            self.save()
            payload = {**self._named(), "leaves": not self.is_published}
            Event.record(page=self.page, kind=kind, by=by, at=at, subject=self, payload=payload)
        return self

    def _place(self) -> tuple[Any, ...]:
        return self.slug, range_of(self.error_code), *self.providers

    def _refuse_taken(self, slug: str) -> None:
        taken = Entry.objects.on(self.page).filter(slug=slug).exclude(pk=self.pk).exists()
        if taken or FormerSlug.objects.filter(page=self.page, slug=slug).exclude(entry=self.pk).exists():
            raise SlugTaken(f"Another entry is, or was, at “{slug}”; choose another address.", field="slug")

    def _named(self) -> dict[str, Any]:
        """What every event says; one that says "leaves" makes pages for readers go."""
        return {"entry": self.code, "slug": self.slug, "title": self.name}


class FormerSlug(models.Model):
    """An address an entry once had: it leads to the present one, for good."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="former_slugs")
    slug = models.SlugField(max_length=LONGEST_SLUG)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "slug"], name="entry_former_slug_once_per_page")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.slug


def refuse_unfinished(missing: tuple[str, ...], state: str) -> None:
    """Raise NotFinished where readers would see an entry that lacks something."""
    if state == EntryState.PUBLISHED and missing:
        lacking = " and ".join(f"the {one}" for one in missing)
        raise NotFinished(f"Readers need {lacking} too; write that first, or keep it a draft.", field=missing[0])


def _components(page: Page, names: Iterable[str]) -> list[Component]:
    wanted = set(names)
    found = [one for one in Component.objects.on(page).living() if one.name in wanted]
    unknown = sorted(wanted - {one.name for one in found})
    if unknown:
        raise ForeignComponent(f"This page has no component “{unknown[0]}”.", field="components")
    return found
