"""Stopping: a worker that was told to go begins nothing more and ends what is under way."""

import threading

SECONDS_TO_FINISH = 5.0
"""How long messages in the middle of their content may take after the word to stop."""

_told = threading.Event()


def stop_delivering() -> None:
    """Begin nothing more in this process; safe in a signal handler."""
    _told.set()


def is_stopping() -> bool:
    """Say whether this process was told to stop."""
    return _told.is_set()


def start_delivering() -> None:
    """Take the word back: the process goes on, or is a new one made of an old one."""
    _told.clear()
