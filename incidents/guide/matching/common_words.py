"""Words that tell nothing: of the language around an error, and of errors in general."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTION_WORDS = _set(
    """
    a an and any are as at be because been before but by can could did do does each for from had has have how
    i if in into is it its me more my no not of on one only or our out over per please s so such t than that
    the their them then there these they this those to too try trying until up us use used was we were what
    when where which while who will with would you your youve im
    """
)
"""Of English."""

GENERAL = _set(
    """
    error errors code status http https message request requests response responses failed failure fail fails
    fault api exception type title detail details description reason id server client service url null true
    false object info warning warn fatal debug trace json html xml bad content length date connection keep
    alive application
    invalid call returned
    """
)
"""Of whatever goes wrong."""

ELSEWHERE = (
    _set(
        """
    der die das den dem des ein eine ist sind nicht wurde werden wird und für auf bei mit zu von haben hat
    bitte kann le la les un une est sont pas nest été être et pour sur avec de du votre vous cette que qui ne
    el los las una es son no fue ha sido y para con del su esta este por se o os as um uma é são não foi e com
    do da sua och inte är som niet het een is zijn non è della il lo gli
    """
    )
    - FUNCTION_WORDS
)
"""Of other languages that are written with spaces."""

PROVIDER_WORDS = {
    "gmail": ("gmail", "google", "googleapis", "googleapi", "g suite", "workspace"),
    "google": ("google", "gmail", "googleapis", "g suite", "workspace"),
    "microsoft": ("microsoft", "outlook", "exchange", "office", "azure", "hotmail", "ews", "msal", "aadsts", "graph"),
    "outlook": ("outlook", "microsoft", "office", "hotmail"),
    "exchange": ("exchange", "microsoft", "ews"),
    "icloud": ("icloud", "apple"),
    "yahoo": ("yahoo",),
    "imap": ("imap",),
}
"""What else names a provider, by its own name in small letters."""


def tells_something(word: str) -> bool:
    """Say whether a word is worth comparing."""
    return word not in FUNCTION_WORDS


def is_foreign(words: tuple[str, ...]) -> bool:
    """Say whether words are of another language than English, as far as that can be seen from a line."""
    if 2 * sum(word > "\u0370" for word in words) >= len(words):
        return True
    return sum(word in ELSEWHERE for word in words) > sum(word in FUNCTION_WORDS for word in words)
