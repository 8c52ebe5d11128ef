"""A catalogue whose every message is changed by a rule: what stays as it was cannot be translated."""

from collections.abc import Callable
from pathlib import Path

from incidents.lib.catalogues import collected, compiled


def write_catalogue(folder: Path, change: Callable[[str], str]) -> None:
    """Write the German catalogue below `folder` with every message as `change` says it; use it as a LOCALE_PATHS."""
    catalogue = collected("de")
    for message in catalogue:
        if message.id:
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            message.string = tuple(map(change, forms)) if len(forms) > 1 else change(forms[0])
    place = folder / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(compiled(catalogue))
