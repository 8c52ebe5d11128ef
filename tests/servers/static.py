"""Looks for static files once per process: WhiteNoise does with each Django handler, and each test client has one."""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

_look_for_files = WhiteNoiseMiddleware.add_files_from_finders
_found: dict[tuple[Any, ...], dict[str, Any]] = {}


def find_static_files_once() -> None:
    """Let handlers share what the first one with the same settings found in the source folders."""
    WhiteNoiseMiddleware.add_files_from_finders = _add_found


def _add_found(handler: Any) -> None:
    settings = (handler.static_prefix, handler.max_age, handler.charset, handler.allow_all_origins)
    if settings not in _found:
        standing, handler.files = handler.files, {}
        _look_for_files(handler)
        _found[settings], handler.files = handler.files, standing
    handler.files.update(_found[settings])
