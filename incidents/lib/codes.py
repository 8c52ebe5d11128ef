"""Public codes: the short names objects carry in addresses, feeds and APIs."""

import secrets

ALPHABET = "0123456789bcdfghjklmnpqrstvwxyz"
"""No vowels, so that no code spells a word (the alphabet Statuspage uses in practice)."""

LENGTH = 12


def new_code() -> str:
    """Return a fresh random code of 12 characters (about 59 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def may_be_code(text: str) -> bool:
    """Say whether `text` could be a code at all; what could not must not reach the database (NUL bytes)."""
    return len(text) <= LENGTH and text.isascii() and text.isalnum()
