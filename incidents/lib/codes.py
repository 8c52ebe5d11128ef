"""Public codes: the short names objects carry in addresses, feeds and APIs."""

import hashlib
import re
import secrets

ALPHABET = "0123456789bcdfghjklmnpqrstvwxyz"
"""No vowels, so that no code spells a word (the alphabet Statuspage uses in practice)."""

LENGTH = 12

_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """Return a fresh random code of 12 characters (about 59 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_code(text: str) -> bool:
    """Say whether `text` is a code as they are made here."""
    return _CODE.fullmatch(text) is not None


def may_be_code(text: str) -> bool:
    """Say whether `text` could be a code at all; what could not must not reach the database (NUL bytes)."""
    return len(text) <= LENGTH and text.isascii() and text.isalnum()


def derived_code(identity: str) -> str:
    """Return the code of something that has an identity but no code of its own: the same one every time."""
    number = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:10], "big")
    signs = []
    for _place in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)
