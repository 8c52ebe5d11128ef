"""How often a sign-in and a code may be tried. Asked before anything is hashed or compared.

Nobody who is signed in already is asked: an attack on an account does not lock its owner out of the console.
"""

from datetime import datetime, timedelta

from incidents.staff.models import TryTally

ACCOUNT_TRIES, ACCOUNT_PERIOD = 5, timedelta(minutes=5)
ADDRESS_TRIES, ADDRESS_PERIOD = 10, timedelta(minutes=1)
ALL_TRIES, ALL_PERIOD = 60, timedelta(minutes=1)
CODE_TRIES, CODE_PERIOD = 5, timedelta(minutes=15)

LONGEST_PASSWORD = 1_024
"""Beyond it nothing is hashed: a password of a megabyte would cost seconds of a processor."""

TOTP_STEP = timedelta(seconds=30)
TOTP_STEPS_VALID = 3
"""A code is good in its own step, in the one before and in the one after (MFA_TOTP_TOLERANCE)."""


class TooManyTries(Exception):
    """This account, this address, or everybody, has tried too often; nothing was compared."""


def take_sign_in(name: str, *, client: str, at: datetime) -> None:
    """Count a try to sign in to an account from an IP address. Raises TooManyTries."""
    may_try = (
        TryTally.take("sign-in", "everybody", limit=ALL_TRIES, period=ALL_PERIOD, at=at)
        and TryTally.take("sign-in from", client, limit=ADDRESS_TRIES, period=ADDRESS_PERIOD, at=at)
        and TryTally.take("sign-in to", name.casefold(), limit=ACCOUNT_TRIES, period=ACCOUNT_PERIOD, at=at)
    )
    if not may_try:
        raise TooManyTries


def forgive_sign_in(name: str, *, at: datetime) -> None:
    """Give back the try that was right."""
    TryTally.give_back("sign-in to", name.casefold(), period=ACCOUNT_PERIOD, at=at)


def take_single_sign_on(*, client: str, at: datetime) -> None:
    """Count a departure of an IP address to the identity provider, which we ask for it. Raises TooManyTries."""
    if not TryTally.take("single sign-on from", client, limit=ADDRESS_TRIES, period=ADDRESS_PERIOD, at=at):
        raise TooManyTries


def take_code(user_pk: int, *, at: datetime) -> None:
    """Count a try of a code of six digits, or of a recovery code. Raises TooManyTries."""
    if not TryTally.take("code", str(user_pk), limit=CODE_TRIES, period=CODE_PERIOD, at=at):
        raise TooManyTries


def forgive_code(user_pk: int, *, at: datetime) -> None:
    """Give back the try that was right."""
    TryTally.give_back("code", str(user_pk), period=CODE_PERIOD, at=at)


def spend_totp(user_pk: int, code: str, *, at: datetime) -> None:
    """Spend a code, so that it opens nothing twice, also at the same moment. Raises TooManyTries where it was spent."""
    spent = [
        TryTally.take("totp", str(user_pk), code, limit=1, period=TOTP_STEP, at=at + step * TOTP_STEP)
        for step in range(TOTP_STEPS_VALID)
    ]
    if not spent[0]:
        raise TooManyTries
