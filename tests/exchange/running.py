"""Running the importer as its command does, and looking at all rows it may touch."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps

from incidents.exchange.statuspage.session import ExitCode, Session

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def take(source: Path | str, **options: Any) -> tuple[ExitCode, str]:
    """Import a source; return the exit code and what was printed."""
    lines: list[str] = []
    code = Session(source=str(source), say=lines.append, **options).run(at=NOW)
    return code, "\n".join(lines)


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the app."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_app_config("incidents").get_models()
    }
