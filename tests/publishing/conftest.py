"""A library of its own for each test that publishes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incidents.publishing.library import Library, the_library
from tests.publishing.published import Reader


@pytest.fixture
def library(settings: Any, tmp_path: Path) -> Iterator[Library]:
    """The library of this process, on an empty folder."""
    settings.DATA_DIR = tmp_path
    the_library.cache_clear()
    yield the_library()
    the_library.cache_clear()


@pytest.fixture
def reader(library: Library) -> Reader:
    """A reader of that library."""
    return Reader(library)
