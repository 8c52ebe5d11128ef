"""Who is let in to a page that is not public, and what proves it."""

import hashlib
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import cast

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from incidents.lib.visitor import client_address
from incidents.staff.limits import TooManyTries
from incidents.staff.standing import standing_of
from incidents.subscriptions.models import AskTally
from incidents.timeline.access import LONGEST_PASSWORD, Access
from incidents.timeline.models import Page

COOKIE = "page_pass"
"""The cookie of who knew the password. It is not the session of staff and proves nothing else."""

PASS_LASTS = timedelta(days=30)

TRIES = 10
"""Passwords one network may try within a quarter of an hour; the right one counts as well."""

TRIES_OF_EVERYBODY = 600
"""The same for all networks together: a password costs half a second of a processor."""

QUARTER = timedelta(minutes=15)


def is_let_in(request: HttpRequest, page: Page) -> bool:
    """Say whether who asks may read a page. Who works on it may; where accounts let in, whoever has one."""
    if not page.is_private:
        return True
    if page.access == Access.PASSWORD and _has_pass(request, page):
        return True
    if page.access == Access.ADDRESSES and comes_from(page.address_ranges, client_address(request.META)):
        return True
    is_reader = request.user.is_authenticated and request.user.is_active
    return is_reader and (page.access == Access.SIGN_IN or standing_of(cast(User, request.user), page) is not None)


def comes_from(ranges: list[str], client: str) -> bool:
    """Say whether an address lies in one of the networks; what is no address lies in none."""
    try:
        address = ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in ip_network(one) for one in ranges if ip_network(one).version == mapped.version)


def count_try(page: Page, *, client: str, at: datetime) -> None:
    """Note that a network tries to get in. Raises TooManyTries."""
    of_network = AskTally.add_try(f"password {page.code}", client=client, at=at, period=QUARTER)
    of_all = AskTally.add_try(f"passwords {page.code}", client="", at=at, period=QUARTER)
    if of_network > TRIES or of_all > TRIES_OF_EVERYBODY:
        raise TooManyTries


def knows_password(page: Page, password: str) -> bool:
    """Say whether that is the password of the page; costs half a second."""
    return len(password) <= LONGEST_PASSWORD and check_password(password, page.password_hash)


def give_pass(response: HttpResponse, page: Page) -> None:
    """Let the reader of this answer in from now on, until the password changes."""
    response.set_signed_cookie(
        COOKIE,
        _proof(page),
        salt=COOKIE,
        max_age=PASS_LASTS,
        secure=settings.SERVED_OVER_TLS,
        httponly=True,
        samesite="Lax",
    )


def _has_pass(request: HttpRequest, page: Page) -> bool:
    try:
        shown = request.get_signed_cookie(COOKIE, salt=COOKIE, max_age=PASS_LASTS)
    except (KeyError, signing.BadSignature):
        return False
    return shown is not None and constant_time_compare(shown, _proof(page))


def _proof(page: Page) -> str:
    # Of the hash, so that a changed password takes every pass back; signed with our key by the cookie.
    return hashlib.sha256(f"{page.code}\n{page.password_hash}".encode()).hexdigest()
