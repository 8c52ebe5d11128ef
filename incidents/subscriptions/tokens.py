"""Signed links. A token is good for one kind of link only, and dies with the consent it stands for."""

from urllib.parse import unquote

from django.core import signing

from incidents.subscriptions.refusals import LinkRefused

CONFIRM = "confirm"
MANAGE = "manage"
UNSUBSCRIBE = "unsubscribe"


def make_token(kind: str, *parts: str | int) -> str:
    """Return a token of `kind` that carries `parts` for everybody to read and nobody to change."""
    return _signer(kind).sign_object([str(part) for part in parts])


def read_token(kind: str, token: str) -> list[str]:
    """Return the parts of a token; what a mail program folded in or encoded once more is undone.

    White space and "=" never belong to a token, "%" stands before what was encoded.
    Keys in SECRET_KEY_FALLBACKS stay good. Raises LinkRefused, also for a token of another kind.
    """
    try:
        parts = _signer(kind).unsign_object(_mended(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkRefused("This link does not work any more.") from error
    return [str(part) for part in parts]


def _mended(token: str) -> str:
    return "".join(unquote(unquote(token)).replace("=", "").split())


def _signer(kind: str) -> signing.Signer:
    return signing.Signer(salt=f"incidents.subscriptions.{kind}")
