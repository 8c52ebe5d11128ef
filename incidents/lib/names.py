"""Names in a row, as a person lists them."""

from collections.abc import Sequence


def joined(names: Sequence[str]) -> str:
    """Return "API, Webhooks and DNS"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def joined_by_group(members: Sequence[tuple[str, str]]) -> str:
    """Return "Core platform (API, Webhooks) and DNS" for pairs of group and name.

    Groups come in the order of first mention; an empty group stands for none.
    """
    groups: dict[str, list[str]] = {}
    for group, name in members:
        # A name without a group is a part of its own, at its own place.
        groups.setdefault(group or f"\0{name}", []).append(name)
    parts = [names[0] if key[:1] == "\0" else f"{key} ({', '.join(names)})" for key, names in groups.items()]
    return joined(parts)
