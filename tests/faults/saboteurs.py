"""Builds that are broken on purpose, each in one place; a suite that cannot tell them from ours proves nothing.

A saboteur patches the processes that `tests.faults.launcher` starts. The product knows nothing of it.
"""

from collections.abc import Callable

SABOTEURS: dict[str, Callable[[], None]] = {}


def let_loose(name: str) -> None:
    """Break this process in the named way; an empty name breaks nothing."""
    if name:
        SABOTEURS[name]()
