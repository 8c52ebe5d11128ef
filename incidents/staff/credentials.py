"""What somebody types to prove who they are, as it is compared at every door."""

import unicodedata

from django.contrib.auth.models import User


def name_behind(typed: str) -> str:
    """Return the name of the account with this name, or with this address of mail; what was typed where none has."""
    if "@" not in typed or User.objects.filter(username=typed).exists():
        return typed
    names = list(User.objects.filter(email__iexact=typed).values_list("username", flat=True)[:2])
    return names[0] if len(names) == 1 else typed


def comparable(password: str) -> str:
    """Return a password as Unicode's NFC, so that the same word typed on two keyboards is the same."""
    return unicodedata.normalize("NFC", password)
