"""UnmatchedText: an error nobody wrote an entry for yet, as readers agreed to hand it in."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F

from incidents.guide.refusals import TooManyKept
from incidents.timeline.models import Page

LONGEST_KEPT = 2_000
"""Characters, all of them masked."""

PER_DAY = 200
"""New texts of a page within a day; the same one again only counts."""

KEPT_FOR = timedelta(days=180)


class UnmatchedText(models.Model):
    """A masked text: no address, number, name of a machine or key is in it, nor who handed it in."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="unmatched_texts")
    digest = models.CharField(max_length=64)
    text = models.TextField()
    error_code = models.CharField(max_length=60, blank=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "digest"], name="unmatched_text_once_per_page")]
        ordering = ["-count", "-last_at"]

    def __str__(self) -> str:
        return self.text[:60]

    @classmethod
    def note(cls, *, page: Page, masked: str, words: tuple[str, ...], code: str, at: datetime) -> UnmatchedText:
        """Keep a text that was masked, or count it again; return it. Raises TooManyKept.

        `words` are what it is known again by: the same error with other numbers in it is one row.
        """
        digest = hashlib.sha256(" ".join((code, *words)).encode()).hexdigest()
        known = cls.objects.filter(page=page, digest=digest)
        if known.update(count=F("count") + 1, last_at=at):
            return known.get()
        if cls.objects.filter(page=page, first_at__gt=at - timedelta(days=1)).count() >= PER_DAY:
            raise TooManyKept("Very many unknown errors were handed in today; staff have enough to do. Thanks.")
        made, _ = cls.objects.get_or_create(
            page=page,
            digest=digest,
            defaults={"text": masked[:LONGEST_KEPT], "error_code": code[:60], "first_at": at, "last_at": at},
        )
        return made

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Delete what nobody met for half a year; return how many."""
        return cls.objects.filter(last_at__lte=at - KEPT_FOR).delete()[0]
