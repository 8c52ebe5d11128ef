"""Signed links. A token is good for one kind of link only, and dies with the consent it stands for."""

from django.core import signing

from incidents.subscriptions.refusals import LinkRefused

CONFIRM = "confirm"
MANAGE = "manage"
UNSUBSCRIBE = "unsubscribe"


def make_token(kind: str, *parts: str | int) -> str:
    """Return a token of `kind` that carries `parts` for everybody to read and nobody to change."""
    return _signer(kind).sign_object([str(part) for part in parts])


def read_token(kind: str, token: str) -> list[str]:
    """Return the parts of a token; white space that a mail program folded in is ignored.

    Keys in SECRET_KEY_FALLBACKS stay good. Raises LinkRefused, also for a token of another kind.
    """
    try:
        parts = _signer(kind).unsign_object("".join(token.split()))
    except (signing.BadSignature, ValueError) as error:
        raise LinkRefused("This link does not work any more.") from error
    return [str(part) for part in parts]


def _signer(kind: str) -> signing.Signer:
    return signing.Signer(salt=f"incidents.subscriptions.{kind}")
