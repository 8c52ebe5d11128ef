"""The first run: a token in the log lets one person in, once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.models import User
from django.db import models, transaction

from incidents.staff.refusals import SetUpIsClosed


class SetUp(models.Model):
    """Whether anybody came in yet; one row, whose closing is what the first of many takes."""

    number = models.PositiveSmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "closed" if self.closed_at else "open"

    @classmethod
    def offer(cls) -> str:
        """Return a fresh token for the log, "" where somebody works here already. Earlier tokens end."""
        if User.objects.exists() or cls.objects.exclude(closed_at=None).exists():
            return ""
        token = secrets.token_urlsafe(32)
        cls.objects.update_or_create(number=1, defaults={"digest": _digest(token)})
        return token

    @classmethod
    def is_open_to(cls, token: str) -> bool:
        """Say whether the token opens the set-up now."""
        waiting = cls.objects.filter(digest=_digest(token), closed_at=None).exists()
        return waiting and not User.objects.exists()

    @classmethod
    def close(cls, token: str, *, email: str, name: str, password: str, at: datetime) -> User:
        """Make the first account, an owner of everything, and close for ever.

        Many at once: one wins by taking the row, the others are refused. Raises SetUpIsClosed.
        """
        with transaction.atomic():
            taken = cls.objects.filter(digest=_digest(token), closed_at=None).update(closed_at=at)
            if not taken or User.objects.exists():
                raise SetUpIsClosed("The set-up is closed. Sign in instead.")
            return User.objects.create_superuser(username=email, email=email, password=password, first_name=name)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
