"""Tokens of programs: a right for a page, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q

from incidents.staff.recording import record
from incidents.staff.refusals import TokenIsOver, UnknownScope
from incidents.staff.scopes import Scope as TokenScope
from incidents.timeline.checks import checked_line
from incidents.timeline.models import Page
from incidents.timeline.models.event import Actor

MARK = "spg_"
"""What every token begins with, so that scanners for leaked secrets know it."""

SHOWN = len(MARK) + 6
"""Characters of a token that lists show; the rest is known to its holder only."""

OVERLAP = timedelta(hours=24)
"""How long the old token is still good after it was replaced."""

USE_IS_NOTED_EVERY = timedelta(minutes=1)

NAME_LIMIT = 80


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Adjectives for tokens."""

    def good(self, *, at: datetime) -> ApiTokenQuerySet:
        """Those that open something now."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at), withdrawn_at=None)

    def on(self, page: Page) -> ApiTokenQuerySet:
        """Those of `page`."""
        return self.filter(page=page)


class ApiToken(models.Model):
    """A program's way in: to one page, with its scopes, until it expires."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=NAME_LIMIT)
    beginning = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    @classmethod
    def make(
        cls,
        *,
        page: Page,
        name: str,
        scopes: Iterable[str],
        expires_at: datetime | None,
        by: User,
        at: datetime,
        replaces: ApiToken | None = None,
    ) -> tuple[ApiToken, str]:
        """Make a token and return it with its text, which is shown once and kept nowhere.

        Raises UnknownScope for none or for what is no scope, TokenIsOver for an end in the past, EmptyText.
        """
        wanted = list(dict.fromkeys(scopes))
        if not wanted or any(scope not in TokenScope.values for scope in wanted):
            raise UnknownScope("Choose what the token may do.", field="scopes")
        if expires_at is not None and expires_at <= at:
            raise TokenIsOver("That is over already; choose a later day.", field="expires_on")
        text = MARK + secrets.token_urlsafe(32)
        with transaction.atomic():
            token = cls.objects.create(
                page=page,
                name=checked_line(name, limit=NAME_LIMIT, field="name", what="The name"),
                beginning=text[:SHOWN],
                digest=_digest(text),
                scopes=wanted,
                made_by=by,
                made_at=at,
                expires_at=expires_at,
                replaces=replaces,
            )
            token._record("token.rotated" if replaces else "token.made", by=by, at=at)
        return token, text

    @classmethod
    def opening(cls, text: str, *, scope: str, page: Page, at: datetime) -> ApiToken | None:
        """Return the good token whose text this is, None where it opens not that: another page, another scope.

        Looked up by digest, so that the time it takes tells nothing of the secret. Its use is noted each minute.
        """
        if not text.startswith(MARK):
            return None
        token = cls.objects.good(at=at).on(page).filter(digest=_digest(text)).first()
        if token is None or scope not in token.scopes:
            return None
        token._note_use(at=at)
        return token

    def rotate(self, *, by: User, at: datetime) -> tuple[ApiToken, str]:
        """Make the token's successor; this one is good for 24 hours more. Raises TokenIsOver."""
        if not self.is_good(at=at):
            raise TokenIsOver("This token is over; make a new one.")
        lasted = None if self.expires_at is None else self.expires_at - self.made_at
        with transaction.atomic():
            made = ApiToken.make(
                page=self.page,
                name=self.name,
                scopes=self.scopes,
                expires_at=None if lasted is None else at + lasted,
                by=by,
                at=at,
                replaces=self,
            )
            self.expires_at = min(filter(None, (self.expires_at, at + OVERLAP)))
            self.save(update_fields=["expires_at"])
        return made

    def withdraw(self, *, by: Actor, at: datetime) -> None:
        """Let the token open nothing from its next request on."""
        with transaction.atomic():
            self.withdrawn_at = at
            self.save(update_fields=["withdrawn_at"])
            self._record("token.withdrawn", by=by, at=at)

    def is_good(self, *, at: datetime) -> bool:
        """Say whether it opens anything now."""
        return self.withdrawn_at is None and (self.expires_at is None or self.expires_at > at)

    def scope_words(self) -> list[str]:
        """Return what the token may do, in words."""
        return [str(TokenScope(scope).label) for scope in self.scopes]

    def _note_use(self, *, at: datetime) -> None:
        if self.last_used_at is None or at - self.last_used_at > USE_IS_NOTED_EVERY:
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=at)

    def _record(self, kind: str, *, by: Actor, at: datetime) -> None:
        payload = {"title": f"{self.name} ({self.beginning}…)", "scopes": self.scopes}
        record(page=self.page, kind=kind, by=by, at=at, subject=self, payload=payload)


def _digest(text: str) -> str:
    # Fast on purpose: 256 random bits cannot be guessed, and every request is compared.
    return hashlib.sha256(text.encode()).hexdigest()
