"""A program shows its token: `Authorization: Bearer spg_...` (RFC 6750, section 2.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from incidents.staff.models import ApiToken, TryTally
from incidents.staff.scopes import Scope
from incidents.timeline.models import Page

PER_MINUTE = 600
MINUTE = timedelta(minutes=1)


class TooManyCalls(Exception):
    """A token asked more than 600 times within a minute."""


def token_of(request: HttpRequest, *, page: Page, scope: Scope, at: datetime) -> ApiToken | None:
    """Return the token by which `request` may do `scope` on `page`; None without one, or where it opens not that.

    Raises TooManyCalls.
    """
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() != "bearer":
        return None
    token = ApiToken.opening(text.strip(), scope=scope, page=page, at=at)
    if token is not None and not TryTally.take("token", str(token.pk), limit=PER_MINUTE, period=MINUTE, at=at):
        raise TooManyCalls
    return token
