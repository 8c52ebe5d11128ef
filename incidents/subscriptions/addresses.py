"""E-mail addresses: what people type, to what a relay accepts, or a sentence why not.

Stricter than Django's validator, which takes IP literals, quotes, over-long local parts and
zero-width characters.
"""

import hashlib
import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from django.utils.translation import gettext

from incidents.subscriptions.refusals import (
    AddressNobodyReads,
    AddressTooLong,
    AddressWithIP,
    AddressWithName,
    IncompleteAddress,
    InvisibleCharacter,
    NoAddress,
    SeveralAddresses,
    UnsupportedCharacter,
)

LOCAL_LIMIT = 64
"""Octets before the @ (RFC 5321, section 4.5.3.1.1)."""

MAIL_ADDRESS_LIMIT = 254
"""Octets in all: a path of 256 less its angle brackets (RFC 5321, section 4.5.3.1.3)."""

ADDRESS_LIMIT = 2_048
"""Characters of the longest address of any channel, which is a URL."""

KEY_LIMIT = 254
"""Characters of an address key: a mailbox, or a digest."""

_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_LABEL_CATEGORIES = ("L", "M", "N")
_FULL_STOPS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))
"""What counts as a dot between labels (RFC 3490, section 3.1)."""

_NEVER_READ = {"noreply", "no-reply", "donotreply", "do-not-reply"}


def clean_address(typed: str) -> str:
    """Return the address with its domain in lower-case ASCII (IDNA), the local part as typed.

    Raises a subclass of AddressRefused.
    """
    text = typed.strip()
    if not text:
        raise NoAddress(gettext("Enter your e-mail address."))
    _refuse_invisible(text)
    _refuse_surroundings(text)
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or "@" in local:
        raise IncompleteAddress(gettext("This is not a complete e-mail address, e.g. name@example.com."))
    local = unicodedata.normalize("NFC", local)
    _refuse_odd_local(local)
    address = f"{local}@{clean_domain(domain)}"
    # Folded letters may be three for one, and what they make has to fit into the key.
    if len(address.encode()) > MAIL_ADDRESS_LIMIT or len(mailbox_key(address)) > KEY_LIMIT:
        raise AddressTooLong(
            gettext("This address is too long ({count} characters in all).").format(count=MAIL_ADDRESS_LIMIT)
        )
    return address


def clean_domain(typed: str) -> str:
    """Return a mail domain in lower-case ASCII. Raises AddressWithIP, IncompleteAddress, AddressTooLong."""
    folded = unicodedata.normalize("NFKC", typed.translate(_FULL_STOPS)).lower().rstrip(".")
    _refuse_ip(folded)
    labels = [_ascii_label(label) for label in folded.split(".")]
    domain = ".".join(labels)
    if len(labels) < 2 or len(labels[-1]) < 2 or labels[-1].isdigit():
        raise IncompleteAddress(
            gettext("This is not a complete e-mail address, e.g. name@example.com: the part after @ looks incomplete.")
        )
    return domain


def shown_address(address: str) -> str:
    """Return a cleaned address as people write it: the domain in its own script."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{'.'.join(_unicode_label(label) for label in domain.split('.'))}"


def mailbox_key(address: str) -> str:
    """Return what makes two cleaned addresses the same mailbox: everything but letter case."""
    return address.casefold()


def address_key(address: str, *, is_mail: bool) -> str:
    """Return what makes an address unique among those of its channel: the mailbox, or a digest of the rest.

    URLs are too long for an index, and a chat's are secrets, which a key need not repeat.
    """
    return mailbox_key(address) if is_mail else hashlib.sha256(address.encode()).hexdigest()


def masked(address: str) -> str:
    """Return host and end of a URL that is a secret: "https://hooks.slack.com/…x8Qz"."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…{address[-4:]}"


def _refuse_invisible(text: str) -> None:
    for character in text:
        if unicodedata.category(character) in _INVISIBLE:
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise InvisibleCharacter(
                gettext(
                    "The address holds an invisible character ({name}); type it by hand instead of pasting it."
                ).format(name=name)
            )


def _refuse_surroundings(text: str) -> None:
    if "<" in text or ">" in text or text.lower().startswith("mailto:"):
        raise AddressWithName(gettext("Enter only the address itself, e.g. name@example.com."))
    if "," in text or ";" in text:
        raise SeveralAddresses(gettext("One address at a time."))
    if any(character.isspace() or character in '"()\\' for character in text):
        raise UnsupportedCharacter(gettext("Addresses with quotes or spaces are not supported."))


def _refuse_odd_local(local: str) -> None:
    if len(local.encode()) > LOCAL_LIMIT:
        raise AddressTooLong(
            gettext("This address is too long ({count} characters before the @).").format(count=LOCAL_LIMIT)
        )
    if not all(_ATOM.fullmatch(atom) for atom in local.split(".")):
        raise IncompleteAddress(
            gettext("This is not a complete e-mail address, e.g. name@example.com: the part before @ looks wrong.")
        )
    if local.lower() in _NEVER_READ:
        raise AddressNobodyReads(gettext("Nobody reads mail to this address; enter one that somebody reads."))


def _refuse_ip(domain: str) -> None:
    literal = domain.strip("[]").removeprefix("ipv6:")
    try:
        ipaddress.ip_address(literal)
    except ValueError:
        if "[" not in domain:
            return
    raise AddressWithIP(gettext("E-mail addresses with an IP are not supported."))


def _ascii_label(label: str) -> str:
    """Return a label in ASCII, by punycode of exactly its letters.

    Not Python's "idna" codec: that is IDNA 2003, which turns ß into ss and so names somebody
    else's domain (RFC 5894, section 7.2).
    """
    well_formed = (
        label
        and not label.startswith("-")
        and not label.endswith("-")
        and all(sign == "-" or unicodedata.category(sign)[0] in _LABEL_CATEGORIES for sign in label)
    )
    ascii_label = label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
    if not well_formed or len(ascii_label) > 63:
        raise IncompleteAddress(
            gettext("This is not a complete e-mail address, e.g. name@example.com: the part after @ looks wrong.")
        )
    return ascii_label


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode().decode("punycode")
    except UnicodeError:
        return label
