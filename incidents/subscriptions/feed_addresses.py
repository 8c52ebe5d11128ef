"""Where programs follow a page: its feeds; of a page that is not public, addresses only who was told knows."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from incidents.lib.prefixes import placed
from incidents.lib.site import page_address
from incidents.timeline.models import Page


def feed_address(page: Page, kind: str) -> str:
    """Return the whole address of a feed ("atom", "rss", "ics") in the language being spoken."""
    path = f"/private/{feed_token(page)}/history.{kind}" if page.is_private else placed(f"/history.{kind}")
    return page_address(page.host) + path


def feed_token(page: Page) -> str:
    """Return what the addresses of a private page's feeds hold: nobody who was not told can guess it."""
    return _token(page, settings.SECRET_KEY)


def is_feed_token(page: Page, token: str) -> bool:
    """Say whether an address of feeds is this page's, also by a key that was in use before."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return bool(page.feed_secret) and any(constant_time_compare(token, _token(page, key)) for key in keys)


def _token(page: Page, key: str) -> str:
    told = f"{page.code}\n{page.feed_secret}"
    return salted_hmac("page-feeds", told, secret=key, algorithm="sha256").hexdigest()[:40]
