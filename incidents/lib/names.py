"""Names in a row, as a person lists them."""

from collections.abc import Sequence


def joined(names: Sequence[str]) -> str:
    """Return "API, Webhooks and DNS"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
