"""Addresses that are no mail addresses: web hooks, chats and telephone numbers, to one spelling or a sentence why not.

A host is checked only where the product has one: anybody may run Mattermost or a web hook, and Microsoft
changes the hosts of Teams. What the operator opened by OUTBOUND_ALLOWED_ADDRESSES may be any of them,
also over plain http and at any port.
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext

from incidents.lib.http import AddressForbidden, RequestFailed, UnusableAddress, check_reach
from incidents.subscriptions.addresses import clean_domain
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.refusals import AddressRefused

URL_LIMIT = 2_048
LOOK_UP_SECONDS = 3.0

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_TELEGRAM_NAME = re.compile(r"@[A-Za-z]\w{4,31}")
_TELEGRAM_NUMBER = re.compile(r"-?[1-9]\d{3,18}")
_SPACERS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]")

_HOSTS: dict[str, tuple[str, re.Pattern[str]]] = {
    ChannelKind.SLACK: ("https://hooks.slack.com/", re.compile(r"hooks\.slack(?:-gov)?\.com/.+")),
    ChannelKind.DISCORD: (
        "https://discord.com/api/webhooks/",
        re.compile(r"(?:(?:canary|ptb)\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/.+"),
    ),
    ChannelKind.GOOGLE_CHAT: ("https://chat.googleapis.com/", re.compile(r"chat\.googleapis\.com/v1/spaces/.+")),
}


class EndpointUnusable(AddressRefused):
    """It is no address of its kind."""


class EndpointUnreachable(AddressRefused):
    """It is not on the public internet; whatever the reason, the sentence is the same."""


def clean_endpoint(channel: str, typed: str) -> str:
    """Return the address of a channel other than mail, as it is asked and compared.

    May look a name up, 3 s at most: call it outside a transaction. Raises EndpointUnusable,
    EndpointUnreachable.
    """
    cleaners: dict[str, Callable[[str], str]] = {ChannelKind.SMS: _number, ChannelKind.TELEGRAM: _chat}
    if channel in cleaners:
        return cleaners[channel](typed.strip())
    return _url(channel, typed.strip())


def _url(channel: str, typed: str) -> str:
    parts = _in_ascii(_split(typed))
    address = urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", parts.query, ""))
    try:
        if _is_opened(address):
            return address
        # Before anything else that could be said of it: one sentence for all that is not public.
        check_reach(address, seconds=LOOK_UP_SECONDS)
    except UnusableAddress as error:
        raise EndpointUnusable(error.sentence) from error
    except RequestFailed as error:
        raise _unreachable() from error
    if parts.scheme != "https":
        raise _not_https()
    _check_host(channel, parts)
    return address


def _split(typed: str) -> SplitResult:
    try:
        parts = urlsplit(typed)
        known = parts.scheme in ("https", "http") and parts.hostname
    except ValueError:
        known = None
    if not known or len(typed) > URL_LIMIT or not typed.isprintable() or "\\" in typed or " " in typed:
        raise _not_https()
    if "@" in parts.netloc:
        raise EndpointUnusable(gettext("The address carries a name or password; leave them out."))
    return parts


def _in_ascii(parts: SplitResult) -> SplitResult:
    """Return a URL whose host is named by exactly its letters; resolvers take ß for ss, which is somebody else."""
    host = str(parts.hostname)
    if host.isascii():
        return parts
    try:
        name, port = clean_domain(host), parts.port
    except (AddressRefused, ValueError) as error:
        raise _unreachable() from error
    return parts._replace(netloc=f"{name}:{port}" if port else name)


def _check_host(channel: str, parts: SplitResult) -> None:
    if channel in _HOSTS:
        begins, known = _HOSTS[channel]
        if not known.fullmatch(f"{parts.hostname}{parts.path}"):
            product = ChannelKind(channel).label
            raise EndpointUnusable(
                gettext("That is no web hook of {product}; it begins with {begins}.").format(
                    product=product, begins=begins
                )
            )


def _is_opened(address: str) -> bool:
    """Say whether the address is not public and may be asked nevertheless, because the operator opened it."""
    allowed = settings.OUTBOUND_ALLOWED_ADDRESSES
    if not allowed:
        return False
    try:
        check_reach(address, seconds=LOOK_UP_SECONDS)
    except AddressForbidden:
        check_reach(address, allowed=allowed, seconds=LOOK_UP_SECONDS)
        return True
    return False


def _number(typed: str) -> str:
    number = _SPACERS.sub("", typed)
    number = f"+{number[2:]}" if number.startswith("00") else number
    if not _E164.fullmatch(number) or not number.isascii():
        raise EndpointUnusable(gettext("Enter the number with its country code, e.g. +44 7700 900123."))
    return number


def _chat(typed: str) -> str:
    name = typed.removeprefix("https://t.me/")
    name = f"@{name}" if name != typed else name
    if not (_TELEGRAM_NAME.fullmatch(name) or _TELEGRAM_NUMBER.fullmatch(name)) or not name.isascii():
        raise EndpointUnusable(gettext("Enter the name of a channel, e.g. @acme_status, or the number of a chat."))
    return name.lower()


def _unreachable() -> EndpointUnreachable:
    return EndpointUnreachable(gettext("This address is not reachable from the public internet."))


def _not_https() -> EndpointUnusable:
    return EndpointUnusable(gettext("Only https:// addresses up to {count} characters.").format(count=f"{URL_LIMIT:,}"))
